// The road from a table or a builder to the numbers and to what-if, for those who would rather not pick.
// Input and output (funnelgraph/io/), key figures (funnelgraph/kpi/), explanations (funnelgraph/explain/),
// maturity (funnelgraph/maturity/) and the rest of what-if (funnelgraph/whatif/) are included by who uses
// them, so that nobody else compiles them.
#pragma once

#include <funnelgraph/analysis/analyze.hpp>
#include <funnelgraph/analysis/evaluate.hpp>
#include <funnelgraph/analysis/sensitivity.hpp>
#include <funnelgraph/chain/elimination.hpp>
#include <funnelgraph/compile/compile.hpp>
#include <funnelgraph/config.hpp>
#include <funnelgraph/core/error.hpp>
#include <funnelgraph/core/units.hpp>
#include <funnelgraph/fit/delimited.hpp>
#include <funnelgraph/fit/events.hpp>
#include <funnelgraph/fit/milestones.hpp>
#include <funnelgraph/model/funnel.hpp>
#include <funnelgraph/model/metric.hpp>
#include <funnelgraph/model/parameter.hpp>
#include <funnelgraph/model/reference.hpp>
#include <funnelgraph/model/segmented_funnel.hpp>
#include <funnelgraph/model/validate.hpp>
#include <funnelgraph/scenario/apply.hpp>
#include <funnelgraph/scenario/diff.hpp>
#include <funnelgraph/scenario/scenario.hpp>
#include <funnelgraph/whatif/compare.hpp>
#include <funnelgraph/whatif/goal_seek.hpp>
