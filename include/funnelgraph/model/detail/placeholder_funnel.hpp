// Builds a funnel whose given numbers are all marked as placeholders.
#pragma once

#include <cmath>
#include <utility>

#include <funnelgraph/model/funnel.hpp>

namespace funnelgraph::inline v0::detail {

/// Parts are written with plain numbers; each that differs from its default becomes a placeholder.
class PlaceholderFunnel {
 public:
  explicit PlaceholderFunnel(FunnelInfo info) : funnel_(std::move(info)) {}
  [[nodiscard]] Funnel take() { return std::move(funnel_); }

  void add(Owner owner) {
    mark(owner.fixed_cost);
    funnel_.add_owner(std::move(owner));
  }
  void add(Stage stage) {
    mark(stage.cost);
    mark(stage.value);
    mark(stage.commission);
    if (stage.capacity) stage.capacity = placeholder(stage.capacity->value);
    if (stage.drop_off) stage.drop_off = placeholder(stage.drop_off->value);
    funnel_.add_stage(std::move(stage));
  }
  void add(Outcome outcome) {
    mark(outcome.value);
    mark(outcome.commission);
    funnel_.add_outcome(std::move(outcome));
  }
  void add(Transition transition) {
    transition.rate = placeholder(transition.rate.value);
    if (!std::isnan(transition.lag.mean.value)) {
      transition.lag.mean = placeholder(transition.lag.mean.value);
      if (transition.lag.has_free_sd()) transition.lag.sd = placeholder(transition.lag.sd.value);
    }
    mark(transition.cost);
    mark(transition.value);
    if (transition.service_level) transition.service_level = placeholder(transition.service_level->value);
    funnel_.add_transition(std::move(transition));
  }
  void add(Entry entry) {
    entry.volume = placeholder(entry.volume.value);
    mark(entry.cost);
    funnel_.add_entry(std::move(entry));
  }
  void add(Lever lever) {
    lever.value = placeholder(lever.value.value);
    funnel_.add_lever(std::move(lever));
  }
  void add(Influence influence) {
    influence.elasticity = placeholder(influence.elasticity.value);
    funnel_.add_influence(std::move(influence));
  }
  void add(View view) { funnel_.add_view(std::move(view)); }

 private:
  static void mark(Number& number) {
    if (number.value != 0) number = placeholder(number.value);
  }

  Funnel funnel_;
};

}  // namespace funnelgraph::inline v0::detail
