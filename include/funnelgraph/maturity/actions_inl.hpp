#pragma once

#include <algorithm>
#include <cmath>

#include <funnelgraph/core/error.hpp>
#include <funnelgraph/maturity/actions.hpp>
#include <funnelgraph/maturity/reliability_inl.hpp>

namespace funnelgraph::inline v0::maturity {
namespace detail {

[[nodiscard]] inline std::vector<Action> actions_to_defined() {
  using enum Relationship;
  return {
      {"rules_of_engagement",
       undefined,
       {{"en", "Rules of engagement"}, {"vi", "Quy tắc phối hợp"}},
       {{"en", "Write down on one page who does what at each stage, and how a dispute is settled."},
        {"vi", "Ghi trên một trang: ở mỗi giai đoạn ai làm gì, và tranh chấp được giải quyết thế nào."}},
       "both",
       {{"en", "once, then reviewed every half-year"}, {"vi", "một lần, rồi xem lại nửa năm một lần"}},
       {{"en", "half a day of both heads"}, {"vi", "nửa ngày của hai trưởng bộ phận"}},
       {"no_blame", "meetings", "common_language"},
       {"owner", "definition"}},
      {"hand_off_points",
       undefined,
       {{"en", "Hand-off points"}, {"vi", "Điểm bàn giao"}},
       {{"en",
         "Agree what a lead must show to be handed over, how soon Sales calls, and what Sales sends back."},
        {"vi",
         "Thống nhất khách hàng tiềm năng cần đạt gì để được bàn giao, Bán hàng gọi trong bao lâu và gửi lại "
         "thông tin gì."}},
       "both",
       {{"en", "agreed once, measured weekly"}, {"vi", "thống nhất một lần, đo hằng tuần"}},
       {{"en", "Sales: a reply on every lead; Marketing: fewer leads that do not fit"},
        {"vi", "Bán hàng: phản hồi cho từng khách hàng tiềm năng; Marketing: bớt khách hàng không phù hợp"}},
       {"common_language", "no_blame", "forecast_met"},
       {"accept_if", "service_level", "lag", "drop_off"}},
      {"information_duty",
       undefined,
       {{"en", "Requests for information are duties"}, {"vi", "Cung cấp thông tin là nghĩa vụ"}},
       {{"en",
         "A request for information has an owner and a date; answering it is part of the job, not a favour."},
        {"vi",
         "Mỗi yêu cầu thông tin có người phụ trách và thời hạn; trả lời là một phần công việc, không phải "
         "làm ơn."}},
       "both",
       {{"en", "all the time; open requests are listed weekly"},
        {"vi", "liên tục; liệt kê yêu cầu chưa trả lời hằng tuần"}},
       {{"en", "some minutes a request"}, {"vi", "vài phút cho mỗi yêu cầu"}},
       {"feedback", "no_blame"},
       {"service_level", "lag"}},
  };
}

[[nodiscard]] inline std::vector<Action> actions_to_aligned() {
  using enum Relationship;
  return {
      {"regular_meeting",
       defined,
       {{"en", "Meetings with an agenda"}, {"vi", "Họp định kỳ có chương trình"}},
       {{"en", "Meet with opportunities and problems on the agenda, and leave with names and dates."},
        {"vi", "Họp với cơ hội và vấn đề trong chương trình; kết thúc với người phụ trách và thời hạn."}},
       "both",
       {{"en", "at least quarterly"}, {"vi", "ít nhất mỗi quý một lần"}},
       {{"en", "two hours of both heads and some staff"},
        {"vi", "hai giờ của hai trưởng bộ phận và một số nhân viên"}},
       {"meetings", "heads_confer", "no_blame"},
       {"rate", "lag"}},
      {"deal_size_rule",
       defined,
       {{"en", "The brand manager joins large deals"}, {"vi", "Quản lý nhãn hàng tham gia thương vụ lớn"}},
       {{"en", "Above an agreed size of deal the brand manager takes part in the sale."},
        {"vi", "Từ một quy mô đã thống nhất, quản lý nhãn hàng cùng tham gia thương vụ."}},
       "sales",
       {{"en", "every deal above the size"}, {"vi", "mọi thương vụ trên quy mô đó"}},
       {{"en", "Marketing: some days a month with customers"},
        {"vi", "Marketing: vài ngày mỗi tháng làm việc với khách hàng"}},
       {"key_customers", "key_accounts"},
       {"involved", "rate", "value"}},
      {"collateral_review",
       defined,
       {{"en", "Sales reviews material first"}, {"vi", "Bán hàng duyệt tài liệu trước"}},
       {{"en", "Sales material is shown to salespeople before it is made in numbers."},
        {"vi", "Tài liệu bán hàng được đưa nhân viên bán hàng xem trước khi làm hàng loạt."}},
       "marketing",
       {{"en", "every new piece"}, {"vi", "mỗi tài liệu mới"}},
       {{"en", "Sales: an hour a piece"}, {"vi", "Bán hàng: một giờ cho mỗi tài liệu"}},
       {"collateral", "marketing_plan"},
       {"lever", "rate"}},
      {"top_ten_review",
       defined,
       {{"en", "Top-ten review"}, {"vi", "Rà soát mười cơ hội hàng đầu"}},
       {{"en", "Go through the ten largest opportunities together and say what each needs."},
        {"vi", "Cùng rà soát mười cơ hội lớn nhất và nêu điều mỗi cơ hội cần."}},
       "sales",
       {{"en", "monthly"}, {"vi", "hằng tháng"}},
       {{"en", "Marketing: an hour a month"}, {"vi", "Marketing: một giờ mỗi tháng"}},
       {"key_accounts", "forecast_met", "key_customers"},
       {"rate", "lag", "value"}},
      {"joint_assignments",
       defined,
       {{"en", "Joint assignments and training"}, {"vi", "Nhiệm vụ và đào tạo chung"}},
       {{"en",
         "Put one from each side on the same task, and train both together, so that each learns the other's "
         "work."},
        {"vi",
         "Giao cùng một việc cho người của cả hai bên và đào tạo chung, để mỗi bên hiểu việc của bên kia."}},
       "both",
       {{"en", "one task a quarter"}, {"vi", "mỗi quý một nhiệm vụ"}},
       {{"en", "some days of one person on each side"}, {"vi", "vài ngày của một người mỗi bên"}},
       {"joint_training", "buying_behaviour", "marketing_plan", "joint_offers"},
       {"stage", "segment", "rate"}},
      {"rotation",
       defined,
       {{"en", "Rotation"}, {"vi", "Luân chuyển"}},
       {{"en", "Let people work on the other side for some months."},
        {"vi", "Để nhân viên làm việc ở bên kia trong vài tháng."}},
       "company",
       {{"en", "one or two people a year"}, {"vi", "một hai người mỗi năm"}},
       {{"en", "a trained person is away for months"}, {"vi", "vắng một người đã thạo việc trong vài tháng"}},
       {"interchange", "common_language"},
       {"involved"}},
      {"liaison",
       defined,
       {{"en", "A liaison"}, {"vi", "Người liên lạc"}},
       {{"en", "Appoint one person whom both sides trust to carry plans, questions and bad news across."},
        {"vi", "Cử một người được cả hai bên tin tưởng để chuyển kế hoạch, câu hỏi và cả tin xấu qua lại."}},
       "company",
       {{"en", "all the time"}, {"vi", "thường xuyên"}},
       {{"en", "part of one post"}, {"vi", "một phần của một vị trí"}},
       {"no_blame", "heads_confer", "feedback"},
       {"lag", "hand_off"}},
      {"sit_together",
       defined,
       {{"en", "Sit together"}, {"vi", "Ngồi chung"}},
       {{"en", "Put the desks of both sides into one place, or share days in one place."},
        {"vi", "Bố trí bàn làm việc của hai bên ở cùng một nơi, hoặc có những ngày làm chung một nơi."}},
       "company",
       {{"en", "lasting"}, {"vi", "lâu dài"}},
       {{"en", "a move, once"}, {"vi", "một lần chuyển chỗ"}},
       {"meetings", "interchange", "common_language"},
       {"lag"}},
      {"easy_feedback",
       defined,
       {{"en", "Feedback that costs Sales little"}, {"vi", "Phản hồi ít tốn công của Bán hàng"}},
       {{"en",
         "Take feedback from short forms, call reports, the CRM's data and interviews, not from long "
         "reports."},
        {"vi",
         "Lấy phản hồi từ biểu mẫu ngắn, báo cáo cuộc gọi, dữ liệu CRM và phỏng vấn, không đòi báo cáo "
         "dài."}},
       "marketing",
       {{"en", "weekly"}, {"vi", "hằng tuần"}},
       {{"en", "Sales: minutes a week"}, {"vi", "Bán hàng: vài phút mỗi tuần"}},
       {"feedback", "funnel_analysis", "buying_behaviour"},
       {"service_level", "rate"}},
  };
}

[[nodiscard]] inline std::vector<Action> actions_to_integrated() {
  using enum Relationship;
  return {
      {"revenue_officer",
       aligned,
       {{"en", "One revenue officer"}, {"vi", "Một người phụ trách doanh thu"}},
       {{"en", "Put both sides under one executive who answers for all revenue."},
        {"vi", "Đặt hai bên dưới một lãnh đạo chịu trách nhiệm về toàn bộ doanh thu."}},
       "company",
       {{"en", "once"}, {"vi", "một lần"}},
       {{"en", "both heads give up a line to the top"},
        {"vi", "hai trưởng bộ phận không còn báo cáo trực tiếp lên cấp cao nhất"}},
       {"one_officer", "rise_or_fall", "present_plans"},
       {"owner", "fixed_cost"}},
      {"joint_funnel",
       aligned,
       {{"en", "A joint funnel"}, {"vi", "Phễu chung"}},
       {{"en",
         "Build one funnel with stages, hand-offs and shared stages; each side says what it adds to the "
         "other's."},
        {"vi",
         "Xây một phễu với các giai đoạn, điểm bàn giao và giai đoạn chung; mỗi bên nêu mình đóng góp gì cho "
         "giai đoạn của bên kia."}},
       "both",
       {{"en", "built once, reviewed quarterly"}, {"vi", "xây một lần, xem lại hằng quý"}},
       {{"en", "some days of both sides, then an hour a quarter"},
        {"vi", "vài ngày của hai bên, sau đó một giờ mỗi quý"}},
       {"joint_funnel", "common_language", "funnel_analysis"},
       {"stage", "hand_off", "owner", "involved"}},
      {"split_marketing",
       aligned,
       {{"en", "Upstream and downstream Marketing"}, {"vi", "Tách Marketing thượng nguồn và hạ nguồn"}},
       {{"en",
         "Let one group find customers' needs and new offers, another work on campaigns, material and leads "
         "beside Sales."},
        {"vi",
         "Một nhóm tìm nhu cầu khách hàng và sản phẩm mới; nhóm kia làm chiến dịch, tài liệu và khách hàng "
         "tiềm năng cùng Bán hàng."}},
       "marketing",
       {{"en", "once"}, {"vi", "một lần"}},
       {{"en", "Sales: works daily with the downstream group"},
        {"vi", "Bán hàng: làm việc hằng ngày với nhóm hạ nguồn"}},
       {"joint_offers", "key_accounts", "collateral"},
       {"owner", "volume", "rate"}},
      {"shared_targets",
       aligned,
       {{"en", "Shared targets and rewards"}, {"vi", "Mục tiêu và phần thưởng chung"}},
       {{"en", "Set targets for both together, and let part of each side's reward hang on them."},
        {"vi", "Đặt mục tiêu chung cho hai bên và gắn một phần thưởng của mỗi bên vào đó."}},
       "company",
       {{"en", "yearly, looked at quarterly"}, {"vi", "hằng năm, xem lại hằng quý"}},
       {{"en", "part of the variable pay depends on the other side"},
        {"vi", "một phần lương biến đổi phụ thuộc vào bên kia"}},
       {"rise_or_fall", "success_metrics", "forecast_met"},
       {"metric", "commission"}},
      {"shared_metrics",
       aligned,
       {{"en", "Shared measures"}, {"vi", "Thước đo chung"}},
       {{"en",
         "Report the same few figures for both: quota attained, new customers, closings, gross profit per "
         "customer, selling expense to sales; forecast accuracy and segments found for upstream work."},
        {"vi",
         "Báo cáo cùng một số thước đo cho hai bên: mức đạt chỉ tiêu, khách hàng mới, số chốt đơn, lãi gộp "
         "mỗi "
         "khách hàng, chi phí bán hàng trên doanh số; độ chính xác dự báo và số phân khúc tìm ra cho phần "
         "thượng nguồn."}},
       "both",
       {{"en", "monthly"}, {"vi", "hằng tháng"}},
       {{"en", "each gives up figures of its own"}, {"vi", "mỗi bên bỏ bớt thước đo riêng"}},
       {"success_metrics", "funnel_analysis", "forecast_met"},
       {"metric"}},
  };
}

}  // namespace detail

FUNNELGRAPH_INLINE const std::vector<Action>& actions() {
  static const std::vector<Action> all = [] {
    std::vector<Action> list = detail::actions_to_defined();
    for (auto& more : {detail::actions_to_aligned(), detail::actions_to_integrated()}) {
      list.insert(list.end(), more.begin(), more.end());
    }
    return list;
  }();
  return all;
}

FUNNELGRAPH_INLINE std::vector<Action> actions(Relationship from, Relationship to) {
  if (static_cast<int>(to) != static_cast<int>(from) + 1) {
    throw InvalidValueError(
        "move", std::string(to_string(from)) + " to " + std::string(to_string(to)),
        from == Relationship::integrated
            ? "none: integrated has no next type"
            : "one step, to " +
                  std::string(to_string(static_cast<Relationship>(static_cast<int>(from) + 1))));
  }
  std::vector<Action> chosen;
  for (const Action& action : actions()) {
    if (action.from == from) chosen.push_back(action);
  }
  return chosen;
}

FUNNELGRAPH_INLINE std::vector<PlannedAction> plan(const Assessment& assessment, Relationship from) {
  std::vector<PlannedAction> planned;
  if (from == Relationship::integrated) return planned;
  const auto next = static_cast<Relationship>(static_cast<int>(from) + 1);
  for (Action& action : actions(from, next)) {
    PlannedAction row{std::move(action), {}, Side::marketing, detail::unknown, detail::unknown};
    double sum = 0;
    double count = 0;
    for (const std::string& lifted : row.action.lifts) {
      double lower = detail::unknown;
      for (const ItemReliability& item : assessment.items) {
        if (assessment.instrument.statements[item.statement].id != lifted || std::isnan(item.mean)) continue;
        if (!(item.mean >= lower)) lower = item.mean;
        if (!(item.mean >= row.answer)) {
          row.answer = item.mean;
          row.side = item.side;
          row.weakest = lifted;
        }
      }
      if (std::isnan(lower)) continue;
      sum += lower;
      count += 1;
    }
    row.need = detail::ratio(sum, count);
    planned.push_back(std::move(row));
  }
  std::stable_sort(planned.begin(), planned.end(), [](const PlannedAction& a, const PlannedAction& b) {
    if (std::isnan(a.need) || std::isnan(b.need)) return !std::isnan(a.need) && std::isnan(b.need);
    return a.need < b.need;
  });
  return planned;
}

}  // namespace funnelgraph::inline v0::maturity
