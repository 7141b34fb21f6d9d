// The table-wide actions of a log that is read from its newest action to its oldest.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>

#include "delta/src/action_sink.h"

namespace delta {

// The first of its kind wins. Domains that were removed are among the domains.
class NewestStateSink : public ActionSink {
 public:
  void on_protocol(Protocol&& protocol) override {
    if (!protocol_) protocol_ = std::move(protocol);
  }
  // One that is no longer in force may lack its schema: Databricks' pipelines begin tables so.
  bool wants_metadata() const override { return !metadata_; }
  void on_metadata(Metadata&& metadata) override {
    if (!metadata_) metadata_ = std::move(metadata);
  }
  void on_transaction(SetTransaction&& transaction) override {
    std::string id = transaction.app_id;
    transactions_.try_emplace(std::move(id), std::move(transaction));
  }
  void on_domain_metadata(DomainMetadata&& domain) override {
    std::string name = domain.domain;
    domains_.try_emplace(std::move(name), std::move(domain));
  }

 protected:
  std::optional<Protocol> protocol_;
  std::optional<Metadata> metadata_;
  std::map<std::string, SetTransaction> transactions_;  // by appId
  std::map<std::string, DomainMetadata> domains_;       // by name
};

}  // namespace delta
