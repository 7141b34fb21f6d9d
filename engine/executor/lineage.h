// What every commit of a run says about where its rows come from: contract/results.md, "Commit
// properties".
#pragma once

#include <map>
#include <optional>
#include <string>

#include "engine/session/envelope.h"

namespace engine {

struct LineageContext {
  SessionEnvelope envelope;
  std::string rulepack_profile;
  std::optional<std::string> runtime_profile;
  std::string run_started_at;  // RFC 3339
  std::map<std::string, std::string> lineage_tags;
  std::string run_id = {};  // see run_journal.h
};

// The commit's properties; an output's own write_metadata cannot replace the run's.
std::map<std::string, std::string> commit_properties(
    const LineageContext& lineage, const std::map<std::string, std::string>& write_metadata);

}  // namespace engine
