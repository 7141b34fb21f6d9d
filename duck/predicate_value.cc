#include "duck/predicate_value.h"

#include <algorithm>

namespace duck {

using delta::Predicate;

bool may_hold(const Predicate& predicate, const delta::Value& value) {
  const auto child_may_hold = [&](const Predicate& child) { return may_hold(child, value); };
  const auto compared = [&](const auto& holds) {
    const auto order = delta::compare(value, predicate.values.front());
    return !order || holds(*order);
  };
  switch (predicate.op) {
    case Predicate::Op::kAnd:
      return std::all_of(predicate.children.begin(), predicate.children.end(), child_may_hold);
    case Predicate::Op::kOr:
      return std::any_of(predicate.children.begin(), predicate.children.end(), child_may_hold);
    case Predicate::Op::kEqual:
      return compared([](auto order) { return order == 0; });
    case Predicate::Op::kLess:
      return compared([](auto order) { return order < 0; });
    case Predicate::Op::kLessEqual:
      return compared([](auto order) { return order <= 0; });
    case Predicate::Op::kGreater:
      return compared([](auto order) { return order > 0; });
    case Predicate::Op::kGreaterEqual:
      return compared([](auto order) { return order >= 0; });
    case Predicate::Op::kIn:
      return std::any_of(predicate.values.begin(), predicate.values.end(), [&](const auto& one) {
        const auto order = delta::compare(value, one);
        return !order || *order == 0;
      });
    default:
      return true;
  }
}

bool is_unknown(const Predicate& predicate) {
  switch (predicate.op) {
    case Predicate::Op::kUnknown:
      return true;
    case Predicate::Op::kAnd:
      return std::all_of(predicate.children.begin(), predicate.children.end(), is_unknown);
    case Predicate::Op::kOr:
      return std::any_of(predicate.children.begin(), predicate.children.end(), is_unknown);
    case Predicate::Op::kNot:
      return is_unknown(predicate.children.front());
    default:
      return false;
  }
}

}  // namespace duck
