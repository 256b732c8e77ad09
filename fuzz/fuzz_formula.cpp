// Any bytes are a formula or refused with a typed error; what is one evaluates, with its gradient, to the
// same value as its own text read again.
#include <funnelgraph/core/error.hpp>
#include <funnelgraph/kpi/formula.hpp>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace fg = funnelgraph;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  try {
    const fg::Formula formula(text);
    fg::Figures figures;
    double value = -2;
    for (const std::string& name : formula.names()) figures[name] = value += 1.5;
    const fg::FormulaValue found = formula.evaluate(figures);
    if (formula.gradient(figures).size() != formula.names().size()) std::abort();
    const double again = fg::Formula(formula.text()).evaluate(figures).value;
    if (found.value != again && !(std::isnan(found.value) && std::isnan(again))) std::abort();
    if (found.divided_by_zero && !std::isnan(found.value) && !std::isinf(found.value)) std::abort();
    if (!formula.names().empty()) {
      figures.erase(formula.names().front());
      try {
        (void)formula.evaluate(figures);
        std::abort();
      } catch (const fg::UnknownNameError&) {
      }
    }
  } catch (const fg::InvalidValueError&) {
  }
  return 0;
}
