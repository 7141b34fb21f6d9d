#include "delta/space_filling_curve.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <map>
#include <vector>

namespace delta {
namespace {

using Point = std::vector<std::uint32_t>;

// All points of the cube by their position on the curve.
std::map<std::uint64_t, Point> walk(std::size_t dimensions, int bits) {
  std::map<std::uint64_t, Point> points;
  const std::uint64_t count = 1ULL << (dimensions * static_cast<std::size_t>(bits));
  for (std::uint64_t number = 0; number < count; ++number) {
    Point point(dimensions);
    for (std::size_t i = 0; i < dimensions; ++i) {
      point[i] = static_cast<std::uint32_t>(number >> (i * static_cast<std::size_t>(bits))) &
                 ((1U << bits) - 1);
    }
    points[hilbert_position(point, bits)] = point;
  }
  EXPECT_EQ(points.size(), count) << "two points share a position";
  EXPECT_EQ(points.rbegin()->first, count - 1);
  return points;
}

void expect_neighbours_follow_each_other(std::size_t dimensions, int bits) {
  const auto points = walk(dimensions, bits);
  for (auto next = std::next(points.begin()); next != points.end(); ++next) {
    const Point& from = std::prev(next)->second;
    std::int64_t distance = 0;
    for (std::size_t i = 0; i < dimensions; ++i) {
      distance +=
          std::abs(static_cast<std::int64_t>(from[i]) - static_cast<std::int64_t>(next->second[i]));
    }
    ASSERT_EQ(distance, 1) << "after position " << std::prev(next)->first;
  }
}

TEST(HilbertCurve, VisitsEveryPointOnceStepByStep) {
  expect_neighbours_follow_each_other(1, 6);
  expect_neighbours_follow_each_other(2, 5);
  expect_neighbours_follow_each_other(3, 3);
  expect_neighbours_follow_each_other(5, 2);
}

TEST(HilbertCurve, UsesAll64Bits) {
  const Point corner(2, 0xFFFFFFFF);
  EXPECT_NE(hilbert_position(corner, 32), hilbert_position(Point(2, 0), 32));
  const Point many(64, 1);
  EXPECT_NE(hilbert_position(many, 1), 0U);
}

}  // namespace
}  // namespace delta
