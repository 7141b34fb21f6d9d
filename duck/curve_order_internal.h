// The order of rows along a curve through the values of several columns.
#pragma once

#include <cstdint>
#include <duckdb.hpp>
#include <string>
#include <vector>

#include "duck/database.h"

namespace duckdb {
class ExtensionLoader;
}

namespace duck {

// Where the values of a column fall into ranges that hold about as many rows each, as found in a
// sample: every column gets the same weight, however its values are spread.
struct CurveRanges : duckdb::ClientContextState {
  // A column's sort keys at the ranges' ends, ascending; 2^bits - 1 of them at most.
  std::vector<std::vector<std::string>> ends;
  int bits = 1;
};

// While it lives, sql() orders the rows of a query in this connection along the Hilbert curve
// through the ranges of `columns`. Nulls come first. Reads the columns once to sample them.
class CurveOrder {
 public:
  // `source` may follow FROM; `columns` are SQL expressions over it, at least two and at most 32.
  CurveOrder(Connection& connection, const std::string& source,
             const std::vector<std::string>& columns);
  ~CurveOrder();
  CurveOrder(const CurveOrder&) = delete;
  CurveOrder& operator=(const CurveOrder&) = delete;

  // What may follow ORDER BY.
  const std::string& sql() const { return sql_; }

 private:
  Connection& connection_;
  std::string sql_;
};

inline constexpr std::size_t kMostCurveColumns = 32;

// Adds the function that CurveOrder calls to the database of `loader`.
void add_curve_position(duckdb::ExtensionLoader& loader);

}  // namespace duck
