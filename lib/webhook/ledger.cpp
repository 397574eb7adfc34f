// SPDX-License-Identifier: MIT
#include "webhook/ledger.hpp"

#include "core/error.hpp"
#include "webhook/postgres_ledger.hpp"
#include "webhook/sqlite_ledger.hpp"

namespace nodeops::webhook {
namespace {

/// An address without the password that may stand in it: what messages show.
std::string shown(const std::string& address) {
  const auto start = address.find("://") + 3;
  const auto end = address.find('@', start);
  std::string text =
      end == std::string::npos ? address : address.substr(0, start) + address.substr(end + 1);
  return text.substr(0, text.find('?'));
}

/// Opens it; a failure's message begins with its name.
template <class Open>
std::unique_ptr<Ledger> opened(const std::string& name, Open open) {
  try {
    return open();
  } catch (const store::StoreError& error) {
    throw AppError(ErrorKind::unavailable, name + ": cannot open the ledger: " + error.what());
  } catch (const AppError& error) {
    throw AppError(error.kind(), name + ": " + error.what(), error.advice());
  }
}

}  // namespace

std::unique_ptr<Ledger> open_ledger(const std::string& address, LedgerOptions options) {
  constexpr std::string_view sqlite = "sqlite:";
  if (address.starts_with(sqlite) && address.size() > sqlite.size()) {
    const std::string path = address.substr(sqlite.size());
    return opened(path, [&] { return std::make_unique<SqliteLedger>(path, std::move(options)); });
  }
  if (address.starts_with("postgresql://") || address.starts_with("postgres://"))
    return opened(shown(address),
                  [&] { return std::make_unique<PostgresLedger>(address, std::move(options)); });
  throw AppError(ErrorKind::usage, "--ledger: '" + address +
                                       "' is not allowed; allowed: sqlite:FILE, postgresql://...");
}

}  // namespace nodeops::webhook
