// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <exception>
#include <functional>
#include <mutex>
#include <utility>
#include <vector>

namespace nodeops {

/// Functions to call when something happens. For any threads.
class Listeners {
 public:
  /// Takes its function off the list when it goes, waiting if the function is just being called.
  /// Must go before the list does, and not in the middle of its own function.
  class [[nodiscard]] Ticket {
   public:
    Ticket() = default;
    Ticket(Ticket&& other) noexcept { *this = std::move(other); }
    Ticket& operator=(Ticket&& other) noexcept;
    ~Ticket();

   private:
    friend class Listeners;
    Ticket(Listeners* list, std::uint64_t number) : list_(list), number_(number) {}

    Listeners* list_ = nullptr;
    std::uint64_t number_ = 0;
  };

  Ticket add(std::function<void()> listener);

  /// Calls all of them, the latest first. One that throws does not keep the others from being
  /// called; the first exception is returned, null if there was none.
  std::exception_ptr call_all();

 private:
  void remove(std::uint64_t number);

  std::mutex mutex_;
  std::uint64_t next_ = 1;
  std::vector<std::pair<std::uint64_t, std::function<void()>>> listeners_;
};

}  // namespace nodeops
