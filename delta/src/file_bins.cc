#include "delta/file_bins.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <tuple>
#include <utility>

#include "base/uuid.h"

namespace delta {
namespace {

constexpr const char* kCubeIdTag = "ZCUBE_ID";
constexpr const char* kCubeColumnsTag = "ZCUBE_ZORDER_BY";
constexpr const char* kCubeCurveTag = "ZCUBE_ZORDER_CURVE";
constexpr const char* kCurve = "hilbert";
// Clustered files are clustered anew with others once these have a quarter of their size.
constexpr std::int64_t kGrowth = 4;

using FilesOfPartition = std::map<PartitionValues, std::vector<std::size_t>>;

FilesOfPartition by_partition(std::span<const AddFile> files) {
  FilesOfPartition partitions;
  for (std::size_t i = 0; i < files.size(); ++i) {
    partitions[files[i].partition_values].push_back(i);
  }
  return partitions;
}

// Rows written at about the same time often belong together: their files stay neighbours.
FileBin make_bin(std::span<const AddFile> files, const PartitionValues& partition,
                 std::vector<std::size_t> indices) {
  std::ranges::sort(indices, [&](std::size_t left, std::size_t right) {
    const auto key = [&](std::size_t i) {
      return std::tie(files[i].modification_time, files[i].path);
    };
    return key(left) < key(right);
  });
  FileBin bin{.partition_values = partition, .files = std::move(indices), .bytes = 0};
  for (const std::size_t i : bin.files) bin.bytes += files[i].size;
  return bin;
}

bool is_worthwhile(const FileBin& bin, std::span<const AddFile> files,
                   std::int64_t target_file_bytes) {
  const bool purges = std::ranges::any_of(
      bin.files, [&](std::size_t i) { return files[i].deletion_vector.has_value(); });
  if (purges) return true;
  const std::int64_t files_after = (bin.bytes + target_file_bytes - 1) / target_file_bytes;
  return std::max<std::int64_t>(files_after, 1) < std::ssize(bin.files);
}

std::string columns_text(const Clustering& clustering) {
  return nlohmann::json(clustering.columns).dump();
}

const std::string* find_tag(const AddFile& file, const char* tag) {
  const auto entry = file.tags.find(tag);
  return entry == file.tags.end() ? nullptr : &entry->second;
}

// The cube that the file is part of; null when it has to be clustered.
const std::string* cube_of(const AddFile& file, const Clustering& clustering) {
  if (file.deletion_vector) return nullptr;
  if (file.clustering_provider != clustering.provider) return nullptr;
  const std::string* const columns = find_tag(file, kCubeColumnsTag);
  if (columns == nullptr) return nullptr;
  const auto names = nlohmann::json::parse(*columns, nullptr, false);
  // A value that could not be parsed is neither equal nor unequal to another.
  if (!(names == nlohmann::json(clustering.columns))) return nullptr;
  return find_tag(file, kCubeIdTag);
}

bool belongs_to_other_provider(const AddFile& file, const Clustering& clustering) {
  return clustering.provider && file.clustering_provider &&
         file.clustering_provider != clustering.provider;
}

// Files that were clustered together.
struct Cube {
  std::vector<std::size_t> files;
  std::int64_t bytes = 0;
};

// The files of one partition to cluster.
std::vector<std::size_t> files_to_cluster(std::span<const AddFile> files,
                                          const std::vector<std::size_t>& partition,
                                          const Clustering& clustering,
                                          std::int64_t target_file_bytes) {
  std::vector<std::size_t> chosen;
  std::int64_t bytes = 0;
  std::map<std::string, Cube> cubes;
  for (const std::size_t i : partition) {
    if (belongs_to_other_provider(files[i], clustering)) continue;
    if (const std::string* const id = cube_of(files[i], clustering)) {
      cubes[*id].files.push_back(i);
      cubes[*id].bytes += files[i].size;
    } else {
      chosen.push_back(i);
      bytes += files[i].size;
    }
  }
  if (chosen.empty()) return chosen;
  std::vector<Cube> by_size;
  for (auto& [id, cube] : cubes) by_size.push_back(std::move(cube));
  std::ranges::stable_sort(by_size, {}, &Cube::bytes);
  for (const Cube& cube : by_size) {
    if (cube.bytes > std::max(target_file_bytes, kGrowth * bytes)) break;
    chosen.insert(chosen.end(), cube.files.begin(), cube.files.end());
    bytes += cube.bytes;
  }
  return chosen;
}

}  // namespace

std::vector<FileBin> bins_to_compact(std::span<const AddFile> files,
                                     std::int64_t target_file_bytes) {
  const std::int64_t large_enough = target_file_bytes - target_file_bytes / 4;
  std::vector<FileBin> bins;
  for (const auto& [values, indices] : by_partition(files)) {
    std::vector<std::size_t> candidates;
    std::ranges::copy_if(indices, std::back_inserter(candidates), [&](std::size_t i) {
      return files[i].size < large_enough || files[i].deletion_vector;
    });
    FileBin bin = make_bin(files, values, std::move(candidates));
    if (is_worthwhile(bin, files, target_file_bytes)) bins.push_back(std::move(bin));
  }
  return bins;
}

std::vector<FileBin> bins_to_cluster(std::span<const AddFile> files, const Clustering& clustering,
                                     std::int64_t target_file_bytes) {
  std::vector<FileBin> bins;
  for (const auto& [values, indices] : by_partition(files)) {
    std::vector<std::size_t> chosen =
        files_to_cluster(files, indices, clustering, target_file_bytes);
    if (!chosen.empty()) bins.push_back(make_bin(files, values, std::move(chosen)));
  }
  return bins;
}

void mark_clustered(std::span<AddFile> files, const Clustering& clustering) {
  const std::string id = base::random_uuid();
  for (AddFile& file : files) {
    file.tags[kCubeIdTag] = id;
    file.tags[kCubeColumnsTag] = columns_text(clustering);
    file.tags[kCubeCurveTag] = kCurve;
    file.clustering_provider = clustering.provider;
  }
}

}  // namespace delta
