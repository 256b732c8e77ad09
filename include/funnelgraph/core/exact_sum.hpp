// Sums that do not depend on the order: exact, and (cheaper) compensated.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <funnelgraph/config.hpp>

namespace funnelgraph::inline v0 {

/// The exact sum of doubles, kept in fixed point, rounded once when it is read. Adding and merging in any
/// order and grouping gives the same bits. Infinities and NaN count as in a plain sum (both infinities
/// give NaN). An empty sum is 0. After Neal (2015), "Fast exact summation using small and large
/// superaccumulators", with only the limbs in use kept: some 50 bytes for amounts of like size. Adding
/// costs some nanoseconds. Exact for up to 2^61 additions.
class ExactSum {
 public:
  ExactSum() = default;

  ExactSum& add(double value);
  /// Adds a * b without rounding it, save where the product or its error leaves the range of doubles.
  ExactSum& add_product(double a, double b);
  /// Adds everything that `other` holds.
  ExactSum& merge(const ExactSum& other);
  ExactSum& operator+=(double value) { return add(value); }
  ExactSum& operator+=(const ExactSum& other) { return merge(other); }

  /// The sum rounded to the nearest double, ties to even.
  [[nodiscard]] double value() const;

  /// Doubles of ascending magnitude whose exact sum this is, none of them 0: what a file stores. The same
  /// for equal sums. Adding them to an empty sum gives this sum again (if it is in the range of doubles).
  [[nodiscard]] std::vector<double> parts() const;

  /// Whether the exact sums are equal; two NaN are.
  friend bool operator==(const ExactSum& a, const ExactSum& b) { return a.equals(b); }

 private:
  /// Sign and magnitude in limbs of 32 bits, trimmed at both ends: one form for each sum.
  struct Canonical {
    bool negative = false;
    std::size_t lowest = 0;
    std::vector<std::uint32_t> magnitude;
    bool operator==(const Canonical&) const = default;
  };
  enum Special : unsigned char { none = 0, plus_infinity = 1, minus_infinity = 2, not_a_number = 4 };

  [[nodiscard]] Canonical canonical() const;
  [[nodiscard]] bool equals(const ExactSum& other) const;
  [[nodiscard]] double special_value() const noexcept;
  void cover(std::size_t first, std::size_t last);
  void carry();

  std::vector<std::int64_t> limbs_;  // limb k weighs 2^(32 (lowest_ + k) - 1074)
  std::size_t lowest_ = 0;
  std::uint32_t pending_ = 0;  // additions since the last carry
  unsigned char special_ = none;
};

/// A running sum with its rounding error carried along (Neumaier 1974): error about 2 ulp of the sum plus
/// n^2 ulp^2 of the sum of magnitudes. Unlike ExactSum, the last bits may depend on the order.
class CompensatedSum {
 public:
  CompensatedSum() = default;
  CompensatedSum& add(double value) noexcept {
    const double total = sum_ + value;
    if (!std::isfinite(total)) {
      sum_ = total;
      error_ = 0;
      return *this;
    }
    error_ += std::abs(sum_) >= std::abs(value) ? (sum_ - total) + value : (value - total) + sum_;
    sum_ = total;
    return *this;
  }
  CompensatedSum& merge(const CompensatedSum& other) noexcept {
    add(other.sum_);
    error_ += other.error_;
    return *this;
  }
  CompensatedSum& operator+=(double value) noexcept { return add(value); }
  CompensatedSum& operator+=(const CompensatedSum& other) noexcept { return merge(other); }
  [[nodiscard]] double value() const noexcept { return sum_ + error_; }

 private:
  double sum_ = 0;
  double error_ = 0;
};

}  // namespace funnelgraph::inline v0

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/core/exact_sum_inl.hpp>
#endif
