// What it costs to write facts of source code as Parquet: appender_bench [rows]. One thread
// appends rows (path, four numbers, two short texts) with every compression; prints millions of
// rows a second of processor time, and the size of the files.
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <string>
#include <vector>

#include "base/uuid.h"
#include "duck/parquet_appender.h"

namespace {

using delta::DataType;
using delta::TypeKind;

constexpr std::size_t kBatch = 4096;
constexpr std::size_t kRowsPerPath = 2000;

delta::StructField field(const char* name, TypeKind kind) {
  return {.name = name, .type = DataType::primitive(kind)};
}

constexpr std::string_view kKinds[] = {"identifier",    "call",   "attribute",
                                       "argument_list", "string", "expression_statement",
                                       "assignment",    "block"};
constexpr std::string_view kFields[] = {"function", "arguments", "", "left", "right"};

// The rows of one batch, like those of syntax nodes.
struct Batch {
  std::vector<std::string> names;
  std::vector<std::string_view> paths;
  std::vector<std::uint32_t> path = std::vector<std::uint32_t>(kBatch);
  std::vector<std::int64_t> node_id = std::vector<std::int64_t>(kBatch);
  std::vector<std::int64_t> parent_id = std::vector<std::int64_t>(kBatch);
  std::vector<std::int64_t> bstart = std::vector<std::int64_t>(kBatch);
  std::vector<std::int64_t> bend = std::vector<std::int64_t>(kBatch);
  std::vector<std::uint32_t> kind = std::vector<std::uint32_t>(kBatch);
  std::vector<std::uint32_t> field_name = std::vector<std::uint32_t>(kBatch);

  // A number that looks like a hash.
  static std::int64_t id_of(std::uint64_t row) {
    row = (row ^ row >> 30) * 0xbf58476d1ce4e5b9;
    row = (row ^ row >> 27) * 0x94d049bb133111eb;
    return static_cast<std::int64_t>((row ^ row >> 31) >> 1);
  }

  void fill(std::size_t first) {
    paths.clear();
    names.clear();
    names.reserve(kBatch);
    for (std::size_t i = 0; i < kBatch; ++i) {
      const std::size_t row = first + i;
      const std::size_t within = row % kRowsPerPath;
      if (i == 0 || within == 0) {
        names.push_back("lib/python3.11/some/package/module_" + std::to_string(row / kRowsPerPath) +
                        ".py");
        paths.push_back(names.back());
      }
      path[i] = static_cast<std::uint32_t>(paths.size() - 1);
      node_id[i] = id_of(row);
      parent_id[i] = id_of(row - within + within * 7 / 8);
      bstart[i] = static_cast<std::int64_t>(within * 17 + row % 13);
      bend[i] = bstart[i] + static_cast<std::int64_t>(row * 2654435761 % 40);
      kind[i] = static_cast<std::uint32_t>(row * 2654435761 / 1024 % std::size(kKinds));
      field_name[i] = static_cast<std::uint32_t>(row * 40503 / 64 % std::size(kFields));
    }
  }
};

void run(const char* compression, std::size_t rows) {
  const auto folder =
      std::filesystem::temp_directory_path() / ("appender-bench-" + base::random_uuid());
  duck::Database database(duck::DatabaseConfig{.threads = 1});
  const delta::Schema schema{{field("path", TypeKind::kString), field("node_id", TypeKind::kLong),
                              field("parent_id", TypeKind::kLong), field("kind", TypeKind::kString),
                              field("field_name", TypeKind::kString),
                              field("bstart", TypeKind::kLong), field("bend", TypeKind::kLong)}};
  Batch batch;
  std::clock_t filling = 0;
  const std::clock_t start = std::clock();
  duck::ParquetAppender appender(database, schema,
                                 {.directory = folder.string(), .compression = compression});
  for (std::size_t row = 0; row < rows; row += kBatch) {
    const std::clock_t before = std::clock();
    batch.fill(row);
    filling += std::clock() - before;
    using Longs = std::span<const std::int64_t>;
    const duck::ColumnView views[] = {{.values = duck::CodedTexts{batch.path, batch.paths}},
                                      {.values = Longs(batch.node_id)},
                                      {.values = Longs(batch.parent_id)},
                                      {.values = duck::CodedTexts{batch.kind, kKinds}},
                                      {.values = duck::CodedTexts{batch.field_name, kFields}},
                                      {.values = Longs(batch.bstart)},
                                      {.values = Longs(batch.bend)}};
    appender.append(views, kBatch);
  }
  std::int64_t bytes = 0;
  for (const auto& file : appender.finish()) bytes += file.size;
  const double seconds =
      static_cast<double>(std::clock() - start - filling) / static_cast<double>(CLOCKS_PER_SEC);
  std::printf("%-14s %10.2f %12.2f\n", compression, static_cast<double>(rows) / seconds / 1e6,
              static_cast<double>(bytes) / static_cast<double>(rows));
  std::filesystem::remove_all(folder);
}

}  // namespace

int main(int argc, char** argv) {
  const std::size_t rows = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 10'000'000;
  std::printf("%-14s %10s %12s\n", "compression", "Mrows/s", "bytes a row");
  for (const char* compression : {"uncompressed", "snappy", "lz4_raw", "zstd"}) {
    run(compression, rows);
  }
}
