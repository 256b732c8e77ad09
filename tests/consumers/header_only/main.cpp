#include "check.hpp"
#include "shop.hpp"

#ifndef FUNNELGRAPH_HEADER_ONLY
#error "funnelgraph::header_only defines FUNNELGRAPH_HEADER_ONLY"
#endif

double customers_by_the_other_unit();

int main() {
  const funnelgraph::Analysis analysis = funnelgraph::analyze(consumer::shop());
  consumer::expect_near("customers", analysis.count("customer"), 343);
  consumer::expect_near("the other unit's", customers_by_the_other_unit(), 343);
  consumer::expect("issues", funnelgraph::validate(consumer::shop()).empty());
  return 0;
}
