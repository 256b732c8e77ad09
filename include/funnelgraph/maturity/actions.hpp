// What can be done to come one step closer, and the order in which an assessment suggests it.
#pragma once

#include <string>
#include <vector>

#include <funnelgraph/config.hpp>
#include <funnelgraph/maturity/advice.hpp>
#include <funnelgraph/maturity/assessment.hpp>

namespace funnelgraph::inline v0::maturity {

/// One action of the move from `from` to the next type.
struct Action {
  std::string id;
  Relationship from;
  Texts name;
  Texts text;                        ///< what is done
  std::string owner;                 ///< "marketing", "sales", "both", "company"
  Texts cadence;                     ///< how often
  Texts cost_to_other;               ///< what it asks of the other side, or of both
  std::vector<std::string> lifts;    ///< statements it should lift
  std::vector<std::string> changes;  ///< kinds of numbers or parts of a funnel it should change
};

/// All actions, in the order of the moves.
[[nodiscard]] const std::vector<Action>& actions();
/// The actions of one move. Throws InvalidValueError unless `to` is the type right after `from`: two moves at
/// once are not advised.
[[nodiscard]] std::vector<Action> actions(Relationship from, Relationship to);

/// An action with what speaks for doing it soon.
struct PlannedAction {
  Action action;
  std::string weakest;  ///< of the statements it lifts the one with the lowest mean answer of a side
  Side side;            ///< whose answer that is
  double answer;        ///< that mean answer; NaN when no side's is known
  double need;          ///< mean over its statements of the lower side's mean answer: the lowest comes first
};

/// The actions of the move from `from` to the next type, those first whose statements are weakest; empty for
/// integrated. Statements that the assessment's instrument does not have do not count.
[[nodiscard]] std::vector<PlannedAction> plan(const Assessment& assessment, Relationship from);

}  // namespace funnelgraph::inline v0::maturity

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/maturity/actions_inl.hpp>
#endif
