// A one-page verdict in plain sentences that both heads can read.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <funnelgraph/explain/explanation.hpp>

namespace funnelgraph::inline v0 {

/// One sentence and the rows of the table that it rests on; `rows` is empty for what is said of the total.
struct Sentence {
  std::string about;  ///< "heading", "basis", "total", "part", "between", "not measured", "needs"
  std::string text;
  std::vector<std::size_t> rows{};
};

/// The sentences and the table behind them.
struct Summary {
  std::string language;
  Explanation explanation;  ///< by owner only where the plan is agreed by all whose rows stand there
  std::vector<Sentence> sentences;
  [[nodiscard]] std::string text() const;  ///< one sentence a line
};

/// What was missed, what each part explains and how sure it is, what lies between, what is not measured, and
/// what each side needs from the other; never fault. Rows by owner are shown only if every owner in them has
/// agreed to every number of the plan that differs (`agreed`), else the same difference by stage. `language`:
/// "en" or "vi"; stages speak by their label in it. Throws InvalidValueError for another language and where
/// the metric rests on placeholders, which it names.
[[nodiscard]] Summary summary(const Explanation& explanation, std::string_view language = "en");

}  // namespace funnelgraph::inline v0

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/explain/summary_inl.hpp>
#endif
