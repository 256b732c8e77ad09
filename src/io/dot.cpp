#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <funnelgraph/core/shown.hpp>
#include <funnelgraph/io/dot.hpp>

#include "hand_off.hpp"

namespace funnelgraph::inline v0 {
namespace detail {
namespace {

/// Light fills that keep black text readable; by role, so that a funnel looks like the next one.
constexpr std::array<std::string_view, 7> role_colours{"#9ecae1", "#fdbe85", "#a1d99b", "#c5b0d5",
                                                       "#d9d9d9", "#e5d8bd", "#f7b6d2"};
/// For further owners of a role.
constexpr std::array<std::string_view, 8> more_colours{"#c6dbef", "#fee6ce", "#c7e9c0", "#dadaeb",
                                                       "#f0f0f0", "#ffffcc", "#fddaec", "#b2e2e2"};
constexpr std::string_view hand_off_colour = "#c0392b";
constexpr std::string_view plain_colour = "#555555";

/// Quoted for DOT; what Graphviz would read as an escape or an entity is plain text.
std::string quoted(std::string_view text) {
  std::string result = "\"";
  for (const char c : shown(text, std::numeric_limits<std::size_t>::max())) {
    if (c == '&') {
      result += "&amp;";
      continue;
    }
    if (c == '"' || c == '\\') result += '\\';
    result += c;
  }
  return result + '"';
}

/// Several lines in one label.
std::string lines(const std::vector<std::string>& parts) {
  std::string result = "\"";
  for (const std::string& part : parts) {
    if (part.empty()) continue;
    if (result.size() > 1) result += "\\n";
    const std::string one = quoted(part);
    result.append(one, 1, one.size() - 2);
  }
  return result + '"';
}

std::string rounded(double value, int digits) {
  std::array<char, 64> buffer{};
  const auto end =
      std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::general, digits);
  return {buffer.data(), end.ptr};
}

std::string percent(double share) { return rounded(100 * share, 3) + " %"; }

class DotPicture {
 public:
  DotPicture(const Funnel& funnel, const DotOptions& options) : funnel_(funnel), options_(options) {}

  std::string draw() {
    choose_colours();
    out_ = "digraph funnel {\n  graph [rankdir=";
    out_ += options_.left_right ? "LR" : "TB";
    out_ += ", charset=\"UTF-8\", fontname=\"Helvetica\", labelloc=t, label=" + quoted(title()) + "];\n";
    out_ += "  node [fontname=\"Helvetica\", fontsize=11];\n  edge [fontname=\"Helvetica\", fontsize=9];\n";
    draw_stages();
    draw_outcomes();
    draw_transitions();
    if (options_.entries) draw_entries();
    if (options_.legend && !funnel_.owners().empty()) draw_legend();
    return out_ + "}\n";
  }

 private:
  [[nodiscard]] std::string label(const std::string& name, const LabelsByLanguage& labels) const {
    const auto found = labels.find(options_.language);
    return found != labels.end() && !found->second.empty() ? found->second : name;
  }
  [[nodiscard]] std::string title() const { return label(funnel_.info().name, funnel_.info().labels); }

  void choose_colours() {
    std::array<bool, role_colours.size()> taken{};
    std::size_t more = 0;
    for (const Owner& owner : funnel_.owners()) {
      const auto role = static_cast<std::size_t>(owner.role);
      const bool first = !taken.at(role);
      taken.at(role) = true;
      colours_.emplace(owner.name,
                       first ? role_colours.at(role) : more_colours.at(more++ % more_colours.size()));
    }
  }

  [[nodiscard]] std::string_view colour(const std::string& owner) const {
    const auto found = colours_.find(owner);
    return found != colours_.end() ? found->second : std::string_view("#ffffff");
  }

  /// style and fillcolor; stripes (of boxes) or wedges (of round shapes) for joint owners whose shares
  /// make a whole.
  [[nodiscard]] std::string fill(const Ownership& owner, const char* joint, const std::string& style) const {
    const auto& shares = owner.shares();
    double sum = 0;
    bool whole = shares.size() > 1;
    for (const OwnerShare& part : shares) {
      whole = whole && part.share > 0;
      sum += part.share;
    }
    whole = whole && std::fabs(sum - 1) < 1e-6;
    if (!whole) {
      const std::string_view only = shares.empty() ? std::string_view("#ffffff") : colour(shares[0].owner);
      return "style=\"filled" + (style.empty() ? "" : "," + style) + "\", fillcolor=\"" + std::string(only) +
             '"';
    }
    std::string parts;
    for (std::size_t i = 0; i < shares.size(); ++i) {
      parts += (i > 0 ? ":" : "") + std::string(colour(shares[i].owner));
      if (i + 1 < shares.size()) parts += ";" + rounded(shares[i].share, 6);
    }
    return "style=\"" + std::string(joint) + (style.empty() ? "" : "," + style) + "\", fillcolor=\"" + parts +
           '"';
  }

  [[nodiscard]] static std::string owners_text(const Ownership& owner) {
    std::string text;
    for (const OwnerShare& part : owner.shares()) {
      text += (text.empty() ? "" : ", ") + part.owner;
      if (owner.shares().size() > 1) text += " " + percent(part.share);
    }
    return text.empty() ? "nobody" : text;
  }

  void draw_stages() {
    const auto stages = funnel_.stages();
    for (std::size_t i = 0; i < stages.size(); ++i) {
      const Stage& stage = stages[i];
      out_ += "  s" + std::to_string(i) + " [shape=box, label=" +
              lines({label(stage.name, stage.labels), stage.unit.empty() ? "" : "(" + stage.unit + ")"}) +
              ", " + fill(stage.owner, "striped", "") + ", tooltip=" +
              quoted(owners_text(stage.owner) + (stage.definition.empty() ? "" : ": " + stage.definition)) +
              "];\n";
    }
  }

  void draw_outcomes() {
    const auto outcomes = funnel_.outcomes();
    for (std::size_t i = 0; i < outcomes.size(); ++i) {
      const Outcome& outcome = outcomes[i];
      std::string look;
      switch (outcome.kind) {
        case OutcomeKind::won:
          look = "shape=ellipse, peripheries=2, " + fill(outcome.owner, "wedged", "");
          break;
        case OutcomeKind::lost:
          look = "shape=octagon, " + fill_first(outcome.owner, "");
          break;
        case OutcomeKind::screened:
          look = "shape=hexagon, " + fill_first(outcome.owner, "");
          break;
        case OutcomeKind::silent:
          look = "shape=ellipse, " + fill(outcome.owner, "wedged", "dotted");
          break;
      }
      out_ += "  o" + std::to_string(i) + " [" + look +
              ", label=" + quoted(label(outcome.name, outcome.labels)) +
              ", tooltip=" + quoted(owners_text(outcome.owner)) + "];\n";
    }
  }

  /// For shapes that Graphviz can neither stripe nor wedge: the colour of the largest share.
  [[nodiscard]] std::string fill_first(const Ownership& owner, const std::string& style) const {
    const OwnerShare* largest = nullptr;
    for (const OwnerShare& part : owner.shares()) {
      if (largest == nullptr || part.share > largest->share) largest = &part;
    }
    return fill(largest != nullptr ? Ownership(largest->owner) : Ownership(), "filled", style);
  }

  /// The node of a name; one that is not there is drawn in dashes, once.
  std::string node(const std::string& name, bool may_be_outcome) {
    if (const auto stage = funnel_.find_stage(name)) return "s" + std::to_string(stage->index);
    if (may_be_outcome) {
      if (const auto outcome = funnel_.find_outcome(name)) return "o" + std::to_string(outcome->index);
    }
    const auto [found, added] = missing_.emplace(name, "x" + std::to_string(missing_.size()));
    if (added) out_ += "  " + found->second + " [shape=box, style=dashed, label=" + quoted(name) + "];\n";
    return found->second;
  }

  void draw_transitions() {
    for (const Transition& transition : funnel_.transitions()) {
      const std::string from = node(transition.from, false);
      const std::string to = node(transition.to, true);
      std::vector<std::string> texts;
      if (options_.rates) texts.push_back(percent(transition.rate.value));
      if (options_.lags && transition.lag.family != LagFamily::unknown && transition.lag.mean.value != 0) {
        texts.push_back(rounded(transition.lag.mean.value, 3) + " d");
      }
      const auto source = funnel_.find_stage(transition.from);
      const auto target = funnel_.find_stage(transition.to);
      std::string look = "color=\"" + std::string(plain_colour) + '"';
      if (source && target) {
        const Ownership& giver = funnel_.stages()[source->index].owner;
        const Ownership& receiver = funnel_.stages()[target->index].owner;
        if (is_hand_off(giver, receiver)) {
          look = "color=\"" + std::string(hand_off_colour) + "\", fontcolor=\"" +
                 std::string(hand_off_colour) +
                 "\", penwidth=2.5, arrowhead=vee, tooltip=" + quoted(hand_off_text(giver, receiver));
        }
      }
      if (!(transition.rate.value > 0)) look += ", style=dotted";
      out_ += "  " + from + " -> " + to + " [label=" + lines(texts) + ", " + look + "];\n";
    }
  }

  [[nodiscard]] static std::string hand_off_text(const Ownership& from, const Ownership& to) {
    std::string text = "hand-off";
    for (const MovedShare& part : shares_above(from, to))
      text += ", " + part.owner + " gives " + percent(part.share);
    for (const MovedShare& part : shares_above(to, from)) {
      text += ", " + part.owner + " receives " + percent(part.share);
    }
    return text;
  }

  void draw_entries() {
    const auto entries = funnel_.entries();
    for (std::size_t i = 0; i < entries.size(); ++i) {
      const Entry& entry = entries[i];
      const std::string to = node(entry.stage, false);
      const std::string id = "e" + std::to_string(i);
      const std::string volume =
          rounded(entry.volume.value, 6) +
          (funnel_.info().period.empty() ? std::string() : " / " + funnel_.info().period);
      out_ += "  " + id + " [shape=plaintext, fontsize=9, label=" + lines({entry.channel, volume}) + "];\n";
      out_ += "  " + id + " -> " + to + " [arrowhead=open, color=\"" + std::string(plain_colour) + "\"];\n";
    }
  }

  void draw_legend() {
    out_ += "  subgraph cluster_owners {\n    label=\"\"; style=dotted; rank=same;\n";
    const auto owners = funnel_.owners();
    for (std::size_t i = 0; i < owners.size(); ++i) {
      out_ += "    w" + std::to_string(i) +
              " [shape=box, style=filled, fontsize=9, height=0.25, fillcolor=\"" +
              std::string(colour(owners[i].name)) +
              "\", label=" + quoted(label(owners[i].name, owners[i].labels)) + "];\n";
    }
    out_ += "  }\n";
  }

  const Funnel& funnel_;
  const DotOptions& options_;
  std::map<std::string, std::string_view> colours_;
  std::map<std::string, std::string> missing_;
  std::string out_;
};

}  // namespace
}  // namespace detail

std::string to_dot(const Funnel& funnel, const DotOptions& options) {
  return detail::DotPicture(funnel, options).draw();
}

}  // namespace funnelgraph::inline v0
