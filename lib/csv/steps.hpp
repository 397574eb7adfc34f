// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <stop_token>
#include <string>

#include "csv/dialect.hpp"
#include "csv/lookup_step.hpp"
#include "csv/program.hpp"

namespace nodeops::csv {

/// What some transforms have to know besides their own text.
struct StepSettings {
  std::string hash_key = {};  ///< of --hash
  LookupMissing missing = LookupMissing::empty;
  Dialect dialect = {};  ///< of tables that are looked up in
  bool sniff = false;
  std::size_t* lookup_memory = nullptr;  ///< what is left for such tables; null: no bound
  std::stop_token stop = {};
};

/// Makes a transform from an option as the user gave it: `--upper` and "name,city", `--where` and
/// "amount > 5". Throws AppError usage, naming the option and what is wrong with the text, and what
/// reading a table or loading a plugin throws.
StepRequest make_step(const std::string& option, const std::string& text,
                      const StepSettings& settings);

/// The same, with nothing but a key for `--hash`.
StepRequest make_step(const std::string& option, const std::string& text,
                      const std::string& hash_key);

}  // namespace nodeops::csv
