// What is asked of an explanation and what it says.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <funnelgraph/analysis/analysis_options.hpp>
#include <funnelgraph/analysis/results.hpp>
#include <funnelgraph/core/parallel.hpp>
#include <funnelgraph/explain/factor.hpp>
#include <funnelgraph/model/metric.hpp>

namespace funnelgraph::inline v0 {

/// What the rows of an explanation are named by.
enum class By : std::uint8_t { owner, stage, factor, lever, segment };

/// One name or several, in the order of the columns.
struct RowNames {
  std::vector<By> names;
  RowNames(By one) : names{one} {}                                  // NOLINT(google-explicit-constructor)
  RowNames(std::initializer_list<By> several) : names(several) {}   // NOLINT(google-explicit-constructor)
  RowNames(std::vector<By> several) : names(std::move(several)) {}  // NOLINT(google-explicit-constructor)
  bool operator==(const RowNames&) const = default;
};

enum class ExplainMethod : std::uint8_t {
  automatic,   ///< shapley; sampled above `exact_player_limit` players
  shapley,     ///< all orders, exactly; with the owner in a pair Owen values with the owner as union
  owen,        ///< owners as unions whatever the rows are named by
  sequential,  ///< one order: what is replaced first, second, ...
  lmdi,        ///< logarithmic mean Divisia index over the paths of an acyclic funnel
  sampled      ///< orders drawn at random, with a standard error
};

/// Said above every explanation.
inline constexpr const char* explanation_heading = "accounting of the difference, not proof of cause";
/// Share of journeys still open above which a side is immature.
inline constexpr double immature_share = 0.10;

struct ExplainOptions {
  Metric metric = metric::revenue();
  RowNames by = By::owner;
  ExplainMethod method = ExplainMethod::automatic;
  /// Whose ownership counts where the sides differ; none = a difference is an error.
  std::optional<Side> owners{};
  /// What is compared, in words: "leads that entered in 2024 against 2025". Empty: made from the funnels.
  std::string basis{};
  /// Stages whose rates move as one, as an UnsolvableError proposes.
  std::vector<std::vector<std::string>> together{};
  /// Of `sequential`: labels of players in the order of replacement; the others follow as they stand.
  std::vector<std::string> order{};
  std::size_t samples = 2000;  ///< orders of `sampled`, half of them the reverse of the other half
  std::uint64_t seed = 0;
  /// Compare although more than `immature_share` of a side's journeys are still open.
  bool allow_immature = false;
  AnalysisOptions analysis{};
  Execution execution{};
};

/// One row; only the names that `by` asks for are set. Ranges are NaN where they are not known.
struct ExplanationRow {
  std::string owner, stage, factor, lever, segment;
  double contribution = 0;
  double low = unknown_number;             ///< 95 % from the counts
  double high = unknown_number;            ///< 95 % from the counts
  double least = unknown_number;           ///< over all orders
  double greatest = unknown_number;        ///< over all orders
  double standard_error = unknown_number;  ///< of `sampled`
  std::optional<bool> within_chance{};     ///< none where no counts say
  std::string source{};  ///< of the actual's numbers: "measured", "partly measured", "not measured"
  std::string note{};    ///< "rate, including lead quality"
};

/// Parts that sum to the difference. Immutable.
struct Explanation {
  std::vector<By> by;
  ExplainMethod method = ExplainMethod::shapley;  ///< what was done
  std::string metric;                             ///< as written in code
  std::string basis;                              ///< what is compared
  double plan = 0;
  double actual = 0;
  double total = 0;                                    ///< actual - plan
  double low = unknown_number, high = unknown_number;  ///< of the total, 95 % from the counts
  std::optional<bool> within_chance{};                 ///< of the total
  double residual = 0;                                 ///< total less the sum of the parts
  std::vector<ExplanationRow> rows;
  std::size_t players = 0;
  std::size_t coalitions = 0;        ///< how many were computed
  std::vector<std::string> notes{};  ///< how it was made and what plays no part
  /// Who agreed to every number of the plan that differs; empty where one was not agreed.
  std::vector<std::string> agreed_by{};
  /// Numbers of either side that only hold a place and that the metric may look at.
  std::vector<std::string> placeholders{};

  struct State;
  std::shared_ptr<const State> state{};  ///< for `summary`
};

}  // namespace funnelgraph::inline v0
