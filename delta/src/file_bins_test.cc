#include "delta/file_bins.h"

#include <gtest/gtest.h>

namespace delta {
namespace {

constexpr std::int64_t kTarget = 100;

AddFile file(const std::string& path, std::int64_t size, PartitionValues partition = {}) {
  AddFile add;
  add.path = path;
  add.size = size;
  add.partition_values = std::move(partition);
  return add;
}

AddFile with_deleted_row(AddFile add) {
  add.deletion_vector = DeletionVectorDescriptor{
      .storage_type = "i", .path_or_inline_dv = "x", .size_in_bytes = 1, .cardinality = 1};
  return add;
}

// The paths of each bin: "a b|c d".
std::string text(const std::vector<FileBin>& bins, const std::vector<AddFile>& files) {
  std::string result;
  for (const FileBin& bin : bins) {
    if (!result.empty()) result += '|';
    for (std::size_t i = 0; i < bin.files.size(); ++i) {
      if (i > 0) result += ' ';
      result += files[bin.files[i]].path;
    }
  }
  return result;
}

std::string compacted(const std::vector<AddFile>& files) {
  return text(bins_to_compact(files, kTarget), files);
}

const Clustering kByA{.columns = {"a"}, .provider = std::nullopt};

std::string clustered(const std::vector<AddFile>& files, const Clustering& clustering = kByA) {
  return text(bins_to_cluster(files, clustering, kTarget), files);
}

// Files that a run of clustering wrote together.
std::vector<AddFile> cube(std::vector<AddFile> files, const Clustering& clustering = kByA) {
  mark_clustered(files, clustering);
  return files;
}

std::vector<AddFile> both(std::vector<AddFile> left, const std::vector<AddFile>& right) {
  left.insert(left.end(), right.begin(), right.end());
  return left;
}

TEST(Compaction, MergesSmallFilesOnly) {
  EXPECT_EQ(compacted({file("a", 10), file("b", 20), file("c", 90)}), "a b");
  EXPECT_EQ(compacted({file("a", 10)}), "");
  EXPECT_EQ(compacted({}), "");
}

TEST(Compaction, LeavesFilesThatWouldNotBecomeFewer) {
  EXPECT_EQ(compacted({file("a", 70), file("b", 70)}), "");
  EXPECT_EQ(compacted({file("a", 70), file("b", 70), file("c", 70), file("d", 70)}), "a b c d");
}

TEST(Compaction, KeepsPartitionsApart) {
  EXPECT_EQ(compacted({file("a", 10, {{"p", "1"}}), file("b", 10, {{"p", std::nullopt}}),
                       file("c", 10, {{"p", "1"}}), file("d", 10, {{"p", std::nullopt}}),
                       file("e", 10, {{"p", "2"}})}),
            "b d|a c");
}

TEST(Compaction, PurgesFilesWithDeletedRowsOfAnySize) {
  EXPECT_EQ(compacted({with_deleted_row(file("a", 500))}), "a");
  EXPECT_EQ(compacted({file("a", 500), with_deleted_row(file("b", 500)), file("c", 10)}), "b c");
}

TEST(Compaction, TakesFilesInTheOrderOfTheirWriting) {
  std::vector<AddFile> files{file("a", 1), file("b", 1), file("c", 1)};
  files[0].modification_time = 3;
  files[1].modification_time = 1;
  files[2].modification_time = 2;
  EXPECT_EQ(compacted(files), "b c a");
}

TEST(Compaction, CountsTheBytesOfABin) {
  const std::vector<AddFile> files{file("a", 10), file("b", 20)};
  EXPECT_EQ(bins_to_compact(files, kTarget).at(0).bytes, 30);
}

TEST(ClusteringPlan, TakesEveryFileThatIsNotClustered) {
  EXPECT_EQ(clustered({file("a", 500), file("b", 10)}), "a b");
}

TEST(ClusteringPlan, LeavesClusteredFilesAlone) {
  EXPECT_EQ(clustered(cube({file("a", 500), file("b", 10)})), "");
  EXPECT_EQ(clustered(both(cube({file("a", 500)}), cube({file("b", 10)}))), "");
}

TEST(ClusteringPlan, MergesNewFilesWithCubesOfTheirSize) {
  EXPECT_EQ(clustered(both(cube({file("a", 300), file("b", 100)}), {file("c", 100)})), "a b c");
}

TEST(ClusteringPlan, LeavesCubesThatAreMuchLargerThanWhatIsNew) {
  EXPECT_EQ(clustered(both(cube({file("a", 300), file("b", 200)}), {file("c", 100)})), "c");
}

TEST(ClusteringPlan, MergesCubesSmallerThanOneFile) {
  EXPECT_EQ(clustered(both(cube({file("a", 90)}), {file("b", 1)})), "a b");
}

TEST(ClusteringPlan, TakesFilesClusteredByOtherColumns) {
  EXPECT_EQ(clustered(cube({file("a", 500)}), {.columns = {"b"}, .provider = std::nullopt}), "a");
  EXPECT_EQ(clustered(cube({file("a", 500)}), {.columns = {"a", "b"}, .provider = std::nullopt}),
            "a");
}

TEST(ClusteringPlan, TakesClusteredFilesWithDeletedRows) {
  std::vector<AddFile> files = cube({file("a", 5000), file("b", 100)});
  files[1] = with_deleted_row(files[1]);
  EXPECT_EQ(clustered(files), "b");
}

TEST(ClusteringPlan, LeavesTheFilesOfAnotherProvider) {
  const Clustering liquid{.columns = {"a"}, .provider = kLiquidClustering};
  std::vector<AddFile> files{file("a", 10), file("b", 10)};
  files[0].clustering_provider = "theirs";
  EXPECT_EQ(clustered(files, liquid), "b");
  EXPECT_EQ(clustered(cube({file("a", 10)}, liquid), liquid), "");
}

TEST(ClusteringPlan, SurvivesMalformedTags) {
  AddFile odd = file("a", 10);
  odd.tags = {{"ZCUBE_ID", "1"}, {"ZCUBE_ZORDER_BY", "[\"a"}};
  EXPECT_EQ(clustered({odd}), "a");
}

TEST(ClusteringMarks, AreThoseOfSpark) {
  const Clustering liquid{.columns = {"a", "s.b"}, .provider = kLiquidClustering};
  const std::vector<AddFile> files = cube({file("x", 1), file("y", 1)}, liquid);
  EXPECT_EQ(files[0].tags.at("ZCUBE_ZORDER_BY"), R"(["a","s.b"])");
  EXPECT_EQ(files[0].tags.at("ZCUBE_ZORDER_CURVE"), "hilbert");
  EXPECT_EQ(files[0].tags.at("ZCUBE_ID"), files[1].tags.at("ZCUBE_ID"));
  EXPECT_EQ(files[0].clustering_provider, "liquid");
}

}  // namespace
}  // namespace delta
