// The Parquet files of a checkpoint: the file itself, its sidecars.
#pragma once

#include <cstddef>
#include <cstdint>
#include <future>
#include <memory>
#include <string>

#include "delta/parquet_engine.h"
#include "delta/src/arrow_column_builder.h"
#include "delta/src/checkpoint_rows.h"

namespace delta {

// One Parquet file of actions, as `rows` has them. A thread of its own writes a batch while the
// next one is gathered. Used by one thread; the rows are its own as long as it lives.
class ActionFile {
 public:
  ActionFile(ParquetEngine& engine, const std::string& path, CheckpointRows& rows);

  template <typename ActionType>
  void append(const ActionType& action) {
    rows_.append(action);
    ++count_;
    if (is_batch_full()) flush();
  }

  // The actions appended.
  std::int64_t count() const { return count_; }

  // Ends the file; its size in bytes.
  std::int64_t publish();

 private:
  bool is_batch_full() const;
  void flush();
  // Until the last batch is written.
  void wait();

  CheckpointRows& rows_;
  std::unique_ptr<ParquetFile> file_;
  std::int64_t count_ = 0;
  ArrowColumnBuilder written_;  // the thread's, as long as it writes
  std::future<void> writing_;   // waits when it goes: declared last
};

}  // namespace delta
