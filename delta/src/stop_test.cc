// Maintenance that is asked to stop does so at the next safe point: the table is whole, and the
// same operation can be done again.
#include <gtest/gtest.h>

#include "base/error.h"
#include "delta/checkpoint.h"
#include "delta/log_cleanup.h"
#include "delta/log_compaction.h"
#include "delta/log_verification.h"
#include "delta/src/table_property.h"
#include "delta/testing/faulty_store.h"
#include "delta/testing/hand_made_log.h"
#include "delta/vacuum.h"

namespace delta {
namespace {

using Paths = std::vector<std::string>;

// A commit a day, each adding a file that the next one removes.
class StopTest : public testing::Test {
 protected:
  void make_table(int commits, const std::string& checkpoint_policy = "classic") {
    log_ = HandMadeLog();
    log_.create({{"delta.checkpointPolicy", checkpoint_policy}}, {"v2Checkpoint"});
    put("f0");
    log_.commit({HandMadeLog::add("f0")});
    for (int i = 1; i < commits; ++i) {
      log_.set_now(log_.now() + kMsPerDay);
      const std::string name = "f" + std::to_string(i);
      put(name);
      log_.commit(
          {HandMadeLog::remove("f" + std::to_string(i - 1), log_.now()), HandMadeLog::add(name)});
    }
    live_ = "f" + std::to_string(commits - 1);
  }
  void put(const std::string& path) { log_.store()->put(log_.location() + "/" + path, "12345"); }
  void pass_days(std::int64_t days) { log_.set_now(log_.now() + days * kMsPerDay); }

  // Runs `action` with a store that a stop is requested at; how it ended: "" or the error's
  // message.
  std::string stopped(const std::function<void(FaultyStore&, std::function<void()>)>& when,
                      const std::function<void(const std::stop_token&)>& action) {
    const std::shared_ptr<Store> sound = log_.store();
    const auto store = std::make_shared<FaultyStore>(sound);
    std::stop_source source;
    when(*store, [&source] { source.request_stop(); });
    log_.use_store(store);
    std::string message;
    try {
      action(source.get_token());
    } catch (const base::Error& error) {
      EXPECT_EQ(error.code(), "INTERRUPTED") << error.message();
      EXPECT_EQ(error.stage(), base::Stage::kRuntime);
      EXPECT_EQ(error.details().at("path"), log_.location());
      message = error.message();
    }
    reached_ = store->has_failed();
    log_.use_store(sound);
    return message;
  }
  std::string stopped_at_change(int number,
                                const std::function<void(const std::stop_token&)>& action) {
    return stopped([number](FaultyStore& store,
                            std::function<void()> stop) { store.before_change(number, stop); },
                   action);
  }

  VacuumReport vacuum_now(const std::stop_token& stop = {}) {
    return vacuum(log_.load(), {.clock = log_.clock(), .stop = stop});
  }
  LogCleanupReport clean_up(const std::stop_token& stop = {}) {
    return clean_up_log(*log_.load(), {.clock = log_.clock(), .stop = stop});
  }
  CheckpointResult checkpoint(const std::stop_token& stop = {}) {
    return write_checkpoint(*log_.load(),
                            {.clock = log_.clock(), .actions_per_sidecar = 2, .stop = stop});
  }

  HandMadeLog log_;
  std::string live_;      // the file that the table has
  bool reached_ = false;  // whether the stop was requested
};

TEST_F(StopTest, AVacuumEndsAfterTheFilesThatItIsRemoving) {
  make_table(1);
  for (int i = 0; i < 250; ++i) put("orphan" + std::to_string(i));
  pass_days(8);
  EXPECT_EQ(stopped_at_change(120, [&](const std::stop_token& stop) { vacuum_now(stop); }),
            "interrupted; 200 of 250 files have been removed, the others go when it is run again");
  EXPECT_EQ(log_.files(), Paths{live_});
  EXPECT_EQ(vacuum_now().files.size(), 50U);
}

TEST_F(StopTest, ACleanupEndsAfterTheFilesThatItIsRemovingTheOldestFirst) {
  make_table(150);
  checkpoint();
  pass_days(40);
  EXPECT_EQ(stopped_at_change(7, [&](const std::stop_token& stop) { clean_up(stop); }),
            "interrupted; 100 of 150 files have been removed, the others go when it is run again");
  EXPECT_FALSE(log_.has("_delta_log/" + log_name(99, ".json")));
  EXPECT_TRUE(log_.has("_delta_log/" + log_name(100, ".json")));
  EXPECT_EQ(log_.files(), Paths{live_});
  EXPECT_EQ(clean_up().files.size(), 50U);
}

TEST_F(StopTest, ACheckpointThatIsWholeStays) {
  make_table(5);
  // The first change is the checkpoint's file, the second the hint.
  EXPECT_EQ(stopped_at_change(2, [&](const std::stop_token& stop) { checkpoint(stop); }), "");
  EXPECT_TRUE(reached_);
  EXPECT_FALSE(checkpoint().written);
}

struct Maintenance {
  std::string name;
  std::string policy;  // of checkpoints
  bool on_checkpoint = false;
  std::function<void(const std::shared_ptr<const Snapshot>&, const Clock&, const std::stop_token&)>
      run;
};

std::vector<Maintenance> all_maintenance() {
  using SnapshotPtr = std::shared_ptr<const Snapshot>;
  const auto checkpoint = [](const SnapshotPtr& snapshot, const Clock& clock,
                             const std::stop_token& stop) {
    write_checkpoint(*snapshot, {.clock = clock, .actions_per_sidecar = 2, .stop = stop});
  };
  const auto full = [](const SnapshotPtr& snapshot, const Clock& clock,
                       const std::stop_token& stop) {
    vacuum(snapshot, {.clock = clock, .stop = stop});
  };
  const auto lite = [](const SnapshotPtr& snapshot, const Clock& clock,
                       const std::stop_token& stop) {
    vacuum(snapshot, {.lite = true, .clock = clock, .stop = stop});
  };
  const auto cleanup = [](const SnapshotPtr& snapshot, const Clock& clock,
                          const std::stop_token& stop) {
    clean_up_log(*snapshot, {.clock = clock, .stop = stop});
  };
  const auto compaction = [](const SnapshotPtr& snapshot, const Clock&,
                             const std::stop_token& stop) { compact_log(*snapshot, 1, stop); };
  return {{"V1Checkpoint", "classic", false, checkpoint},
          {"V2Checkpoint", "v2", false, checkpoint},
          {"CheckpointThatIsThere", "v2", true, checkpoint},
          {"LogCompaction", "classic", false, compaction},
          {"Vacuum", "classic", true, full},
          {"LiteVacuum", "classic", false, lite},
          {"CleanupWithV1Checkpoint", "classic", true, cleanup},
          {"CleanupWithV2Checkpoint", "v2", true, cleanup}};
}

class StoppedMaintenanceTest : public StopTest, public testing::WithParamInterface<Maintenance> {
 protected:
  void prepare() {
    make_table(5, GetParam().policy);
    if (GetParam().on_checkpoint) checkpoint();
    pass_days(40);
  }
  void run(const std::shared_ptr<const Snapshot>& snapshot, const std::stop_token& stop = {}) {
    GetParam().run(snapshot, log_.clock(), stop);
  }
  void expect_whole(const std::string& point) {
    SCOPED_TRACE(point);
    EXPECT_EQ(log_.files(), Paths{live_});
    EXPECT_EQ(verify_log(*log_.load()), Paths{});
    run(log_.load());
    EXPECT_EQ(log_.files(), Paths{live_});
    EXPECT_EQ(verify_log(*log_.load()), Paths{});
  }
};

INSTANTIATE_TEST_SUITE_P(Maintenance, StoppedMaintenanceTest, testing::ValuesIn(all_maintenance()),
                         [](const auto& info) { return info.param.name; });

TEST_P(StoppedMaintenanceTest, ChangesNothingWhenItIsAskedBefore) {
  prepare();
  const Paths before = log_.all_paths();
  std::stop_source source;
  source.request_stop();
  const std::string message =
      stopped([](FaultyStore&, const std::function<void()>&) {},
              [&](const std::stop_token&) { run(log_.load(), source.get_token()); });
  EXPECT_TRUE(message.starts_with("interrupted; no ")) << message;
  EXPECT_EQ(log_.all_paths(), before);
}

TEST_P(StoppedMaintenanceTest, LeavesTheTableWholeWhereverItIsAsked) {
  int interrupted = 0;
  for (const bool is_change : {false, true}) {
    for (int number = 1;; ++number) {
      prepare();
      const auto when = [&](FaultyStore& store, std::function<void()> stop) {
        is_change ? store.before_change(number, std::move(stop))
                  : store.before_read(number, std::move(stop));
      };
      const std::string message =
          stopped(when, [&](const std::stop_token& stop) { run(log_.load(), stop); });
      interrupted += message.empty() ? 0 : 1;
      const bool reached = reached_;
      expect_whole((is_change ? "stop at change " : "stop at read ") + std::to_string(number));
      if (!reached) break;
    }
  }
  EXPECT_GE(interrupted, 3);
}

}  // namespace
}  // namespace delta
