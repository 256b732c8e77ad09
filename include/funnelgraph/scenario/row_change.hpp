// Changed rates of one stage: what they take from the other exits of the row.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <variant>
#include <vector>

#include <funnelgraph/scenario/change_kind.hpp>

namespace funnelgraph::inline v0 {

/// Which exits of the row give to a changed one, or get from it.
enum class Donors : std::uint8_t {
  leak,      ///< drop-off and exits to lost and silent outcomes
  siblings,  ///< every other exit
  one        ///< the one that is named
};

/// A changed exit. Exits are numbered by position, the drop-off is the last one.
struct RowTarget {
  ChangeKind kind = ChangeKind::set;
  std::uint32_t exit = 0;
  Donors from = Donors::leak;
  std::uint32_t donor = 0;  ///< where `from` is `one`
  bool clip = false;        ///< take what there is instead of failing
};

/// Why changes of one row exclude each other. `first` and `second` are positions among the targets.
struct RowConflict {
  enum class Why : std::uint8_t {
    same_exit,         ///< both change the same exit
    target_as_donor,   ///< `first` names as donor what `second` changes
    no_donor,          ///< every donor of `first` is changed itself; `second` is one that does
    odds_and_numbers,  ///< an odds change and another one share a donor
    partial_overlap    ///< two odds changes share some donors, not all
  };
  Why why = Why::same_exit;
  std::uint32_t first = 0;
  std::uint32_t second = 0;
};

/// What became of a row.
struct RowResult {
  static constexpr std::uint32_t none = 0xFFFFFFFFU;
  std::uint32_t impossible = none;  ///< position of the target that cannot be; the row is then not written
  /// Range of that target's value while the other targets keep theirs. Empty (least > largest) where
  /// the others are impossible by themselves.
  double least = std::numeric_limits<double>::quiet_NaN();
  double largest = std::numeric_limits<double>::quiet_NaN();
  std::uint32_t clipped = 0;  ///< targets that got less than they asked for
  [[nodiscard]] bool possible() const noexcept { return impossible == none; }
};

/// The rule by which the changes of one row turn its base masses into new ones. Planned once from the
/// row's shape; applying it to masses and values allocates nothing, throws nothing and depends on nothing
/// else. The order of the targets matters to the last bit only.
///
/// Changes start from the base masses; a changed exit is never a donor. Set, scale and shift take
/// from their donors in proportion to the base masses. Odds: with donor mass x, p' = (p + x) k p / (k p + x);
/// odds changes with the same donors are solved jointly, p_i' in proportion to k_i p_i, donors to their
/// masses, the sum kept. Where the donors hold nothing, a rise is impossible and what a fall frees goes
/// to the drop-off, or in equal parts to the donors where the drop-off is none of them.
class RowRule {
 public:
  /// `is_leak` has an entry for each exit, the drop-off included (which always counts as leak).
  /// O(exits * targets).
  [[nodiscard]] static std::variant<RowRule, RowConflict> plan(std::span<const std::uint8_t> is_leak,
                                                               std::span<const RowTarget> targets);

  [[nodiscard]] std::size_t exits() const noexcept { return exits_; }
  [[nodiscard]] std::span<const RowTarget> targets() const noexcept { return targets_; }
  /// The exits that give to a target, ascending.
  [[nodiscard]] std::span<const std::uint32_t> donors(std::size_t target) const noexcept {
    return {donors_.data() + begin_[target], begin_[target + 1] - begin_[target]};
  }

  /// Writes the new masses of a row with the masses `base` (>= 0, drop-off last). `values` has one
  /// number for each target: the new mass, the factor, what is added, the factor of the odds (> 0).
  /// `row` must not overlap `base`. O(exits * targets).
  RowResult apply(std::span<const double> base, std::span<const double> values, std::span<double> row) const;

 private:
  using Masses = std::span<const double>;
  RowRule() = default;
  [[nodiscard]] bool is_odds(std::size_t target) const noexcept;
  [[nodiscard]] bool gives(std::uint32_t exit, std::size_t target) const noexcept;
  [[nodiscard]] double held(Masses base, std::size_t target) const noexcept;
  [[nodiscard]] double wanted(Masses base, Masses values, std::size_t target) const noexcept;
  [[nodiscard]] double rise(Masses base, Masses values, std::size_t target) const noexcept;
  template <class Counts>
  [[nodiscard]] double load(Masses base, Masses values, std::uint32_t exit, Counts&& counts) const noexcept;
  [[nodiscard]] bool fails(Masses base, Masses values, std::size_t target) const noexcept;
  [[nodiscard]] double settled(Masses base, Masses values, std::size_t target) const noexcept;
  void bounds(Masses base, Masses values, std::size_t target, RowResult& result) const noexcept;
  void solve_odds(Masses base, Masses values, std::size_t first, std::span<double> row) const noexcept;
  void give(double mass, std::size_t target, std::span<double> row) const noexcept;

  std::size_t exits_ = 0;
  std::vector<RowTarget> targets_;
  std::vector<std::uint32_t> donors_;
  std::vector<std::size_t> begin_;
  std::vector<std::uint32_t> joint_;  // of an odds target: the first target with the same donors
};

}  // namespace funnelgraph::inline v0

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/scenario/row_change_inl.hpp>
#endif
