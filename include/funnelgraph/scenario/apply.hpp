// A funnel under a scenario.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <funnelgraph/model/funnel.hpp>
#include <funnelgraph/scenario/scenario.hpp>

namespace funnelgraph::inline v0 {

struct ApplyOptions {
  /// Only the changes in force on this day; none = all of them, whatever their dates.
  std::optional<double> at{};
  bool clip = false;  ///< clip every change, not only those that ask for it
};

/// A change that got less than it asked for.
struct Clipped {
  std::string scenario;
  Parameter parameter;
  double wanted;  ///< the number that the change asked for
  double given;   ///< the number it got
  std::string message;
};

struct Applied {
  Funnel funnel;
  std::vector<Clipped> notes{};
};

/// The funnel with the changes: structure first, in the scenario's order, then all numbers at once,
/// each from the base. Rows follow `RowRule`: set, scale and shift of a rate take from the leak, the siblings
/// or one exit in proportion to the base masses, odds jointly. Other numbers: a group's leaves scale in
/// proportion, a lag's mean keeps the coefficient of variation and its sd starts from the base's.
///
/// A changed number has the source of the change's number (a bare one is assumed); one that was scaled or
/// shifted keeps its interval, moved along. Donors keep what their source has in common with it. What
/// does not change in value keeps its source and what was observed.
///
/// The base is never changed. Throws UnknownNameError (with the nearest), ConflictError (naming both
/// scenarios), ImpossibleChangeError (with the largest value the change could have) and InvalidValueError
/// (a number outside its range; a scaled or shifted number that is unknown, not set, or a zero mean of
/// a lag; a day that is not finite). O(size of the funnel + number of changes).
[[nodiscard]] Applied apply_with_notes(const Funnel& funnel, const Scenario& scenario,
                                       const ApplyOptions& options = {});
[[nodiscard]] Funnel apply(const Funnel& funnel, const Scenario& scenario, const ApplyOptions& options = {});

}  // namespace funnelgraph::inline v0

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/scenario/apply_inl.hpp>
#endif
