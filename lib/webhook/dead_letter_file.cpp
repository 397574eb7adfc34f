// SPDX-License-Identifier: MIT
#include "webhook/dead_letter_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <map>
#include <set>

#include "core/error.hpp"
#include "observe/json_object.hpp"
#include "observe/utf8.hpp"
#include "webhook/base64.hpp"
#include "webhook/ledger.hpp"

namespace nodeops::webhook {

std::string headers_json(const Delivery& delivery) {
  std::map<std::string, std::string> values;
  std::set<std::string> several;
  for (const auto& [name, value] : delivery.headers) {
    std::string& all = values[name];
    if (!all.empty()) several.insert(name);
    all += (all.empty() ? "" : ",") + json_quoted(value);
  }
  JsonObject json;
  for (const auto& [name, all] : values)
    json.add_json(name, several.contains(name) ? "[" + all + "]" : all);
  return json.text();
}

DeadLetterFile::DeadLetterFile(const std::string& path) : path_(path) {
  constexpr mode_t owner_alone = 0600;
  const auto open = [&](int way) {
    file_ = Descriptor(::open(path.c_str(), way | O_APPEND | O_CREAT | O_CLOEXEC, owner_alone));
  };
  open(O_RDWR);
  if (file_.number() < 0 && (errno == EACCES || errno == EINVAL)) open(O_WRONLY);
  if (file_.number() < 0)
    throw system_failure(ErrorKind::cannot_create, path, "cannot open the dead letters", errno);
  struct stat status {};
  if (::fstat(file_.number(), &status) != 0 || !S_ISREG(status.st_mode)) return;
  ::fchmod(file_.number(), owner_alone);
  // A run that was killed may have left half a line: what comes now must not become its end.
  char last = '\n';
  if (status.st_size > 0 && ::pread(file_.number(), &last, 1, status.st_size - 1) == 1 &&
      last != '\n')
    lines_ = "\n";
}

void DeadLetterFile::add(const Delivery& delivery, std::string_view event_id,
                         const Problem& problem, std::int64_t now) {
  JsonObject json;
  json.add_json("headers", headers_json(delivery));
  if (utf8::is_valid(delivery.body))
    json.add("body", delivery.body);
  else
    json.add("body_base64", base64(delivery.body));
  json.add("received_at", delivery.received_at.value_or(now));
  JsonObject reason;
  reason.add("type", "urn:nodeops:error:" + problem.type)
      .add("status", problem.status)
      .add("detail", problem.detail);
  if (!event_id.empty()) json.add("event_id", event_id);
  json.add("dead_lettered_at", now).add("reason", reason);
  const unsigned redrives = delivery.redrives ? *delivery.redrives + 1 : 0;
  json.add("redrives", redrives);
  if (redrives >= poison_at) json.add_json("poison", "true");
  lines_ += json.text() + "\n";
}

void DeadLetterFile::sync() {
  if (lines_.empty()) return;
  write_all(lines_);
  lines_.clear();
  if (::fdatasync(file_.number()) != 0 && errno != EINVAL && errno != EROFS)
    throw system_failure(ErrorKind::io_failed, path_, "cannot flush", errno);
}

void DeadLetterFile::write_all(std::string_view text) {
  while (!text.empty()) {
    const auto written = ::write(file_.number(), text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) throw system_failure(ErrorKind::io_failed, path_, "cannot write", errno);
    text.remove_prefix(static_cast<std::size_t>(written));
  }
}

}  // namespace nodeops::webhook
