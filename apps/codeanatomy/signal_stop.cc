#include "apps/codeanatomy/signal_stop.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <utility>

namespace apps {
namespace {

bool is_ignored(int signal) {
  struct sigaction action{};
  return sigaction(signal, nullptr, &action) == 0 && action.sa_handler == SIG_IGN;
}

}  // namespace

SignalStop::SignalStop(std::function<void()> on_second)
    : on_second_(std::move(on_second)), end_(eventfd(0, EFD_CLOEXEC)) {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    if (!is_ignored(signal)) sigaddset(&set, signal);
  }
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  signals_ = signalfd(-1, &set, SFD_CLOEXEC);
  thread_ = std::thread([this] { watch(); });
}

SignalStop::~SignalStop() {
  const std::uint64_t one = 1;
  [[maybe_unused]] const ssize_t written = write(end_, &one, sizeof one);
  thread_.join();
  close(signals_);
  close(end_);
}

void SignalStop::watch() {
  std::array<pollfd, 2> events = {{{signals_, POLLIN, 0}, {end_, POLLIN, 0}}};
  while (true) {
    if (poll(events.data(), events.size(), -1) < 0 && errno != EINTR) return;
    if (events[1].revents != 0) return;
    signalfd_siginfo signal{};
    if (events[0].revents == 0 || read(signals_, &signal, sizeof signal) != sizeof signal) continue;
    if (source_.request_stop()) continue;
    // One terminal that closes sends several: from the system, and from its shell.
    if (signal.ssi_signo == SIGHUP) continue;
    on_second_();
    std::_Exit(1);
  }
}

}  // namespace apps
