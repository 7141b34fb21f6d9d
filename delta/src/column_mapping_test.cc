#include "delta/column_mapping.h"

#include <gtest/gtest.h>

#include "base/error.h"

namespace delta {
namespace {

Metadata with_mode(const std::string& mode) {
  Metadata metadata;
  metadata.configuration["delta.columnMapping.mode"] = mode;
  return metadata;
}

TEST(ColumnMapping, CountsOnlyWhereTheProtocolSupportsIt) {
  Protocol protocol;
  EXPECT_EQ(column_mapping(protocol, with_mode("name")), ColumnMapping::kNone);
  protocol.min_reader_version = 2;
  EXPECT_EQ(column_mapping(protocol, with_mode("name")), ColumnMapping::kName);
  EXPECT_EQ(column_mapping(protocol, with_mode("id")), ColumnMapping::kId);
  EXPECT_EQ(column_mapping(protocol, with_mode("none")), ColumnMapping::kNone);
  EXPECT_EQ(column_mapping(protocol, {}), ColumnMapping::kNone);
  protocol.min_reader_version = 3;
  protocol.reader_features = {"deletionVectors"};
  EXPECT_EQ(column_mapping(protocol, with_mode("name")), ColumnMapping::kNone);
  protocol.reader_features = {"columnMapping"};
  EXPECT_EQ(column_mapping(protocol, with_mode("name")), ColumnMapping::kName);
  EXPECT_EQ(column_mapping(protocol, with_mode("Name")), ColumnMapping::kName);
  EXPECT_EQ(column_mapping(protocol, with_mode("NONE")), ColumnMapping::kNone);
  EXPECT_THROW(column_mapping(protocol, with_mode("colour")), base::Error);
}

TEST(ColumnMapping, AMappedFieldHasAPhysicalNameAndAnId) {
  StructField field{.name = "shown", .type = DataType::primitive(TypeKind::kLong)};
  EXPECT_EQ(physical_name(field, ColumnMapping::kNone), "shown");
  EXPECT_EQ(column_id(field), std::nullopt);
  EXPECT_THROW(physical_name(field, ColumnMapping::kName), base::Error);
  field.metadata = {{"delta.columnMapping.physicalName", "col-1"}, {"delta.columnMapping.id", 4}};
  EXPECT_EQ(physical_name(field, ColumnMapping::kId), "col-1");
  EXPECT_EQ(column_id(field), 4);
}

}  // namespace
}  // namespace delta
