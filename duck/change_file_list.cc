#include "duck/change_file_list_internal.h"

#include "duck/scan_guesses.h"

namespace duck {
namespace {

constexpr const char* kChangeIndexOption = "delta_change_index";

std::string absolute_path(const delta::TableChanges& changes, std::size_t index) {
  return changes.snapshot->data_path(changes.files[index].file);
}

}  // namespace

std::size_t ChangeFileList::file_index(const duckdb::OpenFileInfo& file) {
  return file.extended_info->options.at(kChangeIndexOption).GetValue<std::uint64_t>();
}

duckdb::vector<duckdb::OpenFileInfo> ChangeFileList::GetAllFiles() const {
  duckdb::vector<duckdb::OpenFileInfo> files;
  for (std::size_t i = 0; i < changes_->files.size(); ++i) files.push_back(GetFile(i));
  return files;
}

duckdb::FileExpandResult ChangeFileList::GetExpandResult() const {
  if (changes_->files.empty()) return duckdb::FileExpandResult::NO_FILES;
  // See DeltaFileList::GetExpandResult.
  const bool is_small =
      changes_->files.size() == 1 && changes_->files.front().file.size < kSmallFileBytes;
  return is_small ? duckdb::FileExpandResult::SINGLE_FILE
                  : duckdb::FileExpandResult::MULTIPLE_FILES;
}

duckdb::idx_t ChangeFileList::GetTotalFileCount() const { return changes_->files.size(); }

duckdb::vector<duckdb::OpenFileInfo> ChangeFileList::GetDisplayFileList(
    duckdb::optional_idx) const {
  return {duckdb::OpenFileInfo(location_)};
}

duckdb::unique_ptr<duckdb::NodeStatistics> ChangeFileList::GetCardinality(
    duckdb::ClientContext&) const {
  std::int64_t estimate = 0;
  for (const delta::FileChange& change : changes_->files) {
    estimate += change.only ? change.only->cardinality : change.file.size / kBytesPerRow + 1;
  }
  return duckdb::make_uniq<duckdb::NodeStatistics>(estimate);
}

duckdb::unique_ptr<duckdb::MultiFileList> ChangeFileList::Copy() const {
  return duckdb::make_uniq<ChangeFileList>(*this);
}

duckdb::OpenFileInfo ChangeFileList::GetFile(duckdb::idx_t i) const {
  if (i >= changes_->files.size()) return duckdb::OpenFileInfo("");
  duckdb::OpenFileInfo info(absolute_path(*changes_, i));
  info.extended_info = duckdb::make_shared_ptr<duckdb::ExtendedOpenFileInfo>();
  info.extended_info->options[kChangeIndexOption] = duckdb::Value::UBIGINT(i);
  return info;
}

}  // namespace duck
