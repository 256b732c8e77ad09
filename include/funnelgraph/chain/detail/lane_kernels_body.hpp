// The loops themselves. Read once for each instruction set by a file of its own: FUNNELGRAPH_LANES is the
// number of doubles a register holds, FUNNELGRAPH_LANES_NAME the set's name; else the flags say. Raw pointers
// only: what a template of another header would become here could be linked into code for any machine.
#pragma once

#include <funnelgraph/chain/detail/lane_loops.hpp>

#ifndef FUNNELGRAPH_LANES
#if defined(__AVX512F__) && defined(__AVX512DQ__) && defined(__AVX512VL__)
#define FUNNELGRAPH_LANES 8
#define FUNNELGRAPH_LANES_NAME avx512
#elif defined(__AVX2__)
#define FUNNELGRAPH_LANES 4
#define FUNNELGRAPH_LANES_NAME avx2
#else
#define FUNNELGRAPH_LANES 2
#define FUNNELGRAPH_LANES_NAME baseline
#endif
#endif
#define FUNNELGRAPH_LANES_TEXT_OF(name) #name
#define FUNNELGRAPH_LANES_TEXT(name) FUNNELGRAPH_LANES_TEXT_OF(name)

namespace funnelgraph::inline v0::detail::FUNNELGRAPH_LANES_NAME {

#if defined(__GNUC__)
// Four registers at a time. May alias, and no more aligned than a double: columns are the caller's.
typedef double Lanes __attribute__((vector_size(8 * FUNNELGRAPH_LANES), aligned(8), may_alias));
typedef long long Mask __attribute__((vector_size(8 * FUNNELGRAPH_LANES), aligned(8), may_alias));
inline constexpr std::size_t width = FUNNELGRAPH_LANES;

#define FUNNELGRAPH_AT(pointer, u) (*reinterpret_cast<const Lanes*>((pointer) + i + (u) * width))
#define FUNNELGRAPH_TO(pointer, u) (*reinterpret_cast<Lanes*>((pointer) + i + (u) * width))

/// So many x and so many products in one sum, without a loop inside: what most operations are. `plain`: every
/// x as it is.
template <std::size_t scaled, std::size_t products, bool plain>
inline void dot_of(const LaneDot& op, std::size_t lanes) {
  double* const out = op.out;
  const Lanes start = op.start - Lanes{};
  const double *x[scaled + 1], *a[products + 1], *b[products + 1];
  Lanes scale[scaled + 1], shift[scaled + 1];
  for (std::size_t k = 0; k < scaled; ++k) {
    x[k] = op.x[k];
    scale[k] = op.scale[k] - Lanes{};
    shift[k] = op.shift[k] - Lanes{};
  }
  for (std::size_t k = 0; k < products; ++k) {
    a[k] = op.a[k];
    b[k] = op.b[k];
  }
  for (std::size_t i = 0; i < lanes; i += 2 * width) {
    Lanes s0 = start, s1 = start;
    for (std::size_t k = 0; k < scaled; ++k) {
      if constexpr (plain) {
        s0 += FUNNELGRAPH_AT(x[k], 0);
        s1 += FUNNELGRAPH_AT(x[k], 1);
      } else {
        s0 += (FUNNELGRAPH_AT(x[k], 0) - shift[k]) * scale[k];
        s1 += (FUNNELGRAPH_AT(x[k], 1) - shift[k]) * scale[k];
      }
    }
    for (std::size_t k = 0; k < products; ++k) {
      s0 += FUNNELGRAPH_AT(a[k], 0) * FUNNELGRAPH_AT(b[k], 0);
      s1 += FUNNELGRAPH_AT(a[k], 1) * FUNNELGRAPH_AT(b[k], 1);
    }
    FUNNELGRAPH_TO(out, 0) = s0;
    FUNNELGRAPH_TO(out, 1) = s1;
  }
}

inline void dot_any(const LaneDot& op, std::size_t lanes) {
  double* const out = op.out;
  for (std::size_t i = 0; i < lanes; i += 4 * width) {
    Lanes s0 = op.start - Lanes{}, s1 = s0, s2 = s0, s3 = s0;
    for (std::size_t k = 0; k < op.scaled; ++k) {
      const double* const x = op.x[k];
      const double scale = op.scale[k];
      const double shift = op.shift[k];
      s0 += (FUNNELGRAPH_AT(x, 0) - shift) * scale;
      s1 += (FUNNELGRAPH_AT(x, 1) - shift) * scale;
      s2 += (FUNNELGRAPH_AT(x, 2) - shift) * scale;
      s3 += (FUNNELGRAPH_AT(x, 3) - shift) * scale;
    }
    for (std::size_t k = 0; k < op.products; ++k) {
      const double* const a = op.a[k];
      const double* const b = op.b[k];
      s0 += FUNNELGRAPH_AT(a, 0) * FUNNELGRAPH_AT(b, 0);
      s1 += FUNNELGRAPH_AT(a, 1) * FUNNELGRAPH_AT(b, 1);
      s2 += FUNNELGRAPH_AT(a, 2) * FUNNELGRAPH_AT(b, 2);
      s3 += FUNNELGRAPH_AT(a, 3) * FUNNELGRAPH_AT(b, 3);
    }
    FUNNELGRAPH_TO(out, 0) = s0;
    FUNNELGRAPH_TO(out, 1) = s1;
    FUNNELGRAPH_TO(out, 2) = s2;
    FUNNELGRAPH_TO(out, 3) = s3;
  }
}

inline void dot(const LaneDot& op, std::size_t lanes) {
  bool plain = true;
  for (std::size_t k = 0; k < op.scaled; ++k) plain = plain && op.scale[k] == 1 && op.shift[k] == 0;
  if (op.scaled > 2 || op.products > 3 || (!plain && op.scaled + op.products > 2)) return dot_any(op, lanes);
  switch (4 * op.scaled + op.products) {
    case 1:
      return dot_of<0, 1, true>(op, lanes);
    case 2:
      return dot_of<0, 2, true>(op, lanes);
    case 3:
      return dot_of<0, 3, true>(op, lanes);
    case 4:
      return plain ? dot_of<1, 0, true>(op, lanes) : dot_of<1, 0, false>(op, lanes);
    case 5:
      return plain ? dot_of<1, 1, true>(op, lanes) : dot_of<1, 1, false>(op, lanes);
    case 6:
      return dot_of<1, 2, true>(op, lanes);
    case 8:
      return plain ? dot_of<2, 0, true>(op, lanes) : dot_of<2, 0, false>(op, lanes);
    case 9:
      return dot_of<2, 1, true>(op, lanes);
    default:
      return dot_any(op, lanes);
  }
}

inline void divide(double* out, const double* a, const double* b, std::size_t lanes) {
  for (std::size_t i = 0; i < lanes; i += width)
    FUNNELGRAPH_TO(out, 0) = FUNNELGRAPH_AT(a, 0) / FUNNELGRAPH_AT(b, 0);
}

inline void ratio(double* out, const double* a, const double* b, std::size_t lanes) {
  const Lanes nothing = __builtin_nan("") - Lanes{};
  for (std::size_t i = 0; i < lanes; i += width) {
    const Lanes below = FUNNELGRAPH_AT(b, 0);
    const Lanes share = FUNNELGRAPH_AT(a, 0) / below;
    FUNNELGRAPH_TO(out, 0) = below == Lanes{} ? nothing : share;
  }
}

inline void missing(double* out, const double* const* x, std::size_t terms, std::size_t lanes) {
  for (std::size_t i = 0; i < lanes; i += 2 * width) {
    Lanes r0 = 1.0 - Lanes{}, r1 = r0, c0 = Lanes{}, c1 = c0;
    for (std::size_t k = 0; k < terms; ++k) {  // Knuth's two-sum of rest and -x
      const Lanes x0 = FUNNELGRAPH_AT(x[k], 0), x1 = FUNNELGRAPH_AT(x[k], 1);
      const Lanes n0 = r0 - x0, n1 = r1 - x1;
      const Lanes b0 = n0 - r0, b1 = n1 - r1;
      c0 += (r0 - (n0 - b0)) - (x0 + b0);
      c1 += (r1 - (n1 - b1)) - (x1 + b1);
      r0 = n0;
      r1 = n1;
    }
    FUNNELGRAPH_TO(out, 0) = r0 + c0;
    FUNNELGRAPH_TO(out, 1) = r1 + c1;
  }
}

inline void at_least(double* out, const double* a, double least, std::size_t lanes) {
  for (std::size_t i = 0; i < lanes; i += width) {
    const Lanes x = FUNNELGRAPH_AT(a, 0);
    FUNNELGRAPH_TO(out, 0) = x < least - Lanes{} ? Lanes{} : x;
  }
}

inline void unless(double* out, const double* a, const double* b, std::size_t lanes) {
  const Lanes nothing = __builtin_nan("") - Lanes{};
  for (std::size_t i = 0; i < lanes; i += width) {
    const Lanes x = FUNNELGRAPH_AT(a, 0);
    FUNNELGRAPH_TO(out, 0) = FUNNELGRAPH_AT(b, 0) > Lanes{} ? nothing : x;
  }
}

/// Four answers go to where those of their variants are kept, joined with what is there unless it is `fresh`.
inline void keep_answers(std::int64_t* kept, bool fresh, Mask (&ok)[4]) {
  Mask* const to = reinterpret_cast<Mask*>(kept);
  for (std::size_t u = 0; u < 4; ++u) {
    if (!fresh) ok[u] &= to[u];
    to[u] = ok[u];
  }
}

template <bool each>
inline bool check_lanes(const LaneCheck& op, std::size_t lanes) {
  Mask all = Mask{} - 1;
  for (std::size_t i = 0; i < lanes; i += 4 * width) {
    const Mask yes = Mask{} - 1;
    Mask ok[4] = {yes, yes, yes, yes};
    for (std::size_t k = 0; k < op.both; ++k) {
      const Lanes low = op.low[k] - Lanes{}, high = op.high[k] - Lanes{};
      const double* const x = op.x[k];
      const Lanes x0 = FUNNELGRAPH_AT(x, 0), x1 = FUNNELGRAPH_AT(x, 1);
      const Lanes x2 = FUNNELGRAPH_AT(x, 2), x3 = FUNNELGRAPH_AT(x, 3);
      ok[0] &= (x0 >= low) & (x0 <= high);
      ok[1] &= (x1 >= low) & (x1 <= high);
      ok[2] &= (x2 >= low) & (x2 <= high);
      ok[3] &= (x3 >= low) & (x3 <= high);
    }
    for (std::size_t k = op.both; k < op.checks; ++k) {
      const Lanes low = op.low[k] - Lanes{};
      const double* const x = op.x[k];
      ok[0] &= FUNNELGRAPH_AT(x, 0) >= low;
      ok[1] &= FUNNELGRAPH_AT(x, 1) >= low;
      ok[2] &= FUNNELGRAPH_AT(x, 2) >= low;
      ok[3] &= FUNNELGRAPH_AT(x, 3) >= low;
    }
    if constexpr (each) keep_answers(op.ok + i, op.fresh, ok);
    all &= ok[0] & ok[1] & ok[2] & ok[3];
  }
  long long every = -1;
  for (std::size_t j = 0; j < width; ++j) every &= all[j];
  return every != 0;
}

inline bool check(const LaneCheck& op, std::size_t lanes) {
  return op.ok != nullptr ? check_lanes<true>(op, lanes) : check_lanes<false>(op, lanes);
}

inline void within(const LaneWithin& op, std::size_t lanes) {
  for (std::size_t i = 0; i < lanes; i += width) {
    Lanes fits = 1.0 - Lanes{};
    for (std::size_t k = 0; k < op.checks; ++k)
      fits = FUNNELGRAPH_AT(op.x[k], 0) > FUNNELGRAPH_AT(op.limit[k], 0) ? Lanes{} : fits;
    FUNNELGRAPH_TO(op.out, 0) = fits;
  }
}

/// Whether no x has a sign and every sum is `least` or more: no lane by itself, and -0 counts as below 0.
/// `terms` of them, or as many as there are.
template <std::size_t terms>
inline bool guard_all(const LaneGuard& op, std::size_t lanes) {
  Mask signs0 = Mask{}, signs1 = Mask{}, all0 = Mask{} - 1, all1 = all0;
  double* const out = op.out;
  const Lanes least = op.least - Lanes{};
  const Lanes start = op.start - Lanes{};
  const double* x[terms + 1];
  Lanes scale[terms + 1], shift[terms + 1];
  for (std::size_t k = 0; k < terms; ++k) {
    x[k] = op.x[k];
    scale[k] = op.scale[k] - Lanes{};
    shift[k] = op.shift[k] - Lanes{};
  }
  for (std::size_t i = 0; i < lanes; i += 2 * width) {
    Lanes s0 = start, s1 = start;
    const std::size_t count = terms > 0 ? terms : op.scaled;
    for (std::size_t k = 0; k < count; ++k) {
      const double* const from = terms > 0 ? x[k] : op.x[k];
      const Lanes by = terms > 0 ? scale[k] : op.scale[k] - Lanes{};
      const Lanes less = terms > 0 ? shift[k] : op.shift[k] - Lanes{};
      const Lanes x0 = FUNNELGRAPH_AT(from, 0), x1 = FUNNELGRAPH_AT(from, 1);
      signs0 |= (Mask)x0;
      signs1 |= (Mask)x1;
      s0 += (x0 - less) * by;
      s1 += (x1 - less) * by;
    }
    all0 &= s0 >= least;
    all1 &= s1 >= least;
    if (out != nullptr) {
      FUNNELGRAPH_TO(out, 0) = s0;
      FUNNELGRAPH_TO(out, 1) = s1;
    }
  }
  const Mask all = (all0 & all1) & ((signs0 | signs1) >= Mask{});
  long long every = -1;
  for (std::size_t j = 0; j < width; ++j) every &= all[j];
  return every != 0;
}

inline bool guard_each(const LaneGuard& op, std::size_t lanes) {
  Mask all = Mask{} - 1;
  const Lanes least = op.least - Lanes{};
  for (std::size_t i = 0; i < lanes; i += 4 * width) {
    Lanes s0 = op.start - Lanes{}, s1 = s0, s2 = s0, s3 = s0;
    const Mask yes = Mask{} - 1;
    Mask ok[4] = {yes, yes, yes, yes};
    for (std::size_t k = 0; k < op.scaled; ++k) {
      const double* const x = op.x[k];
      const double scale = op.scale[k];
      const double shift = op.shift[k];
      const Lanes x0 = FUNNELGRAPH_AT(x, 0), x1 = FUNNELGRAPH_AT(x, 1);
      const Lanes x2 = FUNNELGRAPH_AT(x, 2), x3 = FUNNELGRAPH_AT(x, 3);
      ok[0] &= x0 >= Lanes{};
      ok[1] &= x1 >= Lanes{};
      ok[2] &= x2 >= Lanes{};
      ok[3] &= x3 >= Lanes{};
      s0 += (x0 - shift) * scale;
      s1 += (x1 - shift) * scale;
      s2 += (x2 - shift) * scale;
      s3 += (x3 - shift) * scale;
    }
    ok[0] &= s0 >= least;
    ok[1] &= s1 >= least;
    ok[2] &= s2 >= least;
    ok[3] &= s3 >= least;
    if (op.out != nullptr) {
      FUNNELGRAPH_TO(op.out, 0) = s0;
      FUNNELGRAPH_TO(op.out, 1) = s1;
      FUNNELGRAPH_TO(op.out, 2) = s2;
      FUNNELGRAPH_TO(op.out, 3) = s3;
    }
    keep_answers(op.ok + i, op.fresh, ok);
    all &= ok[0] & ok[1] & ok[2] & ok[3];
  }
  long long every = -1;
  for (std::size_t j = 0; j < width; ++j) every &= all[j];
  return every != 0;
}

inline bool guard(const LaneGuard& op, std::size_t lanes) {
  if (op.ok != nullptr) return guard_each(op, lanes);
  switch (op.scaled) {
    case 1:
      return guard_all<1>(op, lanes);
    case 2:
      return guard_all<2>(op, lanes);
    case 3:
      return guard_all<3>(op, lanes);
    default:
      return guard_all<0>(op, lanes);
  }
}

#undef FUNNELGRAPH_AT
#undef FUNNELGRAPH_TO

#else  // plain loops, for compilers without vectors as types

inline void dot(const LaneDot& op, std::size_t lanes) {
  for (std::size_t i = 0; i < lanes; ++i) op.out[i] = op.start;
  for (std::size_t k = 0; k < op.scaled; ++k)
    for (std::size_t i = 0; i < lanes; ++i) op.out[i] += (op.x[k][i] - op.shift[k]) * op.scale[k];
  for (std::size_t k = 0; k < op.products; ++k)
    for (std::size_t i = 0; i < lanes; ++i) op.out[i] += op.a[k][i] * op.b[k][i];
}

inline double no_number() {
  const std::uint64_t bits = 0x7ff8000000000000U;
  double nothing;
  static_assert(sizeof nothing == sizeof bits);
  for (std::size_t i = 0; i < sizeof bits; ++i)
    reinterpret_cast<unsigned char*>(&nothing)[i] = reinterpret_cast<const unsigned char*>(&bits)[i];
  return nothing;
}

inline void divide(double* out, const double* a, const double* b, std::size_t lanes) {
  for (std::size_t i = 0; i < lanes; ++i) out[i] = a[i] / b[i];
}

inline void ratio(double* out, const double* a, const double* b, std::size_t lanes) {
  const double nothing = no_number();
  for (std::size_t i = 0; i < lanes; ++i) out[i] = b[i] == 0 ? nothing : a[i] / b[i];
}

inline void missing(double* out, const double* const* x, std::size_t terms, std::size_t lanes) {
  for (std::size_t i = 0; i < lanes; ++i) {
    double rest = 1, carry = 0;
    for (std::size_t k = 0; k < terms; ++k) {
      const double next = rest - x[k][i];
      const double back = next - rest;
      carry += (rest - (next - back)) - (x[k][i] + back);
      rest = next;
    }
    out[i] = rest + carry;
  }
}

inline void at_least(double* out, const double* a, double least, std::size_t lanes) {
  for (std::size_t i = 0; i < lanes; ++i) out[i] = a[i] < least ? 0 : a[i];
}

inline void unless(double* out, const double* a, const double* b, std::size_t lanes) {
  const double nothing = no_number();
  for (std::size_t i = 0; i < lanes; ++i) out[i] = b[i] > 0 ? nothing : a[i];
}

inline bool check(const LaneCheck& op, std::size_t lanes) {
  bool all = true;
  for (std::size_t i = 0; i < lanes; ++i) {
    bool ok = op.ok == nullptr || op.fresh || op.ok[i] != 0;
    for (std::size_t k = 0; k < op.both; ++k) ok = ok && op.x[k][i] >= op.low[k] && op.x[k][i] <= op.high[k];
    for (std::size_t k = op.both; k < op.checks; ++k) ok = ok && op.x[k][i] >= op.low[k];
    if (op.ok != nullptr) op.ok[i] = ok ? -1 : 0;
    all = all && ok;
  }
  return all;
}

inline void within(const LaneWithin& op, std::size_t lanes) {
  for (std::size_t i = 0; i < lanes; ++i) {
    op.out[i] = 1;
    for (std::size_t k = 0; k < op.checks; ++k)
      if (op.x[k][i] > op.limit[k][i]) op.out[i] = 0;
  }
}

inline bool guard(const LaneGuard& op, std::size_t lanes) {
  bool all = true;
  for (std::size_t i = 0; i < lanes; ++i) {
    bool ok = op.ok == nullptr || op.fresh || op.ok[i] != 0;
    double sum = op.start;
    for (std::size_t k = 0; k < op.scaled; ++k) {
      ok = ok && op.x[k][i] >= 0;
      sum += (op.x[k][i] - op.shift[k]) * op.scale[k];
    }
    ok = ok && sum >= op.least;
    if (op.out != nullptr) op.out[i] = sum;
    if (op.ok != nullptr) op.ok[i] = ok ? -1 : 0;
    all = all && ok;
  }
  return all;
}

#endif

inline constexpr LaneKernels kernels{FUNNELGRAPH_LANES_TEXT(FUNNELGRAPH_LANES_NAME),
                                     dot,
                                     divide,
                                     ratio,
                                     missing,
                                     at_least,
                                     unless,
                                     check,
                                     within,
                                     guard};

}  // namespace funnelgraph::inline v0::detail::FUNNELGRAPH_LANES_NAME
