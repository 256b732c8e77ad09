// Definitions of path_parts.hpp.
#pragma once

#include <algorithm>
#include <cmath>
#include <string>

#include <funnelgraph/chain/elimination.hpp>
#include <funnelgraph/core/error.hpp>
#include <funnelgraph/explain/detail/difference_inl.hpp>
#include <funnelgraph/explain/detail/path_parts.hpp>

namespace funnelgraph::inline v0::detail {

/// What a linear figure pays for visits, exits and money.
struct Prices {
  std::vector<double> visit, outcome;
  double drop_off = 0, revenue = 0, cost = 0;
  std::vector<double> outcome_share;  ///< of probabilities: a price per share of the entrants
  double drop_off_share = 0;
};

class PathWalk {
 public:
  PathWalk(const Difference& difference, const PlayerView& view, const Chain& plan, const Chain& actual,
           const ExplainOptions& options)
      : difference_(difference), view_(view), plan_(plan), actual_(actual), options_(options) {
    prices_.visit.assign(plan_.stage_count, 0.0);
    prices_.outcome.assign(plan_.outcome_count, 0.0);
    prices_.outcome_share = prices_.outcome;
    parts_.assign(view_.players.size(), 0.0);
    read(difference_.figure, 1);
    check();
  }

  PathParts parts() {
    double volume_plan = 0, volume_actual = 0;
    for (std::size_t k = 0; k < plan_.entries.size(); ++k) {
      volume_plan += plan_.entries[k].volume;
      volume_actual += actual_.entries[k].volume;
    }
    const bool shares =
        prices_.drop_off_share != 0 || std::any_of(prices_.outcome_share.begin(), prices_.outcome_share.end(),
                                                   [](double price) { return price != 0; });
    const bool counts = prices_.drop_off != 0 || any(prices_.visit) || any(prices_.outcome);
    for (std::uint32_t k = 0; k < plan_.entries.size(); ++k) {
      const ChainEntry& before = plan_.entries[k];
      const ChainEntry& after = actual_.entries[k];
      const std::size_t player = player_of({Input::entry_volume, k});
      push(player, before.volume, after.volume);
      if (prices_.revenue != 0 || prices_.cost != 0) {
        paying_ = Paying::money;
        member_term(player_of({Input::entry_cost, k}), before.cost, after.cost, prices_.cost);
        walk(before.stage);
      }
      if (counts) {
        paying_ = Paying::counts;
        walk(before.stage);
      }
      pop();
      if (shares && volume_plan > 0 && volume_actual > 0) {
        paying_ = Paying::shares;
        // A share of entrants moves with all volumes; it is counted to the entry's own.
        push(player == none ? any_volume() : player, before.volume / volume_plan,
             after.volume / volume_actual);
        walk(before.stage);
        pop();
      }
    }
    for (std::uint32_t w = 0; w < plan_.owner_count; ++w) {
      push(player_of({Input::fixed_cost, w}), plan_.fixed_cost[w], actual_.fixed_cost[w]);
      term(prices_.cost);
      pop();
    }
    return {parts_, steps_};
  }

 private:
  static constexpr std::size_t none = static_cast<std::size_t>(-1);
  struct Member {
    std::size_t player;
    double plan, actual;
  };
  /// What the walk is about: only money is discounted.
  enum class Paying : std::uint8_t { money, counts, shares };

  static bool any(const std::vector<double>& prices) {
    return std::any_of(prices.begin(), prices.end(), [](double price) { return price != 0; });
  }

  [[noreturn]] static void refuse(const std::string& given, const std::string& allowed) {
    throw InvalidValueError("explain(method=\"lmdi\")", given, allowed + ", or method=\"shapley\"");
  }

  void read(const Figure& figure, double weight) {
    switch (figure.kind) {
      case FigureKind::count:
        (figure.position == drop_off_outcome ? prices_.drop_off : prices_.outcome[figure.position]) += weight;
        return;
      case FigureKind::probability:
        (figure.position == drop_off_outcome ? prices_.drop_off_share
                                             : prices_.outcome_share[figure.position]) += weight;
        return;
      case FigureKind::visits:
        prices_.visit[figure.position] += weight;
        return;
      case FigureKind::revenue:
        prices_.revenue += weight;
        return;
      case FigureKind::cost:
        prices_.cost += weight;
        return;
      case FigureKind::profit:
        prices_.revenue += weight;
        prices_.cost -= weight;
        return;
      case FigureKind::sum:
        for (std::size_t k = 0; k < figure.parts.size(); ++k)
          read(figure.parts[k], weight * figure.weights[k]);
        return;
      default:
        refuse(to_string(options_.metric), "a metric that is a sum over paths (no ratio, no time)");
    }
  }

  void check() const {
    if (difference_.needs.capacity) refuse("capacities that shed", "capacity=\"report\"");
    if (difference_.discount_atom != no_atom)
      refuse("two discount rates", "one discount_rate= for both sides");
    for (const Atom& atom : difference_.atoms) {
      if (atom.factor == Factor::lever) refuse("lever " + atom.place + " that differs", "levers that stay");
    }
    const Elimination plan(plan_);
    if (plan.statistics().cyclic_components > 0) refuse("a funnel with a loop", "an acyclic funnel");
    for (std::uint32_t i = 0; i < plan_.stage_count; ++i) {
      for (std::uint32_t e = plan_.row_begin[i]; e < plan_.row_begin[i + 1]; ++e) {
        if (plan_.target[e] == i) refuse("a stage that leads to itself", "an acyclic funnel");
      }
    }
  }

  [[nodiscard]] std::size_t player_of(InputRef ref) const {
    const auto at = difference_.atom_of.find({ref.input, ref.index});
    return at == difference_.atom_of.end() ? none : view_.player_of[at->second];
  }
  [[nodiscard]] std::size_t any_volume() const {
    for (std::size_t a = 0; a < difference_.atoms.size(); ++a) {
      if (difference_.atoms[a].factor == Factor::volume) return view_.player_of[a];
    }
    return none;
  }
  /// The player of a stage's rates.
  [[nodiscard]] std::size_t rates_of(std::uint32_t stage) const {
    const std::size_t by_drop_off = player_of({Input::base_drop_off, stage});
    if (by_drop_off != none) return by_drop_off;
    for (std::uint32_t e = plan_.row_begin[stage]; e < plan_.row_begin[stage + 1]; ++e) {
      const std::size_t player = player_of({Input::base_rate, e});
      if (player != none) return player;
    }
    return none;
  }

  void push(std::size_t player, double plan, double actual) { members_.push_back({player, plan, actual}); }
  void pop() { members_.pop_back(); }

  /// Splits price * product over the members pushed so far.
  void term(double price) {
    if (price == 0) return;
    double before = price, after = price;
    for (const Member& member : members_) {
      before *= member.plan;
      after *= member.actual;
    }
    if (before == after) return split_equal(price);
    if (before == 0 || after == 0) {
      const double gained = after - before;
      std::size_t zeros = 0;
      const auto is_zero = [&](const Member& member) {
        return (before == 0 ? member.plan : member.actual) == 0;
      };
      for (const Member& member : members_) zeros += is_zero(member) ? 1 : 0;
      for (const Member& member : members_) {
        if (is_zero(member)) give(member, gained / static_cast<double>(zeros));
      }
      return;
    }
    if ((before < 0) != (after < 0)) refuse("a value that changes its sign", "values of one sign");
    const double mean = logarithmic_mean(before, after);
    for (const Member& member : members_) {
      if (member.plan != member.actual) give(member, mean * std::log(member.actual / member.plan));
    }
  }

  /// A product that comes out the same although its factors moved.
  void split_equal(double price) {
    double product = price;
    for (const Member& member : members_) product *= member.plan;
    if (product == 0) return;
    for (const Member& member : members_) {
      if (member.plan != member.actual) give(member, product * std::log(member.actual / member.plan));
    }
  }

  static double logarithmic_mean(double a, double b) {
    const double x = (b - a) / a;
    // (b - a) / ln(b / a), by log1p where they are near; of negative numbers too.
    return (b - a) / (std::abs(x) < 0.5 ? std::log1p(x) : std::log(b / a));
  }

  void give(const Member& member, double part) {
    if (part == 0) return;
    if (member.player == none) refuse("a number that moves with others", "numbers that move on their own");
    parts_[member.player] += part;
  }

  void walk(std::uint32_t i) {
    if (++steps_ > path_step_limit)
      refuse("over " + std::to_string(path_step_limit) + " steps along paths", "a funnel with fewer paths");
    if (dead()) return;
    const bool money = paying_ == Paying::money;
    if (paying_ == Paying::counts) term(prices_.visit[i]);
    if (money) {
      member_term(player_of({Input::stage_cost, i}), plan_.stage_cost[i], actual_.stage_cost[i],
                  prices_.cost);
      push(player_of({Input::stage_value, i}), plan_.stage_value[i], actual_.stage_value[i]);
      term(prices_.revenue);
      member_term(player_of({Input::stage_commission, i}), plan_.stage_commission[i],
                  actual_.stage_commission[i], prices_.cost);
      pop();
    }
    const std::size_t rates = rates_of(i);
    const double lost = paying_ == Paying::counts   ? prices_.drop_off
                        : paying_ == Paying::shares ? prices_.drop_off_share
                                                    : 0.0;
    member_term(rates, plan_.drop_off[i], actual_.drop_off[i], lost);
    for (std::uint32_t e = plan_.row_begin[i]; e < plan_.row_begin[i + 1]; ++e) {
      push(rates, plan_.rate[e], actual_.rate[e]);
      const bool discounted = money && difference_.needs.discount;
      if (money)
        member_term(player_of({Input::edge_cost, e}), plan_.edge_cost[e], actual_.edge_cost[e], prices_.cost);
      if (discounted) {
        const std::uint32_t atom = difference_.lag_atom[e];
        push(atom == no_atom ? none : view_.player_of[atom], plan_.discount[e], actual_.discount[e]);
      }
      if (money)
        member_term(player_of({Input::edge_value, e}), plan_.edge_value[e], actual_.edge_value[e],
                    prices_.revenue);
      if (plan_.to_stage(e)) {
        walk(plan_.target[e]);
      } else {
        arrive(plan_.target[e] - plan_.stage_count);
      }
      if (discounted) pop();
      pop();
    }
  }

  void arrive(std::uint32_t o) {
    if (paying_ == Paying::counts) return term(prices_.outcome[o]);
    if (paying_ == Paying::shares) return term(prices_.outcome_share[o]);
    push(player_of({Input::outcome_value, o}), plan_.outcome_value[o], actual_.outcome_value[o]);
    term(prices_.revenue);
    member_term(player_of({Input::outcome_commission, o}), plan_.outcome_commission[o],
                actual_.outcome_commission[o], prices_.cost);
    pop();
  }

  void member_term(std::size_t player, double plan, double actual, double price) {
    if (price == 0) return;
    push(player, plan, actual);
    term(price);
    pop();
  }

  /// Nothing flows here on either side.
  [[nodiscard]] bool dead() const {
    bool plan = true, actual = true;
    for (const Member& member : members_) {
      plan = plan && member.plan != 0;
      actual = actual && member.actual != 0;
    }
    return !plan && !actual;
  }

  const Difference& difference_;
  const PlayerView& view_;
  const Chain& plan_;
  const Chain& actual_;
  const ExplainOptions& options_;
  Prices prices_;
  std::vector<double> parts_;
  std::vector<Member> members_;
  Paying paying_ = Paying::money;
  std::size_t steps_ = 0;
};

FUNNELGRAPH_INLINE PathParts path_parts(const Difference& difference, const PlayerView& view,
                                        const Chain& plan, const Chain& actual,
                                        const ExplainOptions& options) {
  return PathWalk(difference, view, plan, actual, options).parts();
}

}  // namespace funnelgraph::inline v0::detail
