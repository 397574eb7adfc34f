// SPDX-License-Identifier: MIT
#pragma once

#include "store/postgres.hpp"

namespace nodeops::webhook {

/// Makes the tables of nodeops-ledger(5) where they are missing, by one run at a time. Throws
/// AppError unavailable for tables of another version.
void ready_postgres_schema(store::Postgres& database);

/// Prepares what PostgresLedger runs: claim, claim-payment, claim-refund, find, savepoint,
/// roll-back-to, release, keep-letter, letters, applied, not-applied.
void prepare_postgres_statements(store::Postgres& database);

}  // namespace nodeops::webhook
