// Response curves: what money brings.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include <funnelgraph/config.hpp>
#include <funnelgraph/whatif/adstock.hpp>

namespace funnelgraph::inline v0 {

/// minimum + (maximum - minimum) x^slope / (half_saturation^slope + x^slope). S-shaped where slope > 1,
/// concave where slope <= 1. Hill (1910).
struct Hill {
  double half_saturation = 1;  ///< money that brings half of what can be had, > 0
  double slope = 1;            ///< > 0
  double minimum = 0;          ///< without money
  double maximum = 1;          ///< with money without end, > minimum
  bool operator==(const Hill&) const = default;
};

/// minimum + (maximum - minimum) x^gamma / (delta + x^gamma), x in multiples of `reference`. S-shaped
/// where gamma > 1. Little (1970), "Models and managers: the concept of a decision calculus".
struct Adbudg {
  double minimum = 0;
  double maximum = 1;    ///< > minimum
  double gamma = 1;      ///< > 0
  double delta = 1;      ///< > 0
  double reference = 1;  ///< money that x = 1 stands for, > 0
  bool operator==(const Adbudg&) const = default;
};

/// What the judge of a market says for ADBUDG: the response without money, with money without end, at
/// today's money and at one and a half times that.
struct AdbudgJudgement {
  double minimum = 0;
  double maximum = 1;
  double at_1 = 0.5;    ///< in (minimum, maximum)
  double at_1_5 = 0.6;  ///< in (at_1, maximum)
  double reference = 1;
};

/// minimum + scale ln(1 + x / unit). Concave, without a maximum.
struct LogResponse {
  double scale = 1;  ///< > 0
  double unit = 1;   ///< money, > 0
  double minimum = 0;
  bool operator==(const LogResponse&) const = default;
};

/// minimum + scale (x / unit)^exponent. Concave, without a maximum; the exponent is the elasticity where
/// the minimum is 0.
struct PowerResponse {
  double scale = 1;       ///< > 0
  double exponent = 0.5;  ///< (0, 1]
  double unit = 1;        ///< money, > 0
  double minimum = 0;
  bool operator==(const PowerResponse&) const = default;
};

/// minimum + slope x: a seller who costs 5,000,000 and makes 80 visits is `slope = 80 / 5e6`.
struct LinearResponse {
  double slope = 1;  ///< per unit of money, > 0
  double minimum = 0;
  bool operator==(const LinearResponse&) const = default;
};

/// The ADBUDG curve through what was judged: delta = (maximum - at_1) / (at_1 - minimum), gamma from
/// at_1_5. Throws InvalidValueError unless minimum < at_1 < at_1_5 < maximum.
[[nodiscard]] Adbudg adbudg_from(const AdbudgJudgement& judgement);

/// An increasing curve of steady money per period, >= 0: what a parameter becomes when that much is spent
/// on it in every period. Immutable, a value. With an adstock the curve is read at what steady money
/// counts as (`Adstock::steady_state`), and `over` follows money that changes.
class Response {
 public:
  using Shape = std::variant<Hill, Adbudg, LogResponse, PowerResponse, LinearResponse>;
  // A shape stands where a response can. Throws InvalidValueError naming shape, field and range.
  Response(Hill shape) : Response(Shape(shape)) {}            // NOLINT(google-explicit-constructor)
  Response(Adbudg shape) : Response(Shape(shape)) {}          // NOLINT(google-explicit-constructor)
  Response(LogResponse shape) : Response(Shape(shape)) {}     // NOLINT(google-explicit-constructor)
  Response(PowerResponse shape) : Response(Shape(shape)) {}   // NOLINT(google-explicit-constructor)
  Response(LinearResponse shape) : Response(Shape(shape)) {}  // NOLINT(google-explicit-constructor)
  explicit Response(Shape shape, std::optional<Adstock> adstock = {});

  [[nodiscard]] const Shape& shape() const noexcept { return shape_; }
  [[nodiscard]] const std::optional<Adstock>& adstock() const noexcept { return adstock_; }
  [[nodiscard]] Response with(Adstock adstock) const { return Response(shape_, adstock); }

  // Of money x in [0, inf); InvalidValueError elsewhere.
  [[nodiscard]] double value(double spend) const;
  /// By money. Infinite at 0 where the curve is steep there (slope, gamma or exponent < 1).
  [[nodiscard]] double derivative(double spend) const;
  [[nodiscard]] double second_derivative(double spend) const;
  /// d ln value / d ln money; 0 without money, NaN where the value is 0.
  [[nodiscard]] double elasticity(double spend) const;

  /// The money that brings `value`. Throws InvalidValueError outside [minimum(), maximum()).
  [[nodiscard]] double inverse(double value) const;
  [[nodiscard]] double minimum() const;
  /// Infinite where the curve never saturates.
  [[nodiscard]] double maximum() const;
  /// Money that brings half of maximum() - minimum(); NaN without a maximum.
  [[nodiscard]] double half_saturation() const;
  /// Money up to which every unit brings more than the one before; 0 where the curve is concave.
  [[nodiscard]] double inflection() const;
  [[nodiscard]] bool concave() const { return inflection() == 0; }

  /// The same shape with its effect above the minimum scaled so that it passes through what is known.
  /// Throws InvalidValueError unless spend > 0 and value > minimum().
  [[nodiscard]] Response through(double spend, double value) const;
  /// Values by period for money that changes, nothing having been spent before.
  [[nodiscard]] std::vector<double> over(std::span<const double> spend) const;

  bool operator==(const Response&) const = default;

 private:
  Shape shape_;
  std::optional<Adstock> adstock_;
};

/// "Hill(half_saturation=50, slope=2, minimum=0, maximum=1)".
[[nodiscard]] std::string to_string(const Response& response);

}  // namespace funnelgraph::inline v0

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/whatif/response_inl.hpp>
#endif
