// For tests: the facts of a few lines of Python, as text.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "extract/fact_batch.h"

namespace extract {

// The rows of one source, as add_facts makes them. `batch` keeps the texts alive.
class TestFacts {
 public:
  explicit TestFacts(std::string_view python);

  const FactBatch& batch() const { return batch_; }

  // "kind field" of every node in preorder, indented by depth; no field: the kind alone.
  std::vector<std::string> nodes() const;
  // "def_kind qname"
  std::vector<std::string> definitions() const;
  // the callee, or "NULL"
  std::vector<std::string> callees() const;
  // "ctx name"
  std::vector<std::string> references() const;
  // "decl_kind name"
  std::vector<std::string> scope_declarations() const;
  // "module|name|alias", NULL for null
  std::vector<std::string> imports() const;

 private:
  FactBatch batch_;
};

}  // namespace extract
