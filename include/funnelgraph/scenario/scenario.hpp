// A named set of changes: the question "what if" as a value.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <funnelgraph/model/number.hpp>
#include <funnelgraph/model/parameter.hpp>
#include <funnelgraph/scenario/part.hpp>
#include <funnelgraph/scenario/take_from.hpp>

namespace funnelgraph::inline v0 {

struct Change;  // change.hpp, for whoever looks at the changes one by one
enum class ChangeKind : std::uint8_t;

struct ChangeOptions {
  TakeFrom take_from{};           ///< of a rate or a drop-off
  bool clip = false;              ///< at a bound, take what is possible and say so in a note
  std::optional<double> start{};  ///< first day in force
  std::optional<double> end{};    ///< first day no more in force
};

/// Immutable: every builder returns a new scenario. Numbers of the same scenario start from the base, so
/// their order does not matter; structural changes happen in their order, before the numbers. Each builder
/// throws ConflictError where the scenario already changes the same thing (a group and its leaf
/// included), InvalidValueError on a value that no funnel could take (NaN, infinity, odds of what has
/// none, a factor of odds that is not > 0, take_from of what is no rate, an end not after the start).
/// Names are normalised. Whether they exist is known when the scenario is applied.
class Scenario {
 public:
  // Defined out of line, so that not every file that has a scenario compiles changes.
  Scenario();
  Scenario(const Scenario& other);
  Scenario(Scenario&& other) noexcept;
  Scenario& operator=(const Scenario& other);
  Scenario& operator=(Scenario&& other) noexcept;
  ~Scenario();
  explicit Scenario(const std::string& name, std::string description = {});
  /// A scenario of given changes; the same checks.
  Scenario(const std::string& name, std::string description, std::vector<Change> changes);

  [[nodiscard]] const std::string& name() const noexcept { return name_; }
  [[nodiscard]] const std::string& description() const noexcept { return description_; }
  [[nodiscard]] const std::vector<Change>& changes() const noexcept { return changes_; }
  [[nodiscard]] bool empty() const noexcept;

  // Numbers. NaN in `set` takes a capacity or service level away and makes a lag unknown.
  [[nodiscard]] Scenario set(Parameter parameter, Number value, ChangeOptions options = {}) const;
  [[nodiscard]] Scenario scale(Parameter parameter, Number factor, ChangeOptions options = {}) const;
  [[nodiscard]] Scenario shift(Parameter parameter, Number by, ChangeOptions options = {}) const;
  /// Of a rate, a drop-off or a commission.
  [[nodiscard]] Scenario scale_odds(Parameter parameter, Number factor, ChangeOptions options = {}) const;

  // Structure.
  [[nodiscard]] Scenario add_owner(Owner owner) const;
  [[nodiscard]] Scenario add_stage(Stage stage) const;
  [[nodiscard]] Scenario add_outcome(Outcome outcome) const;
  [[nodiscard]] Scenario add_transition(Transition transition, TakeFrom take_from = {}) const;
  [[nodiscard]] Scenario add_entry(Entry entry) const;
  [[nodiscard]] Scenario add_lever(Lever lever) const;
  [[nodiscard]] Scenario add_influence(Influence influence) const;
  [[nodiscard]] Scenario add_view(View view) const;
  [[nodiscard]] Scenario add(Part part, TakeFrom take_from = {}) const;

  [[nodiscard]] Scenario remove_owner(std::string name) const;
  [[nodiscard]] Scenario remove_stage(std::string name) const;
  [[nodiscard]] Scenario remove_outcome(std::string name) const;
  /// Its rate goes to the drop-off.
  [[nodiscard]] Scenario remove_transition(std::string from, std::string to) const;
  [[nodiscard]] Scenario remove_entry(std::string stage, std::string channel = {}) const;
  [[nodiscard]] Scenario remove_lever(std::string name) const;
  [[nodiscard]] Scenario remove_influence(std::string lever, std::string from, std::string to) const;
  [[nodiscard]] Scenario remove_view(std::string name) const;
  [[nodiscard]] Scenario remove(PartKind kind, std::vector<std::string> names) const;

  /// The part of that name becomes exactly this one, or comes where there was none.
  [[nodiscard]] Scenario replace(Part part) const;
  /// The parts of that kind and name become exactly these; nothing else is touched.
  [[nodiscard]] Scenario replace(PartKind kind, std::vector<std::string> names,
                                 std::vector<Part> parts) const;
  [[nodiscard]] Scenario replace_info(FunnelInfo info) const;
  /// Of a stage or an outcome.
  [[nodiscard]] Scenario set_owner(std::string stage_or_outcome, Ownership owner) const;

  /// The same with any change.
  [[nodiscard]] Scenario with(Change change) const;
  /// The same changes, each in force from `start` until before `end`, in days.
  [[nodiscard]] Scenario during(std::optional<double> start, std::optional<double> end) const;
  [[nodiscard]] Scenario named(const std::string& name) const;
  [[nodiscard]] Scenario described(std::string description) const;

  /// Both together, "a + b". Throws ConflictError naming both where they touch one number or part at one
  /// time, a group and its leaf included; what takes from the same exits of a row is known when the
  /// scenario is applied.
  [[nodiscard]] friend Scenario operator|(const Scenario& a, const Scenario& b) { return joined(a, b); }
  friend bool operator==(const Scenario& a, const Scenario& b);

 private:
  [[nodiscard]] static Scenario joined(const Scenario& a, const Scenario& b);
  [[nodiscard]] Scenario with_number(ChangeKind kind, Parameter parameter, Number value,
                                     ChangeOptions options) const;

  std::string name_;
  std::string description_;
  std::vector<Change> changes_;
};

[[nodiscard]] std::size_t hash_value(const Scenario& scenario);

/// Throws ConflictError where two of the changes touch one number or part; with `dates`, only where they
/// do so at one time. O(number of changes), whatever the funnel.
void check_conflicts(std::span<const Change> changes, bool dates);

}  // namespace funnelgraph::inline v0

template <>
struct std::hash<funnelgraph::Scenario> {
  std::size_t operator()(const funnelgraph::Scenario& scenario) const {
    return funnelgraph::hash_value(scenario);
  }
};

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/scenario/scenario_conflicts_inl.hpp>
#include <funnelgraph/scenario/scenario_inl.hpp>
#endif
