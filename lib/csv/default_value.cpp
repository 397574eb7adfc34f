// SPDX-License-Identifier: MIT
#include "csv/default_value.hpp"

#include <utility>

namespace nodeops::csv {
namespace {

class Fill : public CellTransform {
 public:
  explicit Fill(std::string filling) : filling_(std::move(filling)) {}

  CellOutcome apply(std::string_view value, Scratch& /*scratch*/) const override {
    if (!value.empty() || filling_.empty()) return CellOutcome::unchanged();
    return CellOutcome::changed(filling_);
  }

 private:
  std::string filling_;
};

}  // namespace

std::unique_ptr<CellTransform> default_value(std::string filling) {
  return std::make_unique<Fill>(std::move(filling));
}

}  // namespace nodeops::csv
