#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <funnelgraph/core/error.hpp>
#include <funnelgraph/core/nearest_name.hpp>
#include <funnelgraph/model/detail/placeholder_funnel.hpp>
#include <funnelgraph/model/reference.hpp>

namespace funnelgraph::inline v0 {
namespace detail {

/// Who can own a part of any funnel, with one Marketing.
inline void add_usual_owners(PlaceholderFunnel& funnel) {
  funnel.add(Owner{.name = "Marketing", .role = Role::marketing, .labels = {{"vi", "Tiếp thị"}}});
  funnel.add(Owner{.name = "Sales", .role = Role::sales, .labels = {{"vi", "Kinh doanh"}}});
  funnel.add(Owner{.name = "Care", .role = Role::care, .labels = {{"vi", "Chăm sóc khách hàng"}}});
  funnel.add(Owner{.name = "R&D", .role = Role::r_and_d, .labels = {{"vi", "Nghiên cứu và phát triển"}}});
  funnel.add(Owner{.name = "Company", .role = Role::company, .labels = {{"vi", "Công ty"}}});
  funnel.add(Owner{.name = "Outside", .role = Role::outside, .labels = {{"vi", "Bên ngoài"}}});
}

}  // namespace detail

namespace reference {

FUNNELGRAPH_INLINE Funnel buying_funnel() {
  detail::PlaceholderFunnel funnel(
      {.name = "Buying funnel",
       .currency = "VND",
       .period = "month",
       .note =
           "Shape: the eight steps of a buyer, with the seller's five steps inside purchase intention and "
           "purchase; the view \"buyer\" maps one to the other. Marketing leads up to brand preference and "
           "has a task at every step of the sale; in return Sales and R&D join in segments, offer and "
           "positioning. From: the buying funnel of P. Kotler, N. Rackham and S. Krishnaswamy, Ending the "
           "War "
           "Between Sales and Marketing, Harvard Business Review, 2006. All numbers are placeholders: "
           "replace "
           "them before any verdict.",
       .labels = {{"vi", "Phễu mua hàng"}}});
  detail::add_usual_owners(funnel);
  funnel.add(Owner{
      .name = "Upstream Marketing", .role = Role::marketing, .labels = {{"vi", "Tiếp thị thượng nguồn"}}});

  funnel.add(Stage{
      .name = "customer awareness",
      .owner = {{"Upstream Marketing", 0.5}, {"Marketing", 0.5}},
      .involved = {"Sales", "R&D"},
      .unit = "people",
      .definition = "Knows that the need exists and can be met. Upstream Marketing brings the voice of the "
                    "customer, opportunities and the product; Sales and R&D join in choosing segments.",
      .labels = {{"vi", "Khách hàng nhận biết nhu cầu"}}});
  funnel.add(
      Stage{.name = "brand awareness",
            .owner = "Marketing",
            .involved = {"Sales", "R&D"},
            .definition = "Recalls the brand when the need comes up. Sales and R&D join in positioning.",
            .labels = {{"vi", "Nhận biết thương hiệu"}},
            .cost = 500});
  funnel.add(Stage{.name = "brand consideration",
                   .owner = "Marketing",
                   .involved = {"Sales", "R&D"},
                   .definition = "Has the brand on the short list. Sales and R&D join in shaping the offer.",
                   .labels = {{"vi", "Cân nhắc thương hiệu"}},
                   .cost = 2000});
  funnel.add(Stage{.name = "brand preference",
                   .owner = "Marketing",
                   .definition = "Would choose the brand if nothing spoke against it.",
                   .labels = {{"vi", "Ưa thích thương hiệu"}},
                   .cost = 5000});
  funnel.add(Stage{.name = "purchase intention",
                   .owner = {{"Marketing", 0.3}, {"Sales", 0.7}},
                   .definition = "Has asked to be contacted about buying.",
                   .accept_if = "need, means to pay and a way to be reached are known, as both sides agreed",
                   .labels = {{"vi", "Ý định mua"}}});
  funnel.add(Stage{.name = "prospecting and qualifying",
                   .owner = "Sales",
                   .involved = {"Marketing"},
                   .definition =
                       "Sales checks fit and timing. Marketing's task: common standards for leads and "
                       "opportunities.",
                   .labels = {{"vi", "Tìm và sàng lọc khách"}},
                   .cost = 50000});
  funnel.add(
      Stage{.name = "defining needs",
            .owner = "Sales",
            .involved = {"Marketing", "Upstream Marketing"},
            .definition = "Both write down what the buyer needs. Marketing's task: value propositions.",
            .labels = {{"vi", "Xác định nhu cầu"}},
            .cost = 100000});
  funnel.add(Stage{.name = "presenting proposals",
                   .owner = "Sales",
                   .involved = {"Marketing", "R&D"},
                   .definition =
                       "A proposal is prepared and shown. Marketing's task: templates of collateral and "
                       "guides; then cases, success stories and site visits for the decision.",
                   .labels = {{"vi", "Chuẩn bị và trình bày đề xuất"}},
                   .cost = 200000});
  funnel.add(Stage{.name = "negotiating",
                   .owner = "Sales",
                   .involved = {"Marketing", "Company"},
                   .definition = "Terms are settled. Marketing's task: advice on planning and pricing.",
                   .labels = {{"vi", "Đàm phán"}},
                   .cost = 100000});
  funnel.add(Stage{.name = "purchase",
                   .owner = "Sales",
                   .definition = "The order is signed.",
                   .labels = {{"vi", "Mua hàng"}},
                   .value = 20000000,
                   .commission = 0.03});
  funnel.add(Stage{.name = "implementing",
                   .owner = {{"Sales", 0.5}, {"Care", 0.5}},
                   .involved = {"Marketing"},
                   .definition =
                       "What was promised is delivered and put to use. Marketing's task: gather the success "
                       "story.",
                   .labels = {{"vi", "Triển khai"}},
                   .cost = 300000});
  funnel.add(Stage{.name = "loyalty",
                   .owner = "Care",
                   .involved = {"Marketing", "Sales"},
                   .definition = "Comes back without looking elsewhere first.",
                   .labels = {{"vi", "Trung thành"}},
                   .cost = 100000});
  funnel.add(Stage{.name = "advocacy",
                   .owner = {{"Care", 0.5}, {"Marketing", 0.5}},
                   .definition = "Tells others of their own accord.",
                   .labels = {{"vi", "Giới thiệu người khác"}}});

  funnel.add(Outcome{.name = "customer",
                     .kind = OutcomeKind::won,
                     .owner = "Care",
                     .definition = "Bought, and was served to the end.",
                     .labels = {{"vi", "Khách hàng"}}});
  funnel.add(Outcome{.name = "competitor",
                     .kind = OutcomeKind::lost,
                     .owner = "Outside",
                     .labels = {{"vi", "Mua của đối thủ"}}});
  funnel.add(Outcome{.name = "no budget",
                     .kind = OutcomeKind::lost,
                     .owner = "Outside",
                     .definition = "Financing fell through or the season passed.",
                     .labels = {{"vi", "Không đủ ngân sách"}}});
  funnel.add(Outcome{.name = "price or stock",
                     .kind = OutcomeKind::lost,
                     .owner = "Company",
                     .definition = "The price list, the product or the stock stood in the way.",
                     .labels = {{"vi", "Giá hoặc tồn kho"}}});
  funnel.add(Outcome{.name = "not a fit",
                     .kind = OutcomeKind::screened,
                     .owner = "Sales",
                     .labels = {{"vi", "Không phù hợp"}}});
  funnel.add(Outcome{.name = "no answer", .kind = OutcomeKind::silent, .labels = {{"vi", "Không trả lời"}}});

  const auto flow = [&](const char* from, const char* to, double rate, Lag lag) {
    funnel.add(Transition{.from = from, .to = to, .rate = rate, .lag = std::move(lag)});
  };
  flow("customer awareness", "brand awareness", 0.3, Lag::exponential(20));
  flow("brand awareness", "brand consideration", 0.2, Lag::exponential(30));
  flow("brand awareness", "purchase intention", 0.01, Lag::exponential(10));
  flow("brand consideration", "brand preference", 0.35, Lag::exponential(20));
  flow("brand consideration", "competitor", 0.25, Lag::exponential(30));
  funnel.add(Transition{.from = "brand preference",
                        .to = "purchase intention",
                        .rate = 0.4,
                        .lag = Lag::gamma({.mean = 10, .sd = 8}),
                        .service_level = 14});
  flow("brand preference", "competitor", 0.2, Lag::exponential(30));
  funnel.add(Transition{.from = "purchase intention",
                        .to = "prospecting and qualifying",
                        .rate = 0.8,
                        .lag = Lag::exponential(0.8),
                        .service_level = 1});
  flow("purchase intention", "no answer", 0.15, 14);
  flow("prospecting and qualifying", "defining needs", 0.5, Lag::gamma({.mean = 4, .sd = 3}));
  flow("prospecting and qualifying", "not a fit", 0.3, Lag::exponential(2));
  flow("prospecting and qualifying", "brand preference", 0.1, Lag::exponential(5));
  flow("defining needs", "presenting proposals", 0.7, Lag::gamma({.mean = 10, .sd = 6}));
  flow("defining needs", "no answer", 0.1, 21);
  flow("defining needs", "not a fit", 0.1, Lag::exponential(5));
  flow("presenting proposals", "negotiating", 0.55, Lag::gamma({.mean = 14, .sd = 10}));
  flow("presenting proposals", "competitor", 0.2, Lag::exponential(15));
  flow("presenting proposals", "brand preference", 0.1, Lag::exponential(20));
  flow("presenting proposals", "no answer", 0.1, 30);
  flow("negotiating", "purchase", 0.6, Lag::gamma({.mean = 12, .sd = 9}));
  flow("negotiating", "no budget", 0.12, Lag::exponential(20));
  flow("negotiating", "price or stock", 0.13, Lag::exponential(10));
  flow("negotiating", "competitor", 0.1, Lag::exponential(10));
  flow("purchase", "implementing", 0.97, Lag::exponential(7));
  flow("purchase", "price or stock", 0.02, Lag::exponential(7));
  flow("implementing", "loyalty", 0.5, Lag::exponential(60));
  flow("implementing", "customer", 0.42, Lag::exponential(90));
  flow("loyalty", "purchase", 0.3, Lag::exponential(120));
  flow("loyalty", "advocacy", 0.2, Lag::exponential(60));
  flow("loyalty", "customer", 0.4, Lag::exponential(180));
  flow("advocacy", "purchase", 0.2, Lag::exponential(120));
  flow("advocacy", "customer", 0.75, Lag::exponential(180));

  funnel.add(Entry{.stage = "customer awareness", .volume = 50000, .cost = 300, .channel = "paid"});
  funnel.add(Entry{.stage = "brand awareness", .volume = 3000, .cost = 100, .channel = "owned"});
  funnel.add(Entry{.stage = "purchase intention", .volume = 20, .channel = "referral"});
  funnel.add(Lever{.name = "priming", .owner = "Marketing", .labels = {{"vi", "Chuẩn bị tâm lý khách"}}});
  funnel.add(Influence{
      .lever = "priming", .from = "prospecting and qualifying", .to = "defining needs", .elasticity = 0.3});
  funnel.add(Influence{.lever = "priming", .from = "negotiating", .to = "purchase", .elasticity = 0.2});
  funnel.add(View{.name = "buyer",
                  .stages = {{"customer awareness", "customer awareness"},
                             {"brand awareness", "brand awareness"},
                             {"brand consideration", "brand consideration"},
                             {"brand preference", "brand preference"},
                             {"purchase intention", "purchase intention"},
                             {"prospecting and qualifying", "purchase intention"},
                             {"defining needs", "purchase intention"},
                             {"presenting proposals", "purchase intention"},
                             {"negotiating", "purchase"},
                             {"purchase", "purchase"},
                             {"implementing", "purchase"},
                             {"loyalty", "loyalty"},
                             {"advocacy", "advocacy"}}});
  return funnel.take();
}

FUNNELGRAPH_INLINE Funnel demand_waterfall() {
  detail::PlaceholderFunnel funnel(
      {.name = "Demand waterfall",
       .currency = "VND",
       .period = "month",
       .note =
           "Shape: the usual steps of a lead between Marketing and Sales: inquiry, qualified by Marketing, "
           "accepted by Sales, qualified by Sales, won; what is too early goes back to Marketing instead of "
           "being lost. From: the demand waterfall that SiriusDecisions made known. All numbers are "
           "placeholders: replace them before any verdict.",
       .labels = {{"vi", "Thác nhu cầu"}}});
  detail::add_usual_owners(funnel);
  funnel.add(Stage{.name = "inquiry",
                   .owner = "Marketing",
                   .unit = "people",
                   .definition = "Left a name and a way to be reached.",
                   .labels = {{"vi", "Hỏi thông tin"}},
                   .cost = 20000});
  funnel.add(
      Stage{.name = "MQL",
            .owner = "Marketing",
            .involved = {"Sales"},
            .definition = "Qualified by Marketing: fits the profile and has shown interest more than once.",
            .accept_if = "profile and interest reach the score that both sides agreed",
            .labels = {{"vi", "Đạt chuẩn tiếp thị"}},
            .cost = 30000});
  funnel.add(Stage{.name = "SAL",
                   .owner = "Sales",
                   .involved = {"Marketing"},
                   .definition = "Accepted by Sales, who will call within the agreed time.",
                   .accept_if = "called once and the agreed definition holds",
                   .labels = {{"vi", "Kinh doanh tiếp nhận"}},
                   .cost = 40000});
  funnel.add(Stage{.name = "SQL",
                   .owner = "Sales",
                   .involved = {"Marketing"},
                   .definition = "Qualified by Sales: need, means, decision maker and time are known.",
                   .labels = {{"vi", "Đạt chuẩn kinh doanh"}},
                   .cost = 250000});
  funnel.add(Outcome{.name = "won",
                     .kind = OutcomeKind::won,
                     .owner = "Sales",
                     .value = 15000000,
                     .commission = 0.04,
                     .labels = {{"vi", "Thành công"}}});
  funnel.add(Outcome{.name = "competitor",
                     .kind = OutcomeKind::lost,
                     .owner = "Outside",
                     .labels = {{"vi", "Mua của đối thủ"}}});
  funnel.add(Outcome{.name = "price or product",
                     .kind = OutcomeKind::lost,
                     .owner = "Company",
                     .labels = {{"vi", "Giá hoặc sản phẩm"}}});
  funnel.add(Outcome{.name = "not a fit",
                     .kind = OutcomeKind::screened,
                     .owner = "Marketing",
                     .labels = {{"vi", "Không phù hợp"}}});
  funnel.add(Outcome{.name = "no answer", .kind = OutcomeKind::silent, .labels = {{"vi", "Không trả lời"}}});

  const auto flow = [&](const char* from, const char* to, double rate, Lag lag) {
    funnel.add(Transition{.from = from, .to = to, .rate = rate, .lag = std::move(lag)});
  };
  flow("inquiry", "MQL", 0.25, Lag::exponential(12));
  flow("inquiry", "not a fit", 0.35, Lag::exponential(2));
  flow("inquiry", "no answer", 0.3, 30);
  funnel.add(
      Transition{.from = "MQL", .to = "SAL", .rate = 0.65, .lag = Lag::exponential(1.5), .service_level = 1});
  flow("MQL", "inquiry", 0.15, Lag::exponential(4));
  flow("MQL", "no answer", 0.1, 14);
  flow("SAL", "SQL", 0.5, Lag::gamma({.mean = 8, .sd = 6}));
  flow("SAL", "inquiry", 0.2, Lag::exponential(10));
  flow("SAL", "not a fit", 0.15, Lag::exponential(5));
  flow("SQL", "won", 0.25, Lag::gamma({.mean = 35, .sd = 25}));
  flow("SQL", "competitor", 0.35, Lag::exponential(30));
  flow("SQL", "price or product", 0.15, Lag::exponential(25));
  flow("SQL", "inquiry", 0.15, Lag::exponential(20));
  funnel.add(Entry{.stage = "inquiry", .volume = 800, .cost = 60000, .channel = "paid"});
  funnel.add(Entry{.stage = "inquiry", .volume = 400, .cost = 15000, .channel = "owned"});
  funnel.add(Entry{.stage = "SAL", .volume = 25, .channel = "referral"});
  return funnel.take();
}

FUNNELGRAPH_INLINE Funnel online_shop() {
  detail::PlaceholderFunnel funnel(
      {.name = "Online shop",
       .currency = "VND",
       .period = "week",
       .note =
           "Shape: a shop on social media. Marketing reaches and engages, Sales answers and closes by phone "
           "or "
           "inbox, Care keeps and brings back; whoever is too early waits in a nurture pool, and what buyers "
           "say goes to R&D and back to them. From: practice, no published study. All numbers are "
           "placeholders: replace them before any verdict.",
       .labels = {{"vi", "Cửa hàng trực tuyến"}}});
  detail::add_usual_owners(funnel);
  funnel.add(Stage{.name = "reached",
                   .owner = "Marketing",
                   .unit = "people",
                   .definition = "Saw a post or an advertisement of the shop.",
                   .labels = {{"vi", "Tiếp cận"}}});
  funnel.add(Stage{.name = "engaged",
                   .owner = "Marketing",
                   .definition = "Liked, shared or commented; these overlap, so they are not as many people.",
                   .labels = {{"vi", "Tương tác"}},
                   .cost = 200});
  funnel.add(Stage{.name = "nurture pool",
                   .owner = "Marketing",
                   .involved = {"Sales"},
                   .definition = "Interested, but not now: gets news until the time has come.",
                   .labels = {{"vi", "Nhóm nuôi dưỡng"}},
                   .cost = 1000});
  funnel.add(Stage{.name = "enquiry",
                   .owner = {{"Marketing", 0.5}, {"Sales", 0.5}},
                   .definition = "Asked about price, size or delivery.",
                   .accept_if = "a phone number or an inbox is known",
                   .labels = {{"vi", "Hỏi mua"}},
                   .cost = 5000});
  funnel.add(Stage{.name = "order by phone",
                   .owner = "Sales",
                   .definition = "Ordered in a call.",
                   .labels = {{"vi", "Đặt hàng qua điện thoại"}},
                   .cost = 15000,
                   .value = 2000000,
                   .commission = 0.02});
  funnel.add(Stage{.name = "order by inbox",
                   .owner = "Sales",
                   .definition = "Ordered in a chat.",
                   .labels = {{"vi", "Đặt hàng qua hộp thư"}},
                   .cost = 8000,
                   .value = 1800000,
                   .commission = 0.02});
  funnel.add(Stage{.name = "care",
                   .owner = "Care",
                   .involved = {"Sales"},
                   .definition = "Has the goods; is asked how they are, and reminded.",
                   .labels = {{"vi", "Chăm sóc"}},
                   .cost = 10000});
  funnel.add(
      Stage{.name = "feedback",
            .owner = "R&D",
            .involved = {"Care", "Marketing"},
            .definition = "Praise or complaint that R&D reads, answers, and builds into the next product.",
            .labels = {{"vi", "Phản hồi"}},
            .cost = 5000});
  funnel.add(Stage{.name = "repeat order",
                   .owner = {{"Sales", 0.5}, {"Care", 0.5}},
                   .definition = "Ordered again.",
                   .labels = {{"vi", "Mua lại"}},
                   .cost = 5000,
                   .value = 2200000,
                   .commission = 0.02});
  funnel.add(Stage{.name = "loyal",
                   .owner = "Care",
                   .involved = {"Marketing"},
                   .definition = "Buys here as a matter of course, and brings others.",
                   .labels = {{"vi", "Trung thành"}},
                   .cost = 5000});
  funnel.add(Outcome{.name = "customer",
                     .kind = OutcomeKind::won,
                     .owner = "Care",
                     .definition = "Bought, kept the goods, and is content.",
                     .labels = {{"vi", "Khách hàng"}}});
  funnel.add(Outcome{.name = "competitor",
                     .kind = OutcomeKind::lost,
                     .owner = "Outside",
                     .labels = {{"vi", "Mua của đối thủ"}}});
  funnel.add(Outcome{
      .name = "out of stock", .kind = OutcomeKind::lost, .owner = "Company", .labels = {{"vi", "Hết hàng"}}});
  funnel.add(Outcome{.name = "left for lack of care",
                     .kind = OutcomeKind::lost,
                     .owner = "Care",
                     .labels = {{"vi", "Rời bỏ vì thiếu chăm sóc"}}});
  funnel.add(Outcome{.name = "not a buyer",
                     .kind = OutcomeKind::screened,
                     .owner = "Sales",
                     .definition = "Only asked, or a competitor's probe: rightly not pursued.",
                     .labels = {{"vi", "Không phải người mua"}}});
  funnel.add(Outcome{.name = "no answer", .kind = OutcomeKind::silent, .labels = {{"vi", "Không trả lời"}}});

  const auto flow = [&](const char* from, const char* to, double rate, Lag lag) {
    funnel.add(Transition{.from = from, .to = to, .rate = rate, .lag = std::move(lag)});
  };
  flow("reached", "engaged", 0.0356, Lag::zero());
  flow("engaged", "enquiry", 0.25, Lag::exponential(0.5));
  flow("engaged", "nurture pool", 0.1, Lag::exponential(2));
  flow("nurture pool", "enquiry", 0.15, Lag::exponential(21));
  flow("nurture pool", "no answer", 0.55, 60);
  funnel.add(Transition{.from = "enquiry",
                        .to = "order by phone",
                        .rate = 0.2,
                        .lag = Lag::gamma({.mean = 1, .sd = 1}),
                        .service_level = 1});
  funnel.add(Transition{.from = "enquiry",
                        .to = "order by inbox",
                        .rate = 0.15,
                        .lag = Lag::gamma({.mean = 1.5, .sd = 1.5}),
                        .service_level = 1});
  flow("enquiry", "nurture pool", 0.15, Lag::exponential(2));
  flow("enquiry", "competitor", 0.15, Lag::exponential(3));
  flow("enquiry", "not a buyer", 0.1, Lag::exponential(1));
  flow("enquiry", "no answer", 0.2, 7);
  flow("order by phone", "care", 0.93, Lag::gamma({.mean = 3, .sd = 1.5}));
  flow("order by phone", "out of stock", 0.04, Lag::exponential(1));
  flow("order by inbox", "care", 0.9, Lag::gamma({.mean = 3, .sd = 1.5}));
  flow("order by inbox", "out of stock", 0.04, Lag::exponential(1));
  flow("care", "repeat order", 0.25, Lag::exponential(60));
  flow("care", "feedback", 0.1, Lag::exponential(5));
  flow("care", "customer", 0.4, 90);
  flow("care", "left for lack of care", 0.15, Lag::exponential(30));
  flow("feedback", "care", 0.75, Lag::exponential(4));
  flow("feedback", "left for lack of care", 0.15, Lag::exponential(10));
  flow("repeat order", "loyal", 0.35, Lag::exponential(45));
  flow("repeat order", "care", 0.55, Lag::gamma({.mean = 3, .sd = 1.5}));
  flow("repeat order", "out of stock", 0.03, Lag::exponential(1));
  flow("loyal", "repeat order", 0.45, Lag::exponential(60));
  flow("loyal", "customer", 0.5, 180);
  funnel.add(Entry{.stage = "reached", .volume = 170000, .cost = 150, .channel = "paid"});
  funnel.add(Entry{.stage = "reached", .volume = 30000, .cost = 20, .channel = "owned"});
  funnel.add(Entry{.stage = "enquiry", .volume = 50, .channel = "earned"});
  funnel.add(Lever{.name = "priming", .owner = "Marketing", .labels = {{"vi", "Chuẩn bị tâm lý khách"}}});
  funnel.add(Influence{.lever = "priming", .from = "enquiry", .to = "order by phone", .elasticity = 0.3});
  funnel.add(Influence{.lever = "priming", .from = "enquiry", .to = "order by inbox", .elasticity = 0.3});
  return funnel.take();
}

FUNNELGRAPH_INLINE Funnel pharmacy_channel() {
  detail::PlaceholderFunnel funnel(
      {.name = "Pharmacy channel",
       .currency = "VND",
       .period = "month",
       .note =
           "Shape: a product sold over the counter through pharmacies, seen by outlet: visit, listing, "
           "stock, "
           "sell-out, reorder or return. Stock that does not sell out is challenged after two to three "
           "months: returned and refunded, or moved to another outlet. Where the product is advertised but "
           "not on the shelf, the demand goes to a rival at the counter. From: practice, no published study. "
           "All numbers are placeholders: replace them before any verdict.",
       .labels = {{"vi", "Kênh nhà thuốc"}}});
  detail::add_usual_owners(funnel);
  funnel.add(Stage{.name = "rep visit",
                   .owner = "Sales",
                   .unit = "outlets",
                   .definition = "A representative shows the product to the pharmacist.",
                   .labels = {{"vi", "Trình dược viên ghé thăm"}},
                   .cost = 80000});
  funnel.add(Stage{.name = "listed",
                   .owner = "Sales",
                   .involved = {"Marketing"},
                   .definition = "The outlet has agreed to carry the product, but has none yet.",
                   .labels = {{"vi", "Được đưa vào danh mục"}}});
  funnel.add(Stage{
      .name = "stocked",
      .owner = "Sales",
      .involved = {"Company"},
      .definition = "Goods are on the shelf and sold in; the cash of the sell-in can pay for marketing.",
      .labels = {{"vi", "Có hàng trên kệ"}},
      .cost = 50000,
      .value = 3000000,
      .commission = 0.03});
  funnel.add(Stage{.name = "sell-out",
                   .owner = {{"Marketing", 0.6}, {"Sales", 0.4}},
                   .definition = "Shoppers have bought what was on the shelf.",
                   .labels = {{"vi", "Bán ra cho người tiêu dùng"}}});
  funnel.add(Stage{.name = "unsold stock",
                   .owner = {{"Sales", 0.6}, {"Marketing", 0.4}},
                   .definition = "The outlet asks what becomes of goods that do not move.",
                   .labels = {{"vi", "Hàng tồn không bán được"}},
                   .cost = 60000});
  funnel.add(Stage{.name = "reorder",
                   .owner = "Sales",
                   .involved = {"Care"},
                   .definition = "The outlet has ordered again.",
                   .labels = {{"vi", "Đặt hàng lại"}},
                   .value = 3500000,
                   .commission = 0.02});
  funnel.add(Outcome{.name = "regular outlet",
                     .kind = OutcomeKind::won,
                     .owner = "Sales",
                     .definition = "Orders by itself from now on.",
                     .labels = {{"vi", "Nhà thuốc thường xuyên"}}});
  funnel.add(
      Outcome{.name = "returned",
              .kind = OutcomeKind::lost,
              .owner = "Company",
              .value = -3000000,
              .definition = "Goods came back and were refunded; the next product is harder to place here.",
              .labels = {{"vi", "Trả hàng"}}});
  funnel.add(Outcome{.name = "rival at the counter",
                     .kind = OutcomeKind::lost,
                     .owner = "Outside",
                     .definition = "Advice, promotion or discount of a rival took the place, or the demand.",
                     .labels = {{"vi", "Đối thủ tại quầy"}}});
  funnel.add(Outcome{.name = "no stock to deliver",
                     .kind = OutcomeKind::lost,
                     .owner = "Company",
                     .labels = {{"vi", "Không có hàng để giao"}}});
  funnel.add(Outcome{.name = "unsuitable outlet",
                     .kind = OutcomeKind::screened,
                     .owner = "Sales",
                     .labels = {{"vi", "Nhà thuốc không phù hợp"}}});

  const auto flow = [&](const char* from, const char* to, double rate, Lag lag) {
    funnel.add(Transition{.from = from, .to = to, .rate = rate, .lag = std::move(lag)});
  };
  flow("rep visit", "listed", 0.35, Lag::exponential(7));
  flow("rep visit", "rep visit", 0.25, 30);
  flow("rep visit", "unsuitable outlet", 0.15, Lag::zero());
  funnel.add(Transition{.from = "listed",
                        .to = "stocked",
                        .rate = 0.75,
                        .lag = Lag::gamma({.mean = 6, .sd = 4}),
                        .service_level = 7});
  flow("listed", "rival at the counter", 0.15, Lag::exponential(20));
  flow("listed", "no stock to deliver", 0.05, Lag::exponential(10));
  flow("stocked", "sell-out", 0.65, Lag::gamma({.mean = 35, .sd = 20}));
  flow("stocked", "unsold stock", 0.33, Lag::gamma({.mean = 75, .sd = 10}));
  flow("unsold stock", "returned", 0.55, Lag::exponential(10));
  flow("unsold stock", "stocked", 0.35, Lag::exponential(10));
  flow("sell-out", "reorder", 0.7, Lag::exponential(8));
  flow("sell-out", "rival at the counter", 0.2, Lag::exponential(15));
  flow("reorder", "sell-out", 0.4, Lag::gamma({.mean = 30, .sd = 15}));
  flow("reorder", "regular outlet", 0.5, 60);
  flow("reorder", "unsold stock", 0.05, Lag::gamma({.mean = 75, .sd = 10}));
  funnel.add(Entry{.stage = "rep visit", .volume = 400, .cost = 20000, .channel = "territory"});
  funnel.add(Lever{.name = "advertising", .owner = "Marketing", .labels = {{"vi", "Quảng cáo"}}});
  funnel.add(Lever{.name = "pharmacist training", .owner = "Sales", .labels = {{"vi", "Đào tạo dược sĩ"}}});
  funnel.add(Influence{.lever = "advertising", .from = "stocked", .to = "sell-out", .elasticity = 0.5});
  funnel.add(
      Influence{.lever = "advertising", .from = "listed", .to = "rival at the counter", .elasticity = 0.3});
  funnel.add(
      Influence{.lever = "pharmacist training", .from = "sell-out", .to = "reorder", .elasticity = 0.3});
  return funnel.take();
}

FUNNELGRAPH_INLINE std::vector<std::string> names() {
  return {"buying_funnel", "demand_waterfall", "online_shop", "pharmacy_channel"};
}

FUNNELGRAPH_INLINE Funnel by_name(std::string_view name) {
  if (name == "buying_funnel") return buying_funnel();
  if (name == "demand_waterfall") return demand_waterfall();
  if (name == "online_shop") return online_shop();
  if (name == "pharmacy_channel") return pharmacy_channel();
  throw UnknownNameError("reference funnel", std::string(name), nearest_name(name, names()));
}

}  // namespace reference
}  // namespace funnelgraph::inline v0
