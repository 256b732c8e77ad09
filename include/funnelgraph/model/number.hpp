// A number that knows where it comes from.
#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <funnelgraph/config.hpp>

namespace funnelgraph::inline v0 {

/// How a number came to be. A bare number is `assumed`.
enum class SourceKind : std::uint8_t { assumed, measured, agreed, estimated, placeholder };

/// An interval around a number; `level` is the probability it holds: 0.90 for `between`, 0.95 for
/// every other interval of the library.
struct Interval {
  double low = 0;
  double high = 0;
  double level = 0.95;
  bool operator==(const Interval&) const = default;
};

/// The probability that a range given by `between` holds.
inline constexpr double between_level = 0.90;

/// What a source says: `n` is the number of observations of a measured number (NaN otherwise), `by`
/// who agreed or estimated, `interval` the range where one was given.
struct SourceDetails {
  SourceKind kind = SourceKind::assumed;
  double n = std::numeric_limits<double>::quiet_NaN();
  std::vector<std::string> by{};
  std::optional<Interval> interval{};
};

/// Immutable, cheap to copy; empty means assumed, with no interval. The names in `by` are normalised to
/// NFC. Equality is by content.
class Source {
 public:
  Source() = default;
  explicit Source(SourceDetails details);

  /// Assumed, and nothing else said.
  [[nodiscard]] bool empty() const noexcept { return !details_; }
  [[nodiscard]] SourceKind kind() const noexcept { return details_ ? details_->kind : SourceKind::assumed; }
  [[nodiscard]] double n() const noexcept {
    return details_ ? details_->n : std::numeric_limits<double>::quiet_NaN();
  }
  [[nodiscard]] const std::vector<std::string>& by() const noexcept;
  [[nodiscard]] std::optional<Interval> interval() const noexcept {
    return details_ ? details_->interval : std::nullopt;
  }
  friend bool operator==(const Source& a, const Source& b);

 private:
  std::shared_ptr<const SourceDetails> details_;
};

/// A value with its source. Converts from any arithmetic type, so that a plain number can be written
/// wherever a Number stands. Equality compares value and source; two NaN are equal.
struct Number {
  double value = 0;
  Source source;

  Number() = default;
  template <class T>
    requires std::is_arithmetic_v<T>
  Number(T number) : value(static_cast<double>(number)) {}  // NOLINT(google-explicit-constructor)
  Number(double number, Source from) : value(number), source(std::move(from)) {}

  friend bool operator==(const Number& a, const Number& b) {
    return (a.value == b.value || (a.value != a.value && b.value != b.value)) && a.source == b.source;
  }
};

struct MeasuredOptions {
  double n = 0;                        ///< observations behind the number, >= 0
  std::optional<Interval> interval{};  ///< 95 % unless it says otherwise
};

/// A measured number with the count behind it. Throws InvalidValueError unless n >= 0 and finite, and
/// unless the interval, where there is one, has low <= high and a level in (0, 1).
[[nodiscard]] Number measured(double value, MeasuredOptions options);
/// A number that `by` agreed on. Throws InvalidValueError when `by` is empty.
[[nodiscard]] Number agreed(double value, std::vector<std::string> by);
/// A number that `by` estimated. Throws InvalidValueError when `by` is empty.
[[nodiscard]] Number estimated(double value, std::vector<std::string> by);
/// A number that only holds a place: verdicts on it are refused.
[[nodiscard]] Number placeholder(double value);
/// A 90 % interval where a number can stand; its point is the middle. Throws InvalidValueError unless
/// low <= high and both are finite.
[[nodiscard]] Number between(double low, double high);

}  // namespace funnelgraph::inline v0

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/model/number_inl.hpp>
#endif
