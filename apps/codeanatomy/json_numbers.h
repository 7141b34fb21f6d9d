// Numbers that JSON has no word for.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace apps {

// Rewrites a stream of JSON in which NaN, Infinity and -Infinity stand as bare words into one in
// which they are the strings "NaN", "Infinity" and "-Infinity", as Spark's to_json writes them.
// What is in strings stays.
class JsonNumbers {
 public:
  // The next part of the stream, rewritten; pieces may be cut anywhere. What is returned is good
  // until the next call.
  std::string_view rewrite(std::string_view piece);

 private:
  void add_outside(char byte);

  std::string out_;
  std::size_t to_skip_ = 0;  // bytes of a word that is written already
  bool in_string_ = false;
  bool escaped_ = false;
  bool minus_ = false;  // held back until it is known what follows
};

}  // namespace apps
