#include "engine/session/envelope.h"

#include <gtest/gtest.h>

#include <set>

namespace engine {
namespace {

struct Session {
  base::Digest spec_hash = base::blake3("spec");
  SessionConfig config;
  Rulepack rulepack;
  PlanningSurface surface{"v1.5.5", {{"threads", "4"}, {"temp_directory", "/tmp/one"}}, {"f", "g"}};
  std::vector<TableRegistration> tables;

  Session() {
    TableRegistration table;
    table.name = "refs";
    table.location = "/data/refs";
    table.version = 3;
    table.identity = provider_identity(table.name, table.location, table.version, false);
    tables.push_back(std::move(table));
  }

  SessionEnvelope capture() const {
    return capture_envelope(spec_hash, config, rulepack, surface, tables);
  }
};

TEST(Envelope, IsEqualForEqualSessions) {
  EXPECT_EQ(Session().capture().contract, Session().capture().contract);
}

TEST(Envelope, DoesNotDependOnWhereARunSpills) {
  Session other;
  other.surface.settings["temp_directory"] = "/tmp/two";
  other.config.temp_directory = "/tmp/two";
  EXPECT_EQ(other.capture().contract, Session().capture().contract);
  EXPECT_EQ(other.capture().planning_surface_hash, Session().capture().planning_surface_hash);
}

TEST(Envelope, DependsOnEveryOtherPartOfTheSession) {
  std::vector<Session> sessions(9);
  sessions[1].spec_hash = base::blake3("other");
  sessions[2].config.batch_size = 1;
  sessions[3].config.memory_limit_bytes = 1;
  sessions[4].rulepack.fingerprint = base::blake3("rules");
  sessions[5].surface.settings["threads"] = "5";
  sessions[6].surface.functions = {"f"};
  sessions[7].tables[0].version = 4;
  sessions[8].tables[0].schema_hash = base::blake3("schema");
  std::set<base::Digest> hashes;
  for (const Session& session : sessions) hashes.insert(session.capture().contract.envelope_hash);
  EXPECT_EQ(hashes.size(), sessions.size());
}

TEST(Envelope, PlanningSurfaceDoesNotDependOnData) {
  Session later;
  later.tables[0].version = 4;
  EXPECT_EQ(later.capture().planning_surface_hash, Session().capture().planning_surface_hash);
}

TEST(Envelope, LeavesOutSettingsOfPlacesPeopleAndProgress) {
  const auto settings = deterministic_settings({{"home_directory", "/root"},
                                                {"http_proxy_password", "x"},
                                                {"enable_progress_bar", "true"},
                                                {"profiling_output", "/tmp/p"},
                                                {"threads", "4"}});
  EXPECT_EQ(settings, (std::map<std::string, std::string>{{"threads", "4"}}));
}

}  // namespace
}  // namespace engine
