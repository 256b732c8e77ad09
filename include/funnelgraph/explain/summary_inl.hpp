// Definitions of summary.hpp.
#pragma once

#include <algorithm>
#include <string>

#include <funnelgraph/core/error.hpp>
#include <funnelgraph/explain/detail/explanation_state.hpp>
#include <funnelgraph/explain/explain.hpp>
#include <funnelgraph/explain/summary.hpp>
#include <funnelgraph/explain/summary_speaker_inl.hpp>
#include <funnelgraph/model/segmented_funnel.hpp>

namespace funnelgraph::inline v0 {

namespace detail {

/// Whether every owner in the rows has agreed to the plan, and at least two have.
inline bool agreed_by_all(const Explanation& explanation) {
  if (explanation.agreed_by.size() < 2) return false;
  const auto role = [&](const std::string& name) {
    for (const auto& [segment, funnel] : explanation.state->actual) {
      if (const auto owner = funnel.find_owner(name)) return funnel.owner(*owner).role;
    }
    return Role::other;
  };
  return std::all_of(explanation.rows.begin(), explanation.rows.end(), [&](const ExplanationRow& row) {
    if (row.owner == "unowned" || row.owner.find(" + ") != std::string::npos) return true;
    const Role is = role(row.owner);
    return is == Role::outside || is == Role::company ||
           std::find(explanation.agreed_by.begin(), explanation.agreed_by.end(), row.owner) !=
               explanation.agreed_by.end();
  });
}

/// The same difference by stage.
FUNNELGRAPH_INLINE Explanation by_stage(const Explanation& explanation) {
  const Explanation::State& state = *explanation.state;
  ExplainOptions options = state.options;
  options.by = {By::stage};
  options.order.clear();
  options.basis = explanation.basis;
  if (options.method == ExplainMethod::owen || options.method == ExplainMethod::shapley)
    options.method = ExplainMethod::automatic;
  if (!state.segmented) return explain(state.plan.at(""), state.actual.at(""), options);
  return explain(SegmentedFunnel(state.plan), SegmentedFunnel(state.actual), options);
}

}  // namespace detail

FUNNELGRAPH_INLINE std::string Summary::text() const {
  std::string out;
  for (const Sentence& sentence : sentences) out += (out.empty() ? "" : "\n") + sentence.text;
  return out;
}

FUNNELGRAPH_INLINE Summary summary(const Explanation& explanation, std::string_view language) {
  if (language != "en" && language != "vi")
    throw InvalidValueError("language", std::string(language), "en or vi");
  if (explanation.state == nullptr)
    throw InvalidValueError("summary", "an explanation made by hand", "one that explain() made");
  if (!explanation.placeholders.empty()) {
    std::string names;
    for (std::size_t k = 0; k < explanation.placeholders.size() && k < 5; ++k)
      names += (k > 0 ? ", " : "") + explanation.placeholders[k];
    if (explanation.placeholders.size() > 5) names += ", ...";
    throw InvalidValueError(
        "summary of " + explanation.metric, "placeholders: " + names,
        "numbers that somebody measured, agreed or estimated: replace them before a verdict");
  }
  Summary out;
  out.language = std::string(language);
  const bool by_owner =
      std::find(explanation.by.begin(), explanation.by.end(), By::owner) != explanation.by.end();
  out.explanation =
      by_owner && !detail::agreed_by_all(explanation) ? detail::by_stage(explanation) : explanation;
  out.sentences = detail::Speaker(out.explanation, language == "vi").speak();
  return out;
}

}  // namespace funnelgraph::inline v0
