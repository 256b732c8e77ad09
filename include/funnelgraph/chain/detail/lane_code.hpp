// A tape's operations as machine code made on the spot: one loop that holds what it can in registers, where
// the loops of lane_kernels.hpp go through memory after each operation.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include <funnelgraph/chain/detail/tape_operation.hpp>
#include <funnelgraph/config.hpp>

namespace funnelgraph::inline v0::detail {

/// Immutable; `run` is safe from many threads. The same bits as the kernels give.
class LaneCode {
 public:
  LaneCode(const LaneCode&) = delete;
  LaneCode& operator=(const LaneCode&) = delete;
  ~LaneCode();

  /// Doubles of the widest register that code can be made for here; 0 where none can: on other machines than
  /// x86-64 with AVX2, in header-only use, or where the library was built without.
  [[nodiscard]] static std::size_t widest() noexcept;

  /// `steps` in their order, each reading columns (below `columns`) or what steps before it made; `results`
  /// are numbers of values. `width` is 4 or `widest()`. Null where `width` is 0, for a step without code (a
  /// map), where the code would be longer than 256 kB or its frame than 32 kB, or where the system gives no
  /// memory to run.
  [[nodiscard]] static std::shared_ptr<const LaneCode> compile(std::uint32_t columns,
                                                               std::span<const TapeOperation> steps,
                                                               std::span<const std::uint32_t> results,
                                                               std::size_t width = widest());

  /// `columns[k]` and `results[r]` hold `lanes` numbers, a multiple of `lane_step`; no result lies where a
  /// column does. False where some variant is in doubt, or has a number -0 that a guard looks at.
  [[nodiscard]] bool run(const double* const* columns, double* const* results, std::size_t lanes) const;

 private:
  LaneCode() = default;

  void* memory_ = nullptr;
  std::size_t size_ = 0;
  void* entry_ = nullptr;
};

}  // namespace funnelgraph::inline v0::detail

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/chain/detail/lane_code_inl.hpp>
#endif
