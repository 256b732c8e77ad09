// What money can move, and within which bounds.
#pragma once

#include <limits>
#include <optional>
#include <string>
#include <vector>

#include <funnelgraph/model/parameter.hpp>
#include <funnelgraph/whatif/response.hpp>

namespace funnelgraph::inline v0 {

/// Money per period, 0 <= low <= high; high may be infinite.
struct SpendBounds {
  double low = 0;
  double high = std::numeric_limits<double>::infinity();
  bool operator==(const SpendBounds&) const = default;
};

/// One number that money moves: a volume, a lever or a capacity becomes `response` of the money spent on it
/// in every period. A volume without a channel moves its channels in proportion.
struct Spending {
  Parameter parameter;
  Response response;
  SpendBounds bounds{};
  /// What is spent today; none = unknown.
  std::optional<double> current{};
  /// Of a SegmentedFunnel: where. Empty for a funnel.
  std::string segment{};
};

/// Money that several spendings share. Members: those whose parameter `owner` owns (by its share where
/// several do), from `channel`, in `segment`, or named in `members`; where several of these are given,
/// whoever meets all of them. Groups may overlap.
struct SpendGroup {
  std::string name;
  SpendBounds bounds{};
  std::string owner{};
  std::string channel{};
  std::string segment{};
  std::vector<Parameter> members{};
};

}  // namespace funnelgraph::inline v0
