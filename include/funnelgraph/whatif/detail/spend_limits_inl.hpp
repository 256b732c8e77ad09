// Bounds and groups of a budget as linear limits, checked.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

#include <Eigen/Core>

#include <funnelgraph/core/error.hpp>
#include <funnelgraph/core/shown.hpp>
#include <funnelgraph/core/unknown_name.hpp>
#include <funnelgraph/model/funnel.hpp>
#include <funnelgraph/whatif/detail/spend_model_inl.hpp>
#include <funnelgraph/whatif/detail/spend_search_inl.hpp>

namespace funnelgraph::inline v0::detail {

inline void check_spend_bounds(const SpendBounds& bounds, const std::string& where) {
  if (!(bounds.low >= 0) || std::isinf(bounds.low))
    throw InvalidValueError(where + ", low", shown(bounds.low), "a finite amount of money >= 0");
  if (!(bounds.high >= bounds.low))
    throw InvalidValueError(where + ", high", shown(bounds.high), "at least low, " + shown(bounds.low));
}

inline std::string spending_text(const Spending& spending) {
  return (spending.segment.empty() ? "" : spending.segment + ": ") + to_string(spending.parameter);
}

/// What a channel has of a spending: of a volume over several channels, its share of the volume.
inline double channel_share(const SpendItem& item, const Funnel& funnel, const std::string& channel) {
  const Parameter& parameter = item.spending->parameter;
  if (parameter.kind() != ParameterKind::volume) return 0;
  const std::vector<Parameter> leaves = funnel.leaves(parameter);
  double share = 0;
  for (std::size_t k = 0; k < leaves.size(); ++k) {
    const bool there = leaves[k].arguments().size() > 1 ? leaves[k].argument(1) == channel : channel.empty();
    if (there) share += item.leaves[k].share;
  }
  return share;
}

/// Coefficients of a group over the spendings; throws where a name is not there or nothing belongs to it.
inline Eigen::VectorXd group_members(const SpendGroup& group, const SpendModel& model) {
  const std::string where = "group " + group.name;
  if (group.owner.empty() && group.channel.empty() && group.segment.empty() && group.members.empty())
    throw InvalidValueError(where, "no members", "an owner, a channel, a segment or a list of parameters");
  const auto need = [&](const char* kind, const std::string& name, auto&& each_known) {
    if (name.empty()) return;
    std::vector<std::string> known;
    for (const NamedFunnel& named : model.funnels()) each_known(named, known);
    if (std::find(known.begin(), known.end(), name) == known.end()) throw unknown_name(kind, name, known);
  };
  need("owner", group.owner, [](const NamedFunnel& named, std::vector<std::string>& known) {
    for (const Owner& owner : named.funnel->owners()) known.push_back(owner.name);
  });
  need("channel", group.channel, [](const NamedFunnel& named, std::vector<std::string>& known) {
    for (const Entry& entry : named.funnel->entries()) known.push_back(entry.channel);
  });
  need("segment", group.segment,
       [](const NamedFunnel& named, std::vector<std::string>& known) { known.push_back(named.name); });
  std::vector<std::string> parameters;
  for (const SpendItem& item : model.items()) parameters.push_back(to_string(item.spending->parameter));
  for (const Parameter& member : group.members) {
    const std::string text = to_string(member);
    if (std::find(parameters.begin(), parameters.end(), text) == parameters.end())
      throw unknown_name("spending", text, parameters);
  }
  const std::vector<SpendItem>& items = model.items();
  Eigen::VectorXd out = Eigen::VectorXd::Zero(static_cast<Eigen::Index>(items.size()));
  for (std::size_t i = 0; i < items.size(); ++i) {
    const Spending& spending = *items[i].spending;
    const Funnel& funnel = *model.funnels()[items[i].segment].funnel;
    double share = 1;
    if (!group.owner.empty()) share *= funnel.ownership(spending.parameter).share(group.owner);
    if (!group.channel.empty()) share *= channel_share(items[i], funnel, group.channel);
    if (!group.segment.empty() && spending.segment != group.segment) share = 0;
    const auto& members = group.members;
    if (!members.empty() && std::find(members.begin(), members.end(), spending.parameter) == members.end())
      share = 0;
    out[static_cast<Eigen::Index>(i)] = share;
  }
  if (!(out.sum() > 0))
    throw InvalidValueError(where, "no spending in it", "a group that a spending belongs to");
  return out;
}

/// The limits without a look at whether any split meets them.
inline SpendLimits limits_of(const SpendModel& model, double budget) {
  const AllocateOptions& options = model.options();
  const auto n = static_cast<Eigen::Index>(model.items().size());
  SpendLimits out;
  out.budget = budget;
  out.low.resize(n);
  out.high.resize(n);
  for (Eigen::Index i = 0; i < n; ++i) {
    const SpendBounds& bounds = model.items()[static_cast<std::size_t>(i)].spending->bounds;
    out.low[i] = bounds.low;
    out.high[i] = std::max(bounds.low, std::min(bounds.high, budget));
  }
  std::vector<Eigen::VectorXd> rows{Eigen::VectorXd::Constant(n, -1)};
  std::vector<double> least{-budget};
  for (std::size_t g = 0; g < options.groups.size(); ++g) {
    const SpendGroup& group = options.groups[g];
    const Eigen::VectorXd members = group_members(group, model);
    if (group.bounds.low > 0) {
      rows.push_back(members);
      least.push_back(group.bounds.low);
      out.group.push_back(g);
      out.is_low.push_back(true);
    }
    if (group.bounds.high < budget) {
      rows.push_back(-members);
      least.push_back(-group.bounds.high);
      out.group.push_back(g);
      out.is_low.push_back(false);
    }
  }
  out.coefficient.resize(static_cast<Eigen::Index>(rows.size()), n);
  out.least.resize(static_cast<Eigen::Index>(rows.size()));
  for (std::size_t k = 0; k < rows.size(); ++k) {
    out.coefficient.row(static_cast<Eigen::Index>(k)) = rows[k].transpose();
    out.least[static_cast<Eigen::Index>(k)] = least[k];
  }
  return out;
}

/// Throws InvalidValueError where no split of the budget meets bounds and groups, naming one of them.
inline void require_some_split(const SpendModel& model, const SpendLimits& limits) {
  const std::string budget = "bounds that the budget of " + shown(limits.budget) + " can meet";
  Eigen::Index greatest = 0;
  for (Eigen::Index i = 0; i < limits.low.size(); ++i) {
    if (limits.low[i] > limits.low[greatest]) greatest = i;
  }
  if (limits.low.sum() > limits.budget * (1 + 1e-12)) {
    const Spending& spending = *model.items()[static_cast<std::size_t>(greatest)].spending;
    throw InvalidValueError(
        "least money of all spendings together (the greatest for " + spending_text(spending) + ")",
        shown(limits.low.sum()), "at most the budget, " + shown(limits.budget));
  }
  const Projection some = project(limits, {limits.low, limits.high}, limits.low);
  if (some.found) return;
  std::string where = "groups";
  for (std::size_t k = 0; k < limits.group.size(); ++k) {
    // coefficient . money is at most this, where it must be at least `least`.
    const Eigen::VectorXd row = limits.coefficient.row(static_cast<Eigen::Index>(k) + 1).transpose();
    double most = row.dot(limits.low);
    double spare = limits.budget - limits.low.sum();
    for (Eigen::Index i = 0; i < row.size() && limits.is_low[k]; ++i) {
      const double taken = row[i] > 0 ? std::min(spare, limits.high[i] - limits.low[i]) : 0;
      most += row[i] * taken;
      spare -= taken;
    }
    if (most < limits.least[static_cast<Eigen::Index>(k) + 1])
      where =
          "group " + model.options().groups[limits.group[k]].name + (limits.is_low[k] ? ", low" : ", high");
  }
  throw InvalidValueError(where, "cannot be met together with the other bounds", budget);
}

}  // namespace funnelgraph::inline v0::detail
