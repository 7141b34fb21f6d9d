// The schema of a table that takes what rows have beyond it: columns, fields of structs, and wider
// types (PROTOCOL.md, "Type Widening", "Type Change Metadata").
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "delta/actions.h"
#include "delta/schema.h"

namespace delta {

// Column and fields from outside in; what is inside of arrays and maps is called "element", "key"
// and "value".
using FieldPath = std::vector<std::string>;

// With dots, for messages.
std::string to_string(const FieldPath& path);

// A type that a merge made wider.
struct WidenedType {
  FieldPath path;
  DataType from;
  DataType to;
};

struct SchemaMerge {
  Schema schema;
  std::vector<WidenedType> widened;
};

// Whether every value of the type `from` is one of `to`: an integer or a floating-point number of
// more bytes, a decimal with no fewer digits on either side of its point, the type itself. Of
// nested types only whether they are of one kind.
bool holds_values_of(const DataType& to, const DataType& from);

// Whether merges widen `from` to `to` where they may: within one family of types, as Spark does
// unless told otherwise, and to timestamp_ntz from date.
bool is_widened_by_merge(const DataType& from, const DataType& to);

// Whether a table's columns may become wider without rewriting its files. Tables with the preview
// of the feature, whose type changes tell versions, count as those that may not.
bool allows_type_widening(const Protocol& protocol, const Metadata& metadata);

// `table` with what `rows` have beyond it, as Spark's mergeSchema does it. Names go together
// whatever their case, at every depth: in structs, and in those that are elements of arrays and
// keys and values of maps; the table's spelling, order, nullability and metadata stay. What is new
// comes at the end of its struct, nullable however deep and without metadata. A void type becomes
// that of the rows. Where `widens`, a type that is_widened_by_merge becomes the wider one, and its
// field's delta.typeChanges tells so. Types that conflict stay the table's: whoever writes rows
// has to find out whether they fit.
SchemaMerge merged_schema(const Schema& table, const Schema& rows, bool widens);

// The first column or field that has the name of one before it in its struct, whatever the case.
std::optional<FieldPath> repeated_name(const Schema& schema);

}  // namespace delta
