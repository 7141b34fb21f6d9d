// Rows that a query of this process may name.
#pragma once

#include <string>
#include <utility>

#include "duck/database.h"

namespace duck {

// While it lives, its sql() stands for rows that the database keeps under a name of their own, in
// every connection of the database.
class KeptRows {
 public:
  KeptRows(const KeptRows&) = delete;
  KeptRows& operator=(const KeptRows&) = delete;

  const std::string& sql() const { return sql_; }

 protected:
  // `name` is one that the database's kept tables gave; `sql` refers to it.
  KeptRows(Database& database, std::string name, std::string sql)
      : database_(database), name_(std::move(name)), sql_(std::move(sql)) {}
  ~KeptRows();

 private:
  Database& database_;
  const std::string name_;
  const std::string sql_;
};

}  // namespace duck
