// SPDX-License-Identifier: MIT
#include "dashboard/answers.hpp"

#include <utility>

#include "core/units.hpp"
#include "dashboard/one_line_json.hpp"
#include "observe/mask.hpp"
#include "observe/printable.hpp"

namespace nodeops::dashboard {
namespace {

constexpr std::size_t bytes_shown = 60;

Answer failure(std::string type, std::string title, std::string detail, bool retryable) {
  Answer answer;
  answer.failure = std::make_unique<SourceFailure>();
  answer.failure->type = std::move(type);
  answer.failure->title = std::move(title);
  answer.failure->detail = std::move(detail);
  answer.failure->retryable = retryable;
  return answer;
}

}  // namespace

Answer answer_of(std::string_view body) {
  if (auto line = one_line_json(body)) return {.json = std::move(*line)};
  if (body.empty())
    return failure("bad-answer", "Source answered something else", "an empty answer", false);
  return failure("bad-answer", "Source answered something else",
                 "the answer is not JSON: " + first_bytes(body), false);
}

std::string first_bytes(std::string_view text) {
  // Masked before it is cut: half a secret has another shape.
  constexpr std::size_t bytes_masked = 4096;
  const std::string start = mask_text(text.substr(0, bytes_masked));
  const bool cut = start.size() > bytes_shown || text.size() > bytes_masked;
  return printable(start.substr(0, bytes_shown)) + (cut ? "…" : "");
}

Answer failed_answer(std::string detail, bool retryable) {
  return failure("source-failed", "Source failed", std::move(detail), retryable);
}

Answer refused_question(std::string detail) {
  Answer answer = failure("bad-question", "Source cannot be asked", std::move(detail), false);
  answer.failure->status = 400;
  answer.failure->blames_source = answer.failure->was_asked = false;
  return answer;
}

Answer too_long_answer() {
  return failure("answer-too-long", "Source answered too much",
                 "the answer is longer than " + format_size(longest_answer), false);
}

}  // namespace nodeops::dashboard
