// SPDX-License-Identifier: MIT
#include "support/postgres_server.hpp"

#include <pwd.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <stdexcept>

#include "store/postgres.hpp"
#include "support/free_port.hpp"

namespace fs = std::filesystem;

namespace nodeops::test {
namespace {

/// The newest installed version's programs; empty: none.
std::string find_programs() {
  std::vector<std::string> found;
  for (const char* const root : {"/usr/lib/postgresql", "/usr/local/pgsql", "/opt/postgresql"}) {
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(root, ignored))
      if (fs::exists(entry.path() / "bin/initdb")) found.push_back((entry.path() / "bin").string());
  }
  std::sort(found.begin(), found.end());
  return found.empty() ? std::string() : found.back();
}

/// Servers refuse to run as root.
std::string unprivileged_user() {
  if (::geteuid() != 0) return {};
  return ::getpwnam("postgres") != nullptr ? "postgres" : "nobody";
}

}  // namespace

PostgresServer* PostgresServer::shared() {
  static const auto server = [] {
    const auto programs = find_programs();
    std::unique_ptr<PostgresServer> made;
    try {
      if (programs.empty()) throw std::runtime_error("PostgreSQL is not installed");
      made.reset(new PostgresServer(programs, unprivileged_user()));
    } catch (const std::exception& error) {
      std::cerr << "skipped: " << error.what() << "\n";
    }
    return made;
  }();
  return server.get();
}

PostgresServer::PostgresServer(std::string programs, std::string user)
    : programs_(std::move(programs)), user_(std::move(user)), port_(free_port()) {
  if (!user_.empty()) {
    const passwd* const known = ::getpwnam(user_.c_str());
    if (known == nullptr || ::chown(place_.path().c_str(), known->pw_uid, known->pw_gid) != 0)
      throw std::runtime_error("cannot become " + user_);
  }
  auto command = as_user({programs_ + "/initdb", "-D", place_ / "data", "-A", "trust", "-U",
                          "nodeops", "--no-sync", "-E", "UTF8", "--locale=C"});
  const std::string program = command.front();
  command.erase(command.begin());
  const auto made =
      run_process({.program = program, .arguments = command, .directory = place_.path().string()});
  if (made.exit_code != 0) throw std::runtime_error("initdb failed: " + made.err);
  start();
}

PostgresServer::~PostgresServer() {
  if (server_) stop();
}

std::vector<std::string> PostgresServer::as_user(std::vector<std::string> command) const {
  // What outlives a test that crashes is told to end.
  std::vector<std::string> all = {"/usr/bin/setpriv", "--pdeathsig", "INT"};
  if (!user_.empty()) {
    const passwd* const known = ::getpwnam(user_.c_str());
    all.insert(all.end(), {"--reuid", std::to_string(known->pw_uid), "--regid",
                           std::to_string(known->pw_gid), "--clear-groups"});
  }
  all.insert(all.end(), command.begin(), command.end());
  return all;
}

void PostgresServer::start() {
  auto command =
      as_user({programs_ + "/postgres", "-D", place_ / "data", "-p", std::to_string(port_)});
  for (const char* const setting :
       {"listen_addresses=127.0.0.1", "unix_socket_directories=", "fsync=off",
        "shared_buffers=16MB", "log_min_messages=log", "log_checkpoints=off", "lc_messages=C",
        "deadlock_timeout=100ms"})
    command.insert(command.end(), {"-c", setting});
  const std::string program = command.front();
  command.erase(command.begin());
  server_ = std::make_unique<Process>(
      Launch{.program = program, .arguments = command, .directory = place_.path().string()});
  if (!server_->wait_for_error("ready to accept connections"))
    throw std::runtime_error("the server does not start: " + server_->err());
}

void PostgresServer::stop() {
  thaw();
  server_->signal(SIGINT);
  server_->finish();
  server_.reset();
}

std::vector<pid_t> PostgresServer::processes() const {
  pid_t parent = 0;
  std::ifstream(place_ / "data/postmaster.pid") >> parent;
  std::vector<pid_t> all;
  if (parent == 0) return all;
  all.push_back(parent);
  const auto name = std::to_string(parent);
  std::ifstream children("/proc/" + name + "/task/" + name + "/children");
  for (pid_t child = 0; children >> child;) all.push_back(child);
  return all;
}

void PostgresServer::freeze() {
  for (const pid_t process : processes()) ::kill(process, SIGSTOP);
}

void PostgresServer::thaw() {
  for (const pid_t process : processes()) ::kill(process, SIGCONT);
}

std::string PostgresServer::fresh_place(int port) {
  const std::string schema = "place" + std::to_string(++schemas_);
  const auto address = [](int at) {
    return "postgresql://nodeops@127.0.0.1:" + std::to_string(at) + "/postgres?sslmode=disable";
  };
  store::Postgres(address(port_), {}).run("CREATE SCHEMA " + schema);
  return address(port == 0 ? port_ : port) + "&options=-csearch_path%3D" + schema;
}

}  // namespace nodeops::test
