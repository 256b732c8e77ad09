// Builds a funnel from one funnel object of tests/oracles/funnels.json.
#pragma once

#include <boost/json/value.hpp>
#include <funnelgraph/model/funnel.hpp>
#include <initializer_list>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "oracle.hpp"

namespace test {

namespace detail {

/// Refuses a key that the builders below would overlook.
inline void only(const boost::json::object& object, std::initializer_list<std::string_view> keys) {
  for (const auto& member : object) {
    bool known = false;
    for (const std::string_view key : keys) known = known || key == std::string_view(member.key());
    if (!known) throw std::runtime_error("unexpected key in a funnel case: " + std::string(member.key()));
  }
}

inline std::string text_or(const boost::json::object& object, const char* key, const char* fallback = "") {
  const boost::json::value* found = object.if_contains(key);
  return found != nullptr ? text(*found) : fallback;
}

inline double number_or(const boost::json::object& object, const char* key, double fallback) {
  const boost::json::value* found = object.if_contains(key);
  return found != nullptr ? number(*found) : fallback;
}

inline const boost::json::array& list(const boost::json::object& object, const char* key) {
  static const boost::json::array none;
  const boost::json::value* found = object.if_contains(key);
  return found != nullptr ? found->as_array() : none;
}

template <class Enum>
Enum chosen(const std::string& given, std::initializer_list<std::pair<std::string_view, Enum>> choices) {
  for (const auto& [name, value] : choices) {
    if (name == given) return value;
  }
  throw std::runtime_error("unexpected word in a funnel case: " + given);
}

inline funnelgraph::Ownership ownership(const boost::json::object& object) {
  const boost::json::value* found = object.if_contains("owner");
  if (found == nullptr) return {};
  if (found->is_string()) return funnelgraph::Ownership(text(*found));
  std::vector<funnelgraph::OwnerShare> shares;
  for (const auto& member : found->as_object()) {
    shares.push_back({std::string(member.key()), number(member.value())});
  }
  return funnelgraph::Ownership(std::move(shares));
}

inline funnelgraph::Lag lag(const boost::json::object& transition) {
  using funnelgraph::Lag;
  const boost::json::value* found = transition.if_contains("lag");
  if (found == nullptr) return Lag::unknown();
  const boost::json::object& object = found->as_object();
  only(object, {"family", "mean", "sd"});
  const std::string family = text(object.at("family"));
  const double mean = number_or(object, "mean", 0);
  const double sd = number_or(object, "sd", 0);
  if (family == "zero") return Lag::zero();
  if (family == "deterministic") return Lag::deterministic(mean);
  if (family == "exponential") return Lag::exponential(mean);
  if (family == "gamma") return Lag::gamma({.mean = mean, .sd = sd});
  if (family == "lognormal") return Lag::lognormal({.mean = mean, .sd = sd});
  if (family == "weibull") return Lag::weibull({.mean = mean, .sd = sd});
  throw std::runtime_error("unexpected lag family in a funnel case: " + family);
}

}  // namespace detail

/// The funnel of one case; `value` is its "funnel", "base funnel", "plan", "actual" or "reference".
inline funnelgraph::Funnel funnel_case(const boost::json::value& value) {
  using namespace detail;
  using funnelgraph::OutcomeKind;
  using funnelgraph::Role;
  const boost::json::object& object = value.as_object();
  only(object, {"owners", "stages", "outcomes", "transitions", "entries", "levers", "influences"});
  funnelgraph::Funnel funnel;
  for (const auto& item : list(object, "owners")) {
    const boost::json::object& owner = item.as_object();
    only(owner, {"name", "role", "fixed_cost"});
    funnel.add_owner({.name = text(owner.at("name")),
                      .role = chosen<Role>(text_or(owner, "role", "other"), {{"marketing", Role::marketing},
                                                                             {"sales", Role::sales},
                                                                             {"care", Role::care},
                                                                             {"r_and_d", Role::r_and_d},
                                                                             {"company", Role::company},
                                                                             {"outside", Role::outside},
                                                                             {"other", Role::other}}),
                      .fixed_cost = number_or(owner, "fixed_cost", 0)});
  }
  for (const auto& item : list(object, "stages")) {
    const boost::json::object& stage = item.as_object();
    only(stage, {"name", "owner", "cost", "value", "commission", "capacity", "drop_off"});
    funnelgraph::Stage made;
    made.name = text(stage.at("name"));
    made.owner = ownership(stage);
    made.cost = number_or(stage, "cost", 0);
    made.value = number_or(stage, "value", 0);
    made.commission = number_or(stage, "commission", 0);
    if (stage.contains("capacity")) made.capacity = number(stage.at("capacity"));
    if (stage.contains("drop_off")) made.drop_off = number(stage.at("drop_off"));
    funnel.add_stage(std::move(made));
  }
  for (const auto& item : list(object, "outcomes")) {
    const boost::json::object& outcome = item.as_object();
    only(outcome, {"name", "kind", "owner", "value", "commission"});
    funnelgraph::Outcome made;
    made.name = text(outcome.at("name"));
    made.kind = chosen<OutcomeKind>(text(outcome.at("kind")), {{"won", OutcomeKind::won},
                                                               {"lost", OutcomeKind::lost},
                                                               {"screened", OutcomeKind::screened},
                                                               {"silent", OutcomeKind::silent}});
    made.owner = ownership(outcome);
    made.value = number_or(outcome, "value", 0);
    made.commission = number_or(outcome, "commission", 0);
    funnel.add_outcome(std::move(made));
  }
  for (const auto& item : list(object, "transitions")) {
    const boost::json::object& transition = item.as_object();
    only(transition, {"from", "to", "rate", "lag", "cost", "value", "service_level"});
    funnelgraph::Transition made;
    made.from = text(transition.at("from"));
    made.to = text(transition.at("to"));
    made.rate = number(transition.at("rate"));
    made.lag = lag(transition);
    made.cost = number_or(transition, "cost", 0);
    made.value = number_or(transition, "value", 0);
    if (transition.contains("service_level")) made.service_level = number(transition.at("service_level"));
    funnel.add_transition(std::move(made));
  }
  for (const auto& item : list(object, "entries")) {
    const boost::json::object& entry = item.as_object();
    only(entry, {"stage", "volume", "cost", "channel", "owner"});
    funnelgraph::Entry made;
    made.stage = text(entry.at("stage"));
    made.volume = number(entry.at("volume"));
    made.cost = number_or(entry, "cost", 0);
    made.channel = text_or(entry, "channel");
    made.owner = ownership(entry);
    funnel.add_entry(std::move(made));
  }
  for (const auto& item : list(object, "levers")) {
    const boost::json::object& lever = item.as_object();
    only(lever, {"name", "owner", "value", "reference"});
    funnelgraph::Lever made;
    made.name = text(lever.at("name"));
    made.owner = ownership(lever);
    made.value = number_or(lever, "value", 1);
    made.reference = number_or(lever, "reference", 1);
    funnel.add_lever(std::move(made));
  }
  for (const auto& item : list(object, "influences")) {
    const boost::json::object& influence = item.as_object();
    only(influence, {"lever", "from", "to", "elasticity"});
    funnel.add_influence({.lever = text(influence.at("lever")),
                          .from = text(influence.at("from")),
                          .to = text(influence.at("to")),
                          .elasticity = number(influence.at("elasticity"))});
  }
  return funnel;
}

}  // namespace test
