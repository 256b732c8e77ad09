// The parts of a funnel: plain structs that refer to each other by name.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <funnelgraph/model/lag.hpp>
#include <funnelgraph/model/number.hpp>
#include <funnelgraph/model/ownership.hpp>

namespace funnelgraph::inline v0 {

/// Labels by language code ("vi", "en").
using LabelsByLanguage = std::map<std::string, std::string>;

/// What an owner is for. Scorecards and reports go by the role, whatever the owner is called.
enum class Role : std::uint8_t { marketing, sales, care, r_and_d, company, outside, other };

/// How a journey ends. `screened`: rightly sent away, not a loss. `silent`: no answer.
enum class OutcomeKind : std::uint8_t { won, lost, screened, silent };

struct Owner {
  std::string name;
  Role role = Role::other;
  Number fixed_cost = 0;  ///< money per period, >= 0
  LabelsByLanguage labels{};
  bool operator==(const Owner&) const = default;
};

struct Stage {
  std::string name;
  Ownership owner{};                    ///< who answers for its numbers
  std::vector<std::string> involved{};  ///< owners that help without owning it
  std::string unit{};                   ///< what is counted here: people, interactions, deals; "" = as before
  std::string definition{};             ///< when a journey is in this stage
  std::string accept_if{};              ///< what the receiver accepts
  LabelsByLanguage labels{};
  Number cost = 0;                   ///< money per visit, >= 0, at arrival
  Number value = 0;                  ///< revenue per visit, at arrival
  Number commission = 0;             ///< cost as a share of the value, [0, 1]
  std::optional<Number> capacity{};  ///< visits per period, >= 0; none = unlimited
  std::optional<Number> drop_off{};  ///< exact drop-off, [0, 1]; none = what is missing from the row
  bool operator==(const Stage&) const = default;
};

struct Outcome {
  std::string name;
  OutcomeKind kind = OutcomeKind::lost;
  Ownership owner{};
  Number value = 0;       ///< revenue per journey that ends here; NaN where it is unknown
  Number commission = 0;  ///< cost as a share of the value, [0, 1]
  std::string definition{};
  LabelsByLanguage labels{};
  bool operator==(const Outcome&) const = default;
};

/// What a fit counted for a transition; cleared when its rate is changed.
struct Observed {
  double count = 0;    ///< journeys that took it
  double entered = 0;  ///< visits of its source
  double open = 0;     ///< visits of its source that are still open
  bool operator==(const Observed&) const = default;
};

struct Transition {
  std::string from;
  std::string to;   ///< a stage or an outcome
  Number rate = 0;  ///< probability per visit of `from`, [0, 1]
  Lag lag{};
  Number cost = 0;                        ///< money per passage, >= 0, at departure
  Number value = 0;                       ///< revenue per passage, at arrival
  std::optional<Number> service_level{};  ///< days within which it should happen, >= 0
  std::optional<Observed> observed{};
  bool operator==(const Transition&) const = default;
};

struct Entry {
  std::string stage;
  Number volume = 0;  ///< entrants per period, >= 0
  Number cost = 0;    ///< money per entrant, >= 0
  std::string channel{};
  Ownership owner{};  ///< who bears its cost; none = the stage's owners
  bool operator==(const Entry&) const = default;
};

/// A handle (brand strength, speed of answer, ...) that bends rates it has an influence on.
struct Lever {
  std::string name;
  Ownership owner{};
  Number value = 1;      ///< > 0
  double reference = 1;  ///< > 0; at this value the lever changes nothing
  LabelsByLanguage labels{};
  bool operator==(const Lever&) const = default;
};

/// The weight of the transition from -> to is multiplied by (lever / reference)^elasticity.
struct Influence {
  std::string lever;
  std::string from;
  std::string to;
  Number elasticity = 0;
  bool operator==(const Influence&) const = default;
};

/// The same funnel seen from another side: `stages` maps each stage to its name there.
struct View {
  std::string name;
  std::map<std::string, std::string> stages{};
  bool operator==(const View&) const = default;
};

struct FunnelInfo {
  std::string name{};
  std::string currency{};        ///< label of all money, e.g. "VND"
  std::string period{"period"};  ///< what one unit of volume and capacity covers: "week", "month"
  Number discount_rate = 0;      ///< effective per 365 days, > -1; AnalysisOptions can override it
  std::string note{};            ///< where its shape or its numbers come from
  LabelsByLanguage labels{};
  bool operator==(const FunnelInfo&) const = default;
};

}  // namespace funnelgraph::inline v0
