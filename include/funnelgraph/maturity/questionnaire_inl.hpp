#pragma once

#include <funnelgraph/core/error.hpp>
#include <funnelgraph/core/html.hpp>
#include <funnelgraph/core/nearest_name.hpp>
#include <funnelgraph/maturity/questionnaire.hpp>

namespace funnelgraph::inline v0::maturity {
namespace detail {

using funnelgraph::detail::escaped;

inline constexpr std::string_view page_style =
    "body{font:9.4pt/1.25 'Noto Sans',Arial,sans-serif;max-width:190mm;margin:8mm auto;padding:0 "
    "4mm;color:#111}"
    "h1{font-size:16pt;margin:0 0 1.5mm}p{margin:0 0 3mm}"
    "table{border-collapse:collapse;width:100%}th,td{border-bottom:1px solid #bbb;padding:.7mm 1mm;"
    "vertical-align:middle;text-align:left}th{font-weight:400;font-size:7.2pt;line-height:1.15;color:#333;"
    "vertical-align:bottom;border-bottom:1.5px solid #333}th strong{display:block;font-size:10pt;color:#111}"
    ".n{width:6mm;text-align:right;color:#555;padding-right:2mm}.a{width:15.5mm;text-align:center}"
    "tbody tr:nth-child(even){background:#f4f4f4;-webkit-print-color-adjust:exact;print-color-adjust:exact}"
    "tr{break-inside:avoid}thead{display:table-header-group}"
    ".b{display:inline-block;width:3.8mm;height:3.8mm;border:1px solid "
    "#333;border-radius:.6mm;background:#fff;"
    "vertical-align:-0.7mm;margin:0 1.2mm 0 0}.a .b{margin:0}"
    ".w{display:flex;flex-wrap:wrap;gap:2.5mm 7mm;margin:0 0 4mm}.w>span{white-space:nowrap}"
    ".w .b:not(:first-of-type){margin-left:3mm}.l{display:inline-block;min-width:32mm;border-bottom:1px "
    "solid "
    "#333}.f{margin:3mm 0 0;font-size:8.6pt;color:#333}"
    "@page{size:A4;margin:9mm 10mm}@media print{body{margin:0 auto;padding:0}}";

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
      word("How do Marketing and Sales work together?", "Marketing và Bán hàng phối hợp với nhau ra sao?");
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
          "Đánh dấu một ô ở mỗi dòng: bạn đồng ý đến mức nào với nhận định về công ty mình hiện nay? Hãy để "
          "trống nếu bạn không thể trả lời.") +
      "</p>\n<p class=\"w\"><span>" + word("Respondent", "Người trả lời") +
      ": <span class=\"l\">&nbsp;</span></span><span>" + word("Department", "Bộ phận") +
      ": <i class=\"b\"></i>Marketing<i class=\"b\"></i>" + word("Sales", "Bán hàng") + "</span><span>" +
      word("Level", "Cấp bậc") + ": <i class=\"b\"></i>" + word("head of department", "trưởng bộ phận") +
      "<i class=\"b\"></i>" + word("staff", "nhân viên") +
      "</span></p>\n<table><thead><tr><th></th><th><strong>" + word("Statement", "Nhận định") +
      "</strong></th>";
  for (int answer = instrument.lowest; answer <= instrument.highest; ++answer) {
    html += "<th class=\"a\"><strong>" + std::to_string(answer) + "</strong>";
    if (!instrument.answers.empty()) {
      const auto i = static_cast<std::size_t>(answer - instrument.lowest);
      html += detail::escaped(text_in(instrument.answers[i], language));
    }
    html += "</th>";
  }
  html += "</tr></thead><tbody>\n";
  std::size_t number = 0;
  for (const Statement& statement : instrument.statements) {
    html += "<tr><td class=\"n\">" + std::to_string(++number) + "</td><td>" +
            detail::escaped(text_in(statement.text, language)) + "</td>";
    for (int answer = instrument.lowest; answer <= instrument.highest; ++answer) {
      html += "<td class=\"a\"><i class=\"b\"></i></td>";
    }
    html += "</tr>\n";
  }
  html +=
      "</tbody></table>\n<p class=\"f\"><i class=\"b\"></i>" +
      word("For heads of department: I agree that the heads' answers are shown apart from those of staff.",
           "Dành cho trưởng bộ phận: tôi đồng ý cho hiển thị riêng câu trả lời của các trưởng bộ phận.") +
      "<br>" +
      word(
          "Both sides are reported beside each other; below five answers on a side no figure says how sure "
          "it is, and nobody is shown by name without everybody's consent.",
          "Kết quả của hai bên luôn được đặt cạnh nhau; dưới năm người mỗi bên thì không nêu độ chắc chắn, "
          "và không ai bị nêu tên nếu chưa có sự đồng ý của tất cả.") +
      "</p>\n</body></html>\n";
  return html;
}

FUNNELGRAPH_INLINE std::string answer_form_csv(const Instrument& instrument) {
  refuse("instrument", validate(instrument));
  std::string line = "respondent,department,level";
  for (const Statement& statement : instrument.statements) line += "," + statement.id;
  return line + "\n";
}

}  // namespace funnelgraph::inline v0::maturity
