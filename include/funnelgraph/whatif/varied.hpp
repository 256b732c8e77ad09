// What varies from variant to variant, and how it is evaluated.
#pragma once

#include <funnelgraph/analysis/analyze.hpp>
#include <funnelgraph/model/parameter.hpp>
#include <funnelgraph/scenario/row_change.hpp>
#include <funnelgraph/scenario/take_from.hpp>

namespace funnelgraph::inline v0 {

/// A number that varies, and how: the columns hold new numbers, factors, summands or factors of odds.
struct Varied {
  Parameter parameter;
  ChangeKind kind = ChangeKind::set;
  TakeFrom take_from{};  ///< of a rate or a drop-off
};

struct VariantOptions {
  AnalysisOptions analysis{};
  /// Rates of one row that leave their donors less than nothing are scaled to fit (status `fitted`)
  /// instead of being `impossible`.
  bool fit_rows = false;
  /// One more result after the metrics: 1 where no stage is above its capacity, else 0.
  bool feasible = false;
};

}  // namespace funnelgraph::inline v0
