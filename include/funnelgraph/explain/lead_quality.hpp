// Lead quality before blame: the mix that a stage receives and what it makes of it; which sources send leads
// that fit; classes of enquirers.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include <funnelgraph/analysis/results.hpp>
#include <funnelgraph/model/segmented_funnel.hpp>

namespace funnelgraph::inline v0 {

/// Classes of enquirers that are usual; any other name will do as well.
inline constexpr const char* enquirer_classes[] = {"buyer", "price-asker", "later", "seasonal",
                                                   "competitor's probe"};

/// The rate at which a stage that receives a hand-off sends journeys on, and why it changed.
struct ReceivedRate {
  std::string stage, giver, receiver;
  double rate_plan = 0, rate_actual = 0;
  double change = 0;
  double mix = 0;      ///< the giver's: other classes than before
  double within = 0;   ///< the receiver's: other rates within a class
  std::string note{};  ///< "rate, including lead quality" where there are no classes
};

/// One class at one of these stages; mix is counted against the stage's overall rate.
struct ReceivedClass {
  std::string stage, segment;
  double share_plan = 0, share_actual = 0;
  double rate_plan = 0, rate_actual = 0;
  double mix = 0, within = 0;
};

struct LeadQuality {
  std::vector<ReceivedRate> rows;      ///< one a stage that receives from another owner
  std::vector<ReceivedClass> classes;  ///< empty without classes
};

/// Splits the change of each receiving stage's rate (to a stage or a win, per visit) by class: shares of its
/// visits against rates within a class, both orders averaged, without residual. A class that one side
/// lacks has the other's rate. Throws as `analyze`.
[[nodiscard]] LeadQuality lead_quality(const SegmentedFunnel& plan, const SegmentedFunnel& actual);
/// Without classes: the whole change stands under `within`, noted "rate, including lead quality".
[[nodiscard]] LeadQuality lead_quality(const Funnel& plan, const Funnel& actual);

struct LeadSourceOptions {
  /// The stage that says that a lead fits; none = leads fit unless they end screened.
  std::optional<std::string> fits_at{};
  std::string receiver = "Sales";  ///< whose time is counted
  /// Minutes that one visit of a stage takes; stages that are not named take none.
  std::map<std::string, double> minutes{};
};

/// One source of leads.
struct LeadSource {
  std::string source;
  double entrants = 0;
  double fitting = 0;                                  ///< entrants that fit
  double share = unknown_number;                       ///< fitting / entrants
  double low = unknown_number, high = unknown_number;  ///< 95 % (Jeffreys) where entrants were counted
  double visits = 0;                                   ///< of the receiver's stages, by its share
  double visits_unfit = 0;                             ///< of these by leads that do not fit
  double hours = 0, hours_unfit = 0;
};

/// Share of leads that fit and the receiver's time that goes to those that do not, by segment (source).
/// Throws UnknownNameError (stage, receiver), InvalidValueError (minutes below 0; no screened outcome and no
/// `fits_at`), and as `analyze`.
[[nodiscard]] std::vector<LeadSource> lead_sources(const SegmentedFunnel& sources,
                                                   const LeadSourceOptions& options = {});

/// How the journeys of one class end; probabilities add up to 1.
struct ClassRow {
  std::string segment;
  double entrants = 0, share = unknown_number;
  double won = 0, lost = 0, screened = 0;
  double silent = 0;    ///< no answer: a leak that is counted
  double drop_off = 0;  ///< left without any outcome
  double value = 0;     ///< revenue per entrant
};

/// One row a class and a last one for all.
[[nodiscard]] std::vector<ClassRow> class_rates(const SegmentedFunnel& classes);

}  // namespace funnelgraph::inline v0

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/explain/lead_quality_inl.hpp>
#endif
