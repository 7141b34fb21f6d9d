#include "apps/codeanatomy/program_run.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <sstream>
#include <stdexcept>
#include <thread>

#include "base/uuid.h"

namespace apps {
namespace {

std::string program_path() {
  const char* const folder = std::getenv("CODEANATOMY_BUILD_DIR");
  if (folder == nullptr) throw std::runtime_error("CODEANATOMY_BUILD_DIR is not set; use ctest");
  return std::string(folder) + "/codeanatomy";
}

std::string text_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

// Whether a signal waits for the process to take it: proc(5), ShdPnd.
bool has_pending_signals(const std::filesystem::path& process) {
  std::istringstream lines(text_of(process / "status"));
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("ShdPnd:")) return line.find_first_not_of("0\t ", 7) != std::string::npos;
  }
  return false;
}

// Whether each thread sleeps: proc(5), the state behind the name in parentheses.
bool all_threads_wait(const std::filesystem::path& process) {
  for (const auto& thread : std::filesystem::directory_iterator(process / "task")) {
    const std::string text = text_of(thread.path() / "stat");
    const std::size_t state = text.rfind(')') + 2;
    if (state < text.size() && text[state] != 'S') return false;
  }
  return true;
}

constexpr std::chrono::milliseconds kBetweenLooks{2};

int status_of(int wait_status) {
  return WIFSIGNALED(wait_status) ? 128 + WTERMSIG(wait_status) : WEXITSTATUS(wait_status);
}

}  // namespace

ProgramRun::ProgramRun(std::vector<std::string> arguments, const std::filesystem::path& folder) {
  const std::filesystem::path base =
      std::filesystem::temp_directory_path() / ("program-run-" + base::random_uuid());
  out_ = base.string() + ".out";
  err_ = base.string() + ".err";
  arguments.insert(arguments.begin(), program_path());
  std::vector<char*> pointers;
  for (std::string& argument : arguments) pointers.push_back(argument.data());
  pointers.push_back(nullptr);

  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addchdir_np(&actions, folder.c_str());
  constexpr int kNewFile = O_WRONLY | O_CREAT | O_TRUNC;
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, out_.c_str(), kNewFile, 0600);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, err_.c_str(), kNewFile, 0600);
  const int error =
      posix_spawn(&process_, pointers[0], &actions, nullptr, pointers.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) throw std::runtime_error("cannot start " + arguments[0]);
}

ProgramRun::~ProgramRun() {
  if (process_ > 0) {
    kill(process_, SIGKILL);
    waitpid(process_, &status_, 0);
  }
  std::error_code ignored;
  std::filesystem::remove(out_, ignored);
  std::filesystem::remove(err_, ignored);
}

bool ProgramRun::wait_for_error_text(const std::string& text) {
  while (text_of(err_).find(text) == std::string::npos) {
    if (has_ended()) return text_of(err_).find(text) != std::string::npos;
    std::this_thread::sleep_for(kBetweenLooks);
  }
  return true;
}

int ProgramRun::wait_for_reader(const std::filesystem::path& pipe) {
  while (!has_ended()) {
    const int descriptor = open(pipe.c_str(), O_WRONLY | O_NONBLOCK | O_CLOEXEC);
    if (descriptor >= 0 || errno != ENXIO) return descriptor;
    std::this_thread::sleep_for(kBetweenLooks);
  }
  return -1;
}

void ProgramRun::send(int signal) const { kill(process_, signal); }

void ProgramRun::wait_until_idle() {
  const std::filesystem::path process = "/proc/" + std::to_string(process_);
  while (!has_ended() && (has_pending_signals(process) || !all_threads_wait(process))) {
    std::this_thread::sleep_for(kBetweenLooks);
  }
}

// Whether it has ended.
bool ProgramRun::reap(int options) {
  rusage usage{};
  if (process_ > 0 && wait4(process_, &status_, options, &usage) == process_) {
    process_ = -1;
    peak_memory_bytes_ = std::int64_t{usage.ru_maxrss} << 10;
  }
  return process_ <= 0;
}

bool ProgramRun::has_ended() { return reap(WNOHANG); }

ProgramResult ProgramRun::finish() {
  reap(0);
  return {status_of(status_), text_of(out_), text_of(err_), peak_memory_bytes_};
}

ProgramResult run_program(std::vector<std::string> arguments, const std::filesystem::path& folder) {
  return ProgramRun(std::move(arguments), folder).finish();
}

}  // namespace apps
