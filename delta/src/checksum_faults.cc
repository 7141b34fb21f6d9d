#include "delta/src/checksum_faults.h"

#include <algorithm>

#include "base/error.h"
#include "delta/schema.h"

namespace delta {
namespace {

using Features = std::optional<std::vector<std::string>>;

Features sorted(Features features) {
  if (features) std::sort(features->begin(), features->end());
  return features;
}

// Features are a set.
bool is_same(const Protocol& left, const Protocol& right) {
  return left.min_reader_version == right.min_reader_version &&
         left.min_writer_version == right.min_writer_version &&
         sorted(left.reader_features) == sorted(right.reader_features) &&
         sorted(left.writer_features) == sorted(right.writer_features);
}

bool is_same_schema(const std::string& left, const std::string& right) {
  try {
    return left == right || parse_schema(left) == parse_schema(right);
  } catch (const base::Error&) {
    return false;
  }
}

bool is_same(const Metadata& left, const Metadata& right) {
  Metadata with_schema_of_right = left;
  with_schema_of_right.schema_string = right.schema_string;
  return with_schema_of_right == right && is_same_schema(left.schema_string, right.schema_string);
}

// Transactions expire, so that either side may have some that the other lacks.
bool is_same(const std::map<std::string, SetTransaction>& left,
             const std::map<std::string, SetTransaction>& right) {
  return std::all_of(left.begin(), left.end(), [&](const auto& entry) {
    const auto other = right.find(entry.first);
    return other == right.end() || other->second.version == entry.second.version;
  });
}

bool is_same(const std::map<std::string, DomainMetadata>& left,
             const std::map<std::string, DomainMetadata>& right) {
  return std::equal(
      left.begin(), left.end(), right.begin(), right.end(), [](const auto& one, const auto& other) {
        return one.first == other.first && one.second.configuration == other.second.configuration;
      });
}

// Writers tell null and the empty string apart or not.
bool is_same(const PartitionValues& left, const PartitionValues& right) {
  return std::equal(
      left.begin(), left.end(), right.begin(), right.end(), [](const auto& one, const auto& other) {
        return one.first == other.first && one.second.value_or("") == other.second.value_or("");
      });
}

// Some writers leave them out.
bool is_same(const std::optional<std::int64_t>& left, const std::optional<std::int64_t>& right) {
  return !left || !right || *left == *right;
}

bool holds_same_rows(const AddFile& left, const AddFile& right) {
  return left.size == right.size && is_same(left.partition_values, right.partition_values) &&
         left.deletion_vector == right.deletion_vector &&
         is_same(left.base_row_id, right.base_row_id) &&
         is_same(left.default_row_commit_version, right.default_row_commit_version);
}

std::optional<std::string> listing_fault(const FileListing& listing,
                                         std::span<const AddFile> files) {
  for (const AddFile& file : files) {
    const auto listed = listing.find(listing_key(file.path, file.deletion_vector));
    if (listed == listing.end()) {
      return "the version checksum does not list '" + file.path + "' as the log has it";
    }
    if (!holds_same_rows(listed->second, file)) {
      return "the version checksum tells of '" + file.path + "' otherwise than the log";
    }
  }
  if (listing.size() == files.size()) return std::nullopt;
  return "the version checksum lists files that the log lacks";
}

VersionChecksum sums_of(std::span<const AddFile> files) {
  VersionChecksum sums;
  sums.deletion_vectors = 0;
  sums.deleted_records = 0;
  ChecksumChange all = ChecksumChange::without_files();
  for (const AddFile& file : files) all.add(file);
  all.apply_to(sums);
  return sums;
}

}  // namespace

std::vector<std::string> checksum_faults(const VersionChecksum& checksum, const TableState& table,
                                         std::span<const AddFile> files) {
  const VersionChecksum found = sums_of(files);
  std::vector<std::string> faults;
  const auto compare = [&](const char* what, std::optional<std::int64_t> recorded,
                           std::optional<std::int64_t> there) {
    if (!recorded || *recorded == there) return;
    faults.push_back("the version checksum says " + std::to_string(*recorded) + " " + what +
                     ", the log has " + std::to_string(*there));
  };
  const auto require = [&](bool is_same, const char* what) {
    if (is_same) return;
    faults.push_back(std::string("the version checksum has other ") + what + " than the log");
  };
  compare("files", checksum.num_files, found.num_files);
  compare("bytes", checksum.table_size_bytes, found.table_size_bytes);
  compare("deletion vectors", checksum.deletion_vectors, found.deletion_vectors);
  compare("deleted rows", checksum.deleted_records, found.deleted_records);
  require(is_same(checksum.protocol, table.protocol), "features");
  require(is_same(checksum.metadata, table.metadata), "metadata");
  require(!checksum.transactions || is_same(*checksum.transactions, table.transactions),
          "transactions");
  require(!checksum.domain_metadata || is_same(*checksum.domain_metadata, table.domain_metadata),
          "metadata domains");
  if (checksum.all_files) {
    if (auto fault = listing_fault(*checksum.all_files, files)) faults.push_back(std::move(*fault));
  }
  return faults;
}

}  // namespace delta
