// The closed form of removal effects alone: milliseconds for chains of 12 to 512 channels, every pair met,
// and for one of order 2.
#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include <funnelgraph/core/philox.hpp>
#include <funnelgraph/explain/journey_counts.hpp>
#include <funnelgraph/explain/removal_effects.hpp>

namespace fg = funnelgraph;

namespace {

fg::JourneyChain full_chain(std::uint32_t channels) {
  fg::RandomStream random(1, channels, "removal effects");
  fg::JourneyChain chain;
  chain.channel_count = channels;
  for (std::uint32_t c = 0; c < channels; ++c) {
    for (std::uint32_t to = 0; to < channels; ++to) {
      chain.target.push_back(to);
      chain.count.push_back(1 + static_cast<double>(random() % 200));
    }
    chain.row_begin.push_back(static_cast<std::uint32_t>(chain.target.size()));
    chain.touches.push_back(c);
    chain.touch_begin.push_back(c + 1);
    chain.started.push_back(static_cast<double>(random() % 5000));
    chain.converted.push_back(static_cast<double>(random() % 500));
    chain.lost.push_back(5000);
  }
  return chain;
}

fg::JourneyChain second_order(std::uint32_t channels, int rows) {
  fg::RandomStream random(2, channels, "paths");
  std::vector<std::string> texts;
  for (int r = 0; r < rows; ++r) {
    std::string text;
    do {
      text += (text.empty() ? "channel " : " > channel ") + std::to_string(random() % channels);
    } while (random() % 4 != 0);
    texts.push_back(std::move(text));
  }
  const std::vector<std::string_view> paths(texts.begin(), texts.end());
  fg::AttributionOptions options;
  options.rules.order = 2;
  fg::JourneyCounts counts(options);
  fg::PathTable table;
  table.paths = paths;
  counts.add(table);
  return counts.chain();
}

void time(const char* what, const fg::JourneyChain& chain, int rounds) {
  std::vector<double> taken;
  double sum = 0;
  for (int round = 0; round < rounds; ++round) {
    const auto start = std::chrono::steady_clock::now();
    const fg::RemovalEffects effects = fg::removal_effects(chain, fg::Execution{.threads = 1});
    taken.push_back(
        std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count());
    sum += effects.effect.front();
  }
  std::sort(taken.begin(), taken.end());
  std::printf("%-28s %6u states %9zu edges  least %9.3f ms  median %9.3f ms  (first effect %.4f)\n", what,
              chain.state_count(), chain.target.size(), taken.front(), taken[taken.size() / 2], sum / rounds);
}

}  // namespace

int main() {
  for (const std::uint32_t channels : {12U, 50U, 200U, 512U})
    time((std::to_string(channels) + " channels").c_str(), full_chain(channels), 51);
  time("12 channels, order 2", second_order(12, 100'000), 5);
  time("40 channels, order 2", second_order(40, 100'000), 3);
}
