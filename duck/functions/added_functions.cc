#include "duck/functions/added_functions.h"

#include <algorithm>
#include <duckdb.hpp>
#include <duckdb/main/extension/extension_loader.hpp>
#include <duckdb/parser/parsed_data/create_scalar_function_info.hpp>

#include "duck/functions/functions_internal.h"
#include "duck/functions/portable_text_internal.h"

namespace duck {
namespace {

std::vector<AddedFunction> all_functions() {
  std::vector<AddedFunction> functions;
  functions.push_back({portable_text_function(), {}});
  for (auto* family : {stable_id_functions, span_functions, text_functions}) {
    for (AddedFunction& function : family()) functions.push_back(std::move(function));
  }
  return functions;
}

}  // namespace

void add_functions(duckdb::ExtensionLoader& loader) {
  for (const AddedFunction& function : all_functions()) {
    loader.RegisterFunction(duckdb::CreateScalarFunctionInfo(function.overloads));
    for (const std::string& alias : function.aliases) {
      duckdb::ScalarFunctionSet overloads = function.overloads;
      overloads.name = alias;
      for (auto& overload : overloads.functions) overload.name = alias;
      duckdb::CreateScalarFunctionInfo info(std::move(overloads));
      info.alias_of = function.overloads.name;
      loader.RegisterFunction(std::move(info));
    }
  }
}

std::vector<std::string> added_function_names() {
  std::vector<std::string> names;
  for (const AddedFunction& function : all_functions()) {
    names.push_back(function.overloads.name);
    names.insert(names.end(), function.aliases.begin(), function.aliases.end());
  }
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace duck
