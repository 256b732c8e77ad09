#pragma once

#include <cstddef>

#include <funnelgraph/core/html.hpp>
#include <funnelgraph/kpi/agreement.hpp>
#include <funnelgraph/kpi/detail/agreement_words.hpp>

namespace funnelgraph::inline v0 {

namespace detail {

/// More stages than these are set smaller, to keep to one page.
inline constexpr std::size_t roomy_stages = 7;

inline constexpr std::string_view agreement_style =
    "body{font:10pt/1.35 'Noto Sans','Segoe UI',Arial,sans-serif;max-width:186mm;margin:8mm auto;"
    "padding:0 4mm;color:#1a1a1a}"
    "h1{font-size:16pt;margin:0 0 1mm;line-height:1.2}"
    "h2{font-size:10.5pt;margin:5mm 0 1.5mm;color:#0b4f6c}"
    "p{margin:0 0 2mm}.s{color:#555}table{border-collapse:collapse;width:100%}"
    "th,td{border-bottom:1px solid #c9c9c9;padding:1mm 2mm 1mm 0;text-align:left;vertical-align:top}"
    "th{font-weight:600;font-size:8.5pt;color:#444}td:first-child{font-weight:600}"
    ".two{display:grid;grid-template-columns:1fr 1fr;gap:6mm}"
    ".box{border:1px solid #c9c9c9;border-radius:2mm;padding:2.5mm 3.5mm}"
    ".box h3{font-size:10pt;margin:0 0 1mm}.box h3+ul{margin-bottom:2.5mm}ul{margin:0;padding-left:4.5mm}"
    "li{margin:0 0 .8mm}.aim{margin:2.5mm 0 0}.o{color:#8a4b00}"
    ".open{border-left:3px solid #d9822b;padding:0 0 0 3mm}.open ul{columns:2;column-gap:8mm}"
    ".sign{display:grid;grid-template-columns:1fr 1fr;gap:10mm;margin-top:12mm}"
    ".sign div{border-top:1px solid #333;padding-top:1mm}"
    "li,tr,.box,.sign{break-inside:avoid}"
    ".dense{font-size:8pt;line-height:1.25}.dense h1{font-size:14pt}"
    ".dense h2{margin:2.5mm 0 1mm;font-size:9pt}.dense h3{font-size:8.4pt}.dense th{font-size:7.5pt}"
    ".dense th,.dense td{padding-top:.4mm;padding-bottom:.4mm}.dense .sign{margin-top:9mm}"
    "@media(max-width:560px){.two,.sign{grid-template-columns:1fr}.open ul{columns:1}}"
    "@page{size:A4;margin:11mm}@media print{body{margin:0 auto;padding:0}}";

}  // namespace detail

FUNNELGRAPH_INLINE std::string to_html(const Agreement& agreement) {
  using detail::escaped;
  const detail::AgreementWords words = detail::agreement_words(
      agreement.giver_label, agreement.receiver_label, agreement.period, agreement.language);
  const auto or_open = [&](const std::string& text) {
    return text.empty() ? "<span class=\"o\">" + escaped(words.not_agreed) + "</span>" : escaped(text);
  };
  const auto list = [&](const std::vector<std::string>& lines) {
    if (lines.empty()) return "<p class=\"o\">" + escaped(words.not_agreed) + "</p>";
    std::string html = "<ul>";
    for (const std::string& line : lines) html += "<li>" + escaped(line) + "</li>";
    return html + "</ul>";
  };
  std::string html =
      "<!DOCTYPE html>\n<html lang=\"" + escaped(agreement.language) +
      "\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">"
      "<title>" +
      escaped(words.title) + "</title><style>" + std::string(detail::agreement_style) +
      "</style></head><body" + (agreement.stages.size() > detail::roomy_stages ? " class=\"dense\"" : "") +
      ">\n<h1>" + escaped(words.title) + "</h1>\n<p class=\"s\">";
  if (!agreement.funnel.empty()) html += escaped(agreement.funnel) + " · ";
  if (!agreement.date.empty()) html += escaped(agreement.date) + " · ";
  html += escaped(words.about) + "</p>\n<h2>" + escaped(words.words) + "</h2>\n<table><thead><tr><th>" +
          escaped(words.stage) + "</th><th>" + escaped(words.owner) + "</th><th>" + escaped(words.meaning) +
          "</th><th>" + escaped(words.accepted) + "</th></tr></thead><tbody>\n";
  for (const AgreedStage& stage : agreement.stages) {
    html += "<tr><td>" + escaped(stage.label) + "</td><td>" + escaped(stage.owner) + "</td><td>" +
            or_open(stage.definition) + "</td><td>" +
            (stage.handed_over || !stage.accept_if.empty() ? or_open(stage.accept_if) : "") + "</td></tr>\n";
  }
  html += "</tbody></table>\n<h2>" + escaped(words.promises) + "</h2>\n<div class=\"two\">\n";
  for (const auto& [owner, label] : {std::pair(agreement.giver, agreement.giver_label),
                                     std::pair(agreement.receiver, agreement.receiver_label)}) {
    html += "<div class=\"box\"><h3>" + escaped(label) + " " + escaped(words.gives) + "</h3>" +
            list(agreement.gives.at(owner)) + "<h3>" + escaped(label) + " " + escaped(words.needs) + "</h3>" +
            list(agreement.needs.at(owner)) + "</div>\n";
  }
  html += "</div>\n";
  for (const AgreedPromise& promise : agreement.promises) {
    if (promise.by.empty() && !promise.text.empty())
      html += "<p class=\"aim\"><b>" + escaped(words.together) + ":</b> " + escaped(promise.text) + "</p>\n";
  }
  html += "<div class=\"two\"><div><h2>" + escaped(words.losses) + "</h2>\n";
  if (agreement.reasons.empty()) {
    html += list({});
  } else {
    html += "<table><thead><tr><th>" + escaped(words.reason) + "</th><th>" + escaped(words.owner) +
            "</th></tr></thead><tbody>";
    for (const auto& [reason, owner] : agreement.reasons)
      html += "<tr><td>" + escaped(reason) + "</td><td>" + escaped(owner) + "</td></tr>";
    html += "</tbody></table>";
  }
  html += "</div>\n<div><h2>" + escaped(words.review) + "</h2><p>" + or_open(agreement.review) + "; " +
          escaped(words.next_review) + ": " + or_open(agreement.review_date) + "</p>";
  html += "</div></div>\n";
  if (!agreement.missing.empty()) {
    html += "<h2>" + escaped(words.open) + "</h2><div class=\"open\">" + list(agreement.missing) + "</div>";
  }
  html += "<div class=\"sign\">";
  for (const auto& [label, name] : agreement.signatures) {
    html += "<div><b>" + escaped(label) + "</b>" + (name.empty() ? "" : ", " + escaped(name)) +
            "<br><span class=\"s\">" + escaped(words.name) + " · " + escaped(words.date) + "</span></div>";
  }
  return html + "</div>\n</body></html>\n";
}

}  // namespace funnelgraph::inline v0
