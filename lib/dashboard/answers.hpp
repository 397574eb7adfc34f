// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include "dashboard/source.hpp"

namespace nodeops::dashboard {

/// The most that a source may answer, in bytes.
inline constexpr std::size_t longest_answer = std::size_t{8} << 20U;

/// The answer that a body is: JSON, or the failure of a source that answers something else, with
/// the first bytes, masked.
Answer answer_of(std::string_view body);

/// The first bytes of a text that may hold anything, masked, on one line.
std::string first_bytes(std::string_view text);

/// The answer of a source that has failed. `detail` is a line about it without personal data.
Answer failed_answer(std::string detail, bool retryable);

/// The answer to a question that is not asked, because of the user's id: the source is well.
Answer refused_question(std::string detail);

/// The answer of a source whose body is longer than longest_answer.
Answer too_long_answer();

}  // namespace nodeops::dashboard
