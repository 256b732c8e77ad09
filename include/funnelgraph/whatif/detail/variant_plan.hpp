// How the numbers of a variant become inputs of the chain: rows, groups, and what is alone.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include <funnelgraph/analysis/detail/lane_chain.hpp>
#include <funnelgraph/analysis/variant_status.hpp>
#include <funnelgraph/chain/input.hpp>
#include <funnelgraph/chain/tape.hpp>
#include <funnelgraph/compile/compiled.hpp>
#include <funnelgraph/model/detail/parameter_range.hpp>
#include <funnelgraph/model/funnel.hpp>
#include <funnelgraph/scenario/row_change.hpp>
#include <funnelgraph/whatif/varied.hpp>

namespace funnelgraph::inline v0::detail {

/// The changes of one row that take from somebody.
struct VariantRow {
  std::uint32_t stage = 0;
  std::vector<double> masses;          ///< of the base, in the chain's order, the drop-off last
  std::vector<std::uint32_t> columns;  ///< of each target of the rule
  std::optional<RowRule> rule;         ///< as asked
  std::optional<RowRule> fitted;       ///< the same, taking what there is
  std::vector<std::uint32_t> inputs;   ///< by exit: which varied input receives it
  bool given_drop_off = false;         ///< else it is what is missing, and less than rounding is none
};

/// Numbers of one row that take from nobody.
struct VariantLooseRow {
  struct Changed {
    std::uint32_t exit;
    std::uint32_t column;
    ChangeKind kind;
  };
  std::vector<double> masses;
  std::vector<Changed> changed;
  std::vector<std::uint32_t> inputs;
  bool given_drop_off = false;  ///< in the base, or by one of the changes
};

/// A number that is of no row, or a group of them.
struct VariantNumber {
  std::uint32_t column = 0;
  ChangeKind kind = ChangeKind::set;
  double before = 0;  ///< what scale and shift start from
  Range range;
  bool ignored = false;  ///< the options say otherwise; only its range counts
  std::vector<std::uint32_t> inputs{};
  std::vector<double> leaves{};  ///< numbers of the leaves in the base

  [[nodiscard]] bool group() const noexcept { return leaves.size() > 1; }
};

struct VariantPlan {
  std::uint32_t stages = 0;
  std::vector<InputRef> varied;  ///< inputs that something reaches
  std::vector<VariantRow> rows;
  std::vector<VariantLooseRow> loose_rows;
  std::vector<VariantNumber> numbers;
  std::vector<double> neutral;  ///< by column: what changes nothing
  bool fit_rows = false;

  /// The numbers of one variant, one a column, to those of the varied inputs.
  VariantStatus inputs_of(std::span<const double> numbers_given, std::span<double> inputs) const;
  /// The same on a tape; none where a row has donors that hold nothing.
  std::optional<LaneInputs> record(TapeBuilder& tape, std::span<const TapeValue> columns) const;

 private:
  bool write(const VariantNumber& number, double given, std::span<double> inputs) const;
  VariantStatus write(const VariantRow& row, std::span<const double> given, std::span<double> inputs) const;
  VariantStatus write(const VariantLooseRow& row, std::span<const double> given,
                      std::span<double> inputs) const;
  void record(const VariantNumber& number, TapeBuilder& tape, TapeValue given, LaneInputs& inputs) const;
  bool record(const VariantRow& row, TapeBuilder& tape, std::span<const TapeValue> given,
              LaneInputs& inputs) const;
  void record(const VariantLooseRow& row, TapeBuilder& tape, std::span<const TapeValue> given,
              LaneInputs& inputs) const;
};

/// The number that changes nothing.
[[nodiscard]] double neutral_number(ChangeKind kind, double before) noexcept;

/// The changes must have gone through `apply` once, which says what is wrong with them.
[[nodiscard]] VariantPlan plan_variants(const Funnel& base, const Compiled& compiled,
                                        std::span<const Varied> varied, const VariantOptions& options);

}  // namespace funnelgraph::inline v0::detail

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/whatif/detail/variant_plan_inl.hpp>
#include <funnelgraph/whatif/detail/variant_plan_making_inl.hpp>
#include <funnelgraph/whatif/detail/variant_plan_tape_inl.hpp>
#endif
