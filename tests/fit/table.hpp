// Tables for the tests of the fit: owned columns with a view on them.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include <funnelgraph/fit/columns.hpp>

namespace test {

namespace fit = funnelgraph::fit;

/// "2026-02-27", "2024-01-04 11:45:38" or "" (missing).
inline fit::Tick tick(std::string_view text) {
  if (text.empty()) return fit::no_tick;
  const auto part = [&](std::size_t from, std::size_t size) {
    return std::stoi(std::string(text.substr(from, size)));
  };
  const std::chrono::sys_days day = std::chrono::year(part(0, 4)) /
                                    std::chrono::month(static_cast<unsigned>(part(5, 2))) /
                                    std::chrono::day(static_cast<unsigned>(part(8, 2)));
  fit::Tick seconds = std::chrono::duration_cast<std::chrono::seconds>(day.time_since_epoch()).count();
  if (text.size() > 10) seconds += 3600 * part(11, 2) + 60 * part(14, 2) + part(17, 2);
  return seconds * 1'000'000;
}

/// Columns that it owns, handed out as a view. Adding keeps earlier columns where they are.
class Table {
 public:
  explicit Table(std::size_t rows) : view_(rows, "table") {}

  Table& times(std::string name, const std::vector<std::string>& text) {
    std::vector<fit::Tick> ticks;
    for (const std::string& cell : text) ticks.push_back(tick(cell));
    return ticks_of(std::move(name), std::move(ticks));
  }
  Table& ticks_of(std::string name, std::vector<fit::Tick> ticks) {
    times_.push_back(std::move(ticks));
    view_.add(std::move(name), fit::Times{times_.back()});
    return *this;
  }
  Table& numbers(std::string name, std::vector<double> values) {
    numbers_.push_back(std::move(values));
    view_.add(std::move(name), fit::Numbers{numbers_.back()});
    return *this;
  }
  Table& integers(std::string name, std::vector<std::int64_t> values) {
    integers_.push_back(std::move(values));
    view_.add(std::move(name), fit::Integers{integers_.back()});
    return *this;
  }
  Table& text(std::string name, std::vector<std::string> values) {
    text_.push_back(std::move(values));
    view_.add_text(std::move(name), text_.back());
    return *this;
  }
  /// Text as its codes, one of which may stand for no letter at all.
  Table& codes(std::string name, std::vector<std::int32_t> codes, std::vector<std::string> names) {
    codes_.push_back(std::move(codes));
    text_.push_back(std::move(names));
    view_.add(std::move(name), fit::Categories{codes_.back(), text_.back()});
    return *this;
  }
  [[nodiscard]] const fit::Columns& view() const { return view_; }
  operator const fit::Columns&() const { return view_; }  // NOLINT

 private:
  fit::Columns view_;
  std::deque<std::vector<fit::Tick>> times_;
  std::deque<std::vector<double>> numbers_;
  std::deque<std::vector<std::int64_t>> integers_;
  std::deque<std::vector<std::int32_t>> codes_;
  std::deque<std::vector<std::string>> text_;
};

}  // namespace test
