// Rows of paths for tests, kept and shown as tables.
#pragma once

#include <cstdint>
#include <funnelgraph/explain/journey_tables.hpp>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace test {

/// Paths as lists of channels, with what they came to.
struct JourneyRows {
  std::vector<std::vector<std::string>> paths;
  std::vector<double> conversions, nulls, values;

  JourneyRows& add(std::vector<std::string> path, double converted, double lost, double value = 0) {
    paths.push_back(std::move(path));
    conversions.push_back(converted);
    nulls.push_back(lost);
    values.push_back(value);
    return *this;
  }
  [[nodiscard]] std::size_t size() const { return paths.size(); }
};

/// The rows as text.
class TextRows {
 public:
  explicit TextRows(const JourneyRows& rows, const std::string& separator = " > ") : rows_(&rows) {
    for (const auto& path : rows.paths) {
      std::string text;
      for (const std::string& channel : path) text += (text.empty() ? "" : separator) + channel;
      texts_.push_back(std::move(text));
    }
    views_.assign(texts_.begin(), texts_.end());
    separator_ = separator;
  }
  [[nodiscard]] funnelgraph::PathTable table(bool with_values = true) const {
    funnelgraph::PathTable table;
    table.paths = views_;
    table.ends.conversions = rows_->conversions;
    table.ends.nulls = rows_->nulls;
    if (with_values) table.ends.values = rows_->values;
    table.separator = separator_;
    return table;
  }

 private:
  const JourneyRows* rows_;
  std::vector<std::string> texts_;
  std::vector<std::string_view> views_;
  std::string separator_;
};

/// The rows in codes.
class CodedRows {
 public:
  explicit CodedRows(const JourneyRows& rows) : rows_(&rows) {
    std::map<std::string, std::uint32_t> known;
    for (const auto& path : rows.paths) {
      for (const std::string& channel : path) {
        const auto [at, is_new] = known.try_emplace(channel, static_cast<std::uint32_t>(known.size()));
        if (is_new) channels_.push_back(channel);
        codes_.push_back(at->second);
      }
      begin_.push_back(codes_.size());
    }
  }
  [[nodiscard]] funnelgraph::CodedPaths table(bool with_values = true) const {
    funnelgraph::CodedPaths table;
    table.channels = channels_;
    table.codes = codes_;
    table.begin = begin_;
    table.ends.conversions = rows_->conversions;
    table.ends.nulls = rows_->nulls;
    if (with_values) table.ends.values = rows_->values;
    return table;
  }

 private:
  const JourneyRows* rows_;
  std::vector<std::string> channels_;
  std::vector<std::uint32_t> codes_;
  std::vector<std::uint64_t> begin_{0};
};

/// Drawn journeys over `channels` channels that tend to repeat; the same for one seed everywhere.
inline JourneyRows drawn_journeys(std::size_t rows, std::uint32_t channels, std::uint64_t seed) {
  std::uint64_t state = seed * 0x9E3779B97F4A7C15ULL + 1;
  const auto next = [&](std::uint64_t below) {
    state ^= state << 13U;
    state ^= state >> 7U;
    state ^= state << 17U;
    return state % below;
  };
  JourneyRows drawn;
  for (std::size_t r = 0; r < rows; ++r) {
    std::vector<std::string> path;
    std::uint64_t channel = next(channels);
    do {
      if (next(3) != 0) channel = (channel * 7 + next(4)) % channels;
      path.push_back("channel " + std::to_string(channel));
    } while (next(5) != 0 && path.size() < 40);
    const auto converted = static_cast<double>(next(3));
    const auto lost = static_cast<double>(next(4));
    drawn.add(std::move(path), converted, lost, converted > 0 ? static_cast<double>(next(1000)) / 8 : 0);
  }
  return drawn;
}

}  // namespace test
