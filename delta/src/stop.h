// Heeding a request to stop.
#pragma once

#include <span>
#include <stop_token>
#include <string>
#include <string_view>

#include "delta/src/action_sink.h"
#include "delta/store.h"

namespace delta {

// base::Error INTERRUPTED when a stop is requested: "interrupted; <outcome>". The outcome says what
// has become of the table at `location`.
void throw_if_stopped(const std::stop_token& stop, const std::string& location,
                      std::string_view outcome);

// Removes the files in their order, a hundred at a time; a request to stop is heeded in between.
void remove_until_stopped(Store& store, std::span<const std::string> paths,
                          const std::stop_token& stop, const std::string& location);

// Takes file actions only to see whether they can be read, until a stop is requested.
class ReadUntilStopped final : public ActionSink {
 public:
  // All of them outlive the object.
  ReadUntilStopped(const std::stop_token& stop, const std::string& location,
                   std::string_view outcome)
      : stop_(stop), location_(location), outcome_(outcome) {}

  void on_add(AddFile&&) override { throw_if_stopped(stop_, location_, outcome_); }
  void on_remove(RemoveFile&&) override { throw_if_stopped(stop_, location_, outcome_); }

 private:
  const std::stop_token& stop_;
  const std::string& location_;
  const std::string_view outcome_;
};

}  // namespace delta
