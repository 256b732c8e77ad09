#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

#include <funnelgraph/core/error.hpp>
#include <funnelgraph/core/nearest_name.hpp>
#include <funnelgraph/core/shown.hpp>
#include <funnelgraph/maturity/effect_table_inl.hpp>
#include <funnelgraph/maturity/effects.hpp>
#include <funnelgraph/maturity/owner_roles_inl.hpp>
#include <funnelgraph/scenario/change.hpp>

namespace funnelgraph::inline v0::maturity {
namespace detail {

inline constexpr std::array<std::string_view, 6> addresses_words{"hand_off_lag", "sales_lag",  "acceptance",
                                                                 "lead_quality", "sales_cost", "entry_cost"};

/// A multiplier with its range raised to a power. A bare one reaches from no effect to its square.
[[nodiscard]] inline Number raised(const Number& multiplier, double strength) {
  const auto power = [&](double base) { return std::pow(base, strength); };
  const Source& said = multiplier.source;
  std::optional<Interval> range = said.interval();
  if (!range && said.kind() == SourceKind::assumed) {
    const double square = multiplier.value * multiplier.value;
    range = Interval{std::min(square, 1.0), std::max(square, 1.0), between_level};
  }
  if (range) range = Interval{power(range->low), power(range->high), range->level};
  return {power(multiplier.value), Source(SourceDetails{said.kind(), said.n(), said.by(), range})};
}

inline void check_effect(const Effect& effect, Relationship from) {
  const std::string where = "multiplier of " + effect.id;
  const double value = effect.multiplier.value;
  if (!(value > 0) || std::isinf(value)) {
    throw InvalidValueError(where, funnelgraph::detail::shown(value), "a finite number above 0");
  }
  const std::optional<Interval> range = effect.multiplier.source.interval();
  if (range && !(range->low > 0 && std::isfinite(range->high))) {
    throw InvalidValueError(where, "a range from " + funnelgraph::detail::shown(range->low),
                            "a finite range above 0");
  }
  if (range && effect.multiplier.source.kind() == SourceKind::assumed &&
      !(range->low <= 1 && range->high >= 1)) {
    throw InvalidValueError(where,
                            funnelgraph::detail::shown(range->low) + " to " +
                                funnelgraph::detail::shown(range->high) + ", assumed",
                            "a range that holds 1 (no effect), or a source: measured, agreed or estimated");
  }
  if (effect.from != from) {
    throw InvalidValueError("effect " + effect.id, "of the move from " + std::string(to_string(effect.from)),
                            "effects of the move from " + std::string(to_string(from)));
  }
}

/// Finds the numbers of a funnel that effects address.
class EffectFinder {
 public:
  EffectFinder(const Funnel& funnel, Effects& result)
      : funnel_(funnel),
        result_(result),
        sellers_(owners_of(funnel, Side::sales)),
        marketers_(owners_of(funnel, Side::marketing)),
        given_(hand_offs_between(funnel, Side::marketing, Side::sales)),
        returned_(hand_offs_between(funnel, Side::sales, Side::marketing)) {}

  void find(const Effect& effect) {
    before_ = result_.addressed.size() + result_.left_out.size();
    switch (effect.addresses) {
      case Addresses::hand_off_lag:
        if (!sides_known(effect, true)) return;
        if (given_.empty() && returned_.empty()) return no_hand_off(effect);
        for (const auto* moves : {&given_, &returned_}) {
          for (const SideHandOff& move : *moves) take_lag(effect, funnel_.transition(move.transition));
        }
        break;
      case Addresses::sales_lag:
        if (!sides_known(effect, false)) return;
        for (const Transition& transition : funnel_.transitions()) {
          if (is_of(transition.from, sellers_) && !hands_off(transition)) take_lag(effect, transition);
        }
        break;
      case Addresses::acceptance:
        if (!sides_known(effect, true)) return;
        if (given_.empty()) return no_hand_off(effect);
        for (const SideHandOff& move : given_) take_rate(effect, funnel_.transition(move.transition));
        break;
      case Addresses::lead_quality:
        if (!sides_known(effect, true)) return;
        if (given_.empty()) return no_hand_off(effect);
        take_quality(effect);
        break;
      case Addresses::sales_cost:
        if (!sides_known(effect, false)) return;
        take_costs(effect);
        break;
      case Addresses::entry_cost:
        if (marketers_.empty()) return no_owner(effect, Side::marketing);
        for (const Entry& entry : funnel_.entries()) {
          const Parameter parameter = funnelgraph::entry_cost(entry.stage, entry.channel);
          if (share_of(funnel_.ownership(parameter), marketers_) > 0) take(effect, parameter);
        }
    }
    if (result_.addressed.size() + result_.left_out.size() == before_) {
      leave(effect, "nothing_there", "",
            {{"en", "this funnel has no such number"}, {"vi", "phễu này không có số nào như vậy"}});
    }
  }

 private:
  void leave(const Effect& effect, const char* code, std::string where, Texts why) {
    result_.left_out.push_back({effect.id, code, std::move(where), std::move(why)});
  }
  void no_hand_off(const Effect& effect) {
    leave(effect, "no_hand_off", "",
          {{"en", "no transition leads from a stage of Marketing to a stage of Sales"},
           {"vi", "không có bước chuyển nào từ giai đoạn của Marketing sang giai đoạn của Bán hàng"}});
  }
  void no_owner(const Effect& effect, Side side) {
    const bool sales = side == Side::sales;
    leave(
        effect, "no_owner", "",
        {{"en", std::string("no owner has the role ") + (sales ? "sales" : "marketing")},
         {"vi", std::string("không có chủ sở hữu nào mang vai trò ") + (sales ? "bán hàng" : "marketing")}});
  }
  [[nodiscard]] bool sides_known(const Effect& effect, bool both) {
    if (both && marketers_.empty()) no_owner(effect, Side::marketing);
    if (sellers_.empty()) no_owner(effect, Side::sales);
    return !sellers_.empty() && !(both && marketers_.empty());
  }
  [[nodiscard]] bool is_of(const std::string& stage, const std::vector<std::string>& owners) const {
    const auto id = funnel_.find_stage(stage);
    return id && share_of(funnel_.stage(*id).owner, owners) > 0;
  }
  [[nodiscard]] bool hands_off(const Transition& transition) const {
    const auto is = [&](const SideHandOff& move) {
      return &funnel_.transition(move.transition) == &transition;
    };
    return std::any_of(given_.begin(), given_.end(), is) ||
           std::any_of(returned_.begin(), returned_.end(), is);
  }

  /// Adds the change of one number, unless it cannot be changed.
  void take(const Effect& effect, const Parameter& parameter, bool odds = false) {
    const std::string where = to_string(parameter);
    const double value = funnel_.get(parameter);
    if (std::isnan(value)) {
      return leave(effect, "unknown", where,
                   {{"en", "it is not known in this funnel"}, {"vi", "phễu này không có số liệu đó"}});
    }
    if (value == 0) {
      return leave(
          effect, "zero", where,
          {{"en", "it is 0, which no multiplier changes"}, {"vi", "số này bằng 0, nhân lên không đổi"}});
    }
    if (!taken_.insert(parameter).second) {
      return leave(
          effect, "taken", where,
          {{"en", "an effect above changes it already"}, {"vi", "một tác động ở trên đã thay đổi số này"}});
    }
    const ChangeKind kind = odds ? ChangeKind::scale_odds : ChangeKind::scale;
    result_.addressed.push_back({effect.id, parameter, value, kind, effect.multiplier});
  }
  void take_lag(const Effect& effect, const Transition& transition) {
    take(effect, funnelgraph::lag(transition.from, transition.to));
  }
  void take_rate(const Effect& effect, const Transition& transition) {
    const Parameter parameter = funnelgraph::rate(transition.from, transition.to);
    // The drop-off and exits to lost and silent: without them there is nothing to take from.
    double leak = funnel_.get(funnelgraph::drop_off(transition.from));
    for (const TransitionId id : funnel_.exits(transition.from)) {
      const auto outcome = funnel_.find_outcome(funnel_.transition(id).to);
      if (!outcome) continue;
      const OutcomeKind kind = funnel_.outcome(*outcome).kind;
      if (kind == OutcomeKind::lost || kind == OutcomeKind::silent) leak += funnel_.transition(id).rate.value;
    }
    if (!(leak > 0)) {
      return leave(effect, "no_leak", to_string(parameter),
                   {{"en", "nothing is lost at this stage, so nothing can be won back"},
                    {"vi", "giai đoạn này không mất khách, nên không có gì để giành lại"}});
    }
    take(effect, parameter, true);
  }
  void take_quality(const Effect& effect) {
    std::set<std::string> receiving;
    for (const SideHandOff& move : given_) receiving.insert(funnel_.transition(move.transition).to);
    for (const Transition& transition : funnel_.transitions()) {
      if (!receiving.contains(transition.from)) continue;
      const auto outcome = funnel_.find_outcome(transition.to);
      const bool won = outcome && funnel_.outcome(*outcome).kind == OutcomeKind::won;
      const bool back = std::any_of(returned_.begin(), returned_.end(), [&](const SideHandOff& move) {
        return &funnel_.transition(move.transition) == &transition;
      });
      if (won || (!outcome && !back)) take_rate(effect, transition);
    }
  }
  void take_costs(const Effect& effect) {
    for (const Stage& stage : funnel_.stages()) {
      if (share_of(stage.owner, sellers_) > 0) take(effect, funnelgraph::cost(stage.name));
    }
    for (const Transition& transition : funnel_.transitions()) {
      if (is_of(transition.from, sellers_) && transition.cost.value != 0) {
        take(effect, funnelgraph::transition_cost(transition.from, transition.to));
      }
    }
    for (const std::string& seller : sellers_) {
      if (funnel_.owner(seller).fixed_cost.value != 0) take(effect, funnelgraph::fixed_cost(seller));
    }
  }

  const Funnel& funnel_;
  Effects& result_;
  std::vector<std::string> sellers_, marketers_;
  std::vector<SideHandOff> given_, returned_;
  std::set<Parameter> taken_;
  std::size_t before_ = 0;
};

}  // namespace detail

FUNNELGRAPH_INLINE std::string_view to_string(Addresses addresses) noexcept {
  return detail::addresses_words[static_cast<std::size_t>(addresses)];
}

FUNNELGRAPH_INLINE std::string_view label_of(const Effect& effect) noexcept {
  switch (effect.multiplier.source.kind()) {
    case SourceKind::measured:
      return "measured";
    case SourceKind::agreed:
      return "agreed";
    case SourceKind::estimated:
      return "estimated";
    case SourceKind::placeholder:
      return "placeholder";
    case SourceKind::assumed:
      break;
  }
  return "assumption";
}

FUNNELGRAPH_INLINE bool Effects::idle(std::string_view effect) const noexcept {
  return std::none_of(addressed.begin(), addressed.end(),
                      [&](const AddressedNumber& number) { return number.effect == effect; });
}

FUNNELGRAPH_INLINE Effects effects(Relationship from, Relationship to, const Funnel& funnel,
                                   const EffectOptions& options) {
  const std::vector<Action> known = actions(from, to);
  for (const std::string& chosen : options.actions) {
    if (std::none_of(known.begin(), known.end(), [&](const Action& a) { return a.id == chosen; })) {
      std::vector<std::string> names;
      for (const Action& action : known) names.push_back(action.id);
      throw UnknownNameError("action of this move", chosen, nearest_name(chosen, names));
    }
  }
  if (!(options.strength >= 0) || std::isinf(options.strength)) {
    throw InvalidValueError("strength", funnelgraph::detail::shown(options.strength),
                            "a finite number, 0 or more");
  }
  Effects result{from, to, Scenario(), {}, {}, {}};
  detail::EffectFinder finder(funnel, result);
  std::set<std::string> seen;
  for (Effect effect : options.table.empty() ? effect_table(from, to) : options.table) {
    detail::check_effect(effect, from);
    if (!seen.insert(effect.id).second) {
      throw InvalidValueError("effect " + effect.id, "two rows", "one row for each effect");
    }
    const bool wanted =
        options.actions.empty() ||
        std::any_of(effect.actions.begin(), effect.actions.end(), [&](const auto& action) {
          return std::find(options.actions.begin(), options.actions.end(), action) != options.actions.end();
        });
    if (!wanted) continue;
    effect.multiplier = detail::raised(effect.multiplier, options.strength);
    finder.find(effect);
    result.table.push_back(std::move(effect));
  }
  std::vector<Change> changes;
  for (const AddressedNumber& number : result.addressed) {
    changes.push_back(
        {.what = NumberChange{.kind = number.kind, .parameter = number.parameter, .value = number.factor}});
  }
  result.scenario = Scenario(std::string(to_string(from)) + " to " + std::string(to_string(to)),
                             "What coming one step closer may do. Factors are assumptions unless they say "
                             "where they come from, and the range of an assumption holds no effect at all.",
                             std::move(changes));
  return result;
}

}  // namespace funnelgraph::inline v0::maturity
