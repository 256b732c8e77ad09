// How sure a funnel is of its numbers: which are drawn, from what, and what goes together.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <funnelgraph/core/distribution.hpp>
#include <funnelgraph/model/funnel.hpp>
#include <funnelgraph/model/parameter.hpp>
#include <funnelgraph/scenario/change.hpp>

namespace funnelgraph::inline v0 {

/// A number that is drawn. A group's leaves move in proportion, a lag's mean keeps the coefficient of
/// variation, as `apply` does it.
struct Drawn {
  Parameter parameter;
  Distribution distribution;
  TakeFrom take_from{};  ///< of a rate or a drop-off
};

/// An exit of a row that is drawn as a whole; "drop_off" stands for the drop-off.
struct DrawnExit {
  std::string to;
  double weight = 1;  ///< > 0: as if it had been seen `weight` times
};

/// Exits of one stage whose shares are Dirichlet distributed: they divide what they have in the base,
/// which is all where every exit is named; the others keep theirs.
struct DrawnRow {
  std::string stage;
  std::vector<DrawnExit> exits;  ///< at least two
};

/// Correlation, in (-1, 1), of the normal scores of two numbers that are drawn (a Gaussian copula).
struct Correlation {
  Parameter first;
  Parameter second;
  double value = 0;
};

struct Uncertainty {
  std::vector<Drawn> numbers{};
  std::vector<DrawnRow> rows{};
  std::vector<Correlation> correlations{};
  [[nodiscard]] bool empty() const noexcept { return numbers.empty() && rows.empty(); }
};

/// The distribution of a number from what its source says; none where it says nothing. A share (rate,
/// drop-off, commission): measured with n is Beta(x n + 1/2, (1 - x) n + 1/2), the posterior under
/// Jeffreys' prior; an interval is `share_between`. Any other number with an interval: `amount_between`
/// where the interval is not negative, else, and for every elasticity, `normal_between`. Throws
/// InvalidValueError where the interval lies outside the number's range.
[[nodiscard]] std::optional<Distribution> distribution_of(const Number& number, ParameterKind kind);

/// Everything in the funnel that has an interval or counts. A row that a fit has counted is a Dirichlet
/// with weight rate * (entered - open) + 1/2 for each exit that the base has; a measured lag with n and a
/// spread has a gamma distributed mean with the deviation sd / sqrt(n). Where the rates of a row that are
/// drawn leave nothing to take from, the largest of them gives instead of being drawn; a drop-off is not
/// drawn beside rates of its row. O(size of the funnel).
[[nodiscard]] Uncertainty uncertainty_of(const Funnel& funnel);

}  // namespace funnelgraph::inline v0

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/whatif/uncertainty_inl.hpp>
#endif
