#pragma once

#include <utility>

#include <funnelgraph/core/error.hpp>
#include <funnelgraph/core/names.hpp>
#include <funnelgraph/model/name_index.hpp>
#include <funnelgraph/model/parameter.hpp>

namespace funnelgraph::inline v0 {

namespace detail {

struct ParameterShape {
  const char* name;
  std::size_t least;  ///< fewest and most arguments
  std::size_t most;
};

[[nodiscard]] inline ParameterShape shape_of(ParameterKind kind) noexcept {
  switch (kind) {
    case ParameterKind::rate:
      return {"rate", 2, 2};
    case ParameterKind::drop_off:
      return {"drop_off", 1, 1};
    case ParameterKind::lag:
      return {"lag", 2, 2};
    case ParameterKind::lag_sd:
      return {"lag_sd", 2, 2};
    case ParameterKind::cost:
      return {"cost", 1, 1};
    case ParameterKind::value:
      return {"value", 1, 1};
    case ParameterKind::commission:
      return {"commission", 1, 1};
    case ParameterKind::transition_cost:
      return {"transition_cost", 2, 2};
    case ParameterKind::transition_value:
      return {"transition_value", 2, 2};
    case ParameterKind::volume:
      return {"volume", 1, 2};
    case ParameterKind::entry_cost:
      return {"entry_cost", 1, 2};
    case ParameterKind::capacity:
      return {"capacity", 1, 1};
    case ParameterKind::service_level:
      return {"service_level", 2, 2};
    case ParameterKind::lever:
      return {"lever", 1, 1};
    case ParameterKind::elasticity:
      return {"elasticity", 3, 3};
    case ParameterKind::fixed_cost:
      return {"fixed_cost", 1, 1};
    case ParameterKind::discount_rate:
      break;
  }
  return {"discount_rate", 0, 0};
}

}  // namespace detail

FUNNELGRAPH_INLINE Parameter::Parameter(ParameterKind kind, std::vector<std::string> arguments,
                                        bool without_channel)
    : kind_(kind), arguments_(std::move(arguments)) {
  const detail::ParameterShape shape = detail::shape_of(kind);
  const std::size_t count = arguments_.size();
  if (count < shape.least || count > shape.most ||
      (without_channel && (shape.most == shape.least || count == 2))) {
    std::string allowed = std::to_string(shape.least);
    if (shape.most != shape.least) allowed += " or " + std::to_string(shape.most);
    throw InvalidValueError(
        "arguments of " + std::string(shape.name), std::to_string(count) + " names",
        allowed + " names" + (without_channel ? ", and no channel beside without_channel" : ""));
  }
  without_channel_ = count < shape.most;
  for (std::string& name : arguments_) name = normalise_name(name);
}

FUNNELGRAPH_INLINE std::string to_string(ParameterKind kind) { return detail::shape_of(kind).name; }

FUNNELGRAPH_INLINE std::string to_string(const Parameter& parameter) {
  const detail::ParameterShape shape = detail::shape_of(parameter.kind());
  std::string text = std::string(shape.name) + "(";
  for (std::size_t i = 0; i < parameter.arguments().size(); ++i) {
    const std::string& name = parameter.arguments()[i];
    if (i > 0) text += ", ";
    if (i == 1 && shape.least == 1) text += "channel=";
    text += name.empty() ? "\"\"" : name;
  }
  return text + ")";
}

FUNNELGRAPH_INLINE Parameter rate(std::string from, std::string to) {
  return {ParameterKind::rate, {std::move(from), std::move(to)}};
}
FUNNELGRAPH_INLINE Parameter drop_off(std::string stage) {
  return {ParameterKind::drop_off, {std::move(stage)}};
}
FUNNELGRAPH_INLINE Parameter lag(std::string from, std::string to) {
  return {ParameterKind::lag, {std::move(from), std::move(to)}};
}
FUNNELGRAPH_INLINE Parameter lag_sd(std::string from, std::string to) {
  return {ParameterKind::lag_sd, {std::move(from), std::move(to)}};
}
FUNNELGRAPH_INLINE Parameter cost(std::string stage) { return {ParameterKind::cost, {std::move(stage)}}; }
FUNNELGRAPH_INLINE Parameter value(std::string stage_or_outcome) {
  return {ParameterKind::value, {std::move(stage_or_outcome)}};
}
FUNNELGRAPH_INLINE Parameter commission(std::string stage_or_outcome) {
  return {ParameterKind::commission, {std::move(stage_or_outcome)}};
}
FUNNELGRAPH_INLINE Parameter transition_cost(std::string from, std::string to) {
  return {ParameterKind::transition_cost, {std::move(from), std::move(to)}};
}
FUNNELGRAPH_INLINE Parameter transition_value(std::string from, std::string to) {
  return {ParameterKind::transition_value, {std::move(from), std::move(to)}};
}
FUNNELGRAPH_INLINE Parameter volume(std::string stage) {
  return {ParameterKind::volume, {std::move(stage)}, true};
}
FUNNELGRAPH_INLINE Parameter volume(std::string stage, std::string channel) {
  return {ParameterKind::volume, {std::move(stage), std::move(channel)}};
}
FUNNELGRAPH_INLINE Parameter entry_cost(std::string stage) {
  return {ParameterKind::entry_cost, {std::move(stage)}, true};
}
FUNNELGRAPH_INLINE Parameter entry_cost(std::string stage, std::string channel) {
  return {ParameterKind::entry_cost, {std::move(stage), std::move(channel)}};
}
FUNNELGRAPH_INLINE Parameter capacity(std::string stage) {
  return {ParameterKind::capacity, {std::move(stage)}};
}
FUNNELGRAPH_INLINE Parameter service_level(std::string from, std::string to) {
  return {ParameterKind::service_level, {std::move(from), std::move(to)}};
}
FUNNELGRAPH_INLINE Parameter lever(std::string name) { return {ParameterKind::lever, {std::move(name)}}; }
FUNNELGRAPH_INLINE Parameter elasticity(std::string lever, std::string from, std::string to) {
  return {ParameterKind::elasticity, {std::move(lever), std::move(from), std::move(to)}};
}
FUNNELGRAPH_INLINE Parameter fixed_cost(std::string owner) {
  return {ParameterKind::fixed_cost, {std::move(owner)}};
}
FUNNELGRAPH_INLINE Parameter discount_rate() { return {ParameterKind::discount_rate, {}}; }

}  // namespace funnelgraph::inline v0

FUNNELGRAPH_INLINE std::size_t std::hash<funnelgraph::Parameter>::operator()(
    const funnelgraph::Parameter& parameter) const noexcept {
  using funnelgraph::NameIndex;
  std::uint64_t h = static_cast<std::uint64_t>(parameter.kind());
  for (const std::string& name : parameter.arguments()) h = NameIndex::combine(h, NameIndex::hash(name));
  return static_cast<std::size_t>(NameIndex::combine(h, parameter.arguments().size()));
}
