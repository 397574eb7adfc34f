// SPDX-License-Identifier: MIT
#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <vector>

namespace nodeops::image {

/// Which image is worked on next, so that those in flight together stay below a limit of memory.
///
///     waiting --next()--> in flight (claims its file's size) --grow()--> in flight (claims its
///        ▲                                                      │        pixels too) --done()--▶
///        └───────────────── parked: there was no room ◀─────────┘
///
/// What is parked claims nothing and is started as soon as there is room, the longest parked first;
/// meanwhile smaller images flow past, until it has been overtaken `patience` times: then nothing
/// else starts before it. One that is larger than the limit runs alone. For any threads.
class BatchSchedule {
 public:
  struct Options {
    std::uint64_t memory_limit;
    unsigned patience = 32;
  };
  /// `sizes`: what each image claims at first, in the order in which they are to be started.
  BatchSchedule(std::vector<std::uint64_t> sizes, Options options);

  struct Turn {
    std::size_t item;
    std::uint64_t claim;
    bool
        measured;  ///< it was parked with its full claim: grow() need not be called, and is granted
  };

  /// Waits for an image to work on. Empty: there is none any more, or stop() was called.
  std::optional<Turn> next();

  /// Raises the claim to what the image needs. False: there is no room; it is parked and comes back
  /// by next().
  bool grow(Turn& turn, std::uint64_t bytes);

  /// The image is done with, one way or another.
  void done(const Turn& turn);

  /// Nothing is started any more.
  void stop();

  /// Takes an image that nobody will work on; only when all who called next() have gone.
  std::optional<std::size_t> take_left();

 private:
  struct Parked {
    Turn turn;
    unsigned overtaken;
  };
  bool fits(std::uint64_t claim) const;
  std::optional<Turn> take_parked();
  std::optional<Turn> take_waiting();

  const std::vector<std::uint64_t> sizes_;
  const Options options_;
  mutable std::mutex mutex_;  ///< guards what follows
  std::condition_variable changed_;
  std::size_t waiting_ = 0;  ///< the first that has not been handed out
  std::deque<Parked> parked_;
  std::uint64_t claimed_ = 0;
  std::size_t in_flight_ = 0;
  std::size_t unmeasured_ = 0;  ///< of those in flight: they may still be parked
  bool stopped_ = false;
};

}  // namespace nodeops::image
