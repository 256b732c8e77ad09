// How journeys become counts. Internal.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include <funnelgraph/fit/tally.hpp>

namespace funnelgraph::inline v0::fit::detail {

/// Adds (or takes back) a journey's beginning at its first visit.
void count_start(StatisticsContent& content, const Journey& journey, std::uint32_t stage,
                 std::span<const double> measures, bool add);
void count_visit(StatisticsContent& content, const Journey& journey, std::uint32_t stage,
                 std::span<const double> measures, bool add);
/// `lag` is unknown where a time is missing or it would be negative.
void count_move(StatisticsContent& content, const Journey& journey, const Visit& from, const Visit& to,
                std::uint32_t reason, bool add);
/// Counts how a journey stands at its last visit: open, dropped, or gone to `journey.end`.
void count_end(StatisticsContent& content, const Journey& journey, bool add);

/// Says how a journey that may go on stands as of `until`, counts and notes it.
void settle(StatisticsContent& content, Journey& journey, std::optional<std::uint64_t> row);
/// Takes that back.
void unsettle(StatisticsContent& content, const Journey& journey);

/// The as-of options of whichever reader read the content.
[[nodiscard]] std::optional<Tick> until_of(const StatisticsContent& content);
[[nodiscard]] std::optional<double> silence_of(const StatisticsContent& content);
/// What a journey without an outcome at its end is.
[[nodiscard]] JourneyEnd end_of(const StatisticsContent& content);

}  // namespace funnelgraph::inline v0::fit::detail

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/fit/counting_inl.hpp>
#endif
