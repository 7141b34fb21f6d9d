// A commit of arbitrary bytes after a good one: the snapshot opens, or base::Error says why not.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/error.h"
#include "delta/snapshot.h"
#include "delta/store.h"

namespace {

constexpr std::string_view kFirstCommit =
    R"({"protocol":{"minReaderVersion":1,"minWriterVersion":2}}
{"metaData":{"id":"t","format":{"provider":"parquet","options":{}},"schemaString":"{\"type\":\"struct\",\"fields\":[{\"name\":\"a\",\"type\":\"long\",\"nullable\":true,\"metadata\":{}}]}","partitionColumns":[],"configuration":{}}}
{"add":{"path":"f","partitionValues":{},"size":1,"modificationTime":0,"dataChange":true}}
)";

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto store = delta::memory_store();
  store->put("/t/_delta_log/00000000000000000000.json", kFirstCommit);
  store->put("/t/_delta_log/00000000000000000001.json",
             {reinterpret_cast<const char*>(data), size});
  try {
    const auto snapshot = delta::Snapshot::load(store, nullptr, "/t");
    for (const delta::AddFile& file : snapshot->files()) {
      const std::string line = delta::to_json_line(file);
      if (line.empty()) __builtin_trap();
    }
  } catch (const base::Error&) {
  }
  return 0;
}
