#include "extract/fact_tables.h"

namespace extract {
namespace {

delta::StructField text(const char* name) {
  return {.name = name, .type = delta::DataType::primitive(delta::TypeKind::kString)};
}

delta::StructField number(const char* name) {
  return {.name = name, .type = delta::DataType::primitive(delta::TypeKind::kLong)};
}

}  // namespace

const std::array<FactTable, kFactTableCount>& fact_tables() {
  static const std::array<FactTable, kFactTableCount> tables = {{
      {"repo_files_v1",
       {{text("path"), text("file_id"), text("sha256"), number("size_bytes"),
         number("line_count")}}},
      {"ts_nodes_v1",
       {{text("path"), number("node_id"), number("parent_id"), text("kind"), text("field_name"),
         number("bstart"), number("bend"), number("depth")}}},
      {"ts_defs_v1",
       {{text("path"), number("node_id"), text("name"), text("qname"), text("def_kind"),
         number("bstart"), number("bend")}}},
      {"ts_calls_v1",
       {{text("path"), number("node_id"), text("callee"), number("bstart"), number("bend")}}},
      {"ts_refs_v1",
       {{text("path"), number("node_id"), text("name"), text("ctx"), number("bstart"),
         number("bend")}}},
      {"ts_imports_v1",
       {{text("path"), number("node_id"), text("module"), text("name"), text("alias"),
         number("bstart"), number("bend")}}},
      {"ts_scope_decls_v1",
       {{text("path"), number("node_id"), text("name"), text("decl_kind"), number("bstart"),
         number("bend")}}},
      {"ts_errors_v1", {{text("path"), number("node_id"), number("bstart"), number("bend")}}},
  }};
  return tables;
}

}  // namespace extract
