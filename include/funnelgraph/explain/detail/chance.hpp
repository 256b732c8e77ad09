// What the counts behind the numbers leave open: variances of parts by the delta method.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include <funnelgraph/analysis/gradient.hpp>
#include <funnelgraph/analysis/recoverable.hpp>
#include <funnelgraph/explain/detail/difference.hpp>
#include <funnelgraph/explain/detail/game.hpp>
#include <funnelgraph/explain/detail/view.hpp>

namespace funnelgraph::inline v0::detail {

/// The uncertain numbers of both sides and the derivatives of parts by them. A number in which the sides do
/// not differ is one number.
class Chance {
 public:
  Chance(const Difference& difference, const PlayerView& view, std::size_t parts);

  /// Whether any number says how sure it is.
  [[nodiscard]] bool any() const noexcept { return !rows_.empty() || !numbers_.empty(); }
  /// Adds weight[part] times the derivatives of the worth of one coalition.
  void add(const Coalition& in, const ChainGradient& gradient, std::span<const double> weight);
  /// Sets the derivatives of the first parts of parts that are a function of both sides' chains, by central
  /// differences; a number that is 0 is taken as sure (an elasticity aside). Two evaluations a number.
  using Parts = std::function<std::vector<double>(const Chain& plan, const Chain& actual)>;
  void differentiate(const Parts& parts);
  [[nodiscard]] std::size_t evaluations() const noexcept { return 2 * (width_ + rows_.size()); }
  /// Whether an atom's numbers were measured by a mean whose spread nobody gave (amounts, costs), and whether
  /// some of a player's say how sure they are.
  [[nodiscard]] bool spreadless(std::uint32_t atom) const noexcept { return spreadless_[atom]; }
  [[nodiscard]] bool known(std::size_t player) const noexcept;
  /// Variance of each part; NaN where a derivative is unknown.
  [[nodiscard]] std::vector<double> variances() const;

 private:
  static constexpr std::size_t shared = static_cast<std::size_t>(-1);
  struct Row {
    std::uint32_t stage;
    bool actual;         // whose numbers
    std::size_t player;  // or shared
    std::size_t at;      // where its derivatives begin
    std::vector<RateUncertainty> uncertainty;
  };
  struct Single {
    InputRef input;
    bool actual;
    std::size_t player;
    std::size_t at;
    double variance;
  };

  void find_rows(bool actual);
  void find_numbers(bool actual);
  void number(InputRef input, const Number& of, bool actual, double counted);
  [[nodiscard]] std::vector<double> slope(const Parts& parts, InputRef input, bool plan, bool actual) const;
  [[nodiscard]] static bool counts(const Coalition& in, std::size_t player, bool actual) noexcept;

  const Difference& difference_;
  const PlayerView& view_;
  std::size_t parts_;
  std::size_t width_ = 0;  // derivatives a part
  std::vector<Row> rows_;
  std::vector<Single> numbers_;
  std::vector<bool> spreadless_;  // by atom
  std::vector<double> by_;        // by part, then by place
};

}  // namespace funnelgraph::inline v0::detail

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/explain/detail/chance_inl.hpp>
#endif
