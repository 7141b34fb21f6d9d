#include "duck/kept_row_ids.h"

#include "base/error.h"
#include "delta/column_mapping.h"
#include "delta/word_property.h"
#include "duck/hidden_column.h"
#include "duck/sql_text.h"

namespace duck {
namespace {

std::string name_of(const delta::Snapshot& snapshot, const std::string& property) {
  const auto& configuration = snapshot.metadata().configuration;
  const auto entry = configuration.find(property);
  if (entry != configuration.end() && !entry->second.empty()) return entry->second;
  throw base::Error(base::Stage::kMaterialization, "DELTA_LOG_CORRUPT",
                    snapshot.location() + " tracks its rows, but has no property " + property,
                    {{"path", snapshot.location()}, {"property", property}});
}

}  // namespace

KeptRowIds::KeptRowIds(const delta::Snapshot& snapshot) {
  if (!delta::is_enabled(snapshot.metadata(), "delta.enableRowTracking")) return;
  hidden_row_id_ = quote_identifier(hidden_column(snapshot.schema(), "_row_id"));
  hidden_row_commit_version_ =
      quote_identifier(hidden_column(snapshot.schema(), "_row_commit_version"));
  row_id_ = name_of(snapshot, "delta.rowTracking.materializedRowIdColumnName");
  row_commit_version_ =
      name_of(snapshot, "delta.rowTracking.materializedRowCommitVersionColumnName");
}

std::string KeptRowIds::select() const {
  if (!any()) return "";
  return ", " + hidden_row_id_ + " AS " + quote_identifier(row_id_) + ", " +
         hidden_row_commit_version_ + " AS " + quote_identifier(row_commit_version_);
}

delta::Schema KeptRowIds::with_columns(delta::Schema table) const {
  if (any()) {
    table.fields.push_back(delta::unmapped_field(row_id_, delta::TypeKind::kLong));
    table.fields.push_back(delta::unmapped_field(row_commit_version_, delta::TypeKind::kLong));
  }
  return table;
}

}  // namespace duck
