// The rows that extraction makes, column by column, until they are written.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "duck/parquet_appender.h"
#include "extract/source_text.h"

namespace extract {

using LongColumn = std::vector<std::int64_t>;
// A view with a null data() is NULL.
using TextColumn = std::vector<std::string_view>;

struct FileRows {
  TextColumn path, file_id, sha256;
  LongColumn size_bytes, line_count;
};

struct NodeRows {
  TextColumn path;
  LongColumn node_id, parent_id;
  std::vector<std::uint8_t> has_parent;
  TextColumn kind, field_name;
  LongColumn bstart, bend, depth;
};

struct DefinitionRows {
  TextColumn path;
  LongColumn node_id;
  TextColumn name, qname, def_kind;
  LongColumn bstart, bend;
};

struct CallRows {
  TextColumn path;
  LongColumn node_id;
  TextColumn callee;
  LongColumn bstart, bend;
};

struct ReferenceRows {
  TextColumn path;
  LongColumn node_id;
  TextColumn name, ctx;
  LongColumn bstart, bend;
};

struct ImportRows {
  TextColumn path;
  LongColumn node_id;
  TextColumn module, name, alias;
  LongColumn bstart, bend;
};

struct ErrorRows {
  TextColumn path;
  LongColumn node_id;
  std::vector<std::uint8_t> has_node;
  LongColumn bstart, bend;
};

// The seven tables' rows, and the sources that their texts point into.
struct FactBatch {
  FileRows files;
  NodeRows nodes;
  DefinitionRows definitions;
  CallRows calls;
  ReferenceRows references;
  ImportRows imports;
  ErrorRows errors;
  std::vector<std::unique_ptr<SourceText>> sources;
};

}  // namespace extract
