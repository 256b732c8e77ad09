// Distributions of uncertain numbers: moments, probabilities, quantiles.
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <funnelgraph/config.hpp>

namespace funnelgraph::inline v0 {

enum class DistributionFamily : std::uint8_t {
  constant,    // value
  uniform,     // low, high
  triangular,  // low, mode, high
  pert,        // low, mode, high
  beta,        // a, b
  gamma,       // shape, scale
  lognormal,   // mean and sd of the logarithm
  normal,      // mean and sd before it is cut, low, high
  empirical,   // values, each with its probability
  quantiles    // points, linear between them
};

/// Mean and standard deviation of what is drawn.
struct MeanAndSd {
  double mean = 0;
  double sd = 1;
};

/// Where a normal distribution is cut.
struct Support {
  double low = -std::numeric_limits<double>::infinity();
  double high = std::numeric_limits<double>::infinity();
  bool operator==(const Support&) const = default;
};

/// One point of a quantile function: `probability` in [0, 1].
struct QuantilePoint {
  double probability = 0;
  double value = 0;
  bool operator==(const QuantilePoint&) const = default;
};

/// The distribution of one number. A value: immutable, cheap to copy, equal by family and parameters. Every
/// factory throws InvalidValueError that says what is allowed; all parameters are finite. Quantiles and
/// probabilities follow Boost.Math, to some ulp.
class Distribution {
 public:
  /// Always 0.
  Distribution() : Distribution(DistributionFamily::constant, {0, 0, 0, 0}) {}

  [[nodiscard]] static Distribution constant(double value);
  /// low <= high.
  [[nodiscard]] static Distribution uniform(double low, double high);
  /// low <= mode <= high.
  [[nodiscard]] static Distribution triangular(double low, double mode, double high);
  /// Beta on [low, high] with mean (low + 4 mode + high) / 6, shapes 1 + 4 (mode - low) / (high - low) and
  /// its mirror (Malcolm et al. 1959). low <= mode <= high.
  [[nodiscard]] static Distribution pert(double low, double mode, double high);
  /// a, b > 0: as after a - 1 successes and b - 1 failures of what could have been any rate.
  [[nodiscard]] static Distribution beta(double a, double b);
  /// mean > 0, sd > 0.
  [[nodiscard]] static Distribution gamma(MeanAndSd moments);
  [[nodiscard]] static Distribution gamma_of_shape(double shape, double scale);
  /// mean > 0, sd > 0, of the number itself.
  [[nodiscard]] static Distribution lognormal(MeanAndSd moments);
  /// Mean and sd > 0 of the logarithm.
  [[nodiscard]] static Distribution lognormal_of_log(double mean, double sd);
  /// `moments` are those of the uncut normal; sd > 0, low < high, which must hold at least 1e-300 of it.
  [[nodiscard]] static Distribution normal(MeanAndSd moments, Support support = {});
  /// One of the values, each as likely; at least one.
  [[nodiscard]] static Distribution empirical(std::vector<double> values);
  /// Values with the probability of each and all below it: strictly ascending in both, the last one 1.
  [[nodiscard]] static Distribution steps(std::vector<QuantilePoint> points);
  /// From probability 0 to 1, ascending in both; at least two.
  [[nodiscard]] static Distribution quantiles(std::vector<QuantilePoint> points);

  [[nodiscard]] DistributionFamily family() const noexcept { return family_; }
  /// In the order of the comments at the family; four numbers, unused ones 0.
  [[nodiscard]] const std::array<double, 4>& parameters() const noexcept { return parameters_; }
  /// Of the families empirical (ascending, probabilities at the upper end of each step) and quantiles.
  [[nodiscard]] std::span<const QuantilePoint> points() const noexcept;

  [[nodiscard]] double mean() const;
  [[nodiscard]] double sd() const;
  /// The least interval that holds every draw; an end may be infinite.
  [[nodiscard]] Support support() const;
  /// P(X <= value); NaN for NaN.
  [[nodiscard]] double cdf(double value) const;
  /// P(X > value), precise where it is small.
  [[nodiscard]] double exceedance(double value) const;
  /// The least number that a share `probability` in [0, 1] does not exceed (InvalidValueError outside).
  [[nodiscard]] double quantile(double probability) const;
  /// quantile(1 - probability), precise where `probability` is small.
  [[nodiscard]] double upper_quantile(double probability) const;

  friend bool operator==(const Distribution& a, const Distribution& b);

 private:
  Distribution(DistributionFamily family, std::array<double, 4> parameters)
      : family_(family), parameters_(parameters) {}

  DistributionFamily family_;
  std::array<double, 4> parameters_;
  std::shared_ptr<const std::vector<QuantilePoint>> points_;
};

/// "Beta(35, 65)", as it is written in Python.
[[nodiscard]] std::string to_string(const Distribution& distribution);
/// "beta"
[[nodiscard]] std::string to_string(DistributionFamily family);

}  // namespace funnelgraph::inline v0

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/core/distribution_inl.hpp>
#endif
