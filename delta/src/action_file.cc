#include "delta/src/action_file.h"

#include <utility>

#include "delta/schema.h"

namespace delta {
namespace {

// A batch is handed to the Parquet engine at this size.
constexpr std::size_t kBatchBytes = std::size_t{4} << 20;
constexpr std::int64_t kBatchRows = 8192;
// Sizing all buffers costs something.
constexpr std::int64_t kRowsBetweenSizings = 256;

}  // namespace

ActionFile::ActionFile(ParquetEngine& engine, const std::string& path, CheckpointRows& rows)
    : rows_(rows),
      file_(engine.create_parquet(path, rows.schema())),
      written_(DataType::struct_of(rows.schema().fields), "") {
  rows_.rows().clear();
}

bool ActionFile::is_batch_full() const {
  const std::int64_t buffered = rows_.rows().length();
  if (buffered >= kBatchRows) return true;
  return buffered % kRowsBetweenSizings == 0 && rows_.rows().bytes() >= kBatchBytes;
}

std::int64_t ActionFile::publish() {
  flush();
  wait();
  return file_->publish();
}

void ActionFile::flush() {
  if (rows_.rows().length() == 0) return;
  wait();
  std::swap(rows_.rows(), written_);
  rows_.rows().clear();
  writing_ = std::async(std::launch::async, [this] {
    const ArrowArray& array = written_.array();
    file_->append(written_.schema(), array);
  });
}

void ActionFile::wait() {
  if (writing_.valid()) writing_.get();
}

}  // namespace delta
