// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "store/sqlite.hpp"

namespace nodeops::webhook {

/// The path itself. A file that is missing is made first, for its owner alone: it will hold bodies
/// as they came.
const std::string& sqlite_ledger_file(const std::string& path);

/// Makes the tables of nodeops-ledger(5) in an empty database. Throws AppError unavailable for a
/// database that is something else, or of another version.
void ready_sqlite_schema(store::Sqlite& database);

}  // namespace nodeops::webhook
