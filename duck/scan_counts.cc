#include "duck/scan_counts.h"

#include "duck/delta_scan.h"

namespace duck {
namespace {

std::int64_t number(const OperatorProfile& scan, const char* name) {
  return std::stoll(scan.details.at(name));
}

const OperatorProfile* find_scan(const OperatorProfile& node, const std::string& location) {
  const auto table = node.details.find(kTableDetail);
  if (table != node.details.end() && table->second == location &&
      node.details.contains(kPrunedByJoinFilterDetail)) {
    return &node;
  }
  for (const OperatorProfile& child : node.children) {
    if (const OperatorProfile* const found = find_scan(child, location)) return found;
  }
  return nullptr;
}

}  // namespace

std::optional<delta::SkippingCounts> scan_counts(const QueryProfile& profile,
                                                 const std::string& location) {
  const OperatorProfile* const scan = find_scan(profile.root, location);
  if (scan == nullptr) return std::nullopt;
  return delta::SkippingCounts{.total = number(*scan, kTotalFilesDetail),
                               .pruned_by_partition = number(*scan, kPrunedByPartitionDetail),
                               .pruned_by_statistics = number(*scan, kPrunedByStatisticsDetail),
                               .pruned_by_join_filter = number(*scan, kPrunedByJoinFilterDetail)};
}

}  // namespace duck
