// SPDX-License-Identifier: MIT
#include "webhook/error_handling.hpp"

#include <new>
#include <stdexcept>
#include <system_error>

#include "core/error.hpp"
#include "observe/mask.hpp"

namespace nodeops::webhook {
namespace {

Problem classified(const std::exception_ptr& error) {
  try {
    std::rethrow_exception(error);
  } catch (const DeliveryError& refused) {
    return refused.problem();
  } catch (const AppError& failed) {
    return {.status = 503,
            .type = std::string(slug(failed.kind())),
            .title = "Not applied",
            .detail = failed.what()};
  } catch (const std::bad_alloc&) {
    return {.status = 503,
            .type = "out-of-memory",
            .title = "Out of memory",
            .detail = "there is no memory for this delivery now"};
  } catch (const std::system_error& failed) {
    return {.status = 503,
            .type = "try-later",
            .title = "Out of a resource",
            .detail = failed.code().message()};
  } catch (...) {
    return {.status = 500,
            .type = "internal",
            .title = "Internal error",
            .detail = "a programmer error",
            .operational = false};
  }
}

}  // namespace

Problem problem_of(const std::exception_ptr& error) {
  Problem problem = classified(error);
  problem.detail = mask_text(problem.detail);
  for (FieldError& field : problem.errors) {
    field.pointer = mask_text(field.pointer);
    field.detail = mask_text(field.detail);
  }
  return problem;
}

void rethrow_fatal(const std::exception_ptr& error) {
  try {
    std::rethrow_exception(error);
  } catch (const std::bad_alloc&) {
    throw std::logic_error("out of memory outside of a delivery; what was answered is durable");
  }
}

std::string words_of(const std::exception_ptr& error) {
  try {
    std::rethrow_exception(error);
  } catch (const std::exception& thrown) {
    return thrown.what();
  } catch (...) {
    return "an unknown exception";
  }
}

}  // namespace nodeops::webhook
