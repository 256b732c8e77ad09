// Variants of a chain that are pairs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include <funnelgraph/config.hpp>

namespace funnelgraph::inline v0 {

/// Rows and cells of which every pair is a variant.
struct BatchGrid {
  std::span<const std::uint8_t> of_cells;  ///< by varied input: 1 where it varies from cell to cell
  std::span<const double* const> columns;  ///< by varied input: a number a cell, or else a number a row
  std::size_t rows = 0, cells = 0;
};

}  // namespace funnelgraph::inline v0
