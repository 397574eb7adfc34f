// SPDX-License-Identifier: MIT
#pragma once

#include <libpq-fe.h>

namespace nodeops::store {

/// The functions of libpq that we use, loaded when the first connection is made: libpq brings LDAP,
/// Kerberos and TLS, megabytes and milliseconds that a run without PostgreSQL must not pay.
struct PostgresLibrary {
  decltype(&::PQconnectStart) connect_start;
  decltype(&::PQconnectPoll) connect_poll;
  decltype(&::PQfinish) finish;
  decltype(&::PQstatus) status;
  decltype(&::PQsocket) socket;
  decltype(&::PQerrorMessage) error_message;
  decltype(&::PQtransactionStatus) transaction_status;
  decltype(&::PQsetnonblocking) set_nonblocking;
  decltype(&::PQsetNoticeProcessor) set_notice_processor;
  decltype(&::PQsendQuery) send_query;
  decltype(&::PQsendPrepare) send_prepare;
  decltype(&::PQsendQueryPrepared) send_query_prepared;
  decltype(&::PQenterPipelineMode) enter_pipeline_mode;
  decltype(&::PQexitPipelineMode) exit_pipeline_mode;
  decltype(&::PQpipelineSync) pipeline_sync;
  decltype(&::PQflush) flush;
  decltype(&::PQconsumeInput) consume_input;
  decltype(&::PQisBusy) is_busy;
  decltype(&::PQgetResult) get_result;
  decltype(&::PQclear) clear;
  decltype(&::PQresultStatus) result_status;
  decltype(&::PQresultErrorField) result_error_field;
  decltype(&::PQresultErrorMessage) result_error_message;
  decltype(&::PQcmdTuples) changed_rows;
  decltype(&::PQntuples) row_count;
  decltype(&::PQnfields) column_count;
  decltype(&::PQgetisnull) is_null;
  decltype(&::PQgetvalue) value;
  decltype(&::PQgetlength) length;
  decltype(&::PQputCopyData) put_copy_data;
  decltype(&::PQputCopyEnd) put_copy_end;
};

/// Throws StoreError unavailable when libpq is not installed, or too old for pipelines.
const PostgresLibrary& postgres_library();

}  // namespace nodeops::store
