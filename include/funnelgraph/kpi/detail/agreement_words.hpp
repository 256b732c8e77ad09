// The fixed words of an agreement, in English and Vietnamese. Internal.
#pragma once

#include <string>

#include <funnelgraph/kpi/detail/words.hpp>

namespace funnelgraph::inline v0::detail {

struct AgreementWords {
  std::string title, about, words, stage, owner, meaning, accepted, gives, needs, promises, together, losses,
      reason, review, next_review, open, signatures, date, not_agreed, name, none;
};

[[nodiscard]] inline AgreementWords agreement_words(const std::string& giver, const std::string& receiver,
                                                    const std::string& period_name,
                                                    const std::string& language) {
  const std::string period = period_text(period_name, language);
  if (language == "vi") {
    return {.title = "Thỏa thuận phối hợp giữa " + giver + " và " + receiver,
            .about = "Số lượng tính cho một " + period +
                     ". Trang này do hai bên cùng viết; báo cáo kỳ sau sẽ đo lại.",
            .words = "Cách hiểu chung về từng giai đoạn",
            .stage = "Giai đoạn",
            .owner = "Phụ trách",
            .meaning = "Được tính khi",
            .accepted = "Bên nhận chấp nhận khi",
            .gives = "cam kết",
            .needs = "cần",
            .promises = "Mỗi bên cam kết gì và cần gì",
            .together = "Mục tiêu chung",
            .losses = "Lý do mất khách và thuộc về ai",
            .reason = "Lý do",
            .review = "Xem lại",
            .next_review = "lần tới",
            .open = "Chưa thống nhất",
            .signatures = "Chữ ký",
            .date = "Ngày",
            .not_agreed = "chưa thống nhất",
            .name = "Họ tên và chữ ký",
            .none = "không có"};
  }
  return {
      .title = "Agreement between " + giver + " and " + receiver,
      .about = "Volumes are for one " + period + ". Both sides wrote this page; the next report measures it.",
      .words = "What our words mean",
      .stage = "Stage",
      .owner = "Owner",
      .meaning = "Counts when",
      .accepted = "The receiver accepts if",
      .gives = "gives",
      .needs = "needs",
      .promises = "What each side gives and needs",
      .together = "Common aim",
      .losses = "Reasons of loss, and whose they are",
      .reason = "Reason",
      .review = "Review",
      .next_review = "next",
      .open = "Not agreed yet",
      .signatures = "Signed",
      .date = "Date",
      .not_agreed = "not agreed yet",
      .name = "Name and signature",
      .none = "none"};
}

}  // namespace funnelgraph::inline v0::detail
