// SPDX-License-Identifier: MIT
#include "load/patience.hpp"

#include <random>
#include <utility>

#include "observe/log.hpp"
#include "observe/mask.hpp"
#include "task/pause.hpp"

namespace nodeops::load {

AppError error_of(const store::StoreError& error, const std::string& shown, ErrorKind when_refused,
                  const std::string& doing) {
  using store::StoreFailure;
  const std::string message = shown + ": " + doing + ": " + mask_text(error.what());
  switch (error.failure()) {
    case StoreFailure::busy:
    case StoreFailure::crossed:
    case StoreFailure::unavailable:
      return {ErrorKind::unavailable, message,
              "it was tried again for as long as --retry-for says"};
    case StoreFailure::full:
    case StoreFailure::corrupt:
      return {ErrorKind::io_failed, message};
    case StoreFailure::denied:
    case StoreFailure::refused:
    case StoreFailure::misuse:
      break;
  }
  return {when_refused, message};
}

bool is_passing(const store::StoreError& error) {
  using store::StoreFailure;
  return error.failure() == StoreFailure::busy || error.failure() == StoreFailure::crossed ||
         error.failure() == StoreFailure::unavailable;
}

Patience::Patience(std::chrono::milliseconds retry_for, std::stop_token stop, RunEvents& events)
    : retry_for_(retry_for),
      stop_(std::move(stop)),
      events_(events),
      random_(std::random_device()()) {}

bool Patience::wait(const std::string& what, const std::string& why) {
  if (stop_.stop_requested()) throw AppError(ErrorKind::interrupted, "stopped");
  if (attempt_ == 0) until_ = Deadline::after(retry_for_);
  const Backoff backoff;
  ++attempt_;
  const auto wait = full_jitter(backoff, attempt_, random_);
  if (until_.left() <= wait) return false;
  ++retries_;
  const std::string masked = mask_text(why);
  if (attempt_ == 1) log::warn(what + ": " + masked + "; trying again");
  events_.emit(Retry{.what = what, .attempt = attempt_, .wait = wait, .detail = masked});
  if (!pause_until(Deadline::after(wait), stop_)) throw AppError(ErrorKind::interrupted, "stopped");
  return true;
}

}  // namespace nodeops::load
