// From a funnel with names to every result: 50 stages in microseconds, 1,000 to 100,000 in seconds.
// Each figure is the least of several repetitions; ratios between sizes show the growth.
#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <string>

#include <funnelgraph/chain/solver.hpp>
#include <funnelgraph/funnelgraph.hpp>

namespace fg = funnelgraph;

namespace {

/// A line of `n` stages with a way out at every tenth and, where asked, a way back at every second.
fg::Funnel line(std::size_t n, bool loops) {
  const auto name = [](std::size_t i) { return "stage " + std::to_string(i); };
  fg::Funnel funnel{{.name = "line"}};
  funnel.add_owner({.name = "Marketing", .role = fg::Role::marketing});
  funnel.add_owner({.name = "Sales", .role = fg::Role::sales});
  funnel.add_outcome({.name = "won", .kind = fg::OutcomeKind::won, .value = 100});
  funnel.add_outcome({.name = "lost", .kind = fg::OutcomeKind::lost});
  for (std::size_t i = 0; i < n; ++i) {
    funnel.add_stage({.name = name(i), .owner = i < n / 2 ? "Marketing" : "Sales", .cost = 1, .value = 2});
    funnel.add_transition({.from = name(i),
                           .to = i + 1 < n ? name(i + 1) : "won",
                           .rate = 0.6,
                           .lag = fg::Lag::exponential(2)});
    if (loops && i % 2 == 0 && i > 4) {
      funnel.add_transition(
          {.from = name(i), .to = name(i - 4), .rate = 0.1, .lag = fg::Lag::exponential(3)});
    }
    if (!loops && i + 2 < n) {
      funnel.add_transition(
          {.from = name(i), .to = name(i + 2), .rate = 0.1, .lag = fg::Lag::exponential(3)});
    }
    if (i % 10 == 3) {
      funnel.add_transition({.from = name(i), .to = "lost", .rate = 0.1, .lag = fg::Lag::exponential(1)});
    }
  }
  funnel.add_entry({.stage = name(0), .volume = 1000});
  return funnel;
}

/// The least time of one call, in seconds.
template <class Call>
double seconds(int repetitions, int calls, Call&& call) {
  using Clock = std::chrono::steady_clock;
  double least = 1e300;
  for (int i = 0; i < repetitions; ++i) {
    const auto start = Clock::now();
    for (int k = 0; k < calls; ++k) call();
    least = std::min(least, std::chrono::duration<double>(Clock::now() - start).count() / calls);
  }
  return least;
}

/// Uses a result, so that it is computed.
volatile double sink = 0;

}  // namespace

int main() {
  const fg::Funnel small = line(50, true);
  const auto compiled = fg::compile(small);
  std::printf("50 stages, %zu transitions with loops, one core, microseconds (least of 30 runs)\n",
              small.transitions().size());
  const auto row = [](const char* what, double value) { std::printf("  %-34s %9.2f\n", what, 1e6 * value); };
  row("copy", seconds(30, 50, [&] {
        const fg::Funnel copy = small;
        sink = static_cast<double>(copy.stages().size());
      }));
  row("validate", seconds(30, 50, [&] { sink = static_cast<double>(fg::validate(small).size()); }));
  row("compile (validates)", seconds(30, 50, [&] { sink = fg::compile(small).chain.rate[0]; }));
  row("find the elimination",
      seconds(30, 50, [&] { sink = fg::Elimination(compiled.chain).statistics().components; }));
  const double analysis = seconds(30, 50, [&] { sink = fg::analyze(small).profit; });
  row("compile and analyze", analysis);
  const double gradients =
      seconds(30, 20, [&] { sink = fg::gradients(small, fg::metric::profit()).front().gradient; });
  row("analyze and all gradients", gradients);
  std::printf("  %-34s %9.2f\n", "gradients / analysis, ratio", gradients / analysis);

  double before = 0;
  std::printf("from names to every result of analyze, acyclic with skips, seconds\n");
  for (const std::size_t n : {std::size_t{1'000}, std::size_t{10'000}, std::size_t{100'000}}) {
    const fg::Funnel funnel = line(n, false);
    const double time = seconds(5, 1, [&] { sink = fg::analyze(funnel).profit; });
    std::printf("  %7zu stages, %7zu transitions  %8.4f", n, funnel.transitions().size(), time);
    if (before > 0) std::printf("   %.1f times the tenth of it", time / before);
    std::printf("\n");
    before = time;
  }
  return 0;
}
