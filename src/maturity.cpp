// The compiled twin of the headers in funnelgraph/maturity.
#include <funnelgraph/maturity/actions_inl.hpp>
#include <funnelgraph/maturity/advice_inl.hpp>
#include <funnelgraph/maturity/answers_inl.hpp>
#include <funnelgraph/maturity/assessment_inl.hpp>
#include <funnelgraph/maturity/detail/mean_interval_inl.hpp>
#include <funnelgraph/maturity/detail/resampling_inl.hpp>
#include <funnelgraph/maturity/instrument_inl.hpp>
#include <funnelgraph/maturity/problem_inl.hpp>
#include <funnelgraph/maturity/questionnaire_inl.hpp>
#include <funnelgraph/maturity/reliability_inl.hpp>
#include <funnelgraph/maturity/review_inl.hpp>
#include <funnelgraph/maturity/standard_instrument_inl.hpp>
#include <funnelgraph/maturity/texts_inl.hpp>
