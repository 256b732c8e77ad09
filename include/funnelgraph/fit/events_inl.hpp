#pragma once

#include <utility>

#include <funnelgraph/core/error.hpp>
#include <funnelgraph/fit/event_reader_inl.hpp>
#include <funnelgraph/fit/events.hpp>

namespace funnelgraph::inline v0::fit {

FUNNELGRAPH_INLINE Statistics events(const Columns& log, const EventOptions& options) {
  StatisticsContent content;
  content.reader = Reader::events;
  content.events = detail::checked(options);
  content.durations = options.durations;
  content.keeps_journeys = options.keep_journeys;
  if (log.rows() == 0) throw DataError(log.source(), 0, "", "the log has no rows");
  detail::read_events(log, content);
  if (content.first == no_tick) {
    throw DataError(log.source(), 0, options.time,
                    "no event has a stage and a time" + std::string(options.until ? " by `until`" : ""));
  }
  return Statistics(std::move(content));
}

}  // namespace funnelgraph::inline v0::fit
