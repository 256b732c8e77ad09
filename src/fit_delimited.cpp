// The compiled half of reading delimited tables.
#include <funnelgraph/fit/date_column_inl.hpp>
#include <funnelgraph/fit/delimited_inl.hpp>
#include <funnelgraph/fit/number_column_inl.hpp>
