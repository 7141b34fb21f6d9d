#include "duck/hidden_column.h"

namespace duck {

std::string hidden_column(const delta::Schema& schema, std::string name) {
  while (schema.find(name) != nullptr) name += '_';
  return name;
}

}  // namespace duck
