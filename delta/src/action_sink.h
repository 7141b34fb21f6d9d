// Where the readers of commits and checkpoints put the actions that they find.
#pragma once

#include <cstdint>
#include <string>

#include "delta/actions.h"

namespace delta {

// PROTOCOL.md, "Sidecar File Information". Only in V2 checkpoints.
struct Sidecar {
  std::string path;  // a name in _delta_log/_sidecars, or a whole path; URI-encoded
  std::int64_t size_in_bytes = 0;
};

// What is not overridden is not wanted.
class ActionSink {
 public:
  virtual ~ActionSink() = default;

  virtual void on_protocol(Protocol&&) {}
  // Asked before a metaData action of a commit is looked into.
  virtual bool wants_metadata() const { return true; }
  virtual void on_metadata(Metadata&&) {}
  virtual void on_add(AddFile&&) {}
  virtual void on_remove(RemoveFile&&) {}
  virtual void on_cdc(AddCdcFile&&) {}
  virtual void on_transaction(SetTransaction&&) {}
  virtual void on_domain_metadata(DomainMetadata&&) {}
  virtual void on_commit_info(CommitInfo&&) {}
  virtual void on_sidecar(Sidecar&&) {}
};

}  // namespace delta
