// Two funnels on one structure, and the numbers in which they differ.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <funnelgraph/analysis/analysis_options.hpp>
#include <funnelgraph/analysis/figure.hpp>
#include <funnelgraph/chain/input.hpp>
#include <funnelgraph/compile/compiled.hpp>
#include <funnelgraph/explain/factor.hpp>
#include <funnelgraph/model/funnel.hpp>
#include <funnelgraph/model/metric.hpp>
#include <funnelgraph/model/ownership.hpp>

namespace funnelgraph::inline v0::detail {

inline constexpr std::uint32_t no_atom = 0xFFFFFFFFU;

/// What kind of thing an atom's numbers belong to.
enum class Place : std::uint8_t { stage, outcome, lever, owner, funnel };

/// The smallest thing that moves as one: the numbers of one factor of one place with one ownership.
struct Atom {
  std::uint32_t segment = 0;
  Place kind = Place::stage;
  std::string place;  ///< the user's name for it
  Factor factor = Factor::rates;
  Ownership owner;
  bool received = false;  ///< rates of a stage that another owner hands to
};

/// One input of the chain that differs, by the sides of up to two atoms: value[first on the actual's side
/// + 2 * second on the actual's side].
struct DifferingInput {
  InputRef input;
  std::uint32_t first = no_atom;
  std::uint32_t second = no_atom;
  std::array<double, 4> value{};
};

/// One segment of what is compared; a side without it is null.
struct SegmentPair {
  std::string name;
  const Funnel* plan = nullptr;
  const Funnel* actual = nullptr;
};

struct DifferenceOptions {
  AnalysisOptions analysis{};
  bool by_owner = true;  ///< ownership matters, so it has to agree
  std::optional<Side> owners{};
};

/// What a metric looks at: numbers that it does not look at are no atoms.
struct Needs {
  bool values = false, costs = false, times = false, discount = false, capacity = false;
};

/// Both sides on the union of their structures: a transition, an entry or a lever that one side lacks has
/// rate 0, volume 0 or no effect there, and takes everything else from the other side, as does a stage
/// with its whole row.
struct Difference {
  std::vector<std::string> segments;  ///< {""} for plain funnels
  bool segmented = false;
  Funnel plan_funnel, actual_funnel;  ///< on the union; with segments names begin with their position
  Compiled plan, actual;              ///< refreshed, the same structure
  Figure figure;
  Needs needs;
  std::vector<std::uint32_t> stage_segment, outcome_segment, lever_segment;
  std::vector<std::string> stage_name, outcome_name, lever_name;  ///< the user's
  std::vector<Atom> atoms;                                        ///< by factor, then in the order of stages
  std::vector<DifferingInput> inputs;
  std::vector<std::uint32_t> lag_atom;  ///< per edge
  std::uint32_t discount_atom = no_atom;
  std::map<std::pair<Input, std::uint32_t>, std::uint32_t> atom_of;  ///< the inputs of chains that differ
  std::vector<std::string> untouched;  ///< what differs and plays no part in the metric
};

/// Throws InvalidFunnelError, InvalidValueError (no common stage, an outcome of two kinds, ownership that
/// differs, metrics that no coalition has), UnknownNameError, UnsolvableError.
[[nodiscard]] Difference difference(const std::vector<SegmentPair>& segments, bool segmented,
                                    const Metric& metric, const DifferenceOptions& options);

/// Calls visit(input, number, name) for every number of one side that the metric looks at.
void for_each_number(const Difference& difference, bool actual,
                     const std::function<void(InputRef, const Number&, const std::string&)>& visit);

/// The atom whose number it is, or `no_atom` where the sides do not differ. A drop-off that is what the rates
/// leave has its row's.
[[nodiscard]] std::uint32_t atom_at(const Difference& difference, InputRef input);

/// The segments of two segmented funnels; those of one side only have a null.
[[nodiscard]] std::vector<SegmentPair> segment_pairs(const std::map<std::string, Funnel>& plan,
                                                     const std::map<std::string, Funnel>& actual);

}  // namespace funnelgraph::inline v0::detail

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/explain/detail/difference_inl.hpp>
#endif
