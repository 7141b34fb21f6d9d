#include "delta/src/checkpoint_reader.h"

#include <optional>
#include <stdexcept>
#include <utility>
#include <vector>

#include "base/error.h"
#include "delta/src/arrow_column.h"
#include "delta/src/checkpoint_actions.h"
#include "delta/src/log_error.h"
#include "delta/src/log_path.h"
#include "delta/src/path_encoding.h"
#include "delta/store.h"

namespace delta {
namespace {

// Errors that name the broken place already, and those that say nothing of the file.
bool passes_unchanged(const base::Error& error) {
  const std::string& code = error.code();
  return code == "DELTA_LOG_CORRUPT" || code == "INTERRUPTED" || code == "OUT_OF_MEMORY" ||
         code == "DATABASE_CLOSED";
}

// Whether a file with rows has the column.
bool has_column(ParquetEngine& engine, const std::string& path, const std::string& column) {
  bool has = false;
  engine.read_parquet(path, {&column, 1}, [&](const ArrowSchema& schema, const ArrowArray& array) {
    has = has || ArrowColumn(schema, array).child_count() > 0;
  });
  return has;
}

// Hands on what the main file of a checkpoint has and remembers its sidecars.
class MainFileSink final : public ActionSink {
 public:
  explicit MainFileSink(ActionSink& next) : next_(next) {}

  void on_protocol(Protocol&& protocol) override { next_.on_protocol(std::move(protocol)); }
  void on_metadata(Metadata&& metadata) override { next_.on_metadata(std::move(metadata)); }
  void on_add(AddFile&& add) override { next_.on_add(std::move(add)); }
  void on_remove(RemoveFile&& remove) override { next_.on_remove(std::move(remove)); }
  void on_transaction(SetTransaction&& transaction) override {
    next_.on_transaction(std::move(transaction));
  }
  void on_domain_metadata(DomainMetadata&& domain) override {
    next_.on_domain_metadata(std::move(domain));
  }
  void on_sidecar(Sidecar&& sidecar) override { sidecars_.push_back(std::move(sidecar)); }

  const std::vector<Sidecar>& sidecars() const { return sidecars_; }

 private:
  ActionSink& next_;
  std::vector<Sidecar> sidecars_;
};

}  // namespace

void CheckpointReader::read_parquet(const std::string& path, ActionSelection selection,
                                    ActionSink& sink) {
  std::vector<std::string> columns;
  if (selection.files) columns.insert(columns.end(), {"add", "sidecar"});
  if (selection.tombstones) columns.emplace_back("remove");
  if (selection.table) {
    columns.insert(columns.end(), {"protocol", "metaData", "txn", "domainMetadata"});
  }
  read_parquet_columns(path, columns, sink);
}

void CheckpointReader::read_sidecars(const LogCheckpoint& checkpoint, ActionSink& sink) {
  MainFileSink main(sink);
  for (const std::string& path : checkpoint.paths) {
    if (path.ends_with(".json")) {
      CommitReader().read(store_.read(path), path, {.table = true}, main);
    } else {
      read_parquet_columns(path, {"sidecar"}, main);
    }
  }
  for (Sidecar sidecar : main.sidecars()) sink.on_sidecar(std::move(sidecar));
}

void CheckpointReader::read_parquet_columns(const std::string& path,
                                            const std::vector<std::string>& columns,
                                            ActionSink& sink, Emptiness emptiness) {
  if (!engine_) {
    throw base::Error(base::Stage::kRuntime, "DELTA_PARQUET_ENGINE_MISSING",
                      "checkpoint '" + path + "' cannot be read without a Parquet engine",
                      {{"path", path}});
  }
  bool is_empty = false;
  try {
    engine_->read_parquet(path, columns, [&](const ArrowSchema& schema, const ArrowArray& array) {
      const ArrowColumn batch(schema, array);
      is_empty = is_empty || batch.child_count() == 0;
      read_actions(batch, sink);
    });
    if (is_empty && emptiness == Emptiness::kIsAFault && !has_column(*engine_, path, "remove")) {
      throw std::invalid_argument("it holds other rows than actions");
    }
  } catch (const std::invalid_argument& error) {
    throw_log_corrupt(path, std::nullopt, error.what());
  } catch (const base::Error& error) {
    if (passes_unchanged(error)) throw;
    throw_log_corrupt(path, std::nullopt, error.message());
  }
}

std::string CheckpointReader::sidecar_path(const Sidecar& sidecar) const {
  const std::string path = canonical_path(sidecar.path);
  return is_absolute(path) ? path : sidecar_folder(location_) + "/" + path;
}

void CheckpointReader::read(const LogCheckpoint& checkpoint, ActionSelection selection,
                            ActionSink& sink) {
  MainFileSink main(sink);
  for (const std::string& path : checkpoint.paths) {
    if (path.ends_with(".json")) {
      ActionSelection with_sidecars = selection;
      with_sidecars.table = true;
      CommitReader().read(store_.read(path), path, with_sidecars, main);
    } else {
      read_parquet(path, selection, main);
    }
  }
  if (!selection.files) return;
  for (const Sidecar& sidecar : main.sidecars()) {
    const std::string path = sidecar_path(sidecar);
    std::vector<std::string> columns = {"add"};
    if (selection.tombstones) columns.emplace_back("remove");
    read_parquet_columns(path, columns, sink, Emptiness::kIsAFault);
  }
}

}  // namespace delta
