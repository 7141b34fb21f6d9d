// A schemaString of arbitrary bytes: what is read is written and read again as the same.
#include <cstddef>
#include <cstdint>

#include "base/error.h"
#include "delta/schema.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  delta::Schema schema;
  try {
    schema = delta::parse_schema({reinterpret_cast<const char*>(data), size});
  } catch (const base::Error&) {
    return 0;
  }
  if (delta::parse_schema(delta::to_json(schema)) != schema) __builtin_trap();
  return 0;
}
