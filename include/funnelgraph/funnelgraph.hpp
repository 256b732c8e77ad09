// Everything but input and output (see funnelgraph/io/): for those who would rather not pick.
#pragma once

#include <funnelgraph/analysis/analyze.hpp>
#include <funnelgraph/analysis/evaluate.hpp>
#include <funnelgraph/analysis/sensitivity.hpp>
#include <funnelgraph/compile/compile.hpp>
#include <funnelgraph/config.hpp>
#include <funnelgraph/core/error.hpp>
#include <funnelgraph/core/units.hpp>
#include <funnelgraph/fit/delimited.hpp>
#include <funnelgraph/fit/events.hpp>
#include <funnelgraph/fit/milestones.hpp>
#include <funnelgraph/maturity/actions.hpp>
#include <funnelgraph/maturity/advice.hpp>
#include <funnelgraph/maturity/assessment.hpp>
#include <funnelgraph/maturity/instrument.hpp>
#include <funnelgraph/maturity/questionnaire.hpp>
#include <funnelgraph/maturity/review.hpp>
#include <funnelgraph/model/funnel.hpp>
#include <funnelgraph/model/metric.hpp>
#include <funnelgraph/model/parameter.hpp>
#include <funnelgraph/model/reference.hpp>
#include <funnelgraph/model/segmented_funnel.hpp>
#include <funnelgraph/model/validate.hpp>
#include <funnelgraph/scenario/apply.hpp>
#include <funnelgraph/scenario/diff.hpp>
