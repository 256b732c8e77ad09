// Changes of numbers from Python: of which kind, who gives, when, and what was cut at a bound.
#pragma once

#include <pybind11/stl.h>

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <funnelgraph/scenario/apply.hpp>
#include <funnelgraph/scenario/change.hpp>

#include "convert.hpp"

namespace funnelgraph_python {

/// "set", "scale", "shift" or "scale_odds", or UnknownNameError.
inline fg::ChangeKind change_kind_of(const std::string& kind) {
  return static_cast<fg::ChangeKind>(position_of("change", kind, {"set", "scale", "shift", "scale_odds"}));
}

/// Who gives what a rate gains and gets what it loses; None is nobody.
inline fg::TakeFrom take_from_of(const std::optional<std::string>& name) {
  return name ? fg::TakeFrom(*name) : fg::TakeFrom::nobody();
}
inline fg::TakeFrom take_from_of(py::handle value, std::string_view where) {
  return take_from_of(maybe_text_of(value, where));
}
inline std::map<fg::Parameter, fg::TakeFrom> take_from_of(
    const std::map<fg::Parameter, std::optional<std::string>>& names) {
  std::map<fg::Parameter, fg::TakeFrom> all;
  for (const auto& [parameter, name] : names) all.emplace(parameter, take_from_of(name));
  return all;
}

/// at=, a day or None, and clip=.
inline fg::ApplyOptions apply_options_of(const py::object& at, bool clip, std::string_view where) {
  return {.at = maybe_days_of(at, where), .clip = clip};
}

/// [(scenario, parameter, wanted, given, message), ...]
inline py::list clipped_tuples(const std::vector<fg::Clipped>& notes) {
  py::list result;
  for (const fg::Clipped& note : notes) {
    result.append(py::make_tuple(note.scenario, note.parameter, note.wanted, note.given, note.message));
  }
  return result;
}

}  // namespace funnelgraph_python
