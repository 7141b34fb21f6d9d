// A session with its inputs, ready to compile and run one spec.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "duck/database.h"
#include "engine/compiler/compile.h"
#include "engine/executor/run_control.h"
#include "engine/executor/run_journal.h"
#include "engine/providers/table_registration.h"
#include "engine/rules/rulepack.h"
#include "engine/session/envelope.h"
#include "engine/session/session_config.h"
#include "engine/spec/spec.h"

namespace engine {

// Owns the run's database. Not thread-safe.
struct ExecutionContext {
  SessionConfig config;
  std::unique_ptr<duck::Database> database;
  std::unique_ptr<duck::Connection> connection;  // all of the run's queries
  Rulepack rulepack;
  std::vector<TableRegistration> tables;  // by name
  SessionEnvelope envelope;
  std::vector<RunWarning> warnings;
  std::int64_t started_at_us = 0;  // since 1970-01-01T00:00:00Z
  RunJournal journal;

  // The tables as the compiler wants them.
  std::vector<InputTable> inputs() const;
};

// Preflight: the session from environment class, runtime profile and overrides; the inputs in name
// order; the envelope after them. Throws base::Error INVALID_ENVIRONMENT_CLASS,
// SESSION_INITIALIZATION_FAILED, PREPARE_EXECUTION_CONTEXT_FAILED (see input_registration.h).
ExecutionContext prepare_execution_context(const Spec& spec, const std::string& environment,
                                           const SessionOverrides& overrides,
                                           const RunControl& control);

}  // namespace engine
