// Definitions of response.hpp.
#pragma once

#include <cmath>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <type_traits>
#include <variant>
#include <vector>

#include <funnelgraph/core/error.hpp>
#include <funnelgraph/core/shown.hpp>
#include <funnelgraph/whatif/adstock.hpp>
#include <funnelgraph/whatif/response.hpp>

namespace funnelgraph::inline v0 {

namespace detail {

/// A curve and its first two derivatives at one place.
struct CurvePoint {
  double value, first, second;
};

/// x^s / (h^s + x^s) and derivatives, by the smaller of the two powers so that neither overflows.
inline CurvePoint saturation(double x, double half, double s) {
  if (x == 0) {
    const double infinity = std::numeric_limits<double>::infinity();
    if (s == 1) return {0, 1 / half, -2 / (half * half)};
    if (s < 1) return {0, infinity, -infinity};
    return {0, 0, s > 2 ? 0 : (s == 2 ? 2 / (half * half) : infinity)};
  }
  const bool below = x <= half;
  const double power = std::pow(below ? x / half : half / x, s);
  const double share = below ? power / (1 + power) : 1 / (1 + power);
  const double rest = below ? 1 / (1 + power) : power / (1 + power);
  const double first = s / x * share * rest;
  return {share, first, first * ((rest - share) * s - 1) / x};
}

/// ADBUDG is Hill's curve with another half saturation.
inline double adbudg_half(const Adbudg& shape) {
  return shape.reference * std::pow(shape.delta, 1 / shape.gamma);
}

inline Hill as_hill(const Adbudg& shape) {
  return {adbudg_half(shape), shape.gamma, shape.minimum, shape.maximum};
}

inline CurvePoint curve_at(const Hill& shape, double x) {
  const double span = shape.maximum - shape.minimum;
  const CurvePoint unit = saturation(x, shape.half_saturation, shape.slope);
  return {shape.minimum + span * unit.value, span * unit.first, span * unit.second};
}
inline CurvePoint curve_at(const Adbudg& shape, double x) { return curve_at(as_hill(shape), x); }
inline CurvePoint curve_at(const LogResponse& shape, double x) {
  const double by = shape.scale / (shape.unit + x);
  return {shape.minimum + shape.scale * std::log1p(x / shape.unit), by, -by / (shape.unit + x)};
}
inline CurvePoint curve_at(const PowerResponse& shape, double x) {
  const double a = shape.exponent;
  if (a == 1) return {shape.minimum + shape.scale * x / shape.unit, shape.scale / shape.unit, 0};
  const double effect = shape.scale * std::pow(x / shape.unit, a);
  const double infinity = std::numeric_limits<double>::infinity();
  if (x == 0) return {shape.minimum, infinity, -infinity};
  return {shape.minimum + effect, a * effect / x, a * (a - 1) * effect / x / x};
}
inline CurvePoint curve_at(const LinearResponse& shape, double x) {
  return {shape.minimum + shape.slope * x, shape.slope, 0};
}

inline double curve_inverse(const Hill& shape, double y) {
  const double gained = y - shape.minimum;
  return shape.half_saturation * std::pow(gained / (shape.maximum - y), 1 / shape.slope);
}
inline double curve_inverse(const Adbudg& shape, double y) { return curve_inverse(as_hill(shape), y); }
inline double curve_inverse(const LogResponse& shape, double y) {
  return shape.unit * std::expm1((y - shape.minimum) / shape.scale);
}
inline double curve_inverse(const PowerResponse& shape, double y) {
  return shape.unit * std::pow((y - shape.minimum) / shape.scale, 1 / shape.exponent);
}
inline double curve_inverse(const LinearResponse& shape, double y) {
  return (y - shape.minimum) / shape.slope;
}

/// Where the second derivative of Hill's curve is 0: x^s = h^s (s - 1) / (s + 1).
inline double curve_inflection(const Hill& shape) {
  if (shape.slope <= 1) return 0;
  return shape.half_saturation * std::pow((shape.slope - 1) / (shape.slope + 1), 1 / shape.slope);
}
inline double curve_inflection(const Adbudg& shape) { return curve_inflection(as_hill(shape)); }
template <class Concave>
double curve_inflection(const Concave&) {
  return 0;
}

inline void scale_effect(Hill& shape, double factor) {
  shape.maximum = shape.minimum + factor * (shape.maximum - shape.minimum);
}
inline void scale_effect(Adbudg& shape, double factor) {
  shape.maximum = shape.minimum + factor * (shape.maximum - shape.minimum);
}
inline void scale_effect(LogResponse& shape, double factor) { shape.scale *= factor; }
inline void scale_effect(PowerResponse& shape, double factor) { shape.scale *= factor; }
inline void scale_effect(LinearResponse& shape, double factor) { shape.slope *= factor; }

/// Checks one shape after another; `name` is how Python and C++ call it.
class ShapeCheck {
 public:
  void operator()(const Hill& shape) {
    name_ = "Hill";
    positive("half_saturation", shape.half_saturation);
    positive("slope", shape.slope);
    range(shape.minimum, shape.maximum);
  }
  void operator()(const Adbudg& shape) {
    name_ = "Adbudg";
    positive("gamma", shape.gamma);
    positive("delta", shape.delta);
    positive("reference", shape.reference);
    range(shape.minimum, shape.maximum);
    positive("gamma and delta: money that brings half", adbudg_half(shape));
  }
  void operator()(const LogResponse& shape) {
    name_ = "LogResponse";
    positive("scale", shape.scale);
    positive("unit", shape.unit);
    finite("minimum", shape.minimum);
  }
  void operator()(const PowerResponse& shape) {
    name_ = "PowerResponse";
    positive("scale", shape.scale);
    require(shape.exponent > 0 && shape.exponent <= 1, "exponent", shape.exponent, "(0, 1]");
    positive("unit", shape.unit);
    finite("minimum", shape.minimum);
  }
  void operator()(const LinearResponse& shape) {
    name_ = "LinearResponse";
    positive("slope", shape.slope);
    finite("minimum", shape.minimum);
  }

 private:
  void require(bool good, const char* field, double given, const char* allowed) const {
    if (!good) throw InvalidValueError(std::string(name_) + "(" + field + ")", shown(given), allowed);
  }
  void positive(const char* field, double given) const {
    require(given > 0 && std::isfinite(given), field, given, "a finite number > 0");
  }
  void finite(const char* field, double given) const {
    require(std::isfinite(given), field, given, "a finite number");
  }
  void range(double minimum, double maximum) const {
    finite("minimum", minimum);
    require(std::isfinite(maximum) && maximum > minimum, "maximum", maximum,
            "a finite number above the minimum");
  }

  const char* name_ = "";
};

/// Curve and derivatives by money, the adstock included. `spend` must be >= 0.
inline CurvePoint response_at(const Response& response, double spend) {
  const double gain = response.adstock() ? response.adstock()->steady_state() : 1.0;
  CurvePoint point =
      std::visit([&](const auto& shape) { return curve_at(shape, gain * spend); }, response.shape());
  point.first *= gain;
  point.second *= gain * gain;
  return point;
}

inline void check_money(double spend, const char* where) {
  if (!(spend >= 0) || std::isinf(spend))
    throw InvalidValueError(where, shown(spend), "a finite amount of money >= 0");
}

}  // namespace detail

FUNNELGRAPH_INLINE Adbudg adbudg_from(const AdbudgJudgement& judged) {
  const auto between = [](const char* field, double given, double low, double high) {
    if (!(given > low && given < high) || std::isinf(low) || std::isinf(high))
      throw InvalidValueError("Adbudg(" + std::string(field) + ")", detail::shown(given),
                              "(" + detail::shown(low) + ", " + detail::shown(high) + ")");
  };
  between("at_1", judged.at_1, judged.minimum, judged.maximum);
  between("at_1_5", judged.at_1_5, judged.at_1, judged.maximum);
  Adbudg shape;
  shape.minimum = judged.minimum;
  shape.maximum = judged.maximum;
  shape.reference = judged.reference;
  shape.delta = (judged.maximum - judged.at_1) / (judged.at_1 - judged.minimum);
  const double odds = (judged.at_1_5 - judged.minimum) / (judged.maximum - judged.at_1_5);
  shape.gamma = std::log(odds * shape.delta) / std::log(1.5);
  detail::ShapeCheck()(shape);
  return shape;
}

FUNNELGRAPH_INLINE Response::Response(Shape shape, std::optional<Adstock> adstock)
    : shape_(shape), adstock_(adstock) {
  std::visit(detail::ShapeCheck(), shape_);
}

FUNNELGRAPH_INLINE double Response::value(double spend) const {
  detail::check_money(spend, "value of a response");
  return detail::response_at(*this, spend).value;
}

FUNNELGRAPH_INLINE double Response::derivative(double spend) const {
  detail::check_money(spend, "derivative of a response");
  return detail::response_at(*this, spend).first;
}

FUNNELGRAPH_INLINE double Response::second_derivative(double spend) const {
  detail::check_money(spend, "second derivative of a response");
  return detail::response_at(*this, spend).second;
}

FUNNELGRAPH_INLINE double Response::elasticity(double spend) const {
  detail::check_money(spend, "elasticity of a response");
  const detail::CurvePoint point = detail::response_at(*this, spend);
  if (point.value == 0) return std::numeric_limits<double>::quiet_NaN();
  return spend == 0 ? 0 : spend * point.first / point.value;
}

FUNNELGRAPH_INLINE double Response::inverse(double value) const {
  if (!(value >= minimum() && value < maximum()))
    throw InvalidValueError("inverse of a response", detail::shown(value),
                            "[" + detail::shown(minimum()) + ", " + detail::shown(maximum()) + ")");
  const double counted =
      std::visit([&](const auto& shape) { return detail::curve_inverse(shape, value); }, shape_);
  return adstock_ ? counted / adstock_->steady_state() : counted;
}

FUNNELGRAPH_INLINE double Response::minimum() const {
  return std::visit([](const auto& shape) { return shape.minimum; }, shape_);
}

FUNNELGRAPH_INLINE double Response::maximum() const {
  return std::visit(
      [](const auto& shape) {
        if constexpr (requires { shape.maximum; }) {
          return shape.maximum;
        } else {
          return std::numeric_limits<double>::infinity();
        }
      },
      shape_);
}

FUNNELGRAPH_INLINE double Response::half_saturation() const {
  if (std::isinf(maximum())) return std::numeric_limits<double>::quiet_NaN();
  return inverse(minimum() + (maximum() - minimum()) / 2);
}

FUNNELGRAPH_INLINE double Response::inflection() const {
  const double counted =
      std::visit([](const auto& shape) { return detail::curve_inflection(shape); }, shape_);
  return adstock_ ? counted / adstock_->steady_state() : counted;
}

FUNNELGRAPH_INLINE Response Response::through(double spend, double value) const {
  if (!(spend > 0) || std::isinf(spend))
    throw InvalidValueError("through(spend)", detail::shown(spend), "a finite amount of money > 0");
  if (!(value > minimum()) || std::isinf(value))
    throw InvalidValueError("through(value)", detail::shown(value),
                            "a finite number above the minimum, " + detail::shown(minimum()));
  const double effect = detail::response_at(*this, spend).value - minimum();
  if (!(effect > 0))
    throw InvalidValueError("through(spend)", detail::shown(spend), "money that has an effect");
  Shape scaled = shape_;
  std::visit([&](auto& shape) { detail::scale_effect(shape, (value - minimum()) / effect); }, scaled);
  return Response(scaled, adstock_);
}

FUNNELGRAPH_INLINE std::vector<double> Response::over(std::span<const double> spend) const {
  std::vector<double> out =
      adstock_ ? adstock_->transform(spend) : std::vector<double>(spend.begin(), spend.end());
  for (double& money : out) {
    detail::check_money(money, "money of a period");
    money = std::visit([&](const auto& shape) { return detail::curve_at(shape, money).value; }, shape_);
  }
  return out;
}

FUNNELGRAPH_INLINE std::string to_string(const Response& response) {
  const auto field = [](const char* name, double number) {
    return std::string(name) + "=" + detail::shown(number);
  };
  std::string text = std::visit(
      [&](const auto& shape) {
        using Kind = std::decay_t<decltype(shape)>;
        if constexpr (std::is_same_v<Kind, Hill>) {
          return "Hill(" + field("half_saturation", shape.half_saturation) + ", " +
                 field("slope", shape.slope) + ", " + field("minimum", shape.minimum) + ", " +
                 field("maximum", shape.maximum);
        } else if constexpr (std::is_same_v<Kind, Adbudg>) {
          return "Adbudg(" + field("minimum", shape.minimum) + ", " + field("maximum", shape.maximum) + ", " +
                 field("gamma", shape.gamma) + ", " + field("delta", shape.delta) + ", " +
                 field("reference", shape.reference);
        } else if constexpr (std::is_same_v<Kind, LogResponse>) {
          return "LogResponse(" + field("scale", shape.scale) + ", " + field("unit", shape.unit) + ", " +
                 field("minimum", shape.minimum);
        } else if constexpr (std::is_same_v<Kind, PowerResponse>) {
          return "PowerResponse(" + field("scale", shape.scale) + ", " + field("exponent", shape.exponent) +
                 ", " + field("unit", shape.unit) + ", " + field("minimum", shape.minimum);
        } else {
          return "LinearResponse(" + field("slope", shape.slope) + ", " + field("minimum", shape.minimum);
        }
      },
      response.shape());
  if (!response.adstock()) return text + ")";
  const AdstockShape& adstock = response.adstock()->shape();
  text += ", adstock=";
  switch (adstock.kind) {
    case AdstockKind::geometric:
      text += "geometric(" + field("retention", adstock.retention);
      break;
    case AdstockKind::delayed:
      text += "delayed(" + field("retention", adstock.retention) + ", " + field("peak", adstock.peak);
      break;
    case AdstockKind::weibull:
      text += "weibull(" + field("shape", adstock.shape) + ", " + field("scale", adstock.scale);
  }
  if (adstock.lags > 0) text += ", lags=" + std::to_string(adstock.lags);
  return text + (adstock.normalised ? "))" : ", normalised=false))");
}

}  // namespace funnelgraph::inline v0
