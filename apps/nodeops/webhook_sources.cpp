// SPDX-License-Identifier: MIT
#include "webhook_sources.hpp"
#include "command_line.hpp"
#include "core/error.hpp"
#include "stream/open_input.hpp"
namespace nodeops {
namespace {
class BorrowedSource : public ByteSource {
 public:
  explicit BorrowedSource(ByteSource& source) : source_(source) {}
  std::size_t read(std::span<char> into) override { return source_.read(into); }
  bool ready(std::chrono::milliseconds patience) override { return source_.ready(patience); }

 private:
  ByteSource& source_;
};
class Files : public webhook::DeliverySource {
 public:
  webhook::DeliveryReader r;
  explicit Files(std::unique_ptr<ByteSource> s, std::string n) : r(std::move(s), n) {}
  std::optional<webhook::Delivery> next() override { return r.next(); }
  bool ready() override { return r.ready(); }
};
}  // namespace
std::unique_ptr<webhook::DeliverySource> open_deliveries(const WebhookReplayOptions& o,
                                                         RunContext& run) {
  std::string p = o.inputs.empty() ? "-" : o.inputs.front();
  if (p == "-") return std::make_unique<Files>(std::make_unique<BorrowedSource>(*run.io.in), "-");
  return std::make_unique<Files>(open_input(p, run.io.stop.get_token()), p);
}
std::unique_ptr<webhook::DeliverySource> redriven_deliveries(webhook::Ledger&) {
  return nullptr;
}
}  // namespace nodeops
