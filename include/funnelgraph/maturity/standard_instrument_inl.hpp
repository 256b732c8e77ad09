#pragma once

#include <funnelgraph/maturity/instrument.hpp>

namespace funnelgraph::inline v0::maturity {
namespace detail {

[[nodiscard]] inline Texts both(const char* english, const char* vietnamese) {
  return {{"en", english}, {"vi", vietnamese}};
}

[[nodiscard]] inline std::vector<Statement> standard_statements() {
  constexpr Aspect structure = Aspect::structure;
  constexpr Aspect behaviour = Aspect::behaviour;
  return {
      {"forecast_met",
       both("forecast met", "đạt dự báo"),
       both("We usually reach the sales forecast.", "Chúng ta thường đạt mức doanh số đã dự báo."),
       behaviour,
       {"volume", "rate"}},
      {"no_blame",
       both("no blame", "không đổ lỗi"),
       both("When a target is missed, Marketing and Sales do not blame each other.",
            "Khi không đạt chỉ tiêu, Marketing và Bán hàng không đổ lỗi cho nhau."),
       behaviour,
       {"hand_off", "owner"}},
      {"key_customers",
       both("marketers meet key customers", "người làm marketing gặp khách hàng quan trọng"),
       both("Marketing people meet our important customers while a sale is in progress.",
            "Người làm marketing gặp các khách hàng quan trọng ngay trong lúc thương vụ đang diễn ra."),
       behaviour,
       {"involved", "rate"}},
      {"marketing_plan",
       both("Sales helps draft the marketing plan", "Bán hàng cùng soạn kế hoạch marketing"),
       both("Sales takes part in drafting the marketing plan.",
            "Bộ phận Bán hàng tham gia soạn thảo kế hoạch marketing."),
       behaviour,
       {"entry", "volume"}},
      {"collateral",
       both("collateral valued by Sales", "tài liệu được Bán hàng đánh giá cao"),
       both("Salespeople value the sales material that Marketing provides.",
            "Nhân viên bán hàng đánh giá cao tài liệu hỗ trợ bán hàng do Marketing cung cấp."),
       behaviour,
       {"lever", "rate"}},
      {"feedback",
       both("feedback from Sales", "phản hồi từ Bán hàng"),
       both("When Marketing asks Sales for feedback, Sales gives it.",
            "Khi Marketing đề nghị phản hồi, bộ phận Bán hàng có phản hồi."),
       behaviour,
       {"service_level", "volume"}},
      {"common_language",
       both("common language", "ngôn ngữ chung"),
       both("Marketing and Sales mean the same thing by words such as “lead”.",
            "Marketing và Bán hàng hiểu những từ như “khách hàng tiềm năng” theo cùng một nghĩa."),
       structure,
       {"definition", "accept_if"}},
      {"heads_confer",
       both("heads confer", "trưởng bộ phận trao đổi"),
       both("The heads of Marketing and Sales regularly discuss new ideas, market signals and product "
            "strategy.",
            "Trưởng bộ phận Marketing và trưởng bộ phận Bán hàng thường xuyên trao đổi về ý tưởng mới, tín "
            "hiệu "
            "thị trường và chiến lược sản phẩm."),
       behaviour,
       {"lever", "segment"}},
      {"buying_behaviour",
       both("joint view of how segments buy", "cùng xác định hành vi mua"),
       both("Marketing and Sales work out together how each customer segment buys.",
            "Marketing và Bán hàng cùng nhau xác định cách mua hàng của từng nhóm khách hàng."),
       behaviour,
       {"stage", "segment"}},
      {"meetings",
       both("meetings without dispute", "họp không tranh cãi"),
       both("Meetings between Marketing and Sales do not turn into disputes.",
            "Các cuộc họp giữa Marketing và Bán hàng không biến thành tranh cãi."),
       behaviour,
       {"hand_off"}},
      {"joint_offers",
       both("joint planning of later offers", "cùng lập kế hoạch sản phẩm tương lai"),
       both("Marketing and Sales jointly plan what we will offer two or more years from now.",
            "Marketing và Bán hàng cùng lập kế hoạch cho những gì công ty sẽ chào bán sau hai năm nữa hoặc "
            "xa hơn."),
       behaviour,
       {"value", "stage"}},
      {"success_metrics",
       both("common success metrics", "thước đo thành công chung"),
       both("Marketing and Sales are measured by the same success figures.",
            "Marketing và Bán hàng được đánh giá bằng cùng những thước đo thành công."),
       structure,
       {"metric"}},
      {"key_accounts",
       both("Marketing in key-account strategy", "Marketing trong chiến lược khách hàng trọng điểm"),
       both("Marketing helps to set the strategy for key accounts.",
            "Marketing tham gia xây dựng chiến lược cho các khách hàng trọng điểm."),
       behaviour,
       {"involved", "value"}},
      {"joint_funnel",
       both("jointly built funnel used by both", "phễu chung, hai bên cùng dùng"),
       both("Marketing and Sales work with one funnel that they built together.",
            "Marketing và Bán hàng làm việc trên một phễu do hai bên cùng xây dựng."),
       structure,
       {"stage", "hand_off", "owner"}},
      {"funnel_analysis",
       both("funnel data analysed", "phân tích dữ liệu phễu"),
       both("Marketing analyses funnel data to improve forecasts and effectiveness.",
            "Marketing phân tích dữ liệu phễu để nâng cao độ chính xác của dự báo và hiệu quả công việc."),
       behaviour,
       {"rate", "lag"}},
      {"rise_or_fall",
       both("rise or fall together", "cùng thắng cùng thua"),
       both("In our company, Marketing and Sales succeed or fail together.",
            "Ở công ty chúng ta, Marketing và Bán hàng cùng thành công hoặc cùng thất bại."),
       behaviour,
       {"owner", "metric"}},
      {"one_officer",
       both("one revenue or customer officer", "một người phụ trách doanh thu hoặc khách hàng"),
       both("Marketing and Sales report to one executive who answers for revenue or for customers.",
            "Marketing và Bán hàng cùng báo cáo cho một lãnh đạo chịu trách nhiệm về doanh thu hoặc về khách "
            "hàng."),
       structure,
       {"owner"}},
      {"interchange",
       both("interchange of people", "luân chuyển nhân sự"),
       both("People regularly move between Marketing and Sales, for a time or for good.",
            "Nhân viên thường xuyên được luân chuyển giữa Marketing và Bán hàng, có thời hạn hoặc lâu dài."),
       structure,
       {"owner", "involved"}},
      {"joint_training",
       both("joint training and events", "đào tạo và sự kiện chung"),
       both("Marketing and Sales attend training and events together.",
            "Marketing và Bán hàng cùng tham gia đào tạo và sự kiện."),
       behaviour,
       {"definition", "lever"}},
      {"present_plans",
       both("each helps present the other's plans", "giúp nhau trình bày kế hoạch"),
       both("Marketing and Sales help each other to present their plans to top management.",
            "Marketing và Bán hàng giúp nhau trình bày kế hoạch trước ban lãnh đạo."),
       behaviour,
       {"entry", "metric"}},
  };
}

[[nodiscard]] inline std::vector<Band> standard_bands() {
  return {
      {"undefined", both("undefined", "chưa xác định"),
       both("Each side has grown on its own, with its own agenda; they mostly meet when there is a conflict.",
            "Hai bên phát triển riêng, mỗi bên theo việc của mình; chủ yếu chỉ gặp nhau khi có xung đột."),
       20},
      {"defined", both("defined", "xác định"),
       both("Rules keep disputes away, borders are clear, and both use the same words for things like leads.",
            "Có quy tắc để tránh tranh chấp, ranh giới rõ ràng, hai bên dùng chung từ ngữ cho những thứ như "
            "khách hàng tiềm năng."),
       40},
      {"aligned", both("aligned", "gắn kết"),
       both(
           "Borders are clear but flexible; both plan and train together, and marketers work with key "
           "accounts.",
           "Ranh giới rõ nhưng linh hoạt; hai bên cùng lập kế hoạch, cùng đào tạo, và marketing làm việc với "
           "khách hàng trọng điểm."),
       60},
      {"integrated", both("integrated", "hợp nhất"),
       both("Structures, systems, measures and rewards are shared; both rise or fall together.",
            "Dùng chung cơ cấu, hệ thống, thước đo và phần thưởng; hai bên cùng thắng hoặc cùng thua."),
       80},
  };
}

}  // namespace detail

FUNNELGRAPH_INLINE const Instrument& standard_instrument() {
  static const Instrument instrument{
      .name = "Marketing and Sales, 20 statements",
      .lowest = 1,
      .highest = 5,
      .answers = {detail::both("strongly disagree", "hoàn toàn không đồng ý"),
                  detail::both("disagree", "không đồng ý"),
                  detail::both("neither agree nor disagree", "trung lập"), detail::both("agree", "đồng ý"),
                  detail::both("strongly agree", "hoàn toàn đồng ý")},
      .statements = detail::standard_statements(),
      .bands = detail::standard_bands()};
  return instrument;
}

}  // namespace funnelgraph::inline v0::maturity
