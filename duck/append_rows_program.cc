// append_rows LOCATION WRITER COUNT: appends the rows (WRITER, 0) … (WRITER, COUNT-1) to the table
// (writer STRING, number LONG), which is created when it is missing, one commit each, and prints
// each version that it made. What tests of races and of killed writers run.
#include <cstdio>
#include <cstdlib>
#include <string>

#include "base/error.h"
#include "delta/snapshot.h"
#include "delta/store.h"
#include "delta/transaction.h"
#include "duck/copy_to_parquet.h"
#include "duck/database.h"

namespace {

delta::NewTable definition() {
  delta::NewTable table;
  table.schema.fields.push_back({"writer", delta::DataType::primitive(delta::TypeKind::kString)});
  table.schema.fields.push_back({"number", delta::DataType::primitive(delta::TypeKind::kLong)});
  return table;
}

// Another writer may be first; the table is then there all the same.
void create_unless_there(const std::shared_ptr<delta::Store>& store, const std::string& location) {
  if (delta::Snapshot::exists(*store, location)) return;
  try {
    delta::Transaction::create(store, location, definition()).commit({});
  } catch (const base::Error& error) {
    if (error.code() != "DELTA_COMMIT_CONFLICT") throw;
  }
}

void append_rows(const std::string& location, const std::string& writer, std::int64_t count) {
  duck::Database database({.threads = 1});
  duck::Connection connection(database);
  const auto store = delta::store_for(location);
  create_unless_there(store, location);
  duck::CopyOptions copy;
  copy.directory = location;
  delta::CommitOptions commit;
  commit.max_retries = 1000;
  for (std::int64_t number = 0; number < count; ++number) {
    delta::Transaction transaction = delta::Transaction::start(
        delta::Snapshot::load(store, database.parquet_engine(), location));
    const duck::CopiedFiles copied =
        duck::copy_to_parquet(connection, "SELECT $1 AS writer, $2 AS number", {writer, number},
                              definition().schema, copy);
    for (const delta::AddFile& file : copied.files) transaction.add(file);
    std::printf("%lld\n", static_cast<long long>(transaction.commit(commit).version));
    std::fflush(stdout);
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) {
    std::fputs("usage: append_rows LOCATION WRITER COUNT\n", stderr);
    return 2;
  }
  try {
    append_rows(delta::normalize_location(argv[1]), argv[2], std::strtoll(argv[3], nullptr, 10));
    return 0;
  } catch (const base::Error& error) {
    std::fprintf(stderr, "error[%s]: %s\n", error.code().c_str(), error.message().c_str());
    return 1;
  }
}
