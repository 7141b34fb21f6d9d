#include "duck/collect_sorted.h"

#include <algorithm>
#include <atomic>
#include <duckdb.hpp>
#include <duckdb/function/create_sort_key.hpp>
#include <duckdb/main/extension/extension_loader.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace duck {
namespace {

using duckdb::DataChunk;
using duckdb::idx_t;
using duckdb::LogicalType;
using duckdb::Vector;

constexpr char kCollectSorted[] = "collect_sorted";

// Places of the input's columns. The output has the keys, the least values and the list.
struct CollectBinding final : public duckdb::TableFunctionData {
  std::vector<idx_t> keys;
  std::vector<idx_t> least;
  std::vector<idx_t> fields;
  duckdb::vector<LogicalType> types;

  idx_t list() const { return keys.size() + least.size(); }
};

class CollectBinder {
 public:
  explicit CollectBinder(duckdb::TableFunctionBindInput& input)
      : input_(input), taken_(input.input_table_names.size(), false) {}

  duckdb::unique_ptr<CollectBinding> bind(duckdb::vector<LogicalType>& types,
                                          duckdb::vector<std::string>& names) {
    auto binding = duckdb::make_uniq<CollectBinding>();
    binding->keys = columns("keys");
    binding->least = columns("least");
    if (binding->keys.empty()) refuse("needs keys");
    for (const auto* places : {&binding->keys, &binding->least}) {
      for (const idx_t place : *places) {
        types.push_back(input_.input_table_types[place]);
        names.push_back(input_.input_table_names[place]);
      }
    }
    types.push_back(LogicalType::LIST(struct_of_rest(*binding)));
    names.push_back(list_name(names));
    binding->types = types;
    return binding;
  }

 private:
  [[noreturn]] static void refuse(const std::string& what) {
    throw duckdb::BinderException("%s %s", kCollectSorted, what);
  }

  std::vector<idx_t> columns(const std::string& parameter) {
    std::vector<idx_t> places;
    const auto given = input_.named_parameters.find(parameter);
    if (given == input_.named_parameters.end() || given->second.IsNull()) return places;
    for (const duckdb::Value& name : duckdb::ListValue::GetChildren(given->second)) {
      places.push_back(place_of(name.IsNull() ? "" : name.GetValue<std::string>()));
    }
    return places;
  }

  idx_t place_of(const std::string& name) {
    const auto& names = input_.input_table_names;
    const auto found = std::ranges::find_if(names, [&](const std::string& candidate) {
      return duckdb::StringUtil::CIEquals(candidate, name);
    });
    if (found == names.end()) refuse("has no column \"" + name + "\"");
    const auto place = static_cast<idx_t>(found - names.begin());
    if (taken_[place]) refuse("is given the column \"" + name + "\" twice");
    taken_[place] = true;
    return place;
  }

  LogicalType struct_of_rest(CollectBinding& binding) const {
    duckdb::case_insensitive_set_t names;
    duckdb::child_list_t<LogicalType> fields;
    for (idx_t i = 0; i < taken_.size(); ++i) {
      if (taken_[i]) continue;
      const std::string& name = input_.input_table_names[i];
      if (!names.insert(name).second) refuse("is given the column \"" + name + "\" twice");
      binding.fields.push_back(i);
      fields.emplace_back(name, input_.input_table_types[i]);
    }
    if (fields.empty()) refuse("needs columns beside the keys and the least values");
    return LogicalType::STRUCT(std::move(fields));
  }

  std::string list_name(const duckdb::vector<std::string>& others) const {
    const auto given = input_.named_parameters.find("list");
    if (given == input_.named_parameters.end() || given->second.IsNull()) {
      refuse("needs a name for the list");
    }
    const auto name = given->second.GetValue<std::string>();
    for (const std::string& other : others) {
      if (duckdb::StringUtil::CIEquals(other, name)) {
        refuse("is given the column \"" + name + "\" twice");
      }
    }
    return name;
  }

  duckdb::TableFunctionBindInput& input_;
  std::vector<bool> taken_;
};

duckdb::unique_ptr<duckdb::FunctionData> bind_collect(duckdb::ClientContext&,
                                                      duckdb::TableFunctionBindInput& input,
                                                      duckdb::vector<LogicalType>& types,
                                                      duckdb::vector<std::string>& names) {
  return CollectBinder(input).bind(types, names);
}

// DuckDB runs the pipeline of a function with one thread in one piece. Its source is the sort then,
// which gives its rows in order.
struct CollectGlobal final : public duckdb::GlobalTableFunctionState {
  idx_t MaxThreads() const override { return 1; }

  std::atomic<bool> has_reader = false;
};

// Of a column or some, byte strings that order like their values, nulls last.
class SortKeys {
 public:
  SortKeys(const DataChunk& rows, const std::vector<idx_t>& places)
      : keys_(LogicalType::BLOB, rows.size()) {
    DataChunk columns;
    duckdb::vector<LogicalType> types;
    for (const idx_t place : places) types.push_back(rows.data[place].GetType());
    columns.InitializeEmpty(types);
    for (idx_t i = 0; i < places.size(); ++i) columns.data[i].Reference(rows.data[places[i]]);
    columns.SetCardinality(rows.size());
    const duckdb::vector<duckdb::OrderModifiers> order(
        types.size(),
        duckdb::OrderModifiers(duckdb::OrderType::ASCENDING, duckdb::OrderByNullType::NULLS_LAST));
    duckdb::CreateSortKeyHelpers::CreateSortKey(columns, order, keys_);
    keys_.Flatten(rows.size());
  }

  std::string_view operator[](idx_t row) const {
    const auto& text = duckdb::FlatVector::GetData<duckdb::string_t>(keys_)[row];
    return {text.GetData(), text.GetSize()};
  }

 private:
  Vector keys_;
};

// Rows [begin, end) of a chunk: those of one key.
struct Run {
  idx_t begin;
  idx_t end;
};

// The row of `run` with the smallest key.
idx_t least_row(const SortKeys& keys, const Run& run) {
  idx_t least = run.begin;
  for (idx_t row = run.begin + 1; row < run.end; ++row) {
    if (keys[row] < keys[least]) least = row;
  }
  return least;
}

// Turns chunks of sorted rows into chunks of groups. The groups that lie within a chunk refer to
// its values; the last one, to which more may come, is copied.
class Collector final : public duckdb::LocalTableFunctionState {
 public:
  Collector(duckdb::ClientContext& context, const CollectBinding& binding, CollectGlobal& global)
      : binding_(binding), global_(global), least_keys_(binding.least.size()) {
    open_.Initialize(duckdb::BufferAllocator::Get(context), binding.types);
  }

  // Called with the same rows until it does not have more.
  duckdb::OperatorResultType take(DataChunk& rows, DataChunk& out) {
    if (rows.size() == 0) return duckdb::OperatorResultType::NEED_MORE_INPUT;
    if (!has_split_) split(rows);
    if (has_ended_) {
      give_open_group(out);
      has_ended_ = false;
      return duckdb::OperatorResultType::HAVE_MORE_OUTPUT;
    }
    has_split_ = false;
    if (runs_.empty()) return duckdb::OperatorResultType::NEED_MORE_INPUT;
    open_group(rows, runs_.back());
    runs_.pop_back();
    give_groups(rows, out);
    return duckdb::OperatorResultType::NEED_MORE_INPUT;
  }

  void finish(DataChunk& out) {
    if (has_open_) give_open_group(out);
    has_open_ = false;
  }

 private:
  // Finds the runs of equal keys, and adds the first one to the open group if it is of that.
  void split(DataChunk& rows) {
    if (!is_reader_ && global_.has_reader.exchange(true)) {
      throw duckdb::InvalidInputException("the rows of %s must end with ORDER BY", kCollectSorted);
    }
    is_reader_ = true;
    has_split_ = true;
    rows.Flatten();
    const SortKeys keys(rows, binding_.keys);
    least_of_rows_.clear();
    for (const idx_t place : binding_.least) {
      least_of_rows_.emplace_back(rows, std::vector<idx_t>{place});
    }
    runs_.clear();
    for (idx_t row = 0; row < rows.size(); ++row) {
      const bool is_first = row == 0 && !has_open_;
      const std::string_view before = row == 0 ? std::string_view(last_key_) : keys[row - 1];
      const int order = is_first ? 1 : keys[row].compare(before);
      if (order < 0) {
        throw duckdb::InvalidInputException("the rows of %s are not sorted by its keys",
                                            kCollectSorted);
      }
      if (order > 0) {
        runs_.push_back({row, row + 1});
      } else if (runs_.empty()) {
        of_open_group_ = row + 1;
      } else {
        runs_.back().end = row + 1;
      }
    }
    if (of_open_group_ > 0) add_to_open_group(rows, {0, std::exchange(of_open_group_, 0)});
    has_ended_ = has_open_ && !runs_.empty();
    last_key_ = keys[rows.size() - 1];
  }

  void open_group(DataChunk& rows, const Run& run) {
    open_.Reset();
    open_.SetCardinality(1);
    has_open_ = true;
    for (idx_t i = 0; i < binding_.keys.size(); ++i) {
      copy_to_open(rows.data[binding_.keys[i]], run.begin, i);
    }
    add_to_open_group(rows, run, true);
  }

  void copy_to_open(const Vector& values, idx_t row, idx_t column) {
    duckdb::VectorOperations::Copy(values, open_.data[column], row + 1, row, 0);
  }

  void add_to_open_group(DataChunk& rows, const Run& run, bool is_first = false) {
    for (idx_t i = 0; i < binding_.least.size(); ++i) {
      const SortKeys& keys = least_of_rows_[i];
      const idx_t row = least_row(keys, run);
      if (!is_first && keys[row] >= least_keys_[i]) continue;
      least_keys_[i] = keys[row];
      copy_to_open(rows.data[binding_.least[i]], row, binding_.keys.size() + i);
    }
    Vector& list = open_.data[binding_.list()];
    const idx_t size = duckdb::ListVector::GetListSize(list);
    const idx_t more = run.end - run.begin;
    duckdb::ListVector::Reserve(list, size + more);
    const auto& fields = duckdb::StructVector::GetEntries(duckdb::ListVector::GetEntry(list));
    for (idx_t i = 0; i < binding_.fields.size(); ++i) {
      duckdb::VectorOperations::Copy(rows.data[binding_.fields[i]], *fields[i], run.end, run.begin,
                                     size);
    }
    duckdb::ListVector::SetListSize(list, size + more);
    duckdb::FlatVector::GetData<duckdb::list_entry_t>(list)[0] = {0, size + more};
  }

  // What refers to the open group is gone when more rows are asked for.
  void give_open_group(DataChunk& out) { out.Reference(open_); }

  void give_groups(DataChunk& rows, DataChunk& out) {
    if (runs_.empty()) return;
    out.SetCardinality(runs_.size());
    duckdb::SelectionVector chosen(runs_.size());
    const auto give = [&](idx_t column, idx_t place) {
      out.data[column].Slice(rows.data[place], chosen, runs_.size());
    };
    for (idx_t i = 0; i < runs_.size(); ++i) chosen.set_index(i, runs_[i].begin);
    for (idx_t i = 0; i < binding_.keys.size(); ++i) give(i, binding_.keys[i]);
    for (idx_t i = 0; i < binding_.least.size(); ++i) {
      chosen.Initialize(runs_.size());
      for (idx_t run = 0; run < runs_.size(); ++run) {
        chosen.set_index(run, least_row(least_of_rows_[i], runs_[run]));
      }
      give(binding_.keys.size() + i, binding_.least[i]);
    }
    give_lists(rows, out.data[binding_.list()]);
  }

  void give_lists(const DataChunk& rows, Vector& list) const {
    const idx_t begin = runs_.front().begin;
    const idx_t end = runs_.back().end;
    auto* entries = duckdb::FlatVector::GetData<duckdb::list_entry_t>(list);
    for (const Run& run : runs_) *entries++ = {run.begin - begin, run.end - run.begin};
    const auto& fields = duckdb::StructVector::GetEntries(duckdb::ListVector::GetEntry(list));
    for (idx_t i = 0; i < binding_.fields.size(); ++i) {
      fields[i]->Slice(rows.data[binding_.fields[i]], begin, end);
    }
    duckdb::ListVector::SetListSize(list, end - begin);
  }

  const CollectBinding& binding_;
  CollectGlobal& global_;
  bool is_reader_ = false;
  // Of the chunk that is taken.
  std::vector<Run> runs_;
  std::vector<SortKeys> least_of_rows_;
  idx_t of_open_group_ = 0;
  bool has_split_ = false;
  bool has_ended_ = false;  // the open group has, and is to be given
  // The group that the last chunk ended with: one row.
  DataChunk open_;
  std::vector<std::string> least_keys_;
  std::string last_key_;
  bool has_open_ = false;
};

duckdb::unique_ptr<duckdb::GlobalTableFunctionState> begin_collecting(
    duckdb::ClientContext&, duckdb::TableFunctionInitInput&) {
  return duckdb::make_uniq<CollectGlobal>();
}

duckdb::unique_ptr<duckdb::LocalTableFunctionState> make_collector(
    duckdb::ExecutionContext& context, duckdb::TableFunctionInitInput& input,
    duckdb::GlobalTableFunctionState* global) {
  return duckdb::make_uniq<Collector>(context.client, input.bind_data->Cast<CollectBinding>(),
                                      global->Cast<CollectGlobal>());
}

duckdb::OperatorResultType collect(duckdb::ExecutionContext&, duckdb::TableFunctionInput& input,
                                   DataChunk& rows, DataChunk& out) {
  return input.local_state->Cast<Collector>().take(rows, out);
}

duckdb::OperatorFinalizeResultType finish_collecting(duckdb::ExecutionContext&,
                                                     duckdb::TableFunctionInput& input,
                                                     DataChunk& out) {
  input.local_state->Cast<Collector>().finish(out);
  return duckdb::OperatorFinalizeResultType::FINISHED;
}

}  // namespace

void add_collect_sorted(duckdb::ExtensionLoader& loader) {
  duckdb::TableFunction function(kCollectSorted, {LogicalType::TABLE}, nullptr, bind_collect,
                                 begin_collecting, make_collector);
  function.in_out_function = collect;
  function.in_out_function_final = finish_collecting;
  function.named_parameters["keys"] = LogicalType::LIST(LogicalType::VARCHAR);
  function.named_parameters["least"] = LogicalType::LIST(LogicalType::VARCHAR);
  function.named_parameters["list"] = LogicalType::VARCHAR;
  loader.RegisterFunction(std::move(function));
}

}  // namespace duck
