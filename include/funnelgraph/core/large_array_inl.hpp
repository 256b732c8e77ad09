#pragma once

#include <algorithm>

#include <funnelgraph/core/large_array.hpp>

#if defined(__linux__)
#include <sys/mman.h>
#endif

namespace funnelgraph::inline v0::detail {

FUNNELGRAPH_INLINE void* allocate_huge_pages(std::size_t bytes) {
  // To the nearest number of huge pages: what is left of the last one is less than half of it.
  const std::size_t whole = (bytes / huge_page + (bytes % huge_page > huge_page / 2 ? 1 : 0)) * huge_page;
  void* memory = ::operator new(std::max(bytes, whole), std::align_val_t{huge_page});
#if defined(__linux__) && defined(MADV_HUGEPAGE)
  // A request: where it is refused, the pages are small ones.
  static_cast<void>(::madvise(memory, whole, MADV_HUGEPAGE));
#endif
  return memory;
}

FUNNELGRAPH_INLINE void free_huge_pages(void* memory) noexcept {
  ::operator delete(memory, std::align_val_t{huge_page});
}

}  // namespace funnelgraph::inline v0::detail
