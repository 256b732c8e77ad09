// Definitions of lane_code.hpp where no code is made: the compiled library on x86-64 has
// src/chain/lane_code.cpp.
#pragma once

#include <funnelgraph/chain/detail/lane_code.hpp>

namespace funnelgraph::inline v0::detail {

#ifndef FUNNELGRAPH_LANE_CODE

FUNNELGRAPH_INLINE LaneCode::~LaneCode() = default;

FUNNELGRAPH_INLINE std::size_t LaneCode::widest() noexcept { return 0; }

FUNNELGRAPH_INLINE std::shared_ptr<const LaneCode> LaneCode::compile(std::uint32_t,
                                                                     std::span<const TapeOperation>,
                                                                     std::span<const std::uint32_t>,
                                                                     std::size_t) {
  return nullptr;
}

FUNNELGRAPH_INLINE bool LaneCode::run(const double* const*, double* const*, std::size_t) const {
  return false;
}

#endif

}  // namespace funnelgraph::inline v0::detail
