// Files that a log names in every way that it may: relative and absolute, as URIs, encoded.
#include <fstream>

#include "delta/checkpoint.h"
#include "delta/deletion_vector_writer.h"
#include "duck/hand_made_table.h"
#include "duck/scan_test_base.h"

namespace duck {
namespace {

namespace fs = std::filesystem;

constexpr const char* kNumbers = "SELECT i AS n FROM range(10) r(i)";

class DeltaPaths : public ScanTest {
 protected:
  // A file of the rows 0 to 9 at `path`, which the log calls `name_in_log`.
  delta::AddFile file_at(const fs::path& path, const std::string& name_in_log) {
    delta::AddFile file = table_.file(kNumbers, {"n"});
    fs::create_directories(path.parent_path());
    fs::rename(table_.folder() / file.path, path);
    file.path = name_in_log;
    return file;
  }

  void commit(const std::vector<delta::AddFile>& files) {
    std::vector<delta::Action> actions = {
        HandMadeTable::protocol({"deletionVectors", "v2Checkpoint"}),
        table_.metadata(table_.schema_of(kNumbers), {}, {{"delta.checkpointPolicy", "v2"}})};
    actions.insert(actions.end(), files.begin(), files.end());
    table_.commit(actions);
  }

  // Nine rows of 0 to 9, and which of them are gone.
  std::string sums() { return rows("SELECT count(*), sum(n) FROM " + table_.scan()); }

  HandMadeTable table_{connection_, "paths"};
  const fs::path elsewhere_ = table_.location() + " else%where";
};

TEST_F(DeltaPaths, RelativeNamesAreDecoded) {
  const fs::path folder = table_.folder();
  commit({file_at(folder / "a b.parquet", "a%20b.parquet"),
          file_at(folder / "p=50%" / "c.parquet", "p=50%25/c.parquet"),
          // Spark escapes characters of partition values in folders' names, then encodes those.
          file_at(folder / "p=a%3Ab" / "d.parquet", "p=a%253Ab/d.parquet"),
          file_at(folder / "é#?+&.parquet", "%C3%A9%23%3F+&.parquet"),
          file_at(folder / "glob*[ab]{c}?.parquet", "glob*%5Bab%5D%7Bc%7D%3F.parquet")});
  EXPECT_EQ(sums(), "50|225\n");
  EXPECT_EQ(rows("SELECT count(*) FROM " + table_.scan() + " WHERE n = 7"), "5\n");
}

TEST_F(DeltaPaths, AbsoluteNamesMayBeUris) {
  const fs::path folder = elsewhere_;
  const std::string encoded = table_.location() + "%20else%25where/";
  commit({file_at(folder / "a b.parquet", encoded + "a%20b.parquet"),
          file_at(folder / "b.parquet", "file:" + encoded + "b.parquet"),
          file_at(folder / "c.parquet", "file://" + encoded + "c.parquet"),
          file_at(folder / "d.parquet", "file://localhost" + encoded + "d.parquet")});
  EXPECT_EQ(sums(), "40|180\n");
  EXPECT_EQ(rows("SELECT count(*) FROM " + table_.scan() + " WHERE n > 7"), "8\n");
  fs::remove_all(elsewhere_);
}

TEST_F(DeltaPaths, DeletionVectorsMayBeAnywhere) {
  delta::DeletionVectorWriter writer(delta::local_store(), table_.location(), 0);
  std::vector<std::uint64_t> nine = {9};
  const delta::DeletionVectorDescriptor relative = writer.add(delta::DeletionVector::of(nine));
  writer.finish();
  const fs::path written = delta::deletion_vector_path(table_.location(), relative);

  std::vector<delta::AddFile> files;
  const auto add_deleted = [&](delta::DeletionVectorDescriptor vector) {
    files.push_back(table_.file(kNumbers, {"n"}));
    files.back().deletion_vector = std::move(vector);
  };
  add_deleted(relative);
  delta::DeletionVectorDescriptor below = relative;
  fs::create_directories(table_.folder() / "a b");
  fs::copy_file(written, table_.folder() / "a b" / written.filename());
  below.path_or_inline_dv = "a b" + relative.path_or_inline_dv;
  add_deleted(below);
  fs::create_directories(elsewhere_);
  fs::copy_file(written, elsewhere_ / "deleted rows.bin");
  for (const char* const scheme : {"", "file:", "file://", "file://localhost"}) {
    delta::DeletionVectorDescriptor absolute = relative;
    absolute.storage_type = "p";
    absolute.path_or_inline_dv = scheme + table_.location() + "%20else%25where/deleted%20rows.bin";
    add_deleted(absolute);
  }
  commit(files);
  EXPECT_EQ(sums(), "54|216\n");
  fs::remove_all(elsewhere_);
}

TEST_F(DeltaPaths, SidecarsMayBeAnywhere) {
  commit({table_.file(kNumbers), table_.file(kNumbers)});
  const auto snapshot =
      delta::Snapshot::load(delta::local_store(), database_.parquet_engine(), table_.location());
  const std::string checkpoint =
      delta::write_checkpoint(*snapshot, {.actions_per_sidecar = 1}).path;
  std::ifstream main(checkpoint);
  std::vector<std::string> lines;
  std::vector<std::string> sidecars;
  for (std::string line; std::getline(main, line);) {
    if (line.find("\"sidecar\"") == std::string::npos) {
      lines.push_back(line);
    } else {
      sidecars.push_back(line);
    }
  }
  ASSERT_EQ(sidecars.size(), 2);
  // One where it is, by a name of its own; one elsewhere.
  const fs::path folder = table_.folder() / "_delta_log" / "_sidecars";
  const auto renamed = [&](const std::string& line, const fs::path& target,
                           const std::string& name_in_log) {
    nlohmann::json action = nlohmann::json::parse(line);
    fs::create_directories(target.parent_path());
    fs::rename(folder / action["sidecar"]["path"].get<std::string>(), target);
    action["sidecar"]["path"] = name_in_log;
    lines.push_back(action.dump());
  };
  renamed(sidecars[0], folder / "a b.parquet", "a%20b.parquet");
  renamed(sidecars[1], elsewhere_ / "c.parquet",
          "file://" + table_.location() + "%20else%25where/c.parquet");
  std::ofstream changed(checkpoint);
  for (const std::string& line : lines) changed << line << "\n";
  changed.close();
  fs::remove(table_.folder() / "_delta_log" / "00000000000000000000.json");
  EXPECT_EQ(sums(), "20|90\n");
  fs::remove_all(elsewhere_);
}

}  // namespace
}  // namespace duck
