// What a metric becomes at the low and at the high value of each number.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include <funnelgraph/analysis/analysis_options.hpp>
#include <funnelgraph/model/funnel.hpp>
#include <funnelgraph/model/metric.hpp>
#include <funnelgraph/model/parameter.hpp>
#include <funnelgraph/scenario/take_from.hpp>
#include <funnelgraph/whatif/goal_seek.hpp>

namespace funnelgraph::inline v0 {

/// Where low and high come from: `low_high` for the numbers it names; for all others `relative` where it is
/// given; where neither is, each number's own interval, or for a measured rate with a count Jeffreys' 95 %
/// interval (Brown, Cai, DasGupta 2001).
struct TornadoOptions {
  std::map<Parameter, Bounds> low_high{};
  std::optional<double> relative{};  ///< 0.1: ten per cent down and up; > 0, and at most 1 for "down"
  std::map<Parameter, TakeFrom> take_from{};  ///< of rates and drop-offs; the leak unless given
  AnalysisOptions analysis{};
};

struct TornadoRow {
  std::string parameter;  ///< as written in code
  std::string owner;
  std::string source;
  std::string basis;  ///< "given", "10 %", "interval (90 %)", "n = 200 (95 %)"
  double value = 0;
  double low = 0, high = 0;                ///< of the number; what is possible where the row cannot bear more
  double metric_low = 0, metric_high = 0;  ///< of the metric there
  double swing = 0;                        ///< |metric_high - metric_low|
  bool clipped = false;                    ///< low or high is less far than asked
};

struct Tornado {
  std::string metric;
  double value = 0;                     ///< of the base
  std::vector<TornadoRow> rows;         ///< the widest swing first, unknown ones last
  std::vector<std::string> not_varied;  ///< numbers without low and high, or of 0 with `relative`
};

/// Each number alone, all others as they are. Throws UnknownNameError, InvalidValueError (an end that is not
/// finite or outside the number's range, low above high, a relative width that is not > 0), and as
/// `evaluate`. Two solves a number.
[[nodiscard]] Tornado tornado(const Funnel& base, const Metric& metric, const TornadoOptions& options = {});

}  // namespace funnelgraph::inline v0

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/whatif/tornado_inl.hpp>
#endif
