#include "delta/variant_encoding.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <limits>
#include <string>
#include <vector>

#include "base/error.h"

namespace delta {
namespace {

using Bytes = std::string;
using namespace std::string_literals;

// Metadata that lists these names, with offsets of so many bytes.
Bytes metadata(const std::vector<std::string>& names, std::size_t width = 1) {
  Bytes out{static_cast<char>(1 | (width - 1) << 6)};
  const auto append = [&](std::size_t number) {
    for (std::size_t i = 0; i < width; ++i) out += static_cast<char>(number >> 8 * i & 0xFF);
  };
  append(names.size());
  std::size_t offset = 0;
  append(offset);
  for (const std::string& name : names) append(offset += name.size());
  for (const std::string& name : names) out += name;
  return out;
}

template <typename Call>
std::string fault(const Call& call) {
  try {
    call();
  } catch (const base::Error& error) {
    EXPECT_EQ(error.code(), "DELTA_VARIANT_INVALID");
    return error.message();
  }
  return "none";
}

TEST(VariantEncodingTest, SpellsSimpleValues) {
  EXPECT_EQ(variant_null(), "\x00"s);
  EXPECT_EQ(variant_of(true), "\x04"s);
  EXPECT_EQ(variant_of(false), "\x08"s);
  EXPECT_EQ(variant_of(std::int64_t{-1}), "\x0C\xFF"s);
  EXPECT_EQ(variant_of(std::int64_t{128}), "\x10\x80\x00"s);
  EXPECT_EQ(variant_of(std::int64_t{-70000}), "\x14\x90\xEE\xFE\xFF"s);
  EXPECT_EQ(variant_of(std::numeric_limits<std::int64_t>::min()),
            "\x18\x00\x00\x00\x00\x00\x00\x00\x80"s);
  EXPECT_EQ(variant_of(1.5), "\x1C\x00\x00\x00\x00\x00\x00\xF8\x3F"s);
  EXPECT_EQ(variant_of(1.5F), "\x38\x00\x00\xC0\x3F"s);
  EXPECT_EQ(variant_date(-1), "\x2C\xFF\xFF\xFF\xFF"s);
  EXPECT_EQ(variant_timestamp(1), "\x30\x01\x00\x00\x00\x00\x00\x00\x00"s);
  EXPECT_EQ(variant_timestamp_ntz(1), "\x34\x01\x00\x00\x00\x00\x00\x00\x00"s);
  EXPECT_EQ(variant_time(1), "\x44\x01\x00\x00\x00\x00\x00\x00\x00"s);
  EXPECT_EQ(variant_timestamp_ntz_nanos(1), "\x4C\x01\x00\x00\x00\x00\x00\x00\x00"s);
  EXPECT_EQ(variant_binary("\x00\xFF"s), "\x3C\x02\x00\x00\x00\x00\xFF"s);
  EXPECT_EQ(variant_text(""), "\x01"s);
  EXPECT_EQ(variant_text(std::string(63, 'x')), "\xFD"s + std::string(63, 'x'));
  EXPECT_EQ(variant_text(std::string(64, 'x')), "\x40\x40\x00\x00\x00"s + std::string(64, 'x'));
  const std::array<std::uint8_t, 16> uuid = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};
  EXPECT_EQ(variant_uuid(uuid),
            "\x50\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0A\x0B\x0C\x0D\x0E\x0F\x10"s);
}

TEST(VariantEncodingTest, DecimalsTakeTheBytesThatTheirDigitsNeed) {
  EXPECT_EQ(variant_decimal(-125, 2), "\x20\x02\x83\xFF\xFF\xFF"s);
  EXPECT_EQ(variant_decimal(999'999'999, 0).size(), 6u);
  EXPECT_EQ(variant_decimal(1'000'000'000, 0).front(), '\x24');
  EXPECT_EQ(variant_decimal(1, 10).size(), 10u);
  EXPECT_EQ(variant_decimal(__int128{1'000'000'000'000'000'000}, 0).front(), '\x28');
  EXPECT_EQ(variant_decimal(-1, 38), "\x28\x26"s + std::string(16, '\xFF'));
}

TEST(VariantEncodingTest, ArraysHaveOffsetsAsWideAsNeeded) {
  EXPECT_EQ(variant_array({}), "\x03\x00\x00"s);
  const std::vector<std::string> two = {variant_of(true), variant_of(std::int64_t{5})};
  EXPECT_EQ(variant_array(two), "\x03\x02\x00\x01\x03\x04\x0C\x05"s);
  const std::vector<std::string> many(256, variant_null());
  const std::string large = variant_array(many);
  EXPECT_EQ(large.substr(0, 5), "\x17\x00\x01\x00\x00"s);
  EXPECT_EQ(large.size(), 5u + 2 * 257 + 256);
}

TEST(VariantEncodingTest, ObjectsAreReadAsTheyWereWritten) {
  for (const std::size_t width : {1, 2, 3, 4}) {
    std::vector<std::string> listed;
    for (int i = 0; i < (width == 1 ? 40 : 300); ++i) listed.push_back("n" + std::to_string(i));
    const Bytes bytes = metadata(listed, width);
    const VariantNames names(bytes);
    EXPECT_EQ(names.place_of("n7"), 7u);
    std::vector<VariantField> fields;
    for (std::size_t i = listed.size(); i > 0; --i) {
      const auto place = static_cast<std::uint32_t>(i - 1);
      fields.push_back({names.at(place), place, variant_text(std::string(i % 50, 'v'))});
    }
    const std::string object = variant_object(fields);
    const auto read = variant_fields(object, names);
    ASSERT_EQ(read.size(), fields.size());
    EXPECT_TRUE(std::ranges::is_sorted(read, {}, &VariantField::name));
    for (const VariantField& field : read) {
      EXPECT_EQ(field.name, listed[field.place]);
      EXPECT_EQ(field.value, variant_text(std::string((field.place + 1) % 50, 'v')));
    }
    EXPECT_EQ(variant_object(read), object);
  }
  EXPECT_EQ(variant_object({}), "\x02\x00\x00"s);
}

TEST(VariantEncodingTest, SaysWhatIsWrong) {
  const Bytes bytes = metadata({"a", "b"});
  const VariantNames names(bytes);
  EXPECT_NE(fault([&] { names.place_of("c"); }).find("does not list 'c'"), std::string::npos);
  EXPECT_NE(fault([&] { names.at(2); }).find("no name at place 2"), std::string::npos);
  EXPECT_NE(fault([] { VariantNames("\x02\x00\x00"); }).find("another version"), std::string::npos);
  EXPECT_NE(fault([&] { variant_fields(variant_of(true), names); }).find("no object"),
            std::string::npos);
  const VariantField a{"a", 0, variant_null()};
  EXPECT_NE(fault([&] { variant_object({a, a}); }).find("'a' twice"), std::string::npos);
}

// Reads only what is there: for the sanitizers.
TEST(VariantEncodingTest, SurvivesDamage) {
  const Bytes bytes = metadata({"a", "bc", "def"}, 2);
  const std::string object = [&] {
    const VariantNames names(bytes);
    return variant_object(
        {{"a", 0, variant_of(1.0)}, {"bc", 1, variant_text("x")}, {"def", 2, variant_array({})}});
  }();
  const auto read = [](const Bytes& of_names, const Bytes& of_value) {
    fault([&] { variant_fields(of_value, VariantNames(of_names)); });
  };
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    read(bytes.substr(0, at), object);
    for (int bit = 0; bit < 8; ++bit) {
      Bytes damaged = bytes;
      damaged[at] = static_cast<char>(damaged[at] ^ 1 << bit);
      read(damaged, object);
    }
  }
  for (std::size_t at = 0; at < object.size(); ++at) {
    read(bytes, object.substr(0, at));
    for (int bit = 0; bit < 8; ++bit) {
      Bytes damaged = object;
      damaged[at] = static_cast<char>(damaged[at] ^ 1 << bit);
      read(bytes, damaged);
    }
  }
}

}  // namespace
}  // namespace delta
