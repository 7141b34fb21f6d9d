// Writes to a Delta table: write_table PATH. Appends three rows, making the table when it is not
// there, deletes one of them, and says which version came of it.
#include <iostream>

#include "base/error.h"
#include "duck/table_delete.h"
#include "duck/table_write.h"

int main(int argc, char** argv) try {
  if (argc != 2) return 2;
  duck::Database database({});
  duck::Connection connection(database);
  const auto written = duck::write_table(
      database, connection, "SELECT i AS id, 'row ' || i AS name FROM range($1) t(i)",
      {std::int64_t{3}},
      {.location = argv[1], .properties = {{"delta.enableDeletionVectors", "true"}}});
  const auto deleted =
      duck::delete_rows(database, connection, {.location = argv[1], .where = "id = 1"});
  std::cout << written.rows << " rows written as version " << written.version << ", "
            << deleted.rows << " deleted by version " << deleted.version.value_or(-1) << '\n';
} catch (const base::Error& error) {
  std::cerr << error.message() << '\n';
  return 1;
}
