#pragma once

#include <utility>

#include <funnelgraph/core/error.hpp>
#include <funnelgraph/fit/milestone_reader_inl.hpp>
#include <funnelgraph/fit/milestones.hpp>

namespace funnelgraph::inline v0::fit {

FUNNELGRAPH_INLINE Statistics milestones(const Columns& table, const MilestoneOptions& options) {
  StatisticsContent content;
  content.reader = Reader::milestones;
  content.milestones = detail::checked(options);
  content.durations = options.durations;
  content.keeps_journeys = options.keep_journeys && !options.journey.empty();
  content.reason_owners = content.milestones.reasons;
  if (table.rows() == 0) throw DataError(table.source(), 0, "", "the table has no rows");
  detail::read_milestones(table, content);
  if (content.first == no_tick) {
    throw DataError(table.source(), 0, "",
                    "no row has a date for any stage" + std::string(options.until ? " by `until`" : ""));
  }
  return Statistics(std::move(content));
}

}  // namespace funnelgraph::inline v0::fit
