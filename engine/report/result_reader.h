// Reading the JSON of a RunResult, from whichever engine wrote it.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace engine {

// A value in it, with its JSON path for messages. What is missing or null reads as nothing; what
// has another type than asked for is the error RESULT_INVALID at Stage::kValidation, with
// details["path"]. Refers to the JSON, which must outlive it.
class ResultReader {
 public:
  ResultReader(const nlohmann::json& json, std::string path);

  bool has(std::string_view field) const;
  ResultReader object(std::string_view field) const;  // an empty one when it is missing
  std::vector<ResultReader> array(std::string_view field) const;
  std::vector<std::string> texts(std::string_view field) const;
  std::string text(std::string_view field) const;
  std::int64_t integer(std::string_view field) const;
  double number(std::string_view field) const;
  bool flag(std::string_view field) const;
  // A hash, which is an array of 32 integers, in hexadecimal.
  std::string hash(std::string_view field) const;

  // Throws RESULT_INVALID when the field is missing.
  const ResultReader& need(std::string_view field) const;

 private:
  const nlohmann::json* find(std::string_view field) const;
  std::string path_of(std::string_view field) const;

  const nlohmann::json* json_;
  std::string path_;
};

}  // namespace engine
