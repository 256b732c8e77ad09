#include <string>

#include <funnelgraph/io/json.hpp>

#include "check.hpp"
#include "shop.hpp"

int main() {
  namespace fg = funnelgraph;
  const fg::Funnel shop = consumer::shop();
  const fg::Analysis analysis = fg::analyze(shop);
  consumer::expect_near("customers", analysis.count("customer"), 343);
  consumer::expect_near("profit", analysis.profit, 350 * 2e6 - 1'000 * 5e3);
  consumer::expect("JSON round trip", fg::from_json(fg::to_json(shop)) == shop);

  // Errors keep their type across the border of the library.
  std::string nearest;
  try {
    static_cast<void>(analysis.count("costumer"));
  } catch (const fg::UnknownNameError& error) {
    nearest = error.nearest();
  }
  consumer::expect("nearest name", nearest == "customer");
  return 0;
}
