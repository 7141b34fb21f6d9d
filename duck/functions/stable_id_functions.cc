#include <array>
#include <charconv>
#include <cstring>

#include "base/hash.h"
#include "duck/functions/functions_internal.h"
#include "duck/functions/portable_text_internal.h"

namespace duck {
namespace {

using duckdb::DataChunk;
using duckdb::ExpressionState;
using duckdb::FlatVector;
using duckdb::FunctionNullHandling;
using duckdb::idx_t;
using duckdb::LogicalType;
using duckdb::ScalarFunction;
using duckdb::string_t;
using duckdb::StringVector;
using duckdb::Vector;

constexpr std::size_t kIdBytes = 16;
constexpr std::size_t kHash64Bytes = 8;
// Between the parts of an id: the ASCII "unit separator".
constexpr char kPartSeparator = '\x1f';
constexpr std::string_view kNullPart = "__NULL__";
// Rows hashed together; their texts and digests stay in the first-level cache.
constexpr std::size_t kBatch = 64;

constexpr auto kHexPairs = [] {
  constexpr char kDigits[] = "0123456789abcdef";
  std::array<std::array<char, 2>, 256> pairs{};
  for (std::size_t byte = 0; byte < pairs.size(); ++byte) {
    pairs[byte] = {kDigits[byte >> 4], kDigits[byte & 15]};
  }
  return pairs;
}();

// The texts of up to kBatch rows, and their digests.
template <std::size_t DigestBytes>
class DigestBatch {
 public:
  bool full() const { return count_ == kBatch; }

  void add(idx_t row, std::string_view text) {
    rows_[count_] = row;
    texts_[count_++] = text;
  }

  // Calls use(row, digest) for every row added since the last time.
  template <typename Use>
  void flush(Use&& use) {
    base::blake2b_many({texts_.data(), count_}, DigestBytes, digests_.data());
    for (std::size_t i = 0; i < count_; ++i) use(rows_[i], digests_.data() + i * DigestBytes);
    count_ = 0;
  }

 private:
  std::size_t count_ = 0;
  std::array<idx_t, kBatch> rows_;
  std::array<std::string_view, kBatch> texts_;
  std::array<std::uint8_t, kBatch * DigestBytes> digests_;
};

// Calls use(row, digest) for the rows where all `columns` are not null, with the digest of the
// last column's text; the other rows become null.
template <std::size_t DigestBytes, typename Use>
void hash_last_column(DataChunk& arguments, Vector& result, Use&& use) {
  const idx_t rows = rows_to_compute(arguments);
  std::vector<TextColumn> columns;
  for (Vector& argument : arguments.data) columns.emplace_back(argument, rows);
  DigestBatch<DigestBytes> batch;
  for (idx_t row = 0; row < rows; ++row) {
    bool null = false;
    for (const TextColumn& column : columns) null = null || column.is_null(row);
    if (null) {
      FlatVector::SetNull(result, row, true);
      continue;
    }
    batch.add(row, columns.back().text(row));
    if (batch.full()) batch.flush(use);
  }
  batch.flush(use);
  finish_result(arguments, result);
}

// prefix + ':' + the digest in hex; without ':' when there is no prefix.
string_t id_text(Vector& result, const std::string_view* prefix, const std::uint8_t* digest) {
  const std::size_t head = prefix == nullptr ? 0 : prefix->size() + 1;
  string_t id = StringVector::EmptyString(result, head + 2 * kIdBytes);
  char* out = id.GetDataWriteable();
  if (prefix != nullptr) {
    std::memcpy(out, prefix->data(), prefix->size());
    out[prefix->size()] = ':';
    out += head;
  }
  for (std::size_t i = 0; i < kIdBytes; ++i, out += 2) {
    std::memcpy(out, kHexPairs[digest[i]].data(), 2);
  }
  id.Finalize();
  return id;
}

// The digest as a big-endian number without its sign bit.
std::int64_t to_hash64(const std::uint8_t* digest) {
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < kHash64Bytes; ++i) number = number << 8 | digest[i];
  return static_cast<std::int64_t>(number & ~(std::uint64_t{1} << 63));
}

void stable_hash64(DataChunk& arguments, ExpressionState&, Vector& result) {
  auto* values = FlatVector::GetData<std::int64_t>(result);
  hash_last_column<kHash64Bytes>(arguments, result, [&](idx_t row, const std::uint8_t* digest) {
    values[row] = to_hash64(digest);
  });
}

void stable_hash128(DataChunk& arguments, ExpressionState&, Vector& result) {
  auto* values = FlatVector::GetData<string_t>(result);
  hash_last_column<kIdBytes>(arguments, result, [&](idx_t row, const std::uint8_t* digest) {
    values[row] = id_text(result, nullptr, digest);
  });
}

void prefixed_hash64(DataChunk& arguments, ExpressionState&, Vector& result) {
  const TextColumn prefixes(arguments.data[0], rows_to_compute(arguments));
  auto* values = FlatVector::GetData<string_t>(result);
  hash_last_column<kHash64Bytes>(arguments, result, [&](idx_t row, const std::uint8_t* digest) {
    char number[20];
    const char* end = std::to_chars(number, number + sizeof number, to_hash64(digest)).ptr;
    const auto digits = static_cast<std::size_t>(end - number);
    const std::string_view prefix = prefixes.text(row);
    string_t text = StringVector::EmptyString(result, prefix.size() + 1 + digits);
    char* out = text.GetDataWriteable();
    std::memcpy(out, prefix.data(), prefix.size());
    out[prefix.size()] = ':';
    std::memcpy(out + prefix.size() + 1, number, digits);
    text.Finalize();
    values[row] = text;
  });
}

void stable_id(DataChunk& arguments, ExpressionState&, Vector& result) {
  const TextColumn prefixes(arguments.data[0], rows_to_compute(arguments));
  auto* values = FlatVector::GetData<string_t>(result);
  hash_last_column<kIdBytes>(arguments, result, [&](idx_t row, const std::uint8_t* digest) {
    const std::string_view prefix = prefixes.text(row);
    values[row] = id_text(result, &prefix, digest);
  });
}

// The first argument is the prefix; a null among the others is a part of its own.
void stable_id_parts(DataChunk& arguments, ExpressionState&, Vector& result) {
  const idx_t rows = rows_to_compute(arguments);
  std::vector<TextColumn> columns;
  for (Vector& argument : arguments.data) columns.emplace_back(argument, rows);
  auto* values = FlatVector::GetData<string_t>(result);
  const auto use = [&](idx_t row, const std::uint8_t* digest) {
    const std::string_view prefix = columns[0].text(row);
    values[row] = id_text(result, &prefix, digest);
  };
  DigestBatch<kIdBytes> batch;
  std::array<std::string, kBatch> joined;
  std::size_t used = 0;
  for (idx_t row = 0; row < rows; ++row) {
    if (columns[0].is_null(row)) {
      FlatVector::SetNull(result, row, true);
      continue;
    }
    std::string& text = joined[used++];
    text.clear();
    for (std::size_t part = 1; part < columns.size(); ++part) {
      if (part > 1) text += kPartSeparator;
      text += columns[part].is_null(row) ? kNullPart : columns[part].text(row);
    }
    batch.add(row, text);
    if (batch.full()) {
      batch.flush(use);
      used = 0;
    }
  }
  batch.flush(use);
  finish_result(arguments, result);
}

ScalarFunction text_function(duckdb::vector<LogicalType> arguments, LogicalType result,
                             duckdb::scalar_function_t function) {
  ScalarFunction added(std::move(arguments), std::move(result), std::move(function),
                       bind_text_arguments);
  // A null part of an id is text; the others find nulls while they read the text.
  added.SetNullHandling(FunctionNullHandling::SPECIAL_HANDLING);
  return added;
}

AddedFunction of(const char* name, std::vector<ScalarFunction> overloads,
                 std::vector<std::string> aliases) {
  duckdb::ScalarFunctionSet set(name);
  for (ScalarFunction& overload : overloads) set.AddFunction(std::move(overload));
  return {std::move(set), std::move(aliases)};
}

}  // namespace

std::vector<AddedFunction> stable_id_functions() {
  const LogicalType any = LogicalType::ANY;
  const LogicalType text = LogicalType::VARCHAR;
  ScalarFunction parts = text_function({any, any}, text, stable_id_parts);
  parts.varargs = any;
  return {
      of("stable_id", {text_function({any, any}, text, stable_id)}, {}),
      of("stable_id_parts", {parts}, {"stable_id_multi"}),
      of("stable_hash64", {text_function({any}, LogicalType::BIGINT, stable_hash64)}, {"hash64"}),
      of("stable_hash128", {text_function({any}, text, stable_hash128)}, {"hash128"}),
      of("prefixed_hash64", {text_function({any, any}, text, prefixed_hash64)}, {"prefixed_hash"}),
      of("span_id",
         {text_function({any, any, any, any}, text, stable_id_parts),
          text_function({any, any, any, any, any}, text, stable_id_parts)},
         {}),
  };
}

}  // namespace duck
