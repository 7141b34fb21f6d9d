#include "delta/testing/hand_made_log.h"

#include <algorithm>
#include <utility>

namespace delta {

std::string log_name(std::int64_t version, const std::string& suffix) {
  std::string digits = std::to_string(version);
  return std::string(20 - digits.size(), '0') + digits + suffix;
}

HandMadeLog::HandMadeLog() : now_(std::make_shared<std::int64_t>(kNow)) {
  use_store(memory_store(clock()));
}

void HandMadeLog::use_store(std::shared_ptr<Store> store) {
  store_ = std::move(store);
  engine_ = std::make_shared<JsonParquetEngine>(store_);
}

Clock HandMadeLog::clock() const {
  return [now = now_] { return *now; };
}

void HandMadeLog::create(const Configuration& configuration,
                         const std::vector<std::string>& features,
                         const std::vector<std::string>& partition_columns) {
  Protocol protocol;
  if (!features.empty()) protocol = {3, 7, features, features};
  Schema schema;
  schema.fields.push_back({"a", DataType::primitive(TypeKind::kLong)});
  for (const std::string& name : partition_columns) {
    schema.fields.push_back({name, DataType::primitive(TypeKind::kString)});
  }
  Metadata metadata;
  metadata.id = "table";
  metadata.schema_string = to_json(schema);
  metadata.partition_columns = partition_columns;
  metadata.configuration = configuration;
  commit({protocol, metadata});
}

void HandMadeLog::commit(const std::vector<Action>& actions) {
  std::string text = to_json_line(CommitInfo{{{"timestamp", *now_}, {"operation", "WRITE"}}});
  text += '\n';
  for (const Action& action : actions) text += to_json_line(action) + '\n';
  store_->put_if_absent(log_path(log_name(next_version_, ".json")), text);
  ++next_version_;
}

AddFile HandMadeLog::add(const std::string& path, std::int64_t size) {
  AddFile file;
  file.path = path;
  file.size = size;
  file.modification_time = kNow;
  return file;
}

RemoveFile HandMadeLog::remove(const std::string& path, std::int64_t deletion_timestamp) {
  RemoveFile file;
  file.path = path;
  file.deletion_timestamp = deletion_timestamp;
  file.size = 100;
  return file;
}

std::shared_ptr<const Snapshot> HandMadeLog::load(std::optional<std::int64_t> version) const {
  return Snapshot::load(store_, engine_, location_, version);
}

std::vector<std::string> HandMadeLog::files(std::optional<std::int64_t> version) const {
  const std::shared_ptr<const Snapshot> snapshot = load(version);
  std::vector<std::string> paths;
  for (const AddFile& file : snapshot->files()) paths.push_back(file.path);
  std::sort(paths.begin(), paths.end());
  return paths;
}

std::vector<std::string> HandMadeLog::all_paths() const {
  std::vector<std::string> paths;
  for (const FileStatus& file :
       store_->list_tree(location_, [](std::string_view) { return true; })) {
    paths.push_back(file.path.substr(location_.size() + 1));
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

bool HandMadeLog::has(const std::string& path) const {
  const std::vector<std::string> paths = all_paths();
  return std::find(paths.begin(), paths.end(), path) != paths.end();
}

}  // namespace delta
