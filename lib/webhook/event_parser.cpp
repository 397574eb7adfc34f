// SPDX-License-Identifier: MIT
#include <algorithm>
#include <charconv>
#include <cstring>
#include <optional>

#include "stream/digest.hpp"
#include "webhook/currency.hpp"
#include "webhook/event.hpp"
#include "webhook/problem.hpp"

namespace nodeops::webhook {
namespace {

/// A type about money, and where its amount stands.
struct MoneyType {
  std::string_view name;  ///< with a dot at its end: all types that start so
  std::string_view amount;
  Effect effect = Effect::linked;
  bool may_be_null = false;  ///< amount and currency
};

constexpr std::array money_types = {
    MoneyType{"payment_intent.succeeded", "amount_received", Effect::payment},
    MoneyType{"refund.created", "amount", Effect::refund},
    MoneyType{"charge.succeeded", "amount"},
    MoneyType{"charge.captured", "amount"},
    MoneyType{"charge.refunded", "amount"},
    MoneyType{"charge.dispute.", "amount"},
    MoneyType{"checkout.session.completed", "amount_total", Effect::linked, true},
    MoneyType{"invoice.paid", "amount_paid"},
    MoneyType{"payout.paid", "amount"},
};

const MoneyType* money_type(std::string_view type) {
  const auto* const found =
      std::find_if(money_types.begin(), money_types.end(), [&](const MoneyType& money) {
        return money.name.ends_with('.') ? type.starts_with(money.name) : type == money.name;
      });
  return found == money_types.end() ? nullptr : found;
}

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

constexpr std::size_t longest_name = 255;

/// "evt_" and something behind it.
bool is_event_id(std::string_view text) {
  constexpr std::string_view start = "evt_";
  return text.size() > start.size() && text.size() <= longest_name && text.starts_with(start) &&
         std::all_of(text.begin(), text.end(), is_word);
}

/// Words with dots between them.
bool is_type_name(std::string_view text) {
  char before = '.';
  bool has_dot = false;
  for (const char c : text) {
    if (c == '.' ? before == '.' : !is_word(c)) return false;
    has_dot = has_dot || c == '.';
    before = c;
  }
  return has_dot && before != '.' && text.size() <= longest_name;
}

bool is_currency(std::string_view text) {
  return minor_units(text).has_value();
}

/// An id of an object, which may hold anything that is seen.
bool is_object_id(std::string_view text) {
  return !text.empty() && text.size() <= longest_name &&
         std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7F; });
}

/// Looks at members, and collects what is wrong with them.
class Checker {
 public:
  explicit Checker(const JsonDocument& document) : document_(document) {}

  /// The member; null when it is missing, which is an error if it is required.
  const JsonNode* find(std::uint32_t object, std::string_view key, const std::string& pointer,
                       bool required) {
    place_ = document_.member(object, key);
    if (place_ != 0) return &document_.nodes()[place_];
    if (required) add("missing-field", pointer, "is required");
    return nullptr;
  }
  std::uint32_t place() const { return place_; }

  /// The text of a string member; empty when there is none, and when it is not as it must be.
  std::string_view text(std::uint32_t object, std::string_view key, const std::string& pointer,
                        bool required, bool (*is_right)(std::string_view) = nullptr,
                        const char* type = "wrong-type", const char* what = "must be a string") {
    const JsonNode* const found = find(object, key, pointer, required);
    if (found == nullptr || (!required && found->kind == JsonKind::null)) return {};
    if (found->kind != JsonKind::string)
      add("wrong-type", pointer, "must be a string");
    else if (is_right != nullptr && !is_right(found->text))
      add(type, pointer, what);
    else
      return found->text;
    return {};
  }

  std::optional<std::int64_t> integer(std::uint32_t object, std::string_view key,
                                      const std::string& pointer, const char* type, bool required,
                                      bool may_be_null = false) {
    const JsonNode* const found = find(object, key, pointer, required);
    if (found == nullptr || (may_be_null && found->kind == JsonKind::null)) return std::nullopt;
    if (found->kind != JsonKind::number) {
      add("wrong-type", pointer, "must be an integer");
      return std::nullopt;
    }
    constexpr std::int64_t most = (std::int64_t{1} << 53) - 1;
    std::int64_t value = 0;
    const auto& text = found->text;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool whole = error == std::errc{} && end == text.data() + text.size();
    if (whole && text.front() != '-' && value <= most) return value;
    add(type, pointer, "must be an integer from 0 to 2^53-1");
    return std::nullopt;
  }

  void add(const char* type, const std::string& pointer, const char* detail) {
    if (type_.empty()) type_ = type;
    errors_.push_back({pointer, detail});
  }

  void throw_if_wrong() const {
    if (errors_.empty()) return;
    constexpr int invalid = 422;
    const std::string& pointer = errors_.front().pointer;
    const std::string where = pointer.empty() ? "" : pointer + " ";
    throw DeliveryError(Problem{.status = invalid,
                                .type = type_,
                                .title = "Not a valid event",
                                .detail = where + errors_.front().detail,
                                .errors = errors_});
  }

 private:
  const JsonDocument& document_;
  std::uint32_t place_ = 0;
  std::string type_;
  std::vector<FieldError> errors_;
};

void check_money(Checker& check, std::uint32_t object, const MoneyType& money, Event& event) {
  const bool required = !money.may_be_null;
  const std::string in = "/data/object/";
  const auto amount = check.integer(object, money.amount, in + std::string(money.amount),
                                    "invalid-amount", required, money.may_be_null);
  if (money.amount != "amount")
    check.integer(object, "amount", in + "amount", "invalid-amount", false, true);
  const auto currency =
      check.text(object, "currency", in + "currency", required, is_currency, "unknown-currency",
                 "must be a currency of ISO 4217, in lower case");
  event.effect = money.effect;
  check.find(object, "id", in + "id", true);
  const bool is_payment = money.effect == Effect::payment;
  event.payment_id =
      is_payment ? event.object_id
                 : std::string(check.text(object, "payment_intent", in + "payment_intent", false));
  if (money.effect == Effect::linked) return;
  event.amount = amount.value_or(0);
  event.currency = currency;
}

void check_object(Checker& check, std::uint32_t object, Event& event) {
  event.object_id = check.text(object, "id", "/data/object/id", false, is_object_id, "wrong-type",
                               "must be an id");
  if (const auto* const money = money_type(event.type)) check_money(check, object, *money, event);
}

}  // namespace

Event EventParser::parse(std::string_view body) {
  known_id_.clear();
  document_.read(body);
  Checker check(document_);
  Event event;
  if (document_.nodes().front().kind != JsonKind::object) {
    check.add("not-an-event", "", "the body is not an object");
    check.throw_if_wrong();
  }
  check.text(
      0, "object", "/object", true, [](std::string_view text) { return text == "event"; },
      "not-an-event", "must be \"event\"");
  event.id = check.text(0, "id", "/id", true, is_event_id, "wrong-type", "must be an event's id");
  known_id_ = event.id;
  event.type =
      check.text(0, "type", "/type", true, is_type_name, "wrong-type", "must be an event's type");
  event.account = check.text(0, "account", "/account", false);
  event.created = check.integer(0, "created", "/created", "wrong-type", true).value_or(0);
  std::uint32_t object = 0;
  if (const JsonNode* const data = check.find(0, "data", "/data", true); data != nullptr) {
    if (data->kind != JsonKind::object) check.add("wrong-type", "/data", "must be an object");
    const auto* const found = check.find(check.place(), "object", "/data/object", true);
    object = found == nullptr ? 0 : check.place();
    if (found != nullptr && found->kind != JsonKind::object) {
      check.add("wrong-type", "/data/object", "must be an object");
      object = 0;
    }
  }
  if (object != 0) check_object(check, object, event);
  check.throw_if_wrong();
  if (!fingerprints_) return event;
  canonical_.assign(event.account + "\n" + event.type + "\n");
  document_.append_canonical(canonical_, object);
  const auto digest = sha256(canonical_);
  std::memcpy(event.fingerprint.data(), digest.data(), digest.size());
  return event;
}

}  // namespace nodeops::webhook
