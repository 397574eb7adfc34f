// SPDX-License-Identifier: MIT
#include "store/postgres_library.hpp"

#include <dlfcn.h>

#include <string>

#include "store/store_error.hpp"

namespace nodeops::store {
namespace {

template <class Function>
void find(void* library, Function& function, const char* name) {
  void* const found = ::dlsym(library, name);
  if (found == nullptr)
    throw StoreError(StoreFailure::unavailable,
                     std::string("libpq 14 or newer is needed; the one installed has no ") + name);
  function = reinterpret_cast<Function>(found);
}

PostgresLibrary load() {
  // Never closed: OpenSSL, which it loads, must not be unloaded.
  void* const library = ::dlopen("libpq.so.5", RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr)
    throw StoreError(StoreFailure::unavailable,
                     std::string("PostgreSQL's client library cannot be loaded: ") + ::dlerror());
  PostgresLibrary all{};
  find(library, all.connect_start, "PQconnectStart");
  find(library, all.connect_poll, "PQconnectPoll");
  find(library, all.finish, "PQfinish");
  find(library, all.status, "PQstatus");
  find(library, all.socket, "PQsocket");
  find(library, all.error_message, "PQerrorMessage");
  find(library, all.transaction_status, "PQtransactionStatus");
  find(library, all.set_nonblocking, "PQsetnonblocking");
  find(library, all.set_notice_processor, "PQsetNoticeProcessor");
  find(library, all.send_query, "PQsendQuery");
  find(library, all.send_prepare, "PQsendPrepare");
  find(library, all.send_query_prepared, "PQsendQueryPrepared");
  find(library, all.enter_pipeline_mode, "PQenterPipelineMode");
  find(library, all.exit_pipeline_mode, "PQexitPipelineMode");
  find(library, all.pipeline_sync, "PQpipelineSync");
  find(library, all.flush, "PQflush");
  find(library, all.consume_input, "PQconsumeInput");
  find(library, all.is_busy, "PQisBusy");
  find(library, all.get_result, "PQgetResult");
  find(library, all.clear, "PQclear");
  find(library, all.result_status, "PQresultStatus");
  find(library, all.result_error_field, "PQresultErrorField");
  find(library, all.result_error_message, "PQresultErrorMessage");
  find(library, all.changed_rows, "PQcmdTuples");
  find(library, all.row_count, "PQntuples");
  find(library, all.column_count, "PQnfields");
  find(library, all.is_null, "PQgetisnull");
  find(library, all.value, "PQgetvalue");
  find(library, all.length, "PQgetlength");
  find(library, all.put_copy_data, "PQputCopyData");
  find(library, all.put_copy_end, "PQputCopyEnd");
  return all;
}

}  // namespace

const PostgresLibrary& postgres_library() {
  static const PostgresLibrary library = load();
  return library;
}

}  // namespace nodeops::store
