// What one side promised the other about time.
#pragma once

#include <cstdint>
#include <limits>
#include <string>

#include <funnelgraph/config.hpp>

namespace funnelgraph::inline v0 {

/// What a service level promises. `answer`: `to` follows `from` within the limit. `feedback`: `to` follows at
/// all, or within the limit where one is given. `report`: `to` happens at least once in every `within` days.
enum class Promise : std::uint8_t { answer, feedback, report };

/// "Leads are called within a day": {"enquiry", "call", 1}. Names are stages or events of a log.
struct ServiceLevel {
  std::string from;
  std::string to;
  double within = 1;  ///< days, > 0; of a report a whole number; infinite only for feedback
  Promise promise = Promise::answer;
  bool operator==(const ServiceLevel&) const = default;

  /// Feedback on every `from`: "how the lead went" from Sales to Marketing.
  [[nodiscard]] static ServiceLevel feedback(std::string from, std::string to,
                                             double within = std::numeric_limits<double>::infinity()) {
    return {std::move(from), std::move(to), within, Promise::feedback};
  }
  /// A report at least once in every `every` days: the daily report back.
  [[nodiscard]] static ServiceLevel report(std::string event, double every = 1) {
    return {{}, std::move(event), every, Promise::report};
  }
};

}  // namespace funnelgraph::inline v0
