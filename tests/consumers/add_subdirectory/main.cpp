#include "check.hpp"
#include "shop.hpp"

int main() {
  const funnelgraph::Analysis analysis = funnelgraph::analyze(consumer::shop());
  consumer::expect_near("customers", analysis.count("customer"), 343);
  return 0;
}
