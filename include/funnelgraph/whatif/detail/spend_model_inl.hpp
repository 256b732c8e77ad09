// A metric and the visits of full stages as functions of money.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <Eigen/Core>

#include <funnelgraph/analysis/analysis_options.hpp>
#include <funnelgraph/analysis/detail/named_chain.hpp>
#include <funnelgraph/analysis/figure.hpp>
#include <funnelgraph/analysis/gradient.hpp>
#include <funnelgraph/analysis/solution.hpp>
#include <funnelgraph/chain/elimination.hpp>
#include <funnelgraph/chain/refresh.hpp>
#include <funnelgraph/chain/solver.hpp>
#include <funnelgraph/compile/compile.hpp>
#include <funnelgraph/core/error.hpp>
#include <funnelgraph/core/shown.hpp>
#include <funnelgraph/core/unknown_name.hpp>
#include <funnelgraph/model/funnel.hpp>
#include <funnelgraph/model/metric.hpp>
#include <funnelgraph/whatif/allocate.hpp>
#include <funnelgraph/whatif/response_inl.hpp>

namespace funnelgraph::inline v0::detail {

/// A funnel under its name in a SegmentedFunnel; the name is empty for a funnel alone.
struct NamedFunnel {
  std::string name;
  const Funnel* funnel;
};

/// One leaf input of a spending, and the part of the number that it has.
struct SpendLeaf {
  InputRef input;
  double share;
};

/// A spending with its names looked up.
struct SpendItem {
  const Spending* spending;
  std::size_t segment;
  double before;
  std::vector<SpendLeaf> leaves;
  std::vector<std::pair<std::uint32_t, double>> owners;  ///< whose fixed cost the money is, by share
  bool steep;                                            ///< its first unit of money has no bounded effect
};

/// A stage with a capacity; `item` moves it, or none does.
struct LimitedStage {
  std::size_t segment;
  std::uint32_t stage;
  double capacity;
  std::size_t item;
};
inline constexpr std::size_t no_item = static_cast<std::size_t>(-1);

/// Metric and excess (visits - capacity) at some money, with derivatives by the numbers that the money
/// moves (`number`) and, for what is booked, by the money itself.
struct SpendValue {
  double metric = 0;
  Eigen::VectorXd by_number;
  Eigen::VectorXd by_money;  ///< direct: the fixed costs that are booked
  Eigen::VectorXd excess;    ///< one a limited stage
  Eigen::MatrixXd excess_by_number;
};

/// Whether a metric is linear in volumes while rates stay.
inline bool linear_in_volumes(const Metric& metric) {
  switch (metric.kind()) {
    case MetricKind::count:
    case MetricKind::visits:
    case MetricKind::revenue:
    case MetricKind::cost:
    case MetricKind::profit:
      return true;
    case MetricKind::sum:
      return std::all_of(metric.parts().begin(), metric.parts().end(), linear_in_volumes);
    default:
      return false;
  }
}

/// Whether a metric counts costs.
inline bool counts_cost(const Metric& metric) {
  switch (metric.kind()) {
    case MetricKind::cost:
    case MetricKind::profit:
    case MetricKind::cost_per:
    case MetricKind::lifetime_value:
      return true;
    default:
      return std::any_of(metric.parts().begin(), metric.parts().end(), counts_cost);
  }
}

/// Evaluates by exact gradients on eliminations that are found once; where everything is linear in the
/// numbers, from coefficients alone.
class SpendModel {
 public:
  SpendModel(const std::vector<NamedFunnel>& funnels, const AllocateOptions& options)
      : funnels_(funnels), options_(options) {
    for (const NamedFunnel& named : funnels_) {
      segments_.push_back(
          {compile_for(*named.funnel, options.analysis), figure_of(*named.funnel, options.maximise)});
    }
    for (Segment& segment : segments_) segment.plan.emplace_back(segment.compiled.chain);
    for (const Spending& spending : options.spending) add_item(spending);
    find_limited();
    before_ = base_metric();
    separable_ = linear_in_volumes(options.maximise);
    for (const SpendItem& item : items_)
      separable_ = separable_ && item.spending->parameter.kind() != ParameterKind::lever;
    if (separable_) find_coefficients();
  }

  [[nodiscard]] const std::vector<SpendItem>& items() const noexcept { return items_; }
  [[nodiscard]] const std::vector<LimitedStage>& limited() const noexcept { return limited_; }
  [[nodiscard]] const std::vector<NamedFunnel>& funnels() const noexcept { return funnels_; }
  [[nodiscard]] const AllocateOptions& options() const noexcept { return options_; }
  [[nodiscard]] double metric_before() const noexcept { return before_; }
  /// Sum of a constant, a multiple of each number and a multiple of each amount of money.
  [[nodiscard]] bool separable() const noexcept { return separable_; }
  [[nodiscard]] std::size_t evaluations() const noexcept { return evaluations_; }
  [[nodiscard]] const std::string& stage_name(const LimitedStage& limited) const {
    return segments_[limited.segment].compiled.labels.stages[limited.stage];
  }

  /// The numbers at some money.
  [[nodiscard]] Eigen::VectorXd numbers(const Eigen::VectorXd& money) const {
    Eigen::VectorXd out(money.size());
    for (Eigen::Index i = 0; i < money.size(); ++i) out[i] = curve(i, money[i]).value;
    return out;
  }
  [[nodiscard]] CurvePoint curve(Eigen::Index item, double money) const {
    return response_at(items_[static_cast<std::size_t>(item)].spending->response, money);
  }

  [[nodiscard]] SpendValue at(const Eigen::VectorXd& money, const Eigen::VectorXd& number) const {
    ++evaluations_;
    return separable_ ? from_coefficients(money, number) : solved(money, number);
  }

 private:
  struct Segment {
    Compiled compiled;
    Figure figure;
    std::vector<Elimination> plan{};  ///< one, found once the chain has its place
  };

  [[nodiscard]] std::size_t segment_of(const Spending& spending) const {
    std::vector<std::string> names;
    for (std::size_t s = 0; s < funnels_.size(); ++s) {
      if (funnels_[s].name == spending.segment) return s;
      names.push_back(funnels_[s].name);
    }
    const std::string where = to_string(spending.parameter) + ", segment";
    if (funnels_.size() == 1 && funnels_[0].name.empty())
      throw InvalidValueError(where, spending.segment, "none: there is one funnel only");
    if (spending.segment.empty())
      throw InvalidValueError(where, "none", "the segment that the money goes to");
    throw unknown_name("segment", spending.segment, names);
  }

  void add_item(const Spending& spending) {
    const Parameter& parameter = spending.parameter;
    const std::size_t at = segment_of(spending);
    const Funnel& funnel = *funnels_[at].funnel;
    const bool movable = parameter.kind() == ParameterKind::volume ||
                         parameter.kind() == ParameterKind::lever ||
                         parameter.kind() == ParameterKind::capacity;
    if (!movable)
      throw InvalidValueError("spending on", to_string(parameter), "a volume, a lever or a capacity");
    SpendItem item{&spending, at, funnel.get(parameter), {}, {}, false};
    const std::vector<Parameter> leaves = funnel.leaves(parameter);
    if (leaves.size() > 1 && item.before == 0)
      throw InvalidValueError("spending on " + to_string(parameter), "0 over several channels",
                              "a volume to share in proportion, or its channels one by one");
    for (const Parameter& leaf : leaves) {
      if (!taken_.insert(std::pair(at, leaf)).second)
        throw ConflictError(to_string(parameter), "another spending", to_string(leaf),
                            "money can move a number once");
      item.leaves.push_back({input_of(segments_[at].compiled, funnel, leaf),
                             leaves.size() == 1 ? 1.0 : funnel.get(leaf) / item.before});
    }
    const double least = response_at(spending.response, spending.bounds.low).value;
    const bool positive = parameter.kind() == ParameterKind::lever;
    if (!(positive ? least > 0 : least >= 0))
      throw InvalidValueError(to_string(parameter) + " at its least money", shown(least),
                              positive ? "> 0: give the response a minimum" : ">= 0");
    for (const OwnerShare& part : funnel.ownership(parameter).shares())
      item.owners.emplace_back(funnel.find_owner(part.owner)->index, part.share);
    if (options_.book_spend && item.owners.empty())
      throw InvalidValueError("book_spend, " + to_string(parameter), "nobody's",
                              "a parameter that somebody owns");
    item.steep = std::isinf(response_at(spending.response, 0).first);
    items_.push_back(std::move(item));
  }

  void find_limited() {
    for (std::size_t s = 0; s < segments_.size(); ++s) {
      const Chain& chain = segments_[s].compiled.chain;
      for (std::uint32_t stage = 0; stage < chain.stage_count; ++stage) {
        std::size_t mover = no_item;
        for (std::size_t i = 0; i < items_.size(); ++i) {
          const SpendItem& item = items_[i];
          if (item.segment == s && item.spending->parameter.kind() == ParameterKind::capacity &&
              item.leaves[0].input.index == stage)
            mover = i;
        }
        if (mover == no_item && std::isnan(chain.capacity[stage])) continue;
        limited_.push_back({s, stage, chain.capacity[stage], mover});
      }
    }
  }

  [[nodiscard]] double base_metric() const {
    double sum = 0;
    for (const Segment& segment : segments_) {
      const Chain& chain = segment.compiled.chain;
      const Solution solution = solve_chain(chain, segment.plan[0]);
      sum += figure_value(chain, segment.plan[0], solution, segment.figure);
    }
    return sum;
  }

  /// Puts the numbers where they belong; levers then bend the rates.
  void write(Chain& chain, std::size_t segment, const Eigen::VectorXd& money,
             const Eigen::VectorXd& number) const {
    bool bent = false;
    for (std::size_t i = 0; i < items_.size(); ++i) {
      const SpendItem& item = items_[i];
      if (item.segment != segment) continue;
      const auto at = static_cast<Eigen::Index>(i);
      for (const SpendLeaf& leaf : item.leaves) {
        const double value = leaf.share * number[at];
        if (leaf.input.input == Input::entry_volume) chain.entries[leaf.input.index].volume = value;
        if (leaf.input.input == Input::capacity) chain.capacity[leaf.input.index] = value;
        if (leaf.input.input == Input::lever_value) {
          chain.lever_value[leaf.input.index] = value;
          bent = true;
        }
      }
      if (!options_.book_spend) continue;
      for (const auto& [owner, share] : item.owners)
        chain.fixed_cost[owner] += share * (money[at] - item.spending->current.value_or(0));
    }
    if (bent) refresh(chain);
  }

  [[nodiscard]] static double by_leaf(const ChainGradient& by, const SpendItem& item) {
    double sum = 0;
    for (const SpendLeaf& leaf : item.leaves) {
      if (leaf.input.input == Input::entry_volume) sum += leaf.share * by.entry_volume[leaf.input.index];
      if (leaf.input.input == Input::lever_value) sum += leaf.share * by.lever_value[leaf.input.index];
    }
    return sum;
  }

  [[nodiscard]] SpendValue solved(const Eigen::VectorXd& money, const Eigen::VectorXd& number) const {
    const auto n = static_cast<Eigen::Index>(items_.size());
    const auto rows = static_cast<Eigen::Index>(limited_.size());
    SpendValue out{0, Eigen::VectorXd::Zero(n), Eigen::VectorXd::Zero(n), Eigen::VectorXd::Zero(rows),
                   Eigen::MatrixXd::Zero(rows, n)};
    for (std::size_t s = 0; s < segments_.size(); ++s) {
      Chain chain = segments_[s].compiled.chain;
      write(chain, s, money, number);
      const Elimination& plan = segments_[s].plan[0];
      const Solution solution = solve_chain(chain, plan);
      out.metric += figure_value(chain, plan, solution, segments_[s].figure);
      const ChainGradient by = gradient(chain, plan, solution, segments_[s].figure);
      each_item(s, [&](Eigen::Index i, const SpendItem& item) {
        out.by_number[i] = by_leaf(by, item);
        if (!options_.book_spend) return;
        for (const auto& [owner, share] : item.owners) out.by_money[i] += share * by.fixed_cost[owner];
      });
      for (Eigen::Index k = 0; k < rows; ++k) {
        const LimitedStage& limited = limited_[static_cast<std::size_t>(k)];
        if (limited.segment != s) continue;
        out.excess[k] = solution.flow.visits[limited.stage] - chain.capacity[limited.stage];
        const Figure visits{.kind = FigureKind::visits, .position = limited.stage};
        const ChainGradient by_visits = gradient(chain, plan, solution, visits);
        each_item(s, [&](Eigen::Index i, const SpendItem& item) {
          out.excess_by_number(k, i) = by_leaf(by_visits, item);
        });
        if (limited.item != no_item) out.excess_by_number(k, static_cast<Eigen::Index>(limited.item)) -= 1;
      }
    }
    if (!std::isfinite(out.metric) || !out.by_number.allFinite())
      throw InvalidValueError("maximise", to_string(options_.maximise) + " = " + shown(out.metric),
                              "a metric that the funnel has a number for, whatever is spent");
    return out;
  }

  template <class Visit>
  void each_item(std::size_t segment, Visit&& visit) const {
    for (std::size_t i = 0; i < items_.size(); ++i) {
      if (items_[i].segment == segment) visit(static_cast<Eigen::Index>(i), items_[i]);
    }
  }

  void find_coefficients() {
    const auto n = static_cast<Eigen::Index>(items_.size());
    const Eigen::VectorXd nothing = Eigen::VectorXd::Zero(n);
    coefficients_ = solved(nothing, nothing);
  }

  [[nodiscard]] SpendValue from_coefficients(const Eigen::VectorXd& money,
                                             const Eigen::VectorXd& number) const {
    SpendValue out = coefficients_;
    out.metric += coefficients_.by_number.dot(number) + coefficients_.by_money.dot(money);
    out.excess += coefficients_.excess_by_number * number;
    return out;
  }

  const std::vector<NamedFunnel>& funnels_;
  const AllocateOptions& options_;
  std::vector<Segment> segments_;
  std::vector<SpendItem> items_;
  std::set<std::pair<std::size_t, Parameter>> taken_;
  std::vector<LimitedStage> limited_;
  double before_ = 0;
  bool separable_ = false;
  SpendValue coefficients_;
  mutable std::size_t evaluations_ = 0;
};

}  // namespace funnelgraph::inline v0::detail
