// What a move between two types of relationship may do to a funnel: a scenario made of assumptions.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <funnelgraph/config.hpp>
#include <funnelgraph/maturity/advice.hpp>
#include <funnelgraph/maturity/texts.hpp>
#include <funnelgraph/model/funnel.hpp>
#include <funnelgraph/scenario/row_change.hpp>
#include <funnelgraph/scenario/scenario.hpp>

namespace funnelgraph::inline v0::maturity {

/// Which numbers of a funnel an effect changes, found by the roles of their owners.
enum class Addresses : std::uint8_t {
  hand_off_lag,  ///< lags of transitions along which Marketing and Sales hand over to each other
  sales_lag,     ///< lags out of stages that Sales owns at all and that are no such hand-off
  acceptance,    ///< odds of the rates along which Marketing hands over to Sales, taken from the leak
  lead_quality,  ///< odds of the rates onward from where Sales receives, to stages and wins, from the leak
  sales_cost,    ///< costs of stages that Sales owns at all, of transitions out of them, and its fixed cost
  entry_cost     ///< costs of entrants that Marketing bears at all
};
/// "hand_off_lag", as it is written in code.
[[nodiscard]] std::string_view to_string(Addresses addresses) noexcept;

/// One row of the effect table.
struct Effect {
  std::string id;
  Relationship from;  ///< of the move from this type to the next
  Texts name;         ///< what is multiplied: "waiting between Marketing and Sales"
  Addresses addresses;
  Number multiplier;                 ///< above 0; 1 is no effect
  std::vector<std::string> actions;  ///< the actions by which it should come about
  bool operator==(const Effect&) const = default;
};

/// "assumption" for an assumed multiplier, else how it came to be: "measured".
[[nodiscard]] std::string_view label_of(const Effect& effect) noexcept;

/// The project's own table. Every multiplier is an assumption with a 90 % range that holds no effect; no
/// study stands behind it.
[[nodiscard]] const std::vector<Effect>& effect_table();
/// Its rows of one move. Throws InvalidValueError unless `to` is the type right after `from`.
[[nodiscard]] std::vector<Effect> effect_table(Relationship from, Relationship to);

struct EffectOptions {
  std::vector<Effect> table{};         ///< rows of this move; empty = those of `effect_table`
  std::vector<std::string> actions{};  ///< only effects of these actions of the move; empty = all
  double strength = 1;                 ///< each multiplier is raised to this power, 0 or more
};

/// A number that an effect changes.
struct AddressedNumber {
  std::string effect;
  Parameter parameter;
  double value = 0;  ///< in the funnel
  ChangeKind kind = ChangeKind::scale;
  Number factor;
};

/// What an effect could not change, and why. `where` is a parameter as written in code, or empty where it is
/// about the whole funnel. `code`: "no_owner", "no_hand_off", "nothing_there", "unknown", "zero", "no_leak",
/// "taken" (another effect changes it).
struct LeftOut {
  std::string effect;
  std::string code;
  std::string where;
  Texts why;
};

/// The scenario beside what it rests on. Nothing is skipped in silence: every effect has rows in `addressed`
/// or `left_out`.
struct Effects {
  Relationship from, to;
  Scenario scenario;
  std::vector<Effect> table;  ///< rows used, multipliers at the strength asked for
  std::vector<AddressedNumber> addressed;
  std::vector<LeftOut> left_out;
  /// An effect that changes nothing at all in this funnel.
  [[nodiscard]] bool idle(std::string_view effect) const noexcept;
};

/// A move as a scenario on a funnel. Each factor is a Number with the source and the range of its multiplier,
/// so that whoever draws numbers can draw it; numbers of one effect share one multiplier. A bare multiplier
/// gets a range from no effect to its square. Where two effects could change one number the first row has it.
///
/// Throws InvalidValueError: `to` is not the type right after `from` (two moves at once are not advised), a
/// multiplier that is not above 0 and finite, an assumed one whose range does not hold 1 (say where it comes
/// from instead), an effect of another move or that stands twice, a strength below 0; UnknownNameError for an
/// action that the move does not have. O(size of the funnel * rows of the table).
[[nodiscard]] Effects effects(Relationship from, Relationship to, const Funnel& funnel,
                              const EffectOptions& options = {});

}  // namespace funnelgraph::inline v0::maturity

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/maturity/effect_table_inl.hpp>
#include <funnelgraph/maturity/effects_inl.hpp>
#endif
