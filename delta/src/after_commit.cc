#include "delta/src/after_commit.h"

#include "delta/checkpoint.h"
#include "delta/snapshot.h"
#include "delta/src/table_property.h"

namespace delta {
namespace {

constexpr std::int64_t kDefaultCheckpointInterval = 10;

}  // namespace

void put_checkpoint_when_due(const CommittedVersion& commit, const Metadata& metadata,
                             const Clock& clock, std::vector<std::string>& warnings) {
  if (!commit.engine || commit.version == 0) return;
  best_effort("checkpoint", warnings, [&] {
    const std::int64_t interval =
        count_property(metadata, "delta.checkpointInterval", kDefaultCheckpointInterval);
    if (commit.version % interval != 0) return;
    const CheckpointResult result = write_checkpoint(
        *Snapshot::load(commit.store, commit.engine, commit.location, commit.version),
        {.clock = clock});
    warnings.insert(warnings.end(), result.warnings.begin(), result.warnings.end());
  });
}

}  // namespace delta
