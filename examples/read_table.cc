// Prints the rows of a Delta table: read_table PATH
#include <iostream>

#include "base/error.h"
#include "duck/query_stream.h"

int main(int argc, char** argv) try {
  if (argc != 2) return 2;
  duck::Database database({});
  const auto table = database.snapshot(argv[1], std::nullopt);
  for (const auto& field : table->schema().fields) std::cout << field.name << '\t';
  std::cout << "(version " << table->version() << ")\n";
  duck::Connection connection(database);
  duck::for_each_row(connection, "FROM delta_scan($1)", {std::string(argv[1])}, [](auto& row) {
    for (auto& v : row) std::cout << delta::serialize_partition_value(v).value_or("NULL") << '\t';
    std::cout << '\n';
  });
} catch (const base::Error& error) {
  std::cerr << error.message() << '\n';
  return 1;
}
