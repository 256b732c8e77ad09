#pragma once

#include <algorithm>
#include <array>
#include <cmath>

#include <funnelgraph/core/error.hpp>
#include <funnelgraph/core/nearest_name.hpp>
#include <funnelgraph/maturity/advice.hpp>

namespace funnelgraph::inline v0::maturity {
namespace detail {

inline constexpr std::array<std::string_view, 4> relationship_words{"undefined", "defined", "aligned",
                                                                    "integrated"};
inline constexpr std::array<std::string_view, 6> verdict_words{"stay",      "tighten", "conflict",
                                                               "no_reason", "unknown", "highest"};

[[noreturn]] inline void no_such(const char* kind, std::string_view given,
                                 const std::vector<std::string>& known) {
  throw UnknownNameError(kind, std::string(given), nearest_name(given, known));
}

/// The verdict of one column of reasons against the other.
[[nodiscard]] inline Verdict weigh(bool stay, bool tighten, bool open) {
  if (stay && tighten) return Verdict::conflict;
  if (stay) return Verdict::stay;
  if (tighten) return Verdict::tighten;
  return open ? Verdict::unknown : Verdict::no_reason;
}

/// Entropy in bits of how often each of the verdicts came.
[[nodiscard]] inline double entropy(const std::array<double, 6>& counts) {
  double total = 0;
  for (const double count : counts) total += count;
  double bits = 0;
  for (const double count : counts) {
    if (count > 0) bits -= count / total * std::log2(count / total);
  }
  return bits;
}

/// What settling each unknown reason would tell of the verdict.
inline void measure_information(std::vector<Reason*>& unknown, bool stay, bool tighten) {
  const std::size_t count = unknown.size();
  const std::size_t cases = std::size_t{1} << count;
  std::array<double, 6> all{};
  std::vector<std::array<std::array<double, 6>, 2>> split(count);
  for (std::size_t bits = 0; bits < cases; ++bits) {
    bool stays = stay;
    bool tightens = tighten;
    for (std::size_t i = 0; i < count; ++i) {
      if ((bits >> i & 1U) == 0) continue;
      (unknown[i]->condition.direction == Direction::stay ? stays : tightens) = true;
    }
    const auto verdict = static_cast<std::size_t>(weigh(stays, tightens, false));
    all[verdict] += 1;
    for (std::size_t i = 0; i < count; ++i) split[i][bits >> i & 1U][verdict] += 1;
  }
  for (std::size_t i = 0; i < count; ++i) {
    unknown[i]->information = std::max(entropy(all) - (entropy(split[i][0]) + entropy(split[i][1])) / 2, 0.0);
  }
}

[[nodiscard]] inline Texts verdict_text(Verdict verdict) {
  switch (verdict) {
    case Verdict::stay:
      return {{"en", "There are reasons to stay as you are, and none yet to tighten."},
              {"vi", "Có lý do để giữ nguyên, và chưa có lý do nào để siết chặt."}};
    case Verdict::tighten:
      return {{"en", "There are reasons to move one step closer, and none yet to stay."},
              {"vi", "Có lý do để tiến thêm một bước, và chưa có lý do nào để giữ nguyên."}};
    case Verdict::conflict:
      return {{"en",
               "There are reasons both to stay and to tighten. This is for both sides to weigh; it is not "
               "decided here."},
              {"vi",
               "Vừa có lý do để giữ nguyên, vừa có lý do để siết chặt. Hai bên cần cùng cân nhắc; ở đây "
               "không quyết định thay."}};
    case Verdict::no_reason:
      return {{"en", "There is no reason to change: not every company should move."},
              {"vi", "Không có lý do để thay đổi: không phải công ty nào cũng nên tiến thêm."}};
    case Verdict::unknown:
      return {{"en", "Nothing speaks for either yet; find out about the conditions named first."},
              {"vi", "Chưa có gì nghiêng về bên nào; hãy tìm hiểu trước các điều kiện được nêu đầu tiên."}};
    case Verdict::highest:
      break;
  }
  return {{"en", "The relationship is integrated: there is no next step."},
          {"vi", "Quan hệ đã hợp nhất: không còn bước tiếp theo."}};
}

}  // namespace detail

FUNNELGRAPH_INLINE std::string_view to_string(Relationship relationship) noexcept {
  return detail::relationship_words[static_cast<std::size_t>(relationship)];
}

FUNNELGRAPH_INLINE std::string_view to_string(Verdict verdict) noexcept {
  return detail::verdict_words[static_cast<std::size_t>(verdict)];
}

FUNNELGRAPH_INLINE Relationship relationship_named(std::string_view name) {
  for (std::size_t i = 0; i < detail::relationship_words.size(); ++i) {
    if (name == detail::relationship_words[i]) return static_cast<Relationship>(i);
  }
  detail::no_such("relationship", name,
                  {detail::relationship_words.begin(), detail::relationship_words.end()});
}

FUNNELGRAPH_INLINE const std::vector<Condition>& conditions() {
  using enum Relationship;
  using enum Direction;
  static const std::vector<Condition> table{
      {"small_company", undefined, stay, {{"en", "The company is small."}, {"vi", "Công ty còn nhỏ."}}},
      {"good_informal_relations",
       undefined,
       stay,
       {{"en", "Both sides get on well without formal rules."},
        {"vi", "Hai bên hợp tác tốt mà không cần quy định chính thức."}}},
      {"marketing_supports_sales",
       undefined,
       stay,
       {{"en", "Marketing still mainly supports Sales."}, {"vi", "Marketing chủ yếu vẫn hỗ trợ Bán hàng."}}},
      {"conflict_evident",
       undefined,
       tighten,
       {{"en", "Conflict between the two is plain to see."}, {"vi", "Xung đột giữa hai bên đã lộ rõ."}}},
      {"work_duplicated_or_dropped",
       undefined,
       tighten,
       {{"en", "Work is done twice, or falls between the two."},
        {"vi", "Có việc bị làm trùng, hoặc không bên nào làm."}}},
      {"compete_for_resources",
       undefined,
       tighten,
       {{"en", "Both compete for the same money or people."},
        {"vi", "Hai bên tranh nhau cùng một nguồn tiền hoặc nhân lực."}}},
      {"offers_cut_and_dried",
       defined,
       stay,
       {{"en", "What we sell is standard and fixed."}, {"vi", "Sản phẩm bán ra đã chuẩn hóa và cố định."}}},
      {"traditional_roles_work",
       defined,
       stay,
       {{"en", "The traditional roles of both still work."},
        {"vi", "Vai trò truyền thống của hai bên vẫn phát huy tác dụng."}}},
      {"no_compelling_reason",
       defined,
       stay,
       {{"en", "Nothing compels us to change."}, {"vi", "Không có lý do nào buộc phải thay đổi."}}},
      {"duplication_despite_roles",
       defined,
       tighten,
       {{"en", "Work is done twice or left undone although roles are carefully drawn."},
        {"vi", "Việc vẫn bị trùng hoặc bỏ sót dù vai trò đã được phân định cẩn thận."}}},
      {"market_commoditised",
       defined,
       tighten,
       {{"en", "Offers in the market have become alike, and a traditional sales force has become costly."},
        {"vi", "Sản phẩm trên thị trường đã na ná nhau, và đội bán hàng truyền thống trở nên tốn kém."}}},
      {"customised_during_sale",
       defined,
       tighten,
       {{"en", "Products are developed or customised while they are being sold."},
        {"vi", "Sản phẩm được phát triển hoặc điều chỉnh ngay trong quá trình bán."}}},
      {"life_cycles_shorten",
       defined,
       tighten,
       {{"en", "Product life cycles are getting shorter."}, {"vi", "Vòng đời sản phẩm ngày càng ngắn."}}},
      {"no_shared_responsibility",
       aligned,
       stay,
       {{"en", "Sharing responsibility is not part of our culture."},
        {"vi", "Văn hóa công ty chưa có thói quen chia sẻ trách nhiệm."}}},
      {"separate_reporting",
       aligned,
       stay,
       {{"en", "Both report to different executives, and that is to stay so."},
        {"vi", "Hai bên báo cáo cho hai lãnh đạo khác nhau và sẽ tiếp tục như vậy."}}},
      {"short_sales_cycle",
       aligned,
       stay,
       {{"en", "The sales cycle is short."}, {"vi", "Chu kỳ bán hàng ngắn."}}},
      {"one_process_possible",
       aligned,
       tighten,
       {{"en", "One process or one funnel can be built to manage and measure all work on revenue."},
        {"vi",
         "Có thể xây dựng một quy trình hoặc một phễu để quản lý và đo lường mọi việc tạo ra doanh thu."}}},
  };
  return table;
}

FUNNELGRAPH_INLINE const std::vector<MarketingRole>& marketing_roles() {
  static const std::vector<MarketingRole> roles{
      {"none",
       {{"en", "no Marketing yet"}, {"vi", "chưa có Marketing"}},
       {{"en",
         "The founders and the salespeople do what Marketing would do. There is hardly any friction, and "
         "little to align."},
        {"vi",
         "Người sáng lập và nhân viên bán hàng làm luôn việc của marketing. Hầu như chưa có va chạm, cũng "
         "chưa có gì để gắn kết."}},
       Friction::cultural,
       {"small_company"}},
      {"helper",
       {{"en", "a helper of Sales"}, {"vi", "hỗ trợ Bán hàng"}},
       {{"en",
         "Marketing makes what Sales asks for. Friction is mostly cultural: work of long breath beside deals "
         "of today."},
        {"vi",
         "Marketing làm theo yêu cầu của Bán hàng. Va chạm chủ yếu về văn hóa: việc dài hơi bên cạnh các "
         "thương vụ trước mắt."}},
       Friction::cultural,
       {"marketing_supports_sales"}},
      {"own_function",
       {{"en", "a function of its own that competes for money"},
        {"vi", "một bộ phận riêng, cạnh tranh ngân sách"}},
       {{"en",
         "Marketing has a budget of its own. Friction is mostly economic: price, promotion money, product, "
         "and who gets the next head-count."},
        {"vi",
         "Marketing có ngân sách riêng. Va chạm chủ yếu về kinh tế: giá, tiền khuyến mãi, sản phẩm, và ai "
         "được thêm nhân sự."}},
       Friction::economic,
       {"compete_for_resources", "conflict_evident"}},
      {"works_with_others",
       {{"en", "one that works with the other departments"}, {"vi", "phối hợp với các bộ phận khác"}},
       {{"en",
         "Marketing shapes offers together with others. Friction is mostly cultural: projects and the future "
         "against the deal and now."},
        {"vi",
         "Marketing cùng các bộ phận khác định hình sản phẩm. Va chạm chủ yếu về văn hóa: dự án và tương "
         "lai đối lại thương vụ và hiện tại."}},
       Friction::cultural,
       {"customised_during_sale", "duplication_despite_roles"}},
      {"leads",
       {{"en", "one that leads"}, {"vi", "giữ vai trò dẫn dắt"}},
       {{"en",
         "The whole company works from the market inwards. Friction is about shares in the success: goals, "
         "measures and rewards that differ."},
        {"vi",
         "Cả công ty làm việc xuất phát từ thị trường. Va chạm nằm ở phần chia thành quả: mục tiêu, thước "
         "đo và phần thưởng khác nhau."}},
       Friction::economic,
       {"one_process_possible", "no_shared_responsibility"}},
  };
  return roles;
}

FUNNELGRAPH_INLINE Advice advise(Relationship now, const Replies& replies, std::string_view marketing_role) {
  const std::vector<Condition>& table = conditions();
  Advice advice{};
  advice.now = now;
  advice.next = now == Relationship::integrated ? now : static_cast<Relationship>(static_cast<int>(now) + 1);
  for (const auto& [id, reply] : replies) {
    const auto found = std::find_if(table.begin(), table.end(), [&](const auto& c) { return c.id == id; });
    if (found == table.end()) {
      std::vector<std::string> known;
      for (const Condition& condition : table) known.push_back(condition.id);
      detail::no_such("condition", id, known);
    }
    if (found->now != now) advice.elsewhere.push_back(id);
  }
  const MarketingRole* role = nullptr;
  if (!marketing_role.empty()) {
    std::vector<std::string> known;
    for (const MarketingRole& candidate : marketing_roles()) {
      known.push_back(candidate.id);
      if (candidate.id == marketing_role) role = &candidate;
    }
    if (role == nullptr) detail::no_such("role of Marketing", marketing_role, known);
    advice.frame = role->friction;
  }
  bool stays = false;
  bool tightens = false;
  for (const Condition& condition : table) {
    if (condition.now != now) continue;
    const auto found = replies.find(condition.id);
    const Reply reply = found == replies.end() ? Reply::unknown : found->second;
    const bool staying = condition.direction == Direction::stay;
    (staying ? advice.stay : advice.tighten).push_back({condition, reply, 0});
    if (reply == Reply::yes) (staying ? stays : tightens) = true;
  }
  std::vector<Reason*> unknown;
  for (auto* reasons : {&advice.stay, &advice.tighten}) {
    for (Reason& reason : *reasons) {
      if (reason.reply == Reply::unknown) unknown.push_back(&reason);
    }
  }
  advice.verdict =
      now == Relationship::integrated ? Verdict::highest : detail::weigh(stays, tightens, !unknown.empty());
  advice.conflict = advice.verdict == Verdict::conflict;
  advice.text = detail::verdict_text(advice.verdict);
  detail::measure_information(unknown, stays, tightens);
  const auto asked_first = [&](const Reason* reason) {
    return role != nullptr && std::find(role->ask_first.begin(), role->ask_first.end(),
                                        reason->condition.id) != role->ask_first.end();
  };
  std::stable_sort(unknown.begin(), unknown.end(), [&](const Reason* a, const Reason* b) {
    if (std::abs(a->information - b->information) > 1e-12) return a->information > b->information;
    return asked_first(a) && !asked_first(b);
  });
  for (const Reason* reason : unknown) advice.ask_next.push_back(reason->condition.id);
  return advice;
}

}  // namespace funnelgraph::inline v0::maturity
