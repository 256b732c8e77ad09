// libFuzzer target: whatever bytes come, each reader reads them or throws DataError, and what was read
// comes back bit for bit, can be validated, drawn and handed on.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include <funnelgraph/core/error.hpp>
#include <funnelgraph/io/dot.hpp>
#include <funnelgraph/io/graphml.hpp>
#include <funnelgraph/io/json.hpp>
#include <funnelgraph/model/validate.hpp>

namespace fg = funnelgraph;

namespace {

template <class T, class Use>
void try_one(std::string_view text, Use&& use) {
  try {
    const T first = fg::from_json<T>(text);
    const std::string written = fg::to_json(first);
    const T second = fg::from_json<T>(written);
    if (!(first == second) || fg::to_json(second) != written) std::abort();
    use(first);
  } catch (const fg::DataError&) {
    // Refused, as it may be; any other exception ends the run.
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  try_one<fg::Funnel>(text, [](const fg::Funnel& funnel) {
    (void)fg::validate(funnel);
    (void)fg::to_dot(funnel);
    (void)fg::to_graphml(funnel);
  });
  const auto nothing = [](const auto&) {};
  try_one<fg::SegmentedFunnel>(text, nothing);
  try_one<fg::Parameter>(text, nothing);
  try_one<fg::Metric>(text, nothing);
  return 0;
}
