// Tells ThreadSanitizer how DuckDB hands work from thread to thread. libduckdb.so is not compiled
// for it: its mutexes are seen all the same, its atomics are not, and without those of its task
// queue each task seems to race with whoever made it. These functions stand in front of the
// library's own, which they call. Only in builds for ThreadSanitizer, in every program with DuckDB.
#include <dlfcn.h>
#include <sanitizer/tsan_interface.h>

#include <cstdlib>
#include <duckdb/parallel/event.hpp>
#include <duckdb/parallel/executor_task.hpp>
#include <duckdb/parallel/task_scheduler.hpp>
#include <utility>

namespace duckdb {
namespace {

// The library's own function of that name.
template <typename Function>
Function behind(const char* mangled_name) {
  void* const function = dlsym(RTLD_NEXT, mangled_name);
  if (function == nullptr) std::abort();
  return reinterpret_cast<Function>(function);
}

}  // namespace

// What was done before a task is put into the queue comes before the task.
void TaskScheduler::ScheduleTask(ProducerToken& producer, shared_ptr<Task> task) {
  using Function = void (*)(TaskScheduler*, ProducerToken&, shared_ptr<Task>);
  static const auto schedule = behind<Function>(
      "_ZN6duckdb13TaskScheduler12ScheduleTaskERNS_13ProducerTokenENS_10shared_ptrINS_4TaskELb1"
      "EEE");
  __tsan_release(task.get());
  schedule(this, producer, std::move(task));
}

void TaskScheduler::ScheduleTasks(ProducerToken& producer, vector<shared_ptr<Task>>& tasks) {
  using Function = void (*)(TaskScheduler*, ProducerToken&, vector<shared_ptr<Task>>&);
  static const auto schedule = behind<Function>(
      "_ZN6duckdb13TaskScheduler13ScheduleTasksERNS_13ProducerTokenERNS_6vectorINS_10shared_ptrINS_"
      "4TaskELb1EEELb1ESaIS6_EEE");
  for (const shared_ptr<Task>& task : tasks) __tsan_release(task.get());
  schedule(this, producer, tasks);
}

// A task that is not done yet goes back into the queue.
TaskExecutionResult ExecutorTask::Execute(TaskExecutionMode mode) {
  using Function = TaskExecutionResult (*)(ExecutorTask*, TaskExecutionMode);
  static const auto execute =
      behind<Function>("_ZN6duckdb12ExecutorTask7ExecuteENS_17TaskExecutionModeE");
  void* const address = this;
  __tsan_acquire(address);
  const TaskExecutionResult result = execute(this, mode);
  __tsan_release(address);
  return result;
}

// Tasks of an event count themselves; the last one goes on with what comes after all of them.
void Event::FinishTask() {
  using Function = void (*)(Event*);
  static const auto finish = behind<Function>("_ZN6duckdb5Event10FinishTaskEv");
  __tsan_release(this);
  __tsan_acquire(this);
  finish(this);
}

void Event::CompleteDependency() {
  using Function = void (*)(Event*);
  static const auto complete = behind<Function>("_ZN6duckdb5Event18CompleteDependencyEv");
  __tsan_release(this);
  __tsan_acquire(this);
  complete(this);
}

}  // namespace duckdb
