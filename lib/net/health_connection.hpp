// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>

#include "core/deadline.hpp"
#include "core/descriptor.hpp"
#include "net/http_answer.hpp"

namespace nodeops {

/// One request on one connection, without ever waiting:
///
///     reading --head complete, too long, or end of input--> writing --all sent--> draining -->
///     over
///
/// The answer depends on the head alone, so a body is not waited for. It is drained: to close with
/// unread input would reset the connection and could take the answer with it.
class HealthConnection {
 public:
  /// The socket is non-blocking.
  explicit HealthConnection(Descriptor socket);

  int descriptor() const { return socket_.number(); }

  /// What to poll for: POLLIN or POLLOUT.
  short awaits() const;

  /// Then the connection is over whatever it does.
  Deadline deadline() const { return deadline_; }

  /// Goes on as far as it can. False: it is over.
  bool advance(AnswerHttp& answer, const HealthAnswers& answers);

 private:
  enum class State { reading, writing, draining };

  bool read(AnswerHttp& answer, const HealthAnswers& answers);
  bool write();
  bool drain();

  Descriptor socket_;
  Deadline deadline_;
  State state_ = State::reading;
  std::string request_;
  std::string response_;
  std::size_t sent_ = 0;
};

}  // namespace nodeops
