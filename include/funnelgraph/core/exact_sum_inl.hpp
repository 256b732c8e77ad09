#pragma once

#include <algorithm>
#include <bit>
#include <limits>

#include <funnelgraph/core/exact_sum.hpp>

namespace funnelgraph::inline v0 {
namespace detail {

inline constexpr std::uint64_t limb_mask = 0xFFFFFFFF;
inline constexpr int limb_bits = 32;
inline constexpr int lowest_exponent = -1074;  // of the last bit of the least double
inline constexpr int double_digits = 53;
/// A limb takes less than 2^33 an addition, so that this many leave it below 2^63.
inline constexpr std::uint32_t additions_before_carry = std::uint32_t{1} << 28U;

}  // namespace detail

FUNNELGRAPH_INLINE void ExactSum::cover(std::size_t first, std::size_t last) {
  if (limbs_.empty()) {
    lowest_ = first;
    limbs_.assign(last - first, 0);
    return;
  }
  if (first < lowest_) {
    limbs_.insert(limbs_.begin(), lowest_ - first, 0);
    lowest_ = first;
  }
  if (last > lowest_ + limbs_.size()) limbs_.resize(last - lowest_, 0);
}

/// Brings every limb but the last into [0, 2^32); the last keeps the sign.
FUNNELGRAPH_INLINE void ExactSum::carry() {
  std::int64_t carried = 0;
  for (std::size_t k = 0; k < limbs_.size(); ++k) {
    const std::int64_t limb = limbs_[k] + carried;
    const bool last = k + 1 == limbs_.size();
    if (last && limb <= std::int64_t{detail::limb_mask} && limb >= -std::int64_t{detail::limb_mask}) {
      limbs_[k] = limb;
      break;
    }
    limbs_[k] = static_cast<std::int64_t>(static_cast<std::uint64_t>(limb) & detail::limb_mask);
    carried = limb >> detail::limb_bits;
    if (last) {
      limbs_.push_back(carried);
      break;
    }
  }
  pending_ = 0;
}

FUNNELGRAPH_INLINE ExactSum& ExactSum::add(double value) {
  const auto bits = std::bit_cast<std::uint64_t>(value);
  const auto exponent = static_cast<std::size_t>((bits >> 52U) & 0x7FFU);
  std::uint64_t mantissa = bits & ((std::uint64_t{1} << 52U) - 1);
  const bool negative = (bits >> 63U) != 0;
  if (exponent == 0x7FF) {
    const Special kind = mantissa != 0 ? not_a_number : negative ? minus_infinity : plus_infinity;
    special_ = static_cast<unsigned char>(special_ | kind);
    return *this;
  }
  if (exponent != 0) mantissa |= std::uint64_t{1} << 52U;
  if (mantissa == 0) return *this;
  const std::size_t position = exponent == 0 ? 0 : exponent - 1;
  const std::size_t first = position / detail::limb_bits;
  const std::size_t shift = position % detail::limb_bits;
  const std::uint64_t low = (mantissa & detail::limb_mask) << shift;
  const std::uint64_t high = (mantissa >> 32U) << shift;
  const std::int64_t sign = negative ? -1 : 1;
  cover(first, first + 3);
  std::int64_t* limb = limbs_.data() + (first - lowest_);
  limb[0] += sign * static_cast<std::int64_t>(low & detail::limb_mask);
  limb[1] += sign * static_cast<std::int64_t>((low >> 32U) + (high & detail::limb_mask));
  limb[2] += sign * static_cast<std::int64_t>(high >> 32U);
  if (++pending_ == detail::additions_before_carry) carry();
  return *this;
}

FUNNELGRAPH_INLINE ExactSum& ExactSum::add_product(double a, double b) {
  const double product = a * b;
  add(product);
  if (std::isfinite(product)) add(std::fma(a, b, -product));
  return *this;
}

FUNNELGRAPH_INLINE ExactSum& ExactSum::merge(const ExactSum& other) {
  ExactSum carried = other;
  carried.carry();
  carry();
  special_ = static_cast<unsigned char>(special_ | carried.special_);
  if (carried.limbs_.empty()) return *this;
  cover(carried.lowest_, carried.lowest_ + carried.limbs_.size());
  for (std::size_t k = 0; k < carried.limbs_.size(); ++k) {
    limbs_[carried.lowest_ - lowest_ + k] += carried.limbs_[k];
  }
  carry();
  return *this;
}

FUNNELGRAPH_INLINE ExactSum::Canonical ExactSum::canonical() const {
  ExactSum work = *this;
  work.carry();
  Canonical result;
  result.negative = !work.limbs_.empty() && work.limbs_.back() < 0;
  if (result.negative) {
    for (std::int64_t& limb : work.limbs_) limb = -limb;
    work.carry();
  }
  // The sign stands in the last limb, but a last limb of 0 hides it: then all limbs are >= 0 already.
  for (const std::int64_t limb : work.limbs_) result.magnitude.push_back(static_cast<std::uint32_t>(limb));
  while (!result.magnitude.empty() && result.magnitude.back() == 0) result.magnitude.pop_back();
  const auto used = std::find_if(result.magnitude.begin(), result.magnitude.end(),
                                 [](std::uint32_t limb) { return limb != 0; });
  result.lowest = work.lowest_ + static_cast<std::size_t>(used - result.magnitude.begin());
  result.magnitude.erase(result.magnitude.begin(), used);
  if (result.magnitude.empty()) result = {};
  return result;
}

FUNNELGRAPH_INLINE double ExactSum::special_value() const noexcept {
  if (special_ == plus_infinity) return std::numeric_limits<double>::infinity();
  if (special_ == minus_infinity) return -std::numeric_limits<double>::infinity();
  return std::numeric_limits<double>::quiet_NaN();
}

FUNNELGRAPH_INLINE bool ExactSum::equals(const ExactSum& other) const {
  if (special_ != none || other.special_ != none) {
    if (special_ == none || other.special_ == none) return false;
    const double a = special_value(), b = other.special_value();
    return a == b || (std::isnan(a) && std::isnan(b));
  }
  return canonical() == other.canonical();
}

FUNNELGRAPH_INLINE double ExactSum::value() const {
  if (special_ != none) return special_value();
  const Canonical sum = canonical();
  if (sum.magnitude.empty()) return 0;
  const std::size_t top = sum.magnitude.size() - 1;
  const auto limb = [&](std::size_t below) -> std::uint64_t {
    return below <= top ? sum.magnitude[top - below] : 0;
  };
  // The 64 bits from the highest one on, then whether anything stands below them.
  const int zeros = std::countl_zero(sum.magnitude[top]);
  std::uint64_t head = (limb(0) << 32U) | limb(1);
  std::uint64_t next = limb(2);
  if (zeros > 0) {
    head = (head << static_cast<unsigned>(zeros)) | (next >> static_cast<unsigned>(32 - zeros));
    next = (next << static_cast<unsigned>(zeros)) & detail::limb_mask;
  }
  bool below = next != 0;
  for (std::size_t k = 3; k <= top && !below; ++k) below = limb(k) != 0;
  constexpr unsigned dropped = 64 - detail::double_digits;
  constexpr std::uint64_t half = std::uint64_t{1} << (dropped - 1);
  const std::uint64_t rest = head & ((std::uint64_t{1} << dropped) - 1);
  std::uint64_t mantissa = head >> dropped;
  if (rest > half || (rest == half && (below || (mantissa & 1U) != 0))) ++mantissa;
  const int exponent = detail::lowest_exponent + detail::limb_bits * static_cast<int>(sum.lowest + top) +
                       (detail::limb_bits - 1 - zeros) - (detail::double_digits - 1);
  // Bits below the least double do not exist, so that a subnormal result was not rounded and ldexp is exact.
  const double magnitude = std::ldexp(static_cast<double>(mantissa), exponent);
  return sum.negative ? -magnitude : magnitude;
}

FUNNELGRAPH_INLINE std::vector<double> ExactSum::parts() const {
  if (special_ != none) return {special_value()};
  const Canonical sum = canonical();
  std::vector<double> result;
  for (std::size_t k = 0; k < sum.magnitude.size(); ++k) {
    if (sum.magnitude[k] == 0) continue;
    const int exponent = detail::lowest_exponent + detail::limb_bits * static_cast<int>(sum.lowest + k);
    const double part = std::ldexp(static_cast<double>(sum.magnitude[k]), exponent);
    result.push_back(sum.negative ? -part : part);
  }
  return result;
}

}  // namespace funnelgraph::inline v0
