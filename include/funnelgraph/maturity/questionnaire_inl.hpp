#pragma once

#include <funnelgraph/core/error.hpp>
#include <funnelgraph/core/html.hpp>
#include <funnelgraph/core/nearest_name.hpp>
#include <funnelgraph/maturity/questionnaire.hpp>

namespace funnelgraph::inline v0::maturity {
namespace detail {

using funnelgraph::detail::escaped;

inline constexpr std::string_view page_style =
    "body{font:9.6pt/1.25 'Noto Sans',Arial,sans-serif;max-width:190mm;margin:8mm auto;padding:0 "
    "4mm;color:#111}"
    "h1{font-size:15pt;margin:0 0 2mm}p{margin:0 0 3mm}"
    "table{border-collapse:collapse;width:100%}th,td{border-bottom:1px solid #999;padding:.8mm 1.2mm;"
    "vertical-align:middle;text-align:left}th{font-weight:600;font-size:8.5pt;vertical-align:bottom}"
    ".n{width:7mm;text-align:right;color:#444}.a{width:14mm;text-align:center}tr{break-inside:avoid}"
    "thead{display:table-header-group}.b{display:inline-block;width:4mm;height:4mm;border:1px solid #333;"
    "vertical-align:-0.6mm;margin-right:1mm}.w span{margin-right:7mm;white-space:nowrap}"
    ".l{display:inline-block;min-width:38mm;border-bottom:1px solid #333}"
    "@page{size:A4;margin:10mm}@media print{body{margin:0 auto;padding:0}}";

}  // namespace detail

FUNNELGRAPH_INLINE std::string questionnaire_html(const Instrument& instrument, std::string_view language) {
  refuse("instrument", validate(instrument));
  const std::vector<std::string> known = languages(instrument);
  bool found = false;
  for (const std::string& one : known) found = found || one == language;
  if (!found) {
    throw UnknownNameError("language", std::string(language), nearest_name(language, known));
  }
  const bool vietnamese = language == "vi";
  const auto word = [&](const char* en, const char* vi) { return std::string(vietnamese ? vi : en); };
  const std::string title =
      word("How Marketing and Sales work together", "Marketing và Bán hàng phối hợp ra sao");
  std::string html = "<!DOCTYPE html>\n<html lang=\"" + detail::escaped(language) +
                     "\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
                     "content=\"width=device-width\"><title>" +
                     title + "</title><style>" + std::string(detail::page_style) + "</style></head><body>\n";
  html +=
      "<h1>" + title + "</h1>\n<p>" +
      word(
          "Mark one box on each line: how far do you agree with the statement about your company today? "
          "Leave "
          "a line empty if you cannot say.",
          "Mỗi dòng đánh dấu một ô: bạn đồng ý đến mức nào với nhận định về công ty mình hiện nay? Để trống "
          "nếu bạn không thể trả lời.") +
      "</p>\n<p class=\"w\"><span>" + word("Respondent", "Người trả lời") +
      ": <span class=\"l\">&nbsp;</span></span><span>" + word("Department", "Bộ phận") +
      ": <i class=\"b\"></i>Marketing &nbsp; <i class=\"b\"></i>" + word("Sales", "Bán hàng") +
      "</span><span>" + word("Level", "Cấp bậc") + ": <i class=\"b\"></i>" +
      word("head of department", "trưởng bộ phận") + " &nbsp; <i class=\"b\"></i>" +
      word("staff", "nhân viên") + "</span></p>\n<table><thead><tr><th></th><th>" +
      word("Statement", "Nhận định") + "</th>";
  for (int answer = instrument.lowest; answer <= instrument.highest; ++answer) {
    html += "<th class=\"a\">" + std::to_string(answer);
    if (!instrument.answers.empty()) {
      const auto i = static_cast<std::size_t>(answer - instrument.lowest);
      html += "<br>" + detail::escaped(text_in(instrument.answers[i], language));
    }
    html += "</th>";
  }
  html += "</tr></thead><tbody>\n";
  std::size_t number = 0;
  for (const Statement& statement : instrument.statements) {
    html += "<tr><td class=\"n\">" + std::to_string(++number) + "</td><td>" +
            detail::escaped(text_in(statement.text, language)) + "</td>";
    for (int answer = instrument.lowest; answer <= instrument.highest; ++answer) {
      html += "<td class=\"a\"><i class=\"b\" style=\"margin:0\"></i></td>";
    }
    html += "</tr>\n";
  }
  html += "</tbody></table>\n</body></html>\n";
  return html;
}

FUNNELGRAPH_INLINE std::string answer_form_csv(const Instrument& instrument) {
  refuse("instrument", validate(instrument));
  std::string line = "respondent,department,level";
  for (const Statement& statement : instrument.statements) line += "," + statement.id;
  return line + "\n";
}

}  // namespace funnelgraph::inline v0::maturity
