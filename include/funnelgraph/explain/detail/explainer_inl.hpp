// From a game to the rows of an explanation.
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <funnelgraph/analysis/gradient.hpp>
#include <funnelgraph/analysis/solution.hpp>
#include <funnelgraph/core/error.hpp>
#include <funnelgraph/core/nearest_name.hpp>
#include <funnelgraph/explain/coalitions_inl.hpp>
#include <funnelgraph/explain/detail/chance_inl.hpp>
#include <funnelgraph/explain/detail/coalition_weights_inl.hpp>
#include <funnelgraph/explain/detail/difference_inl.hpp>
#include <funnelgraph/explain/detail/drawn_orders_inl.hpp>
#include <funnelgraph/explain/detail/explanation_sources_inl.hpp>
#include <funnelgraph/explain/detail/game_inl.hpp>
#include <funnelgraph/explain/detail/path_parts_inl.hpp>
#include <funnelgraph/explain/detail/view_inl.hpp>
#include <funnelgraph/explain/explanation.hpp>

namespace funnelgraph::inline v0::detail {

/// Coalitions of an exact method whose gradients are all taken; beyond, orders are drawn.
inline constexpr std::size_t exact_gradients = 1024;
/// Orders drawn for gradients, half of them reversed. Their sampling noise in a standard deviation is a
/// few percent of it.
inline constexpr std::size_t gradient_orders = 48;
/// Most coalitions that a game with unions may have.
inline constexpr std::size_t union_coalition_limit = std::size_t{1} << 22U;

/// Steps along paths, those of all evaluations, that intervals of `lmdi` may take (about a second).
inline constexpr std::size_t path_interval_steps = 20'000'000;

class Explainer {
 public:
  Explainer(const std::vector<SegmentPair>& segments, bool segmented, const ExplainOptions& options)
      : options_(options),
        by_owner_(options.method == ExplainMethod::owen ||
                  std::find(options.by.names.begin(), options.by.names.end(), By::owner) !=
                      options.by.names.end()),
        difference_(
            difference(segments, segmented, options.metric,
                       {.analysis = options.analysis, .by_owner = by_owner_, .owners = options.owners})),
        view_(view(difference_, options)),
        game_(difference_, view_, options),
        weights_(view_.weights()) {}

  Explanation explain() {
    out_.by = options_.by.names;
    out_.metric = to_string(options_.metric);
    out_.plan = game_.plan();
    out_.actual = game_.actual();
    out_.total = out_.actual - out_.plan;
    out_.rows = view_.rows;
    out_.players = game_.players();
    out_.method = options_.method == ExplainMethod::automatic ? chosen() : options_.method;
    if (out_.method == ExplainMethod::shapley && view_.unions) out_.method = ExplainMethod::owen;
    switch (out_.method) {
      case ExplainMethod::lmdi:
        by_paths();
        break;
      case ExplainMethod::sequential:
        in_one_order();
        break;
      case ExplainMethod::sampled:
        by_sampling();
        break;
      default:
        view_.unions ? with_unions() : exactly();
    }
    double sum = 0;
    for (const ExplanationRow& row : out_.rows) sum += row.contribution;
    out_.residual = out_.total - sum;
    intervals();
    out_.coalitions = game_.computed();
    say_sources(difference_, view_, out_);
    notes();
    return std::move(out_);
  }

 private:
  [[nodiscard]] ExplainMethod chosen() const {
    if (view_.unions)
      return union_coalitions(view_.members()) <= union_coalition_limit ? ExplainMethod::owen
                                                                        : ExplainMethod::sampled;
    return game_.players() <= exact_player_limit ? ExplainMethod::shapley : ExplainMethod::sampled;
  }

  [[noreturn]] void too_many(std::size_t groups) const {
    throw InvalidValueError("players of an exact explanation", std::to_string(groups),
                            "up to " + std::to_string(exact_player_limit) +
                                ": name the rows more coarsely, method=\"owen\" for two levels by owner, or "
                                "method=\"sampled\" with a standard error");
  }

  void exactly() {
    if (game_.players() > exact_player_limit) too_many(game_.players());
    const AllWorths all = game_.all();
    const std::vector<double> by_bit = shapley_values(all.worth);
    const auto range_of_bit = marginal_ranges(all.worth, {.threads = options_.execution.threads});
    std::vector<double> parts(by_bit.size());
    std::vector<OrderRange> ranges(by_bit.size());
    for (std::size_t bit = 0; bit < by_bit.size(); ++bit) {
      parts[all.player[bit]] = by_bit[bit];
      ranges[all.player[bit]] = range_of_bit[bit];
    }
    for (std::size_t r = 0; r < out_.rows.size(); ++r) {
      ExplanationRow& row = out_.rows[r];
      const auto [single, weight] = only_player(r);
      row.contribution = weighted(parts, r);
      const OrderRange range =
          single < parts.size() ? OrderRange{weight * ranges[single].least, weight * ranges[single].greatest}
                                : weighted_range(all.worth, by_bit_of(all, weights_[r]));
      row.least = range.least;
      row.greatest = range.greatest;
    }
  }

  static std::vector<double> by_bit_of(const AllWorths& all, const std::vector<double>& of_players) {
    std::vector<double> out;
    for (const std::size_t player : all.player) out.push_back(of_players[player]);
    return out;
  }

  void with_unions() {
    const auto members = view_.members();
    if (union_coalitions(members) > union_coalition_limit) too_many(game_.players());
    const UnionGame game = game_.with_unions();
    const std::vector<double> parts = owen_values(game);
    for (std::size_t r = 0; r < out_.rows.size(); ++r) {
      out_.rows[r].contribution = weighted(parts, r);
      const OrderRange range = weighted_range(game, weights_[r]);
      out_.rows[r].least = range.least;
      out_.rows[r].greatest = range.greatest;
    }
  }

  /// The one player of a row and its share; beyond the players where there are several.
  [[nodiscard]] std::pair<std::size_t, double> only_player(std::size_t r) const {
    std::pair<std::size_t, double> found{game_.players(), 0.0};
    for (std::size_t p = 0; p < weights_[r].size(); ++p) {
      if (weights_[r][p] == 0) continue;
      if (found.first != game_.players()) return {game_.players(), 0.0};
      found = {p, weights_[r][p]};
    }
    return found;
  }

  [[nodiscard]] double weighted(const std::vector<double>& parts, std::size_t r) const {
    double sum = 0;
    for (std::size_t p = 0; p < parts.size(); ++p) {
      if (weights_[r][p] != 0) sum += weights_[r][p] * parts[p];
    }
    return sum;
  }

  /// What each player adds in each of some orders, players within an order in a row of the result.
  [[nodiscard]] std::vector<std::vector<double>> marginals(
      const std::vector<std::vector<std::size_t>>& orders) {
    const std::size_t g = game_.players();
    const std::size_t steps = g + 1;
    std::vector<Coalition> in(g, Coalition(orders.size() * steps, 0));
    for (std::size_t k = 0; k < orders.size(); ++k) {
      for (std::size_t position = 0; position < g; ++position) {
        for (std::size_t step = position + 1; step < steps; ++step)
          in[orders[k][position]][k * steps + step] = 1;
      }
    }
    const std::vector<double> worth = game_.of(in, orders.size() * steps);
    std::vector<std::vector<double>> out(orders.size(), std::vector<double>(g));
    for (std::size_t k = 0; k < orders.size(); ++k) {
      for (std::size_t position = 0; position < g; ++position)
        out[k][orders[k][position]] = worth[k * steps + position + 1] - worth[k * steps + position];
    }
    return out;
  }

  void in_one_order() {
    order_ = given_order();
    const std::vector<double> parts = marginals({order_}).front();
    for (std::size_t r = 0; r < out_.rows.size(); ++r) out_.rows[r].contribution = weighted(parts, r);
  }

  [[nodiscard]] std::vector<std::size_t> given_order() const {
    std::vector<std::size_t> order;
    std::vector<std::string> labels;
    for (const Player& player : view_.players) labels.push_back(player.label);
    for (const std::string& wanted : options_.order) {
      const auto at = std::find(labels.begin(), labels.end(), wanted);
      if (at == labels.end())
        throw UnknownNameError("row of the explanation", wanted, nearest_name(wanted, labels));
      const auto p = static_cast<std::size_t>(at - labels.begin());
      if (std::find(order.begin(), order.end(), p) != order.end())
        throw InvalidValueError("explain(order=)", wanted + " twice", "each name once");
      order.push_back(p);
    }
    for (std::size_t p = 0; p < labels.size(); ++p) {
      if (std::find(order.begin(), order.end(), p) == order.end()) order.push_back(p);
    }
    return order;
  }

  void by_sampling() {
    if (options_.samples < 2)
      throw InvalidValueError("explain(samples=)", std::to_string(options_.samples), "at least 2 orders");
    const std::size_t pairs = (options_.samples + 1) / 2;
    const DrawnOrders drawn(view_, options_.seed);
    const std::size_t rows = out_.rows.size();
    std::vector<double> mean(rows, 0.0), squares(rows, 0.0);
    constexpr double infinite = std::numeric_limits<double>::infinity();
    for (ExplanationRow& row : out_.rows) {
      row.least = infinite;
      row.greatest = -infinite;
    }
    constexpr std::size_t pairs_a_block = 64;
    double done = 0;
    for (std::size_t first = 0; first < pairs; first += pairs_a_block) {
      const std::size_t last = std::min(pairs, first + pairs_a_block);
      std::vector<std::vector<std::size_t>> orders;
      for (std::size_t k = 2 * first; k < 2 * last; ++k) orders.push_back(drawn.at(k));
      const auto added = marginals(orders);
      for (std::size_t k = 0; k < added.size(); k += 2) {
        done += 1;
        for (std::size_t r = 0; r < rows; ++r) {
          const double forth = weighted(added[k], r), back = weighted(added[k + 1], r);
          ExplanationRow& row = out_.rows[r];
          row.least = std::min({row.least, forth, back});
          row.greatest = std::max({row.greatest, forth, back});
          const double part = (forth + back) / 2;
          const double step = part - mean[r];
          mean[r] += step / done;
          squares[r] += step * (part - mean[r]);
        }
      }
    }
    for (std::size_t r = 0; r < rows; ++r) {
      out_.rows[r].contribution = mean[r];
      out_.rows[r].standard_error = done > 1 ? std::sqrt(squares[r] / (done - 1) / done) : unknown_number;
    }
    out_.notes.push_back("parts are means over " + std::to_string(2 * pairs) +
                         " orders drawn at random; least and greatest are over these orders");
  }

  void by_paths() {
    const PathParts found =
        path_parts(difference_, view_, difference_.plan.chain, difference_.actual.chain, options_);
    path_steps_ = found.steps;
    for (std::size_t r = 0; r < out_.rows.size(); ++r) out_.rows[r].contribution = weighted(found.parts, r);
    out_.notes.push_back("lmdi moves all numbers at once: there is no order, and no least and greatest");
  }

  // ---- intervals ---------------------------------------------------------------------------------------

  /// Calls visit(coalition, weight by row) so that the sum of weight * worth is each row's contribution; the
  /// last weight is the total's.
  template <class Visit>
  void for_each_coalition(Visit&& visit) {
    CoalitionWeights weights(view_, weights_);
    weights.of_total(visit);
    if (out_.method == ExplainMethod::sequential) return weights.in_order(order_, 1.0, visit);
    if (out_.method != ExplainMethod::sampled && !view_.unions &&
        (std::size_t{1} << game_.players()) <= exact_gradients)
      return weights.each_coalition(visit);
    if (out_.method != ExplainMethod::sampled && view_.unions &&
        union_coalitions(view_.members()) <= exact_gradients)
      return weights.each_with_unions(visit);
    const DrawnOrders drawn(view_, options_.seed);
    for (std::size_t k = 0; k < gradient_orders; ++k)
      weights.in_order(drawn.at(k), 1.0 / static_cast<double>(gradient_orders), visit);
  }

  void intervals() {
    const std::size_t rows = out_.rows.size();
    Chance chance(difference_, view_, rows + 1);
    if (!chance.any()) {
      out_.notes.push_back("no number says how sure it is: no interval (measured numbers with n give one)");
      return;
    }
    if (has_horizon(difference_.figure)) {
      out_.notes.push_back("no interval: a horizon has no gradient");
      return;
    }
    const bool of_paths = out_.method == ExplainMethod::lmdi;
    const bool only_total = of_paths && chance.evaluations() > path_interval_steps / (path_steps_ + 1);
    const auto add = [&](const Coalition& in, const std::vector<double>& weight) {
      const Chain chain = game_.chain_of(in);
      const Elimination& plan = game_.plan_of_elimination();
      const Solution solution = solve_chain(chain, plan, options_.analysis.capacity);
      chance.add(in, gradient(chain, plan, solution, difference_.figure), weight);
    };
    if (of_paths) {
      CoalitionWeights(view_, weights_).of_total(add);
      if (!only_total) {
        chance.differentiate([&](const Chain& plan, const Chain& actual) {
          const std::vector<double> parts = path_parts(difference_, view_, plan, actual, options_).parts;
          std::vector<double> of_rows(rows);
          for (std::size_t r = 0; r < rows; ++r) of_rows[r] = weighted(parts, r);
          return of_rows;
        });
      }
    } else {
      for_each_coalition(add);
    }
    const std::vector<double> variances = chance.variances();
    const auto set = [](double value, double variance, double& low, double& high,
                        std::optional<bool>& within) {
      if (std::isnan(variance)) return;
      const double half = two_sided_95 * std::sqrt(std::max(variance, 0.0));
      low = value - half;
      high = value + half;
      within = low <= 0 && high >= 0;
    };
    set(out_.total, variances[rows], out_.low, out_.high, out_.within_chance);
    // A mean whose spread nobody gave may vary more than is known: "more than chance" is then not claimed.
    bool some_spreadless = false;
    const auto doubt = [&](const Player& player) {
      return std::any_of(player.atoms.begin(), player.atoms.end(),
                         [&](std::uint32_t atom) { return chance.spreadless(atom); });
    };
    for (const Player& player : view_.players) some_spreadless = some_spreadless || doubt(player);
    if (some_spreadless) {
      if (out_.within_chance == false) out_.within_chance.reset();
      out_.notes.push_back(
          "means of amounts or costs were measured without a spread: intervals leave theirs out");
    }
    if (only_total) {
      out_.notes.push_back("lmdi: an interval of the total alone, since the funnel has too many paths");
      return;
    }
    for (std::size_t r = 0; r < rows; ++r) {
      ExplanationRow& row = out_.rows[r];
      set(row.contribution, variances[r], row.low, row.high, row.within_chance);
      bool doubtful = false, known = false;
      for (std::size_t p = 0; p < weights_[r].size(); ++p) {
        if (weights_[r][p] == 0) continue;
        doubtful = doubtful || doubt(view_.players[p]);
        known = known || chance.known(p);
      }
      if (!doubtful) continue;
      if (row.within_chance == false) row.within_chance.reset();
      if (!known) {
        row.low = row.high = unknown_number;
        row.within_chance.reset();
      }
    }
  }

  void notes() {
    if (!difference_.untouched.empty()) {
      std::string said = "differs and plays no part in " + out_.metric + ": ";
      for (std::size_t k = 0; k < difference_.untouched.size(); ++k)
        said += (k > 0 ? ", " : "") + difference_.untouched[k];
      out_.notes.push_back(said);
    }
    if (view_.unions) out_.notes.push_back("orders keep what one owner owns together (Owen value)");
    if (out_.by == std::vector<By>{By::stage})
      out_.notes.push_back("a stage's numbers move as one: rows need not be the sums of stage and factor");
  }

  const ExplainOptions& options_;
  bool by_owner_;
  Difference difference_;
  PlayerView view_;
  Game game_;
  std::vector<std::vector<double>> weights_;  // by row, of players
  std::vector<std::size_t> order_;
  std::size_t path_steps_ = 0;
  Explanation out_;
};

}  // namespace funnelgraph::inline v0::detail
