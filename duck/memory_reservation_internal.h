// Memory that DuckDB's operators leave to others.
#pragma once

#include <cstdint>
#include <duckdb.hpp>
#include <duckdb/storage/temporary_memory_manager.hpp>

namespace duck {

// The memory limit of a database in bytes, and how many threads it has.
std::int64_t memory_limit(duckdb::ClientContext& context);
std::int64_t thread_count(duckdb::ClientContext& context);

// While it lives, sorts and hash tables of the database spill as if the memory limit were lower by
// so much. By themselves they take up to four fifths of it, and what reads and writes Parquet
// files, which cannot spill, fails in the rest. No more of the limit is taken than leaves them a
// seventh. Thread-safe.
class MemoryReservation {
 public:
  MemoryReservation(duckdb::ClientContext& context, std::int64_t bytes);

 private:
  const duckdb::unique_ptr<duckdb::TemporaryMemoryState> state_;
};

}  // namespace duck
