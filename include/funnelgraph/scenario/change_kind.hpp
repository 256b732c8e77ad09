// What a change does to a number.
#pragma once

#include <cstdint>

#include <funnelgraph/config.hpp>

namespace funnelgraph::inline v0 {

/// What a change does to a number.
enum class ChangeKind : std::uint8_t { set, scale, shift, scale_odds };

namespace detail {

/// What a change makes of a number; odds as those of a probability, whoever gives or takes the rest.
[[nodiscard]] inline double changed_number(ChangeKind kind, double before, double given) noexcept {
  switch (kind) {
    case ChangeKind::set:
      return given;
    case ChangeKind::scale:
      return before * given;
    case ChangeKind::shift:
      return before + given;
    case ChangeKind::scale_odds:
      break;
  }
  return given * before / (given * before + (1 - before));
}

}  // namespace detail
}  // namespace funnelgraph::inline v0
