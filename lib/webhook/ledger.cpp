// SPDX-License-Identifier: MIT
#include "webhook/ledger.hpp"

#include "core/error.hpp"
#include "store/database_address.hpp"
#include "webhook/postgres_ledger.hpp"
#include "webhook/sqlite_ledger.hpp"

namespace nodeops::webhook {
namespace {

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

std::string shown_ledger(const std::string& address) {
  if (store::is_postgres_address(address))
    return store::shown_postgres_address(address, "--ledger");
  if (!address.starts_with(store::sqlite_scheme)) {
    throw AppError(ErrorKind::usage,
                   "--ledger: '" + store::start_of_address(address) +
                       "' is not allowed; allowed: sqlite:FILE, postgresql://...");
  }
  const std::string path = address.substr(store::sqlite_scheme.size());
  store::check_sqlite_file(path, "--ledger");
  return store::shown_sqlite_file(path);
}

std::unique_ptr<Ledger> open_ledger(const std::string& address, LedgerOptions options) {
  return opened(shown_ledger(address), [&]() -> std::unique_ptr<Ledger> {
    if (store::is_postgres_address(address))
      return std::make_unique<PostgresLedger>(address, std::move(options));
    return std::make_unique<SqliteLedger>(address.substr(store::sqlite_scheme.size()),
                                          std::move(options));
  });
}

}  // namespace nodeops::webhook
