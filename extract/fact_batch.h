// The rows that extraction makes, column by column, until they are written.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "extract/source_text.h"

namespace extract {

using LongColumn = std::vector<std::int64_t>;
// A view with a null data() is NULL.
using TextColumn = std::vector<std::string_view>;

// Texts out of few, by their places in `texts`.
struct CodedColumn {
  std::span<const std::string_view> texts;
  std::vector<std::uint32_t> codes;

  void push_back(std::uint32_t code) { codes.push_back(code); }
  void clear() { codes.clear(); }
  std::size_t size() const { return codes.size(); }
  std::string_view operator[](std::size_t row) const { return texts[codes[row]]; }
};

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
  CodedColumn path;
  TextColumn file_id, sha256;
  LongColumn size_bytes, line_count;

  auto columns() { return std::tie(path, file_id, sha256, size_bytes, line_count); }
};

struct NodeRows {
  CodedColumn path;
  LongColumn node_id;
  NullableLongColumn parent_id;
  CodedColumn kind, field_name;  // by the grammar's symbols and fields
  LongColumn bstart, bend, depth;

  auto columns() {
    return std::tie(path, node_id, parent_id, kind, field_name, bstart, bend, depth);
  }
};

enum class DefinitionKind : std::uint8_t { kFunction, kClass, kMethod };

struct DefinitionRows {
  CodedColumn path;
  LongColumn node_id;
  TextColumn name, qname;
  CodedColumn def_kind;  // by DefinitionKind
  LongColumn bstart, bend;

  auto columns() { return std::tie(path, node_id, name, qname, def_kind, bstart, bend); }
};

struct CallRows {
  CodedColumn path;
  LongColumn node_id;
  TextColumn callee;
  LongColumn bstart, bend;

  auto columns() { return std::tie(path, node_id, callee, bstart, bend); }
};

struct ReferenceRows {
  CodedColumn path;
  LongColumn node_id;
  TextColumn name;
  CodedColumn ctx;  // by Context
  LongColumn bstart, bend;

  auto columns() { return std::tie(path, node_id, name, ctx, bstart, bend); }
};

struct ImportRows {
  CodedColumn path;
  LongColumn node_id;
  TextColumn module, name, alias;
  LongColumn bstart, bend;

  auto columns() { return std::tie(path, node_id, module, name, alias, bstart, bend); }
};

enum class DeclarationKind : std::uint8_t { kGlobal, kNonlocal };

struct ScopeDeclarationRows {
  CodedColumn path;
  LongColumn node_id;
  TextColumn name;
  CodedColumn decl_kind;  // by DeclarationKind
  LongColumn bstart, bend;

  auto columns() { return std::tie(path, node_id, name, decl_kind, bstart, bend); }
};

struct ErrorRows {
  CodedColumn path;
  NullableLongColumn node_id;  // NULL: the file as a whole
  LongColumn bstart, bend;

  auto columns() { return std::tie(path, node_id, bstart, bend); }
};

// The tables' rows, and the sources that their texts point into. Not thread-safe.
class FactBatch {
 public:
  FactBatch();
  FactBatch(const FactBatch&) = delete;
  FactBatch& operator=(const FactBatch&) = delete;

  FileRows files;
  NodeRows nodes;
  DefinitionRows definitions;
  CallRows calls;
  ReferenceRows references;
  ImportRows imports;
  ScopeDeclarationRows scope_declarations;
  ErrorRows errors;

  auto tables() {
    return std::tie(files, nodes, definitions, calls, references, imports, scope_declarations,
                    errors);
  }

  // The rows to come are of this source, which lives until clear_sources().
  SourceText& add_source(std::string path, SourceContent content);
  // Its code in the columns `path`.
  std::uint32_t path_code() const { return static_cast<std::uint32_t>(paths_.size() - 1); }

  // Removes the rows and keeps their memory for the next ones.
  void clear_rows();
  // When there are no rows.
  void clear_sources();

 private:
  void set_paths();

  std::vector<std::unique_ptr<SourceText>> sources_;
  std::vector<std::string_view> paths_;  // of the sources
};

}  // namespace extract
