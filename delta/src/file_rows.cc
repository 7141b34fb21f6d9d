#include "delta/file_rows.h"

#include <simdjson.h>

namespace delta {
namespace {

std::optional<std::int64_t> rows_of(simdjson::ondemand::parser& parser, const AddFile& file) {
  if (!file.stats) return std::nullopt;
  const simdjson::padded_string json(*file.stats);
  simdjson::ondemand::document document;
  std::int64_t records = 0;
  if (parser.iterate(json).get(document) != simdjson::SUCCESS ||
      document["numRecords"].get(records) != simdjson::SUCCESS) {
    return std::nullopt;
  }
  const std::int64_t deleted = file.deletion_vector ? file.deletion_vector->cardinality : 0;
  return records < deleted ? std::nullopt : std::optional(records - deleted);
}

}  // namespace

std::vector<std::optional<std::int64_t>> file_rows(std::span<const AddFile> files) {
  simdjson::ondemand::parser parser;
  std::vector<std::optional<std::int64_t>> rows;
  rows.reserve(files.size());
  for (const AddFile& file : files) rows.push_back(rows_of(parser, file));
  return rows;
}

}  // namespace delta
