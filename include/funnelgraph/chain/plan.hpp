// The arrays of an elimination plan: what to visit in which order. For whoever runs it (solver.hpp).
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include <funnelgraph/config.hpp>

namespace funnelgraph::inline v0 {

/// A component with a cycle over more than one stage: positions `begin` .. `end`-1 of the order. Its
/// rows in the filled pattern are `first_row` .. `first_row + (end - begin) - 1`. Its last `dense`
/// stages are kept as one dense row-major block that starts at `dense_begin` of the solver's block
/// storage; their mutual entries are then not in the sparse pattern.
struct CyclicBlock {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  std::uint32_t first_row = 0;
  std::uint32_t dense = 0;
  std::size_t dense_begin = 0;
};

/// What elimination does, in arrays.
///
/// `order` lists the stages so that components come in topological order (who is entered first, first)
/// and, inside a cyclic one, in the order of elimination. A position outside every block is a stage
/// alone: its value is one pass over its edges, and nothing is stored for it.
///
/// For row r of a block, that is for stage i = order[block.begin + r - block.first_row]:
/// - `lower[lower_begin[r] .. lower_begin[r+1])` are the earlier stages k whose elimination changes row
///   i, in order of elimination;
/// - `upper[upper_begin[r] .. upper_begin[r+1])` are the later stages j of the same block that row i
///   reaches once the earlier ones are gone, fill included, in the order in which they are summed;
/// - `across[across_begin[r] .. across_begin[r+1])` are its edges into later components.
///
/// Numeric phase, row by row in order: the row's rates are spread; for each k of `lower`, with
/// l = a_ik / s_k, every u_kj is added as l * u_kj and the exit of k as l * e_k; the diagonal is dropped;
/// s_i = e_i + sum_j u_ij. Nothing is ever subtracted.
struct EliminationPlan {
  std::uint32_t stage_count = 0;
  std::vector<std::uint32_t> row_begin{0};  ///< of the chain
  std::vector<std::uint32_t> target;        ///< of the chain
  std::vector<std::uint32_t> order;
  std::vector<CyclicBlock> blocks;            ///< in topological order
  std::vector<std::uint32_t> block_of_stage;  ///< by stage, `no_block` alone; empty without blocks
  std::vector<std::uint32_t> lower_begin, lower;
  std::vector<std::uint32_t> upper_begin, upper;
  std::vector<std::uint32_t> across_begin, across;
  std::size_t dense_size = 0;  ///< numbers in all dense blocks

  static constexpr std::uint32_t no_block = 0xffffffffU;
};

}  // namespace funnelgraph::inline v0
