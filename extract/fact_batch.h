// The rows that extraction makes, column by column, until they are written.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <tuple>
#include <vector>

#include "extract/source_text.h"

namespace extract {

using LongColumn = std::vector<std::int64_t>;
// A view with a null data() is NULL.
using TextColumn = std::vector<std::string_view>;

struct NullableLongColumn {
  LongColumn values;
  std::vector<std::uint8_t> valid;  // 0 is NULL

  void push_back(std::int64_t value) {
    values.push_back(value);
    valid.push_back(1);
  }
  void push_null() {
    values.push_back(0);
    valid.push_back(0);
  }
  void clear() {
    values.clear();
    valid.clear();
  }
};

// Each kind of row is a table of docs/extraction.md; columns() has its columns in their order.

struct FileRows {
  TextColumn path, file_id, sha256;
  LongColumn size_bytes, line_count;

  auto columns() { return std::tie(path, file_id, sha256, size_bytes, line_count); }
};

struct NodeRows {
  TextColumn path;
  LongColumn node_id;
  NullableLongColumn parent_id;
  TextColumn kind, field_name;
  LongColumn bstart, bend, depth;

  auto columns() {
    return std::tie(path, node_id, parent_id, kind, field_name, bstart, bend, depth);
  }
};

struct DefinitionRows {
  TextColumn path;
  LongColumn node_id;
  TextColumn name, qname, def_kind;
  LongColumn bstart, bend;

  auto columns() { return std::tie(path, node_id, name, qname, def_kind, bstart, bend); }
};

struct CallRows {
  TextColumn path;
  LongColumn node_id;
  TextColumn callee;
  LongColumn bstart, bend;

  auto columns() { return std::tie(path, node_id, callee, bstart, bend); }
};

struct ReferenceRows {
  TextColumn path;
  LongColumn node_id;
  TextColumn name, ctx;
  LongColumn bstart, bend;

  auto columns() { return std::tie(path, node_id, name, ctx, bstart, bend); }
};

struct ImportRows {
  TextColumn path;
  LongColumn node_id;
  TextColumn module, name, alias;
  LongColumn bstart, bend;

  auto columns() { return std::tie(path, node_id, module, name, alias, bstart, bend); }
};

struct ErrorRows {
  TextColumn path;
  NullableLongColumn node_id;  // NULL: the file as a whole
  LongColumn bstart, bend;

  auto columns() { return std::tie(path, node_id, bstart, bend); }
};

// The tables' rows, and the sources that their texts point into.
struct FactBatch {
  FileRows files;
  NodeRows nodes;
  DefinitionRows definitions;
  CallRows calls;
  ReferenceRows references;
  ImportRows imports;
  ErrorRows errors;
  std::vector<std::unique_ptr<SourceText>> sources;

  auto tables() { return std::tie(files, nodes, definitions, calls, references, imports, errors); }

  // Removes the rows and keeps their memory for the next ones.
  void clear_rows() {
    const auto clear = [](auto&... columns) { (columns.clear(), ...); };
    std::apply([&](auto&... rows) { (std::apply(clear, rows.columns()), ...); }, tables());
  }
};

}  // namespace extract
