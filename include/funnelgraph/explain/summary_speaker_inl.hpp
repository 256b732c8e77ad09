// The sentences of a summary.
#pragma once

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <numeric>
#include <string>
#include <vector>

#include <funnelgraph/explain/detail/explanation_state.hpp>
#include <funnelgraph/explain/summary.hpp>
#include <funnelgraph/model/funnel.hpp>

namespace funnelgraph::inline v0::detail {

/// Hand-offs of which a summary speaks: one page.
inline constexpr std::size_t spoken_hand_offs = 4;

/// A number as people write it: whole with thousands apart from 100 on, three digits below.
FUNNELGRAPH_INLINE std::string amount(double x, bool vietnamese) {
  if (std::isnan(x)) return vietnamese ? "không rõ" : "unknown";
  std::array<char, 64> buffer{};
  const double size = std::abs(x);
  std::string digits;
  if (size >= 100 || x == 0) {
    const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), std::round(size),
                                   std::chars_format::fixed, 0);
    digits.assign(buffer.data(), end.ptr);
    for (std::size_t at = digits.size(); at > 3; at -= 3) digits.insert(at - 3, vietnamese ? "." : ",");
  } else {
    const int places = size >= 10 ? 1 : size >= 1 ? 2 : size >= 0.001 ? 4 : 8;
    const auto end =
        std::to_chars(buffer.data(), buffer.data() + buffer.size(), size, std::chars_format::fixed, places);
    digits.assign(buffer.data(), end.ptr);
    while (digits.back() == '0') digits.pop_back();
    if (digits.back() == '.') digits.pop_back();
    if (vietnamese) std::replace(digits.begin(), digits.end(), '.', ',');
  }
  return x < 0 && digits != "0" ? "−" + digits : digits;
}

class Speaker {
 public:
  Speaker(const Explanation& explanation, bool vietnamese) : e_(explanation), vi_(vietnamese) {}

  std::vector<Sentence> speak() {
    heading();
    total();
    parts();
    between();
    unmeasured();
    needs();
    return std::move(out_);
  }

 private:
  [[nodiscard]] const char* word(const char* english, const char* vietnamese) const {
    return vi_ ? vietnamese : english;
  }
  [[nodiscard]] std::string number(double x) const { return amount(x, vi_); }
  [[nodiscard]] std::string signed_number(double x) const { return (x > 0 ? "+" : "") + number(x); }
  void say(const char* about, std::string text, std::vector<std::size_t> rows = {}) {
    out_.push_back({about, std::move(text), std::move(rows)});
  }

  /// The label of a stage, an outcome or an owner in the language, else its name.
  [[nodiscard]] std::string label(const std::string& name) const {
    for (const auto* side : {&e_.state->actual, &e_.state->plan}) {
      for (const auto& [segment, funnel] : *side) {
        const LabelsByLanguage* labels = nullptr;
        if (const auto stage = funnel.find_stage(name))
          labels = &funnel.stage(*stage).labels;
        else if (const auto outcome = funnel.find_outcome(name))
          labels = &funnel.outcome(*outcome).labels;
        else if (const auto owner = funnel.find_owner(name))
          labels = &funnel.owner(*owner).labels;
        if (labels == nullptr) continue;
        if (const auto at = labels->find(vi_ ? "vi" : "en"); at != labels->end()) return at->second;
      }
    }
    return name;
  }

  [[nodiscard]] std::string metric_name() const {
    const Metric& metric = e_.state->options.metric;
    const std::string of = metric.name().empty() ? "" : " \"" + label(metric.name()) + "\"";
    switch (metric.kind()) {
      case MetricKind::count:
        return word("Number that ends in", "Số lượng đạt") + of;
      case MetricKind::probability:
        return word("Share that ends in", "Tỷ lệ đạt") + of;
      case MetricKind::visits:
        return word("Visits of", "Số lượt vào") + of;
      case MetricKind::revenue:
        return word("Revenue", "Doanh thu");
      case MetricKind::cost:
        return word("Cost", "Chi phí");
      case MetricKind::profit:
        return word("Profit", "Lợi nhuận");
      case MetricKind::cost_per:
        return word("Cost per", "Chi phí cho mỗi") + of;
      case MetricKind::time_to:
        return word("Days to", "Số ngày đến") + (of.empty() ? word(" the end", " khi kết thúc") : of);
      default:
        return to_string(metric);
    }
  }

  [[nodiscard]] std::string factor_name(const std::string& factor) const {
    static constexpr std::array<std::array<const char*, 3>, 9> words{{
        {"volume", "volume", "số lượng"},
        {"rates", "rates", "tỷ lệ chuyển đổi"},
        {"lags", "waiting times", "thời gian chờ"},
        {"costs", "costs", "chi phí"},
        {"values", "values", "giá trị"},
        {"capacity", "capacity", "năng lực phục vụ"},
        {"lever", "lever", "đòn bẩy"},
        {"fixed_cost", "fixed cost", "chi phí cố định"},
        {"discount_rate", "discount rate", "lãi suất chiết khấu"},
    }};
    for (const auto& known : words) {
      if (factor == known[0]) return known[vi_ ? 2 : 1];
    }
    return factor;
  }

  /// Sales', Marketing's; in Vietnamese the name alone.
  [[nodiscard]] std::string possessive(const std::string& name) const {
    return name + word(name.ends_with('s') ? "'" : "'s", "");
  }

  [[nodiscard]] std::string row_name(const ExplanationRow& row) const {
    std::vector<std::string> names;
    for (const By by : e_.by) {
      switch (by) {
        case By::owner:
          names.push_back(row.owner == "unowned"
                              ? word("what nobody owns", "phần không ai phụ trách")
                              : word("what is ", "phần của ") + possessive(label(row.owner)));
          break;
        case By::stage:
          names.push_back("\"" + label(row.stage) + "\"");
          break;
        case By::factor:
          names.push_back(factor_name(row.factor));
          break;
        case By::lever:
          names.push_back(row.lever == "all else" ? word("all else", "mọi thứ khác")
                                                  : "\"" + row.lever + "\"");
          break;
        case By::segment:
          names.push_back("\"" + row.segment + "\"");
          break;
      }
    }
    std::string out;
    for (const std::string& name : names) out += (out.empty() ? "" : ", ") + name;
    if (!row.note.empty()) out += word(" (lead quality included)", " (gồm cả chất lượng khách tiềm năng)");
    return out;
  }

  [[nodiscard]] std::string said_of_chance(const std::optional<bool>& within) const {
    if (!within)
      return word("no counts say whether it is more than chance",
                  "không có số đếm nào cho biết có vượt mức ngẫu nhiên hay không");
    return *within ? word("not distinguishable from chance", "không phân biệt được với ngẫu nhiên")
                   : word("more than chance", "vượt quá mức ngẫu nhiên");
  }
  [[nodiscard]] std::string range(double low, double high) const {
    return number(low) + word(" to ", " đến ") + number(high);
  }

  void heading() {
    say("heading", word("Accounting of the difference, not proof of cause.",
                        "Đây là phép phân bổ chênh lệch, không phải bằng chứng về nguyên nhân."));
    say("basis", word("Compared: ", "Đối tượng so sánh: ") + e_.basis + ".");
  }

  void total() {
    std::string text =
        metric_name() + ": " + number(e_.actual) + word(" against ", " so với ") + number(e_.plan);
    if (e_.total == 0) {
      text += word(", the same.", ", bằng nhau.");
    } else {
      text +=
          std::string(", ") + (vi_ ? (e_.total < 0 ? "thấp hơn " : "cao hơn ") + number(std::abs(e_.total))
                                   : number(std::abs(e_.total)) + (e_.total < 0 ? " less" : " more"));
      if (e_.plan != 0) text += " (" + number(std::abs(100 * e_.total / e_.plan)) + " %)";
      text += word("; the difference is ", "; chênh lệch này ");
      text += said_of_chance(e_.within_chance);
      if (!std::isnan(e_.low)) text += " (95 %: " + range(e_.low, e_.high) + ")";
      text += '.';
    }
    say("total", std::move(text));
  }

  [[nodiscard]] std::vector<std::size_t> largest_first() const {
    std::vector<std::size_t> order(e_.rows.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
      return std::abs(e_.rows[a].contribution) > std::abs(e_.rows[b].contribution);
    });
    return order;
  }

  void parts() {
    for (const std::size_t r : largest_first()) {
      const ExplanationRow& row = e_.rows[r];
      std::string text = capital(row_name(row)) + ": " + signed_number(row.contribution);
      if (!std::isnan(row.low)) text += ", 95 %: " + range(row.low, row.high);
      if (!std::isnan(row.least))
        text += word("; by the order of counting ", "; tùy thứ tự tính từ ") + range(row.least, row.greatest);
      text += "; " + said_of_chance(row.within_chance) + ".";
      say("part", std::move(text), {r});
    }
  }

  [[nodiscard]] static std::string capital(std::string text) {
    if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 'a' + 'A');
    return text;
  }

  void between() {
    std::vector<std::size_t> rows;
    std::string names;
    double sum = 0;
    for (std::size_t r = 0; r < e_.rows.size(); ++r) {
      const std::string& owner = e_.rows[r].owner;
      if (owner != "unowned" && owner.find(" + ") == std::string::npos) continue;
      rows.push_back(r);
      sum += e_.rows[r].contribution;
      names += (names.empty() ? "" : ", ") + row_name(e_.rows[r]);
    }
    if (!rows.empty())
      say("between",
          word("Between them lies ", "Nằm giữa các bên: ") + signed_number(sum) + " (" + names + ").", rows);
    std::size_t widest = e_.rows.size();
    double width = 0;
    for (std::size_t r = 0; r < e_.rows.size(); ++r) {
      const double here = e_.rows[r].greatest - e_.rows[r].least;
      if (here > width) {
        width = here;
        widest = r;
      }
    }
    if (widest < e_.rows.size())
      say("between",
          word("What changes did together lies between their rows: the order of counting moves a row by up "
               "to ",
               "Phần do các thay đổi cùng tạo ra nằm giữa các dòng: thứ tự tính làm một dòng thay đổi tối "
               "đa ") +
              number(width) + ".",
          {widest});
  }

  void unmeasured() {
    std::vector<std::size_t> rows, counted;
    std::string names;
    for (std::size_t r = 0; r < e_.rows.size(); ++r) {
      if (e_.rows[r].source == "measured") counted.push_back(r);
      if (e_.rows[r].source != "not measured" && e_.rows[r].source != "partly measured") continue;
      rows.push_back(r);
      names += (names.empty() ? "" : ", ") + row_name(e_.rows[r]) +
               (e_.rows[r].source == "partly measured" ? word(" (in part)", " (một phần)") : "");
    }
    if (!rows.empty()) {
      say("not measured", word("Not measured: ", "Chưa được đo: ") + names + ".", std::move(rows));
    } else if (!counted.empty()) {
      say("not measured",
          word("Every number behind the rows was measured.", "Mọi số liệu của các dòng đều đã được đo."),
          std::move(counted));
    }
  }

  struct HandOff {
    std::string stage, giver, receiver, accept_if;
    double within = unknown_number;
    std::vector<std::size_t> rows;
    double weight = 0;
  };

  [[nodiscard]] std::string owners_that(const Ownership& has, const Ownership& lacks) const {
    std::string out;
    for (const OwnerShare& share : has.shares()) {
      if (share.share > lacks.share(share.owner)) out += (out.empty() ? "" : " & ") + label(share.owner);
    }
    return out;
  }

  [[nodiscard]] std::vector<HandOff> hand_offs() const {
    std::vector<HandOff> out;
    for (const auto& [segment, funnel] : e_.state->actual) {
      for (const Transition& transition : funnel.transitions()) {
        const auto to = funnel.find_stage(transition.to);
        if (!to) continue;
        const Stage& source = funnel.stage(transition.from);
        const Stage& target = funnel.stage(*to);
        HandOff made{.stage = target.name,
                     .giver = owners_that(source.owner, target.owner),
                     .receiver = owners_that(target.owner, source.owner),
                     .accept_if = target.accept_if.empty() ? target.definition : target.accept_if,
                     .rows = {}};
        if (made.giver.empty() || made.receiver.empty()) continue;
        if (transition.service_level) made.within = transition.service_level->value;
        const bool known = std::any_of(out.begin(), out.end(), [&](const HandOff& other) {
          return other.stage == made.stage && other.giver == made.giver && other.receiver == made.receiver;
        });
        if (known) continue;
        for (std::size_t r = 0; r < e_.rows.size(); ++r) {
          const ExplanationRow& row = e_.rows[r];
          const bool by_stage = row.stage == target.name || row.stage == source.name;
          const bool by_owner = row.stage.empty() && !row.owner.empty() &&
                                (source.owner.share(row.owner) > 0 || target.owner.share(row.owner) > 0);
          if (!by_stage && !by_owner) continue;
          made.rows.push_back(r);
          made.weight += std::abs(row.contribution);
        }
        if (!made.rows.empty()) out.push_back(std::move(made));
      }
    }
    std::stable_sort(out.begin(), out.end(),
                     [](const HandOff& a, const HandOff& b) { return a.weight > b.weight; });
    if (out.size() > spoken_hand_offs) out.resize(spoken_hand_offs);
    return out;
  }

  void needs() {
    for (const HandOff& at : hand_offs()) {
      const std::string stage = "\"" + label(at.stage) + "\"";
      const std::string leads =
          at.accept_if.empty()
              ? word("a written definition of what is handed over, and what meets it",
                     "định nghĩa bằng văn bản về đối tượng bàn giao, và đối tượng đúng định nghĩa đó")
              : word("what meets \"", "đối tượng đạt \"") + at.accept_if + "\"";
      say("needs",
          word("At ", "Tại ") + stage + ", " + at.receiver + word(" needs from ", " cần từ ") + at.giver +
              ": " + leads + ".",
          at.rows);
      const std::string answer =
          std::isnan(at.within)
              ? word("an agreed time of first answer", "thời hạn phản hồi đầu tiên đã thống nhất")
              : word("a first answer within ", "phản hồi đầu tiên trong vòng ") + number(at.within) +
                    word(at.within == 1 ? " day" : " days", " ngày");
      say("needs",
          word("At ", "Tại ") + stage + ", " + at.giver + word(" needs from ", " cần từ ") + at.receiver +
              ": " + answer +
              word(", and the reason of each one that is not taken on.",
                   ", và lý do của từng trường hợp không được tiếp nhận."),
          at.rows);
    }
  }

  const Explanation& e_;
  bool vi_;
  std::vector<Sentence> out_;
};

}  // namespace funnelgraph::inline v0::detail
