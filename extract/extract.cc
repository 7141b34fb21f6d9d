#include "extract/extract.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <thread>
#include <utility>

#include "base/error.h"
#include "duck/database.h"
#include "extract/fact_tables.h"
#include "extract/fact_writer.h"
#include "extract/output_tables.h"
#include "extract/work_queue.h"
#include "extract/worker.h"

namespace extract {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kStopCheckInterval(50);
constexpr std::chrono::milliseconds kProgressInterval(200);

int thread_count(const ExtractOptions& options) {
  if (options.threads > 0) return options.threads;
  return std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

// Runs `work(i)` for i below `threads` in threads of their own; `wait` is called again and again,
// at most 50 ms apart, until all have ended. The first exception stops `queue` and is thrown.
template <class Work, class Wait>
void run_threads(int threads, WorkQueue& queue, const Work& work, const Wait& wait) {
  std::mutex mutex;
  std::condition_variable ended;
  int running = threads;
  std::exception_ptr failure;
  std::vector<std::jthread> workers;
  for (int i = 0; i < threads; ++i) {
    workers.emplace_back([&, i] {
      std::exception_ptr caught;
      try {
        work(i);
      } catch (...) {
        caught = std::current_exception();
        queue.stop();
      }
      const std::lock_guard lock(mutex);
      if (failure == nullptr) failure = caught;
      --running;
      ended.notify_one();
    });
  }
  std::unique_lock lock(mutex);
  while (!ended.wait_for(lock, kStopCheckInterval, [&] { return running == 0; })) wait();
  lock.unlock();
  workers.clear();
  if (failure != nullptr) std::rethrow_exception(failure);
}

class Extraction {
 public:
  explicit Extraction(const ExtractOptions& options)
      : options_(options),
        queue_(options.source_directory, options.excluded_directories),
        database_({.threads = thread_count(options)}),
        tables_(database_, options.output_directory) {}

  ExtractResult run() {
    const Clock::time_point start = Clock::now();
    const std::array<std::int64_t, kFactTableCount> rows = write_files();
    report_progress();
    if (queue_.files == 0) {
      const std::string folder = options_.source_directory.string();
      queue_.warn({"NO_PYTHON_FILES", "", folder + ": holds no Python file"});
    }
    ExtractResult result;
    const auto commits = tables_.commit();
    for (std::size_t i = 0; i < kFactTableCount; ++i) {
      result.tables.push_back({.name = fact_tables()[i].name,
                               .location = tables_.location(i),
                               .version = commits[i].version,
                               .rows = rows[i],
                               .files = commits[i].files_added,
                               .bytes = commits[i].bytes_added});
    }
    result.warnings = queue_.warnings();
    result.elapsed_ms =
        std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - start).count();
    return result;
  }

 private:
  // Writes all facts; the tables keep the files. Gives the rows of each table.
  std::array<std::int64_t, kFactTableCount> write_files() {
    const int threads = thread_count(options_);
    std::vector<FactWriter> writers;
    for (int i = 0; i < threads; ++i) writers.emplace_back(database_, tables_);

    Clock::time_point next_report = Clock::now() + kProgressInterval;
    const auto work = [&](int i) {
      Worker(queue_, writers[i], options_.max_file_bytes).run();
      if (queue_.stopped()) return;
      writers[i].finish([&](std::size_t table, std::vector<delta::AddFile> files) {
        const std::lock_guard lock(tables_mutex_);
        tables_.keep(table, std::move(files));
      });
    };
    run_threads(threads, queue_, work, [&] {
      if (is_interrupted()) queue_.stop();
      if (Clock::now() < next_report) return;
      report_progress();
      next_report += kProgressInterval;
    });
    if (is_interrupted()) {
      throw base::Error(base::Stage::kRuntime, "INTERRUPTED",
                        "the extraction of " + options_.source_directory.string() +
                            " was interrupted; no table has changed");
    }
    std::array<std::int64_t, kFactTableCount> rows = {};
    for (const FactWriter& writer : writers) {
      std::ranges::transform(rows, writer.rows(), rows.begin(), std::plus());
    }
    return rows;
  }

  bool is_interrupted() const {
    return options_.stop != nullptr && options_.stop->load(std::memory_order_relaxed);
  }

  void report_progress() const {
    if (!options_.on_progress) return;
    options_.on_progress({.files = queue_.files, .bytes = queue_.bytes, .nodes = queue_.nodes});
  }

  const ExtractOptions& options_;
  WorkQueue queue_;
  duck::Database database_;
  OutputTables tables_;
  std::mutex tables_mutex_;
};

}  // namespace

ExtractResult extract(const ExtractOptions& options) { return Extraction(options).run(); }

}  // namespace extract
