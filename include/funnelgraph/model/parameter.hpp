// The one address of a number in a funnel.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <funnelgraph/config.hpp>

namespace funnelgraph::inline v0 {

namespace detail {
/// Says that names are in normal form and as many as the kind has.
struct NormalNames {};
}  // namespace detail

enum class ParameterKind : std::uint8_t {
  rate,              // from, to
  drop_off,          // stage
  lag,               // from, to: the mean
  lag_sd,            // from, to
  cost,              // stage
  value,             // stage or outcome
  commission,        // stage or outcome
  transition_cost,   // from, to
  transition_value,  // from, to
  volume,            // stage [, channel]: without a channel, the group of all its channels
  entry_cost,        // stage [, channel]
  capacity,          // stage
  service_level,     // from, to
  lever,             // lever
  elasticity,        // lever, from, to
  fixed_cost,        // owner
  discount_rate      // nothing
};

/// Kind and names. `arguments` are in the order of the comments above. Hashable, ordered, printable.
/// Names are normalised to NFC when the parameter is made. Throws InvalidValueError on bad text and on a
/// number of arguments that the kind does not have.
class Parameter {
 public:
  Parameter(ParameterKind kind, std::vector<std::string> arguments, bool without_channel = false);
  Parameter(detail::NormalNames, ParameterKind kind, std::vector<std::string> arguments) noexcept
      : kind_(kind), arguments_(std::move(arguments)) {}
  [[nodiscard]] ParameterKind kind() const noexcept { return kind_; }
  [[nodiscard]] const std::vector<std::string>& arguments() const noexcept { return arguments_; }
  [[nodiscard]] const std::string& argument(std::size_t i) const { return arguments_.at(i); }
  /// A volume or entry cost that names no channel: the group of all entries of the stage.
  [[nodiscard]] bool without_channel() const noexcept { return without_channel_; }
  auto operator<=>(const Parameter&) const = default;
  bool operator==(const Parameter&) const = default;

 private:
  ParameterKind kind_;
  bool without_channel_ = false;
  std::vector<std::string> arguments_;
};

/// "rate(enquiry, order)", "volume(reached, channel=facebook)", as it is written in code.
[[nodiscard]] std::string to_string(const Parameter& parameter);
[[nodiscard]] std::string to_string(ParameterKind kind);

[[nodiscard]] Parameter rate(std::string from, std::string to);
[[nodiscard]] Parameter drop_off(std::string stage);
[[nodiscard]] Parameter lag(std::string from, std::string to);
[[nodiscard]] Parameter lag_sd(std::string from, std::string to);
[[nodiscard]] Parameter cost(std::string stage);
[[nodiscard]] Parameter value(std::string stage_or_outcome);
[[nodiscard]] Parameter commission(std::string stage_or_outcome);
[[nodiscard]] Parameter transition_cost(std::string from, std::string to);
[[nodiscard]] Parameter transition_value(std::string from, std::string to);
[[nodiscard]] Parameter volume(std::string stage);
[[nodiscard]] Parameter volume(std::string stage, std::string channel);
[[nodiscard]] Parameter entry_cost(std::string stage);
[[nodiscard]] Parameter entry_cost(std::string stage, std::string channel);
[[nodiscard]] Parameter capacity(std::string stage);
[[nodiscard]] Parameter service_level(std::string from, std::string to);
[[nodiscard]] Parameter lever(std::string name);
[[nodiscard]] Parameter elasticity(std::string lever, std::string from, std::string to);
[[nodiscard]] Parameter fixed_cost(std::string owner);
[[nodiscard]] Parameter discount_rate();

namespace detail {

/// Whether such numbers share a row: what leaves one stage and adds up to 1.
[[nodiscard]] inline bool is_of_a_row(ParameterKind kind) noexcept {
  return kind == ParameterKind::rate || kind == ParameterKind::drop_off;
}

}  // namespace detail
}  // namespace funnelgraph::inline v0

template <>
struct std::hash<funnelgraph::Parameter> {
  std::size_t operator()(const funnelgraph::Parameter& parameter) const noexcept;
};

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/model/parameter_inl.hpp>
#endif
