// Many variants of a funnel of 12 stages and 27 rates, against a straight-line elimination of the same funnel
// written by hand, on the same columns in the same run. Prints nanoseconds of processor time a variant (the
// best of interleaved repetitions) and ratios. Usage: lanes [repetitions]
#include <algorithm>
#include <array>
#include <bit>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <functional>
#include <funnelgraph/analysis/evaluate.hpp>
#include <funnelgraph/analysis/sensitivity.hpp>
#include <funnelgraph/chain/detail/lane_code.hpp>
#include <funnelgraph/whatif/variants.hpp>
#include <limits>
#include <string>
#include <thread>
#include <vector>

#include "support/twelve_stages.hpp"

namespace fg = funnelgraph;

namespace {

#if defined(__GNUC__) && !defined(__clang__) && defined(__x86_64__)
#define FUNNELGRAPH_BY_HAND \
  __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default"), optimize("O3")))
#else
#define FUNNELGRAPH_BY_HAND
#endif

/// Wins per entrant: visits in order, the cycle of stages 4 to 7 eliminated with pivots of what leaves.
/// Rates are taken as they come; nothing is checked.
FUNNELGRAPH_BY_HAND void by_hand(const double* const* r, std::size_t count, double volume,
                                 double* __restrict out) {
  const double *a = r[0], *b = r[1], *c = r[2], *d = r[4], *e = r[5], *f = r[6], *g = r[8], *h = r[9],
               *k = r[10], *m = r[12], *n = r[13], *o = r[14], *p = r[15], *q = r[17], *s = r[18], *t = r[19],
               *u = r[20], *w = r[21], *x = r[23], *y = r[25], *lost5 = r[11], *lost7 = r[16];
#if defined(__GNUC__)
#pragma GCC ivdep
#endif
  for (std::size_t v = 0; v < count; ++v) {
    const double y1 = volume * a[v];
    const double y2 = volume * b[v] + y1 * c[v];
    const double y3 = y2 * d[v];
    const double y4 = y2 * e[v] + y3 * f[v];
    // Rows of the cycle, what leaves it as one sum: their drop-offs are what is missing.
    const double exit4 = 1 - g[v] - h[v];
    const double exit5 = (1 - k[v] - lost5[v]) + lost5[v];
    const double exit6 = (1 - m[v] - n[v]) + n[v];
    const double exit7 = (1 - o[v] - p[v] - lost7[v]) + p[v] + lost7[v];
    const double pivot4 = g[v] + h[v] + exit4;
    const double back = o[v] / pivot4;
    const double u75 = back * g[v], u76 = back * h[v];
    const double out7 = exit7 + back * exit4;
    const double pivot5 = k[v] + exit5;
    const double back5 = u75 / pivot5;
    const double v76 = u76 + back5 * k[v];
    const double left7 = out7 + back5 * exit5;
    const double pivot6 = m[v] + exit6;
    const double back6 = v76 / pivot6;
    const double pivot7 = left7 + back6 * exit6;
    double z4 = y4 / pivot4;
    double z5 = z4 * g[v] / pivot5;
    double z6 = (z4 * h[v] + z5 * k[v]) / pivot6;
    const double z7 = z6 * m[v] / pivot7;
    z6 += z7 * back6;
    const double y8 = z6 * n[v] + z7 * p[v];
    const double y9 = y8 * q[v];
    const double y10 = y8 * s[v] + y9 * u[v];
    const double y11 = y10 * x[v];
    out[v] = y8 * t[v] + y9 * w[v] + y11 * y[v];
  }
}

/// All bits of the columns: what reading them takes, whatever is then done with them.
FUNNELGRAPH_BY_HAND std::uint64_t read_all(const double* const* columns, std::size_t first,
                                           std::size_t last) {
  constexpr std::size_t block = 256;
  std::uint64_t bits = 0;
  for (std::size_t begin = first; begin < last; begin += block) {
    for (std::size_t k = 0; k < 27; ++k) {
      const double* const column = columns[k];
      for (std::size_t v = begin; v < std::min(begin + block, last); ++v)
        bits |= std::bit_cast<std::uint64_t>(column[v]);
    }
  }
  return bits;
}

std::uint64_t read_by_two(const double* const* columns, std::size_t count) {
  std::uint64_t of_helper = 0;
  std::thread helper([&] { of_helper = read_all(columns, count / 2, count); });
  const std::uint64_t own = read_all(columns, 0, count / 2);
  helper.join();
  return own | of_helper;
}

double processor_seconds() {
#if defined(CLOCK_PROCESS_CPUTIME_ID)
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
#else
  return static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
#endif
}

double wall_seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

/// Least seconds of each of several ways, taken in turns.
std::vector<double> best(int repetitions, const std::vector<std::function<void()>>& ways,
                         double (*seconds)() = processor_seconds) {
  std::vector<double> least(ways.size(), std::numeric_limits<double>::infinity());
  for (int repetition = 0; repetition < repetitions; ++repetition) {
    for (std::size_t w = 0; w < ways.size(); ++w) {
      const double start = seconds();
      ways[w]();
      least[w] = std::min(least[w], seconds() - start);
    }
  }
  return least;
}

/// A hash of a position as a number in [0, 1).
double drawn(std::uint64_t x) {
  x += 0x9e3779b97f4a7c15U;
  x = (x ^ (x >> 30U)) * 0xbf58476d1ce4e5b9U;
  x = (x ^ (x >> 27U)) * 0x94d049bb133111ebU;
  return static_cast<double>((x ^ (x >> 31U)) >> 11U) * 0x1p-53;
}

void line(const char* what, double seconds, std::size_t count, double against = 0) {
  std::printf("  %-46s %9.2f ns", what, 1e9 * seconds / static_cast<double>(count));
  if (against > 0) std::printf("   %6.2f x", seconds / against);
  std::printf("\n");
}

}  // namespace

int main(int argc, char** argv) {
  const int repetitions = argc > 1 ? std::atoi(argv[1]) : 15;
  const fg::Funnel funnel = test::twelve_stages();
  std::printf("kernels: %s; machine code for registers of %zu doubles\n", fg::Variants::instruction_set(),
              fg::detail::LaneCode::widest());

  std::vector<fg::Varied> all;
  for (const test::TwelveStagesRate& rate : test::twelve_stages_rates)
    all.push_back({fg::rate(test::twelve_stages_name(rate.from), test::twelve_stages_name(rate.to))});
  const fg::Variants variants(funnel, all, {fg::metric::count("won")});
  const fg::Variants money(funnel, all,
                           {fg::metric::count("won"), fg::metric::profit(), fg::metric::time_to("won")});

  for (const std::size_t count : {std::size_t{100'000}, std::size_t{1'000'000}}) {
    std::vector<std::vector<double>> columns(27, std::vector<double>(count));
    std::vector<const double*> in;
    for (std::size_t k = 0; k < 27; ++k) {
      for (std::size_t v = 0; v < count; ++v)
        columns[k][v] = test::twelve_stages_rates[k].rate * (0.8 + 0.4 * drawn(k * 1'000'003 + v));
      in.push_back(columns[k].data());
    }
    std::vector<double> won(count), check(count), profit(count), time(count);
    const std::vector<double*> out{won.data()};
    const std::vector<double*> three{won.data(), profit.data(), time.data()};
    std::uint64_t bits = 0;
    const std::vector<double> s =
        best(repetitions, {[&] { by_hand(in.data(), count, 1000, check.data()); },
                           [&] { static_cast<void>(variants.run(in, count, out, {}, {.threads = 1})); },
                           [&] { static_cast<void>(money.run(in, count, three, {}, {.threads = 1})); },
                           [&] { bits |= read_all(in.data(), 0, count); }});
    double off = 0;
    for (std::size_t v = 0; v < count; ++v) off = std::max(off, std::abs(won[v] / check[v] - 1));
    std::printf("%zu variants, 27 rates varied, one thread (processor time a variant)\n", count);
    line("straight-line C++ by hand", s[0], count);
    line("reading the columns and no more", s[3], count, s[0]);
    line("Variants, count", s[1], count, s[0]);
    line("Variants, count, profit and time", s[2], count, s[0]);
    std::printf("  largest relative difference %.1e\n", off);
    const std::vector<double> w =
        best(repetitions,
             {[&] { static_cast<void>(variants.run(in, count, out, {}, {.threads = 1})); },
              [&] { static_cast<void>(variants.run(in, count, out, {}, {.threads = 2})); },
              [&] { bits |= read_all(in.data(), 0, count); }, [&] { bits |= read_by_two(in.data(), count); }},
             wall_seconds);
    std::printf(
        "  two threads %.2f ns, %.2f times one; of reading alone %.2f ns, %.2f times (wall time; needs two "
        "idle processors)%s\n",
        1e9 * w[1] / static_cast<double>(count), w[0] / w[1], 1e9 * w[3] / static_cast<double>(count),
        w[2] / w[3], bits == 1 ? "." : "");
  }

  constexpr std::size_t points = 1'000'000;
  std::vector<double> grid(points), won(points);
  for (std::size_t v = 0; v < points; ++v) grid[v] = 0.3 + 0.4 * static_cast<double>(v) / points;
  const std::vector<const double*> in{grid.data()};
  const std::vector<double*> out{won.data()};
  std::printf("sweep of one rate, %zu points, one thread\n", points);
  for (const std::size_t k : {std::size_t{0}, std::size_t{12}, std::size_t{25}}) {
    const fg::Variants sweep(funnel, {all[k]}, {fg::metric::count("won")});
    const double s =
        best(repetitions, {[&] { static_cast<void>(sweep.run(in, points, out, {}, {.threads = 1})); }})[0];
    line(fg::to_string(all[k].parameter).c_str(), s, points);
  }

  std::printf("gradients of profit by all parameters\n");
  const fg::Metric profit = fg::metric::profit();
  double sink = 0;
  const std::vector<double> g = best(repetitions, {[&] {
                                                     for (int i = 0; i < 100; ++i)
                                                       sink += fg::evaluate(funnel, profit);
                                                   },
                                                   [&] {
                                                     for (int i = 0; i < 100; ++i)
                                                       sink += fg::gradients(funnel, profit).front().gradient;
                                                   }});
  line("evaluate", g[0], 100);
  line("gradients", g[1], 100, g[0]);
  return sink == 0.125 ? 1 : 0;
}
