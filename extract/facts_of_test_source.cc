#include "extract/facts_of_test_source.h"

#include <utility>

#include "extract/python_parser.h"
#include "extract/syntax_walk.h"

namespace extract {
namespace {

std::string shown(std::string_view text) {
  return text.data() == nullptr ? "NULL" : std::string(text);
}

}  // namespace

TestFacts::TestFacts(std::string_view python) {
  SourceContent content;
  content.bytes.assign(python.begin(), python.end());
  content.size_bytes = static_cast<std::int64_t>(python.size());
  SourceText& source = batch_.add_source("test.py", std::move(content));
  PythonParser parser(nullptr);
  SyntaxWalk walk(batch_, static_cast<std::size_t>(-1), [] {});
  walk.add_facts(source, *parser.parse(source));
}

std::vector<std::string> TestFacts::nodes() const {
  std::vector<std::string> lines;
  const NodeRows& rows = batch_.nodes;
  for (std::size_t i = 0; i < rows.node_id.size(); ++i) {
    std::string line(static_cast<std::size_t>(rows.depth[i]), ' ');
    line += rows.kind[i];
    if (rows.field_name[i].data() != nullptr) line += ' ' + std::string(rows.field_name[i]);
    lines.push_back(std::move(line));
  }
  return lines;
}

std::vector<std::string> TestFacts::definitions() const {
  std::vector<std::string> lines;
  const DefinitionRows& rows = batch_.definitions;
  for (std::size_t i = 0; i < rows.node_id.size(); ++i) {
    lines.push_back(std::string(rows.def_kind[i]) + ' ' + std::string(rows.qname[i]));
  }
  return lines;
}

std::vector<std::string> TestFacts::callees() const {
  std::vector<std::string> lines;
  for (const std::string_view callee : batch_.calls.callee) lines.push_back(shown(callee));
  return lines;
}

std::vector<std::string> TestFacts::references() const {
  std::vector<std::string> lines;
  const ReferenceRows& rows = batch_.references;
  for (std::size_t i = 0; i < rows.node_id.size(); ++i) {
    lines.push_back(std::string(rows.ctx[i]) + ' ' + std::string(rows.name[i]));
  }
  return lines;
}

std::vector<std::string> TestFacts::scope_declarations() const {
  std::vector<std::string> lines;
  const ScopeDeclarationRows& rows = batch_.scope_declarations;
  for (std::size_t i = 0; i < rows.node_id.size(); ++i) {
    lines.push_back(std::string(rows.decl_kind[i]) + ' ' + std::string(rows.name[i]));
  }
  return lines;
}

std::vector<std::string> TestFacts::imports() const {
  std::vector<std::string> lines;
  const ImportRows& rows = batch_.imports;
  for (std::size_t i = 0; i < rows.node_id.size(); ++i) {
    lines.push_back(shown(rows.module[i]) + '|' + shown(rows.name[i]) + '|' + shown(rows.alias[i]));
  }
  return lines;
}

}  // namespace extract
