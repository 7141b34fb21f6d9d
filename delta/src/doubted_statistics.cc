#include "delta/src/doubted_statistics.h"

#include <string>

#include "base/error.h"
#include "delta/statistics.h"

namespace delta {
namespace {

// Whatever the order and the spelling of the texts.
bool tell_the_same(const std::string& left, const std::string& right, const Schema& schema,
                   ColumnMapping mapping) {
  if (left == right) return true;
  try {
    return to_json(parse_statistics(left, schema, mapping)) ==
           to_json(parse_statistics(right, schema, mapping));
  } catch (const base::Error&) {
    return false;
  }
}

}  // namespace

std::optional<std::vector<AddFile>> without_doubted_statistics(const std::vector<AddFile>& files,
                                                               const FileListing& listing,
                                                               const Schema& schema,
                                                               ColumnMapping mapping) {
  std::optional<std::vector<AddFile>> trusted;
  for (std::size_t i = 0; i < files.size(); ++i) {
    const AddFile& file = files[i];
    const auto listed = listing.find(listing_key(file.path, file.deletion_vector));
    if (listed == listing.end() || !listed->second.stats || !file.stats) continue;
    if (tell_the_same(*file.stats, *listed->second.stats, schema, mapping)) continue;
    if (!trusted) trusted = files;
    (*trusted)[i].stats.reset();
  }
  return trusted;
}

}  // namespace delta
