// Values of variants as the bytes that Delta tables hold of them: Parquet's "Variant Binary
// Encoding". A value names the fields of its objects by their places in the variant's metadata.
//
// Everything here throws base::Error DELTA_VARIANT_INVALID for bytes that are no such value or
// metadata, and may be used by several threads at once.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace delta {

// The names that the metadata of a variant lists. A view: the metadata must outlive it.
class VariantNames {
 public:
  explicit VariantNames(std::string_view metadata);

  std::string_view at(std::uint32_t place) const;
  // Throws for a name that it does not list, too.
  std::uint32_t place_of(std::string_view name) const;

 private:
  std::string_view metadata_;
  std::size_t offset_bytes_ = 1;
  std::uint32_t size_ = 0;
};

// A field of an object: its name, where the metadata lists that, and its value. The name is a view
// of the metadata.
struct VariantField {
  std::string_view name;
  std::uint32_t place = 0;
  std::string value;
};

// The values of single types. Whole numbers and decimals take as few bytes as their value needs, as
// those that Spark writes do.
std::string variant_null();
std::string variant_of(bool value);
std::string variant_of(std::int64_t value);
std::string variant_of(float value);
std::string variant_of(double value);
std::string variant_decimal(__int128 unscaled, int scale);
std::string variant_date(std::int32_t days);             // since 1970-01-01
std::string variant_timestamp(std::int64_t micros);      // since 1970-01-01T00:00:00Z
std::string variant_timestamp_ntz(std::int64_t micros);  // on a clock without zone
std::string variant_timestamp_ntz_nanos(std::int64_t nanos);
std::string variant_time(std::int64_t micros);  // since midnight
std::string variant_text(std::string_view text);
std::string variant_binary(std::string_view bytes);
std::string variant_uuid(std::span<const std::uint8_t, 16> bytes);  // the highest byte first

std::string variant_array(std::span<const std::string> elements);
// Fields in any order. Throws for two of one name.
std::string variant_object(std::vector<VariantField> fields);

// The fields of the object that `value` is.
std::vector<VariantField> variant_fields(std::string_view value, const VariantNames& names);

}  // namespace delta
