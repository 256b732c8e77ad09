// Random logs and tables, and a recount of a log by brute force.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "table.hpp"

namespace test {

struct Event {
  std::string journey;
  std::string stage;
  fit::Tick time = 0;
  std::int64_t tie = 0;  // its row in the log as it was made
  std::string channel;
  double amount = 0;  // NaN = none
};

/// Many ties: times are whole hours within a few days.
inline std::vector<Event> random_log(std::mt19937_64& random, int journeys, int events) {
  const std::vector<std::string> stages = {"home", "search", "cart", "purchase", "help", "tìm kiếm"};
  const auto pick = [&](int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); };
  std::vector<Event> log;
  for (int i = 0; i < events; ++i) {
    Event event;
    const int journey = pick(journeys);
    event.journey = "j" + std::to_string(journey);
    event.stage = stages[static_cast<std::size_t>(pick(static_cast<int>(stages.size())))];
    event.time = fit::Tick{pick(100)} * 3'600'000'000;
    event.tie = i;
    event.channel = journey % 3 == 0 ? "" : journey % 3 == 1 ? "ads" : "friends";
    event.amount = pick(4) == 0 ? std::nan("") : 0.1 * pick(1000);
    log.push_back(event);
  }
  return log;
}

inline Table table_of(const std::vector<Event>& log) {
  Table table(log.size());
  std::vector<std::string> journeys, stages, channels;
  std::vector<fit::Tick> times;
  std::vector<std::int64_t> ties;
  std::vector<double> amounts;
  for (const Event& event : log) {
    journeys.push_back(event.journey);
    stages.push_back(event.stage);
    channels.push_back(event.channel);
    times.push_back(event.time);
    ties.push_back(event.tie);
    amounts.push_back(event.amount);
  }
  table.text("journey", journeys).text("stage", stages).text("channel", channels);
  table.ticks_of("time", times).integers("tie", ties).numbers("amount", amounts);
  return table;
}

struct Recount {
  std::map<std::pair<std::string, std::string>, std::vector<fit::Tick>> lags;
  std::map<std::string, std::uint64_t> entered, started, ended;
  std::uint64_t ties = 0, different_ties = 0, after_outcome = 0;
};

/// Counts a log the plain way: journeys one by one, sorted by time and then by row or tie.
inline Recount recount(const std::vector<Event>& log, bool by_tie, const std::string& outcome) {
  std::map<std::string, std::vector<Event>> journeys;
  for (const Event& event : log) journeys[event.journey].push_back(event);
  Recount result;
  for (auto& [name, events] : journeys) {
    std::stable_sort(events.begin(), events.end(), [&](const Event& a, const Event& b) {
      return by_tie ? std::tie(a.time, a.tie) < std::tie(b.time, b.tie) : a.time < b.time;
    });
    ++result.started[events.front().stage];
    bool ended = false, ended_before = false;
    for (std::size_t i = 0; i < events.size(); ++i) {
      if (i > 0 && !ended_before && events[i].time == events[i - 1].time) {
        ++result.ties;
        result.different_ties += events[i].stage != events[i - 1].stage ? 1U : 0U;
      }
      ended_before = ended;
      if (ended) {
        ++result.after_outcome;
        continue;
      }
      ++result.entered[events[i].stage];
      if (i > 0)
        result.lags[{events[i - 1].stage, events[i].stage}].push_back(events[i].time - events[i - 1].time);
      ended = events[i].stage == outcome;
    }
    if (!ended) ++result.ended[events.back().stage];
  }
  return result;
}

}  // namespace test
