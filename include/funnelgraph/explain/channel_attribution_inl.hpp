// Definitions of channel_attribution.hpp.
#pragma once

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include <funnelgraph/core/error.hpp>
#include <funnelgraph/core/names.hpp>
#include <funnelgraph/core/shown.hpp>
#include <funnelgraph/explain/channel_attribution.hpp>
#include <funnelgraph/explain/detail/credit_bootstrap.hpp>
#include <funnelgraph/explain/journey_counts_inl.hpp>
#include <funnelgraph/explain/removal_effects.hpp>
#include <funnelgraph/model/role_name.hpp>

namespace funnelgraph::inline v0 {

namespace detail {

inline std::string journeys_text(std::size_t number, const char* one, const char* many) {
  return std::to_string(number) + ' ' + (number == 1 ? one : many);
}

/// Owners by channel, checked; roles by owner.
class ChannelOwners {
 public:
  ChannelOwners(const AttributionOptions& options, const std::vector<std::string>& channels) {
    std::map<std::string, Ownership> by_name;
    for (const auto& [channel, owner] : options.owners) {
      double sum = 0;
      for (const OwnerShare& share : owner.shares()) {
        if (!(share.share > 0 && share.share <= 1))
          throw InvalidValueError("attribute_channels(owners=), channel '" + shown(channel) + "'",
                                  shown(share.share), "shares in (0, 1]");
        sum += share.share;
      }
      if (!owner.empty() && !(std::abs(sum - 1) <= 1e-9))
        throw InvalidValueError("attribute_channels(owners=), channel '" + shown(channel) + "'",
                                "shares that sum to " + shown(sum), "a sum of 1");
      by_name[normalise_name(channel)] = owner;
    }
    for (const auto& [owner, role] : options.roles) roles_[normalise_name(owner)] = role;
    for (const std::string& channel : channels) {
      const auto at = by_name.find(channel);
      owner_.push_back(at == by_name.end() ? Ownership() : at->second);
      if (at != by_name.end()) by_name.erase(at);
    }
    for (const auto& [channel, owner] : by_name) absent_.push_back(channel);
  }
  [[nodiscard]] const Ownership& of(std::size_t channel) const { return owner_[channel]; }
  [[nodiscard]] const std::vector<std::string>& absent() const noexcept { return absent_; }
  [[nodiscard]] Role role(const std::string& owner) const {
    const auto at = roles_.find(owner);
    return at == roles_.end() ? role_of_name(owner) : at->second;
  }
  [[nodiscard]] std::size_t unowned() const {
    return static_cast<std::size_t>(
        std::count_if(owner_.begin(), owner_.end(), [](const Ownership& o) { return o.empty(); }));
  }
  [[nodiscard]] std::set<std::string> owners() const {
    std::set<std::string> names;
    for (const Ownership& ownership : owner_)
      for (const OwnerShare& share : ownership.shares()) names.insert(share.owner);
    return names;
  }

 private:
  std::vector<Ownership> owner_;
  std::map<std::string, Role> roles_;
  std::vector<std::string> absent_;
};

/// Credit by owner, or the note that says why there is none.
inline void add_owners(ChannelAttribution& result, const ChannelOwners& owners,
                       const std::vector<AttributionMethod>& methods) {
  const std::set<std::string> names = owners.owners();
  const auto is_sales = [&](const std::string& name) { return owners.role(name) == Role::sales; };
  const auto note = [&](const std::string& why) {
    result.notes.push_back(why + ": credit between owners is not shown.");
  };
  if (names.empty()) return note("The touches have no owners");
  if (std::none_of(names.begin(), names.end(), is_sales))
    return note("No touch of Sales is in these journeys");
  if (std::all_of(names.begin(), names.end(), is_sales)) return note("Only touches of Sales have an owner");
  if (owners.unowned() > 0)
    result.notes.push_back(journeys_text(owners.unowned(), "channel has", "channels have") +
                           " no owner: their credit is \"not assigned\".");
  const std::size_t channels = result.channels.size();
  std::optional<RemovalSolver> solver;
  if (result.chain.state_count() > 0) solver.emplace(result.chain);
  const auto add = [&](std::size_t method, const std::string& name, bool unowned) {
    OwnerCredit credit;
    credit.method = methods[method];
    credit.owner = name;
    if (!std::isnan(result.value)) credit.value = 0;
    std::vector<std::uint32_t> removed;
    for (std::size_t c = 0; c < channels; ++c) {
      const double share = unowned ? (owners.of(c).empty() ? 1.0 : 0.0) : owners.of(c).share(name);
      if (share == 0) continue;
      const ChannelCredit& of_channel = result.credits[method * channels + c];
      credit.conversions += share * of_channel.conversions.value;
      credit.share += share * of_channel.share.value;
      credit.value += share * of_channel.value.value;
      removed.push_back(static_cast<std::uint32_t>(c));
    }
    if (credit.method == AttributionMethod::markov)
      credit.removal_effect = solver->effect(result.chain, removed);
    result.owners.push_back(std::move(credit));
  };
  for (std::size_t m = 0; m < methods.size(); ++m) {
    for (const std::string& name : names) add(m, name, false);
    if (owners.unowned() > 0) add(m, std::string(not_assigned), true);
  }
}

}  // namespace detail

FUNNELGRAPH_INLINE ChannelAttribution attribute_channels(const JourneyCounts& counts,
                                                         const Execution& execution) {
  const JourneyCounts::State& state = counts.state();
  const detail::JourneyCounter& counter = state.counter;
  const detail::JourneyTally& tally = counter.tally;
  const AttributionOptions& options = state.options;
  if (tally.conversions + tally.nulls == 0)
    throw DataError(state.names.source, 0, state.names.path, "there are no journeys");
  if (tally.conversions == 0)
    throw DataError(state.names.source, 0, state.names.conversions,
                    "no journey has a conversion: there is nothing to credit");
  const std::vector<std::uint32_t> sorted = state.sorted_channels();
  const std::vector<std::uint32_t> place = state.places(sorted);
  const bool with_value = state.has_value.value_or(false);

  ChannelAttribution result;
  result.conversions = tally.conversions;
  result.nulls = tally.nulls;
  const auto conversions = static_cast<double>(tally.conversions);
  result.conversion_rate = conversions / (conversions + static_cast<double>(tally.nulls));
  if (with_value) result.value = tally.value.value();
  for (const std::uint32_t c : sorted) result.channels.push_back(counter.names.names()[c]);
  const detail::ChannelOwners owners(options, result.channels);

  for (const AttributionMethod method : options.methods) {
    RemovalEffects effects;
    double sum = 0;
    if (method == AttributionMethod::markov) {
      result.chain = tally.transitions().chain(place, static_cast<std::uint32_t>(sorted.size()));
      effects = removal_effects(result.chain, execution);
      for (const double effect : effects.effect) sum += effect;
    }
    const detail::CreditTally& credit = tally.credit[static_cast<std::size_t>(method)];
    for (std::size_t c = 0; c < sorted.size(); ++c) {
      ChannelCredit row;
      row.method = method;
      row.channel = result.channels[c];
      row.owner = owners.of(c);
      row.touches = static_cast<double>(tally.touched[sorted[c]]);
      if (method == AttributionMethod::markov) {
        row.removal_effect.value = effects.effect[c];
        row.share.value = effects.effect[c] / sum;
        row.conversions.value = row.share.value * conversions;
        if (with_value) row.value.value = row.share.value * result.value;
      } else {
        const bool credited = sorted[c] < credit.conversions.size();
        row.conversions.value = credited ? credit.conversions[sorted[c]].value() : 0;
        row.share.value = row.conversions.value / conversions;
        if (with_value) row.value.value = credited ? credit.values[sorted[c]].value() : 0;
      }
      result.credits.push_back(std::move(row));
    }
  }
  if (counter.idle_rows > 0)
    result.notes.push_back(detail::journeys_text(counter.idle_rows, "row", "rows") +
                           " without any journey (no conversion, no null) left out.");
  if (!owners.absent().empty())
    result.notes.push_back(
        detail::journeys_text(owners.absent().size(), "channel", "channels") +
        " with an owner in no journey, the first: " + detail::shown(owners.absent().front()) + ".");
  detail::add_owners(result, owners, options.methods);
  if (options.intervals.replications > 0) {
    const detail::CreditBootstrap bootstrap(options, result.channels, result.chain, counter.kept, place,
                                            with_value);
    const std::size_t empty = bootstrap.run(result.credits, execution);
    result.notes.push_back(
        "Intervals: " + detail::shown(100 * options.intervals.level) + " %, percentiles of " +
        std::to_string(options.intervals.replications) + " Poisson bootstrap samples of journeys (seed " +
        std::to_string(options.intervals.seed) + "); of chance alone, not of the choice of method.");
    if (empty > 0)
      result.notes.push_back(detail::journeys_text(empty, "sample", "samples") +
                             " without any conversion left out of the intervals.");
  }
  return result;
}

FUNNELGRAPH_INLINE ChannelAttribution attribute_channels(const PathTable& table,
                                                         const AttributionOptions& options,
                                                         const Execution& execution) {
  JourneyCounts counts(options);
  counts.add(table, execution);
  if (table.paths.empty()) throw DataError(table.names.source, 0, table.names.path, "there are no journeys");
  return attribute_channels(counts, execution);
}

FUNNELGRAPH_INLINE ChannelAttribution attribute_channels(const CodedPaths& table,
                                                         const AttributionOptions& options,
                                                         const Execution& execution) {
  JourneyCounts counts(options);
  counts.add(table, execution);
  if (table.rows() == 0) throw DataError(table.names.source, 0, table.names.path, "there are no journeys");
  return attribute_channels(counts, execution);
}

FUNNELGRAPH_INLINE std::vector<JourneyTransition> ChannelAttribution::transitions() const {
  std::vector<JourneyTransition> rows;
  const auto name = [&](std::uint32_t state) {
    std::string text;
    for (std::uint32_t t = chain.touch_begin[state]; t < chain.touch_begin[state + 1]; ++t) {
      if (!text.empty()) text += " > ";
      text += channels[chain.touches[t]];
    }
    return text;
  };
  double started = 0;
  for (const double journeys : chain.started) started += journeys;
  for (std::uint32_t s = 0; s < chain.state_count(); ++s) {
    if (chain.started[s] > 0)
      rows.push_back(
          {"(start)", channels[chain.last_channel(s)], chain.started[s], chain.started[s] / started});
  }
  for (std::uint32_t s = 0; s < chain.state_count(); ++s) {
    double all = chain.converted[s] + chain.lost[s];
    for (std::uint32_t e = chain.row_begin[s]; e < chain.row_begin[s + 1]; ++e) all += chain.count[e];
    const std::string from = name(s);
    for (std::uint32_t e = chain.row_begin[s]; e < chain.row_begin[s + 1]; ++e)
      rows.push_back(
          {from, channels[chain.last_channel(chain.target[e])], chain.count[e], chain.count[e] / all});
    if (chain.converted[s] > 0)
      rows.push_back({from, "(conversion)", chain.converted[s], chain.converted[s] / all});
    if (chain.lost[s] > 0) rows.push_back({from, "(null)", chain.lost[s], chain.lost[s] / all});
  }
  return rows;
}

}  // namespace funnelgraph::inline v0
