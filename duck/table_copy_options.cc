#include "duck/table_copy_options.h"

#include "delta/column_mapping.h"
#include "delta/compression_codec.h"
#include "delta/data_file_schema.h"
#include "delta/target_file_size.h"

namespace duck {
namespace {

// What other writers of Delta tables use by default, and every reader reads.
constexpr const char* kDefaultCompression = "snappy";

}  // namespace

CopyOptions table_copy_options(const std::string& location, const delta::Protocol& protocol,
                               const delta::Metadata& metadata, const delta::Schema& schema) {
  CopyOptions options;
  options.directory = location;
  options.partition_by = metadata.partition_columns;
  options.column_mapping = delta::column_mapping(protocol, metadata);
  options.statistics =
      delta::indexed_schema(delta::data_schema(schema, metadata.partition_columns), metadata);
  options.compression = delta::compression_codec(metadata).value_or(kDefaultCompression);
  if (const auto size = delta::target_file_size(metadata)) options.target_file_bytes = *size;
  return options;
}

}  // namespace duck
