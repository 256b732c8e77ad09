// The ways that lead to a win: what all of them pass, and which are taken most.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include <funnelgraph/model/funnel.hpp>

namespace funnelgraph::inline v0 {

/// The stages that every journey to an outcome of this kind passes, in the order in which it does (the
/// dominators of the outcome, from the entries of volume > 0, or from all entries where none has any, over
/// transitions of rate > 0). Empty where no such outcome can be reached, or nothing is passed by all. Takes
/// broken funnels too: transitions without an end do not count. O(stages + transitions).
[[nodiscard]] std::vector<std::string> must_pass(const Funnel& funnel, OutcomeKind kind = OutcomeKind::won);

/// The most paths that `most_probable_paths` lists.
inline constexpr std::size_t path_count_limit = 1000;

struct PathOptions {
  std::size_t count = 10;                ///< how many paths at most, 1 to `path_count_limit`
  std::optional<std::string> outcome{};  ///< where they end; none = at any won outcome
  std::optional<std::string> start{};    ///< the stage they start from; none = the entries, by volume
};

/// One way from a start to an outcome that visits no stage twice.
struct ProbablePath {
  std::vector<std::string> stages;
  std::string outcome;
  double probability = 0;  ///< that a journey takes exactly this way
  double mean_time = 0;    ///< days, mean over those that do; NaN where a lag on it is unknown
  bool operator==(const ProbablePath&) const = default;
};

/// The most probable loop-free paths, most probable first (of equal ones the shorter first), by effective
/// rates. Fewer than asked for where there are no more of probability > 0. Journeys that come back to a stage
/// take none of them, so that the probabilities sum to at most that of the outcomes. Throws
/// InvalidFunnelError, UnknownNameError (outcome, start), InvalidValueError (count).
/// Yen's algorithm with lazily resolved deviations, each by A* under the exact distance to the outcomes
/// (Yen 1971, Management Science 17(11):712-716; Martins and Pascoal 2003, 4OR 1:121-133); worst case
/// O(count * longest path * transitions * log(stages)), mostly near O(transitions * log(stages)).
[[nodiscard]] std::vector<ProbablePath> most_probable_paths(const Funnel& funnel,
                                                            const PathOptions& options = {});

}  // namespace funnelgraph::inline v0

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/compile/paths_inl.hpp>
#endif
