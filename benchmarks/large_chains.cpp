// Times one large generated chain, prints a JSON line and writes what large_chains.py compares.
//
//   large_chains [KIND STAGES SEED REPEATS [FILE]]
//
// Without arguments: every kind with 100,000 stages.
// KIND: acyclic (three edges to one of the next ten stages), local (one of the three goes back by at most
// ten), random (acyclic, but one edge in a hundred goes back to any earlier stage), random_stages (one
// stage in a hundred has one such edge); with the suffix _shuffled the stages are numbered at random.
// FILE receives, as raw little-endian numbers: stages, edges (uint32), row_begin, target (uint32), rate,
// drop_off, solution, visits (double).
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#if defined(__APPLE__)
#include <sys/resource.h>
#endif

#include <funnelgraph/chain/elimination.hpp>
#include <funnelgraph/chain/solver.hpp>

namespace {

namespace fg = funnelgraph;

/// splitmix64 (Steele, Lea and Flood 2014): the same chain on every platform.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next() {
    std::uint64_t z = (state_ += 0x9e3779b97f4a7c15U);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
    return z ^ (z >> 31);
  }
  double uniform() { return static_cast<double>(next() >> 11) * 0x1p-53; }
  std::uint32_t below(std::uint32_t limit) { return static_cast<std::uint32_t>(next() % limit); }

 private:
  std::uint64_t state_;
};

struct Numbers {
  std::uint32_t stages = 0;
  std::vector<std::uint32_t> row_begin{0}, target;
  std::vector<double> rate, drop_off;
};

constexpr std::uint32_t reach = 10;  // stages that a local edge spans at most
constexpr std::uint32_t edges_per_stage = 3;

Numbers generate(std::string_view kind, std::uint32_t stages, std::uint64_t seed) {
  Random random(seed);
  constexpr std::string_view suffix = "_shuffled";
  const bool shuffled = kind.size() > suffix.size() && kind.substr(kind.size() - suffix.size()) == suffix;
  if (shuffled) kind.remove_suffix(suffix.size());
  struct Edge {
    std::uint32_t to;
    double rate;
  };
  std::vector<std::vector<Edge>> rows(stages);
  for (std::uint32_t i = 0; i < stages; ++i) {
    const bool back_stage = random.below(100) == 0;
    for (std::uint32_t n = 0; n < edges_per_stage; ++n) {
      std::uint32_t to = i + 1 + random.below(reach);
      const bool last = n + 1 == edges_per_stage;
      if (i > 0 && kind == "local" && last) to = i - std::min(i, 1 + random.below(reach));
      if (i > 0 && kind == "random" && random.below(100) == 0) to = random.below(i);
      if (i > 0 && kind == "random_stages" && last && back_stage) to = random.below(i);
      rows[i].push_back({std::min(to, stages), 0.32 * random.uniform()});  // `stages` is the one outcome
    }
  }
  std::vector<std::uint32_t> name(stages);
  for (std::uint32_t i = 0; i < stages; ++i) name[i] = i;
  if (shuffled)
    for (std::uint32_t i = stages; i > 1; --i) std::swap(name[i - 1], name[random.below(i)]);
  std::vector<std::uint32_t> stage_named(stages);
  for (std::uint32_t i = 0; i < stages; ++i) stage_named[name[i]] = i;
  Numbers chain;
  chain.stages = stages;
  for (std::uint32_t i = 0; i < stages; ++i) {
    double sum = 0;
    for (const Edge& edge : rows[stage_named[i]]) {
      chain.target.push_back(edge.to < stages ? name[edge.to] : edge.to);
      chain.rate.push_back(edge.rate);
      sum += edge.rate;
    }
    chain.drop_off.push_back(1 - sum);
    chain.row_begin.push_back(static_cast<std::uint32_t>(chain.target.size()));
  }
  return chain;
}

/// Processor time of this process: what other programs on the machine do changes it least.
double seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

double median(std::vector<double> times) {
  std::nth_element(times.begin(), times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2), times.end());
  return times[times.size() / 2];
}

/// Peak resident memory, 0 where the system does not say.
double peak_megabytes() {
#if defined(__linux__)
  // Not getrusage: it also counts the process that started this one.
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("VmHWM:")) return std::strtod(line.c_str() + 6, nullptr) / 1024.0;
  return 0;
#elif defined(__APPLE__)
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1048576.0;
#else
  return 0;
#endif
}

template <class T>
void write(std::ofstream& file, const std::vector<T>& numbers) {
  file.write(reinterpret_cast<const char*>(numbers.data()),
             static_cast<std::streamsize>(numbers.size() * sizeof(T)));
}

int run(const std::string& kind, std::uint32_t stages, std::uint64_t seed, int repeats,
        const std::string& name) {
  const Numbers chain = generate(kind, stages, seed);
  std::vector<double> plan_times, number_times, solve_times, transposed_times, self_times, cold_times;
  std::vector<double> solution, visits;
  fg::EliminationStatistics found;
  double cold_megabytes = 0;
  for (int n = 0; n < repeats; ++n) {
    solution.assign(stages, 1.0);
    visits.assign(stages, 0.0);
    visits[0] = 1.0;
    const double start = seconds();
    const fg::Elimination elimination(stages, chain.row_begin, chain.target);
    const double planned = seconds();
    const fg::Solver<double> solver(elimination, chain.rate, chain.drop_off);
    const double eliminated = seconds();
    solver.solve(solution);
    const double solved = seconds();
    solver.solve_transposed(visits);
    const double transposed = seconds();
    if (n == 0) cold_megabytes = peak_megabytes();
    const double before_self = seconds();
    const std::vector<double> self = solver.self_visits();
    const double after_self = seconds();
    if (self.size() != stages) return 1;
    found = elimination.statistics();
    plan_times.push_back(planned - start);
    number_times.push_back(eliminated - planned);
    solve_times.push_back(solved - eliminated);
    transposed_times.push_back(transposed - solved);
    self_times.push_back(after_self - before_self);
    cold_times.push_back(solved - start);
  }
  if (!name.empty()) {
    std::ofstream file(name, std::ios::binary);
    write(file, std::vector<std::uint32_t>{stages, static_cast<std::uint32_t>(chain.target.size())});
    write(file, chain.row_begin);
    write(file, chain.target);
    write(file, chain.rate);
    write(file, chain.drop_off);
    write(file, solution);
    write(file, visits);
    if (!file) {
      std::fprintf(stderr, "cannot write %s\n", name.c_str());
      return 1;
    }
  }
  std::printf(
      "{\"kind\": \"%s\", \"stages\": %u, \"edges\": %zu, \"cold\": %.6g, \"first_cold\": %.6g, \"plan\": "
      "%.6g, "
      "\"eliminate\": %.6g, \"solve\": %.6g, \"solve_transposed\": %.6g, \"self_visits\": %.6g, "
      "\"cyclic_components\": %u, \"largest_component\": %u, \"fill\": %llu, \"operations\": %llu, "
      "\"solve_peak_megabytes\": %.1f, \"peak_megabytes\": %.1f}\n",
      kind.c_str(), stages, chain.target.size(), median(cold_times), cold_times.front(), median(plan_times),
      median(number_times), median(solve_times), median(transposed_times), median(self_times),
      found.cyclic_components, found.largest_component, static_cast<unsigned long long>(found.fill),
      static_cast<unsigned long long>(found.operations), cold_megabytes, peak_megabytes());
  return 0;
}

}  // namespace

int main(int count, char** arguments) {
  if (count == 1) {
    for (const char* kind :
         {"acyclic", "acyclic_shuffled", "local", "local_shuffled", "random_stages", "random"})
      if (run(kind, 100'000, 1, 3, {}) != 0) return 1;
    return 0;
  }
  if (count < 5) {
    std::fputs("usage: large_chains [KIND STAGES SEED REPEATS [FILE]]\n", stderr);
    return 2;
  }
  return run(arguments[1], static_cast<std::uint32_t>(std::strtoul(arguments[2], nullptr, 10)),
             std::strtoull(arguments[3], nullptr, 10), std::max(1, std::atoi(arguments[4])),
             count > 5 ? arguments[5] : "");
}
