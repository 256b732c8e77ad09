// A formula over named figures: plus, minus, times, divided by, parentheses. Nothing else runs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <funnelgraph/config.hpp>

namespace funnelgraph::inline v0 {

/// Figures by name; NaN = unknown.
using Figures = std::map<std::string, double, std::less<>>;

/// What a formula gives. `numerator` and `denominator` are those of the first division by zero, which makes
/// the value NaN; else of the outermost division where the formula is a quotient; else NaN.
struct FormulaValue {
  double value = 0;
  double numerator = 0;
  double denominator = 0;
  bool divided_by_zero = false;
};

/// Longest text in bytes, and the most parentheses and signs inside each other.
inline constexpr std::size_t most_formula_bytes = 4096;
inline constexpr std::size_t most_formula_depth = 64;

/// A parsed formula, immutable. Names are words of letters, digits, `_` and `.` that begin with no digit, in
/// any script; text in double quotes; or such a word with one argument, as count(delivered) or
/// visits("site visit"). Numbers are decimal: 12, 0.5, 2e6.
class Formula {
 public:
  /// Throws InvalidValueError that says where, counted in characters from 1, and what is wanted there.
  explicit Formula(std::string_view text);

  [[nodiscard]] const std::string& text() const noexcept { return text_; }
  /// Each figure once, in order of first appearance; "count(delivered)" without blanks and quotes.
  [[nodiscard]] const std::vector<std::string>& names() const noexcept { return names_; }
  /// Throws UnknownNameError with the nearest for a name that is not there. O(length).
  [[nodiscard]] FormulaValue evaluate(const Figures& figures) const;
  /// Partial derivatives by `names()`; NaN where the value is. O(names * length).
  [[nodiscard]] std::vector<double> gradient(const Figures& figures) const;
  friend bool operator==(const Formula& a, const Formula& b) noexcept { return a.text_ == b.text_; }

  /// One step of the program on a stack. Internal.
  struct Step {
    enum class Kind : std::uint8_t { number, figure, negate, add, subtract, multiply, divide } kind;
    double number = 0;
    std::size_t figure = 0;
  };

 private:
  [[nodiscard]] std::vector<double> known(const Figures& figures) const;

  std::string text_;
  std::vector<std::string> names_;
  std::vector<std::size_t> places_;  ///< of the names' first characters
  std::vector<Step> steps_;
};

}  // namespace funnelgraph::inline v0

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/kpi/formula_inl.hpp>
#endif
