#include "shop.hpp"

double customers_by_the_other_unit();

double customers_by_the_other_unit() { return funnelgraph::analyze(consumer::shop()).count("customer"); }
