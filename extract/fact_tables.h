// The eight tables of facts: their names and schemas.
#pragma once

#include <array>
#include <string>

#include "delta/schema.h"

namespace extract {

constexpr std::size_t kFactTableCount = 8;

struct FactTable {
  std::string name;
  delta::Schema schema;
};

// In the order of FactBatch::tables(). Lives as long as the program.
const std::array<FactTable, kFactTableCount>& fact_tables();

}  // namespace extract
