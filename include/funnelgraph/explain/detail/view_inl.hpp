// Definitions of view.hpp.
#pragma once

#include <algorithm>
#include <numeric>

#include <funnelgraph/core/error.hpp>
#include <funnelgraph/core/nearest_name.hpp>
#include <funnelgraph/explain/detail/difference_inl.hpp>
#include <funnelgraph/explain/detail/view.hpp>
#include <funnelgraph/model/ownership.hpp>

namespace funnelgraph::inline v0::detail {

FUNNELGRAPH_INLINE std::string owner_or_unowned(const Ownership& owner) {
  const std::string said = to_string(owner);
  return said.empty() ? "unowned" : said;
}

FUNNELGRAPH_INLINE std::vector<std::vector<std::size_t>> PlayerView::members() const {
  std::vector<std::vector<std::size_t>> out(union_labels.size());
  for (std::size_t p = 0; p < players.size(); ++p) out[players[p].joined].push_back(p);
  return out;
}

FUNNELGRAPH_INLINE std::vector<std::vector<double>> PlayerView::weights() const {
  std::vector<std::vector<double>> out(rows.size(), std::vector<double>(players.size(), 0.0));
  for (std::size_t p = 0; p < players.size(); ++p) {
    for (const auto& [row, share] : players[p].rows) out[row][p] += share;
  }
  return out;
}

/// What stands in a row for rates of stages to which another owner hands over.
inline constexpr const char* quality_note = "rate, including lead quality";

class ViewMaker {
 public:
  ViewMaker(const Difference& difference, const ExplainOptions& options)
      : difference_(difference), options_(options) {}

  PlayerView make() {
    check();
    const bool by_owner = has(By::owner);
    out_.unions = options_.method == ExplainMethod::owen || (by_owner && options_.by.names.size() > 1);
    group_atoms(by_owner || out_.unions);
    for (std::uint32_t a = 0; a < difference_.atoms.size(); ++a) add_rows(a, by_owner);
    note_rows();
    if (by_owner && options_.by.names.size() > 1) group_rows_by_owner();
    return std::move(out_);
  }

 private:
  [[nodiscard]] bool has(By by) const {
    return std::find(options_.by.names.begin(), options_.by.names.end(), by) != options_.by.names.end();
  }

  void check() const {
    if (options_.by.names.empty() || options_.by.names.size() > 3)
      throw InvalidValueError("explain(by=)", std::to_string(options_.by.names.size()) + " names",
                              "one to three of owner, stage, factor, lever, segment");
    for (std::size_t k = 0; k < options_.by.names.size(); ++k) {
      if (std::count(options_.by.names.begin(), options_.by.names.end(), options_.by.names[k]) > 1)
        throw InvalidValueError("explain(by=)", "one name twice", "different names");
    }
    if (has(By::segment) && !difference_.segmented)
      throw InvalidValueError("explain(by=)", "segment",
                              "owner, stage, factor or lever: these funnels have no segments");
    if (has(By::stage) && has(By::lever))
      throw InvalidValueError("explain(by=)", "stage and lever",
                              "stage alone: a lever stands there by its name");
  }

  /// The place as it stands in a table and what tells it from others.
  [[nodiscard]] std::string key(const Atom& atom, By by) const {
    switch (by) {
      case By::owner:
        return owner_or_unowned(atom.owner);
      case By::stage:
        return std::to_string(static_cast<int>(atom.kind)) + atom.place;
      case By::factor:
        return to_string(atom.factor);
      case By::lever:
        return atom.kind == Place::lever ? "l" + atom.place : std::string();
      case By::segment:
        break;
    }
    return atom.segment == no_atom ? "all segments" : "s" + difference_.segments[atom.segment];
  }

  [[nodiscard]] std::string shown_as(const Atom& atom, By by) const {
    switch (by) {
      case By::owner:
        return owner_or_unowned(atom.owner);
      case By::stage:
        return atom.place;
      case By::factor:
        return to_string(atom.factor);
      case By::lever:
        return atom.kind == Place::lever ? atom.place : "all else";
      case By::segment:
        break;
    }
    return atom.segment == no_atom ? "all segments" : difference_.segments[atom.segment];
  }

  /// Players: atoms with the same names, within an ownership where that matters, and what moves together.
  void group_atoms(bool within_owner) {
    const std::size_t count = difference_.atoms.size();
    std::vector<std::string> keys(count);
    for (std::size_t a = 0; a < count; ++a) {
      const Atom& atom = difference_.atoms[a];
      if (within_owner) keys[a] = owner_or_unowned(atom.owner);
      for (const By by : options_.by.names) {
        if (by != By::owner) keys[a] += '\n' + key(atom, by);
      }
    }
    std::vector<std::size_t> root(count);
    std::iota(root.begin(), root.end(), std::size_t{0});
    const auto top = [&](std::size_t a) {
      while (root[a] != a) a = root[a];
      return a;
    };
    const auto join = [&](std::size_t a, std::size_t b) {
      const std::size_t first = std::min(top(a), top(b)), second = std::max(top(a), top(b));
      root[second] = first;
    };
    for (std::size_t a = 0; a < count; ++a) {
      for (std::size_t b = 0; b < a; ++b) {
        if (keys[a] == keys[b]) {
          join(a, b);
          break;
        }
      }
    }
    for (const auto& stages : options_.together) join_rates(stages, join);
    out_.player_of.assign(count, 0);
    std::vector<std::size_t> player_at(count, count);
    for (std::size_t a = 0; a < count; ++a) {
      const std::size_t t = top(a);
      if (player_at[t] == count) {
        player_at[t] = out_.players.size();
        out_.players.push_back({.label = {}, .atoms = {}, .joined = 0});
      }
      out_.player_of[a] = player_at[t];
      out_.players[player_at[t]].atoms.push_back(static_cast<std::uint32_t>(a));
    }
    for (Player& player : out_.players) {
      player.label = label_of(player);
      const std::string joined = out_.unions ? owners_of(player) : player.label;
      const auto at = std::find(out_.union_labels.begin(), out_.union_labels.end(), joined);
      player.joined = static_cast<std::size_t>(at - out_.union_labels.begin());
      if (at == out_.union_labels.end())
        out_.union_labels.push_back(joined);
      else if (!out_.unions) {  // two levers or places of one name stay apart
        player.joined = out_.union_labels.size();
        out_.union_labels.push_back(joined);
      }
    }
  }

  template <class Join>
  void join_rates(const std::vector<std::string>& stages, Join&& join) const {
    std::optional<std::size_t> first;
    for (const std::string& stage : stages) {
      bool found = false;
      for (std::size_t a = 0; a < difference_.atoms.size(); ++a) {
        const Atom& atom = difference_.atoms[a];
        if (atom.kind != Place::stage || atom.place != stage || atom.factor != Factor::rates) continue;
        found = true;
        if (first)
          join(*first, a);
        else
          first = a;
      }
      const auto& names = difference_.stage_name;
      if (!found && std::find(names.begin(), names.end(), stage) == names.end())
        throw UnknownNameError("stage", stage, nearest_name(stage, names));
    }
  }

  /// Different texts of a player's atoms, joined.
  template <class Text>
  [[nodiscard]] std::string joined(const Player& player, Text&& text) const {
    std::vector<std::string> seen;
    std::string out;
    for (const std::uint32_t a : player.atoms) {
      const std::string here = text(difference_.atoms[a]);
      if (std::find(seen.begin(), seen.end(), here) != seen.end()) continue;
      out += (seen.empty() ? "" : " + ") + here;
      seen.push_back(here);
    }
    return out;
  }
  [[nodiscard]] std::string owners_of(const Player& player) const {
    return joined(player, [](const Atom& atom) { return owner_or_unowned(atom.owner); });
  }
  [[nodiscard]] std::string label_of(const Player& player) const {
    std::string out;
    for (const By by : options_.by.names)
      out += (out.empty() ? "" : ", ") + joined(player, [&](const Atom& atom) { return shown_as(atom, by); });
    return out;
  }

  [[nodiscard]] std::size_t row(const ExplanationRow& wanted, const std::string& identity) {
    for (std::size_t r = 0; r < identities_.size(); ++r) {
      if (identities_[r] == identity) return r;
    }
    identities_.push_back(identity);
    out_.rows.push_back(wanted);
    return out_.rows.size() - 1;
  }

  /// The rows of the player of atom a, made when its first atom comes by.
  void add_rows(std::uint32_t a, bool by_owner) {
    Player& player = out_.players[out_.player_of[a]];
    if (player.atoms.front() != a) return;
    ExplanationRow made;
    std::string identity;
    for (const By by : options_.by.names) {
      if (by == By::owner) continue;
      const std::string text = joined(player, [&](const Atom& atom) { return shown_as(atom, by); });
      identity += '\n' + joined(player, [&](const Atom& atom) { return key(atom, by); });
      if (by == By::stage) made.stage = text;
      if (by == By::factor) made.factor = text;
      if (by == By::lever) made.lever = text;
      if (by == By::segment) made.segment = text;
    }
    if (!by_owner) {
      player.rows = {{row(made, identity), 1.0}};
      return;
    }
    const Ownership& owner = difference_.atoms[a].owner;
    const bool one = std::all_of(player.atoms.begin(), player.atoms.end(), [&](std::uint32_t other) {
      return difference_.atoms[other].owner == owner;
    });
    if (!one || owner.shares().size() <= 1) {
      // What several owners must move together lies between them: it is not split.
      made.owner = owners_of(player);
      player.rows = {{row(made, made.owner + identity), 1.0}};
      return;
    }
    for (const OwnerShare& share : owner.shares()) {
      made.owner = share.owner;
      player.rows.push_back({row(made, made.owner + identity), share.share});
    }
  }

  /// Rows of one owner stand together, owners in the order in which they came.
  void group_rows_by_owner() {
    std::vector<std::string> owners;
    for (const ExplanationRow& row : out_.rows) {
      if (std::find(owners.begin(), owners.end(), row.owner) == owners.end()) owners.push_back(row.owner);
    }
    const auto place = [&](const ExplanationRow& row) {
      return std::find(owners.begin(), owners.end(), row.owner) - owners.begin();
    };
    std::vector<std::size_t> order(out_.rows.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return place(out_.rows[a]) < place(out_.rows[b]); });
    std::vector<ExplanationRow> rows;
    std::vector<std::size_t> now(order.size());
    for (std::size_t r = 0; r < order.size(); ++r) {
      rows.push_back(out_.rows[order[r]]);
      now[order[r]] = r;
    }
    out_.rows = std::move(rows);
    for (Player& player : out_.players) {
      for (auto& [r, share] : player.rows) r = now[r];
    }
  }

  void note_rows() {
    if (difference_.segmented) return;
    const bool by_rate = has(By::factor) || has(By::stage);
    for (const Player& player : out_.players) {
      const bool some = std::any_of(player.atoms.begin(), player.atoms.end(),
                                    [&](std::uint32_t a) { return difference_.atoms[a].received; });
      const bool all = std::all_of(player.atoms.begin(), player.atoms.end(), [&](std::uint32_t a) {
        return difference_.atoms[a].factor == Factor::rates;
      });
      if (!some) continue;
      for (const auto& [r, share] : player.rows)
        out_.rows[r].note = by_rate && all ? quality_note : "rates in it include lead quality";
    }
  }

  const Difference& difference_;
  const ExplainOptions& options_;
  PlayerView out_;
  std::vector<std::string> identities_;
};

FUNNELGRAPH_INLINE PlayerView view(const Difference& difference, const ExplainOptions& options) {
  return ViewMaker(difference, options).make();
}

}  // namespace funnelgraph::inline v0::detail
