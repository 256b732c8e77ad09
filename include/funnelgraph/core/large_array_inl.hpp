#pragma once

#include <funnelgraph/core/large_array.hpp>

#if defined(__linux__)
#include <sys/mman.h>
#endif

namespace funnelgraph::inline v0::detail {

FUNNELGRAPH_INLINE void* allocate_huge_pages(std::size_t bytes) {
  void* memory = ::operator new(bytes, std::align_val_t{huge_page});
#if defined(__linux__) && defined(MADV_HUGEPAGE)
  // A request: where it is refused, the pages are small ones.
  static_cast<void>(::madvise(memory, bytes - bytes % huge_page, MADV_HUGEPAGE));
#endif
  return memory;
}

FUNNELGRAPH_INLINE void free_huge_pages(void* memory) noexcept {
  ::operator delete(memory, std::align_val_t{huge_page});
}

}  // namespace funnelgraph::inline v0::detail
