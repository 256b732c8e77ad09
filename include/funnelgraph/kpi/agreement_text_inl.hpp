#pragma once

#include <cstddef>

#include <funnelgraph/core/utf8.hpp>
#include <funnelgraph/kpi/agreement.hpp>
#include <funnelgraph/kpi/detail/agreement_words.hpp>

namespace funnelgraph::inline v0 {

namespace detail {

inline constexpr std::size_t page_columns = 78;

[[nodiscard]] inline std::size_t columns_of(std::string_view text) {
  std::size_t columns = 0;
  for (std::size_t i = 0; i < text.size(); ++columns) (void)decode_utf8(text, i);
  return columns;
}

/// Breaks at blanks; further lines begin with `indent` blanks.
inline void put_lines(std::string& page, const std::string& first, const std::string& text,
                      std::size_t indent) {
  std::string line = first;
  bool blank = true;  // nothing of the text on this line yet
  std::size_t begin = 0;
  while (begin < text.size()) {
    std::size_t end = text.find(' ', begin);
    if (end == std::string::npos) end = text.size();
    const std::string_view word = std::string_view(text).substr(begin, end - begin);
    begin = end + 1;
    if (word.empty()) continue;
    if (!blank && columns_of(line) + 1 + columns_of(word) > page_columns) {
      page += line + "\n";
      line = std::string(indent, ' ');
      blank = true;
    }
    if (!blank) line += ' ';
    line += word;
    blank = false;
  }
  page += line + "\n";
}

inline void put_heading(std::string& page, const std::string& text) {
  page += "\n" + text + "\n" + std::string(columns_of(text), '-') + "\n";
}

inline void put_list(std::string& page, const std::vector<std::string>& lines, const std::string& none) {
  if (lines.empty()) page += "  - " + none + "\n";
  for (const std::string& line : lines) put_lines(page, "  - ", line, 4);
}

}  // namespace detail

FUNNELGRAPH_INLINE std::string to_text(const Agreement& agreement) {
  const detail::AgreementWords words = detail::agreement_words(
      agreement.giver_label, agreement.receiver_label, agreement.period, agreement.language);
  std::string page = words.title + "\n" + std::string(detail::columns_of(words.title), '=') + "\n";
  if (!agreement.funnel.empty() || !agreement.date.empty()) {
    page += agreement.funnel;
    if (!agreement.date.empty()) page += (agreement.funnel.empty() ? "" : ", ") + agreement.date;
    page += '\n';
  }
  detail::put_lines(page, "", words.about, 0);
  detail::put_heading(page, words.words);
  const auto or_open = [&](const std::string& text) { return text.empty() ? words.not_agreed : text; };
  for (const AgreedStage& stage : agreement.stages) {
    detail::put_lines(page, "  ", stage.label + " (" + (stage.owner.empty() ? "-" : stage.owner) + ")", 4);
    detail::put_lines(page, "    ", words.meaning + ": " + or_open(stage.definition), 6);
    if (stage.handed_over || !stage.accept_if.empty())
      detail::put_lines(page, "    ", words.accepted + ": " + or_open(stage.accept_if), 6);
  }
  detail::put_heading(page, words.promises);
  for (const auto& [owner, label] : {std::pair(agreement.giver, agreement.giver_label),
                                     std::pair(agreement.receiver, agreement.receiver_label)}) {
    page += label + " " + words.gives + ":\n";
    detail::put_list(page, agreement.gives.at(owner), words.not_agreed);
    page += label + " " + words.needs + ":\n";
    detail::put_list(page, agreement.needs.at(owner), words.not_agreed);
  }
  for (const AgreedPromise& promise : agreement.promises) {
    if (promise.by.empty() && !promise.text.empty())
      detail::put_lines(page, "", words.together + ": " + promise.text, 2);
  }
  detail::put_heading(page, words.losses);
  if (agreement.reasons.empty()) page += "  " + words.not_agreed + "\n";
  for (const auto& [reason, owner] : agreement.reasons)
    detail::put_lines(page, "  - ", reason + ": " + owner, 4);
  detail::put_heading(page, words.review);
  detail::put_lines(
      page, "  ",
      or_open(agreement.review) + "; " + words.next_review + ": " + or_open(agreement.review_date), 2);
  if (!agreement.missing.empty()) {
    detail::put_heading(page, words.open);
    detail::put_list(page, agreement.missing, words.none);
  }
  detail::put_heading(page, words.signatures);
  for (const auto& [label, name] : agreement.signatures) {
    page += "\n  " + label + (name.empty() ? "" : ", " + name) + "\n  " + std::string(32, '_') + "   " +
            words.date + ": " + std::string(14, '_') + "\n";
  }
  return page;
}

}  // namespace funnelgraph::inline v0
