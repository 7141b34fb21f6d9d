// Arrow arrays made from JSON, for tests of what reads them.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "delta/arrow_c_data.h"
#include "delta/schema.h"

namespace delta {

// How strings are laid out.
enum class ArrowStrings { kUtf8, kLargeUtf8, kView, kDictionary };

// One array with its schema. Owns both; their `release` is null.
class ArrowBuilder {
 public:
  // One row for each of `values`: null, a boolean, an integer, a floating-point number, a string
  // (also for decimals: their unscaled digits), an array, or an object (struct and map).
  // The array is a slice that starts at row `offset` of its buffers. A value that its column's type
  // cannot hold is a std::exception.
  ArrowBuilder(const DataType& type, const std::vector<nlohmann::json>& values,
               ArrowStrings strings = ArrowStrings::kUtf8, std::int64_t offset = 0);
  ArrowBuilder(const ArrowBuilder&) = delete;
  ArrowBuilder& operator=(const ArrowBuilder&) = delete;

  const ArrowSchema& schema() const { return *schema_; }
  const ArrowArray& array() const { return *array_; }
  ArrowArray& array() { return *array_; }

 private:
  struct Node {
    ArrowSchema schema{};
    ArrowArray array{};
    std::string format;
    std::string name;
    std::vector<const void*> buffers;
    std::vector<ArrowSchema*> schema_children;
    std::vector<ArrowArray*> array_children;
    std::deque<std::string> bytes;  // what the buffers point to
  };

  Node& build(const DataType& type, const std::string& name,
              const std::vector<nlohmann::json>& values);
  // The format, the buffers behind validity and the children.
  void fill(Node& node, const DataType& type, const std::vector<nlohmann::json>& values);
  void build_strings(Node& node, const std::vector<nlohmann::json>& values);
  void build_views(Node& node, const std::vector<nlohmann::json>& values);
  void build_dictionary(Node& node, const std::vector<nlohmann::json>& values);
  void build_struct(Node& node, const DataType& type, const std::vector<nlohmann::json>& values);
  void build_lists(Node& node, const DataType& type, const std::vector<nlohmann::json>& values);
  void add_child(Node& node, Node& child);

  ArrowStrings strings_;
  std::vector<std::unique_ptr<Node>> nodes_;
  ArrowSchema* schema_ = nullptr;
  ArrowArray* array_ = nullptr;
};

}  // namespace delta
