// What each side pushes under its own reward, and what the company loses by it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <funnelgraph/model/segmented_funnel.hpp>

namespace funnelgraph::inline v0 {

/// One way to sell a product: at its list price, or at the price of the deal.
enum class PriceKind : std::uint8_t { list, deal };

/// A product as its sellers see it. A product without a deal price is sold at list only.
struct Product {
  std::string name;
  double list_price = 0;                 ///< money, >= 0
  double unit_cost = 0;                  ///< of what is sold, >= 0
  double list_closing = 0;               ///< probability that an enquiry buys at list, [0, 1]
  double list_hours = 1;                 ///< a seller's hours an enquiry, sold or not, > 0
  std::optional<double> deal_price{};    ///< money, >= 0
  std::optional<double> deal_closing{};  ///< at the deal price; none = as at list
  std::optional<double> deal_hours{};    ///< at the deal price; none = as at list
  std::optional<double> deal_unit_cost{};
  double enquiries = std::numeric_limits<double>::infinity();  ///< that there are in a period, >= 0
  bool operator==(const Product&) const = default;
};

/// What a reward counts.
enum class RewardBasis : std::uint8_t { revenue, margin, units };

/// What the one who is rewarded is short of: hours of selling, or enquiries to spend on.
enum class Scarce : std::uint8_t { hours, enquiries };

/// A bonus for reaching a threshold of a basis in the period.
struct Quota {
  RewardBasis basis = RewardBasis::revenue;
  double threshold = 0;  ///< money or units, > 0
  double bonus = 0;      ///< money, > 0
  bool operator==(const Quota&) const = default;
};

/// A reward as data: `share` of the basis (money a unit where the basis is units), and a quota. A side
/// without a share and with a quota works for the quota alone.
struct RewardScheme {
  std::string side;  ///< whose: "Sales", "Marketing"
  RewardBasis basis = RewardBasis::revenue;
  double share = 0;  ///< >= 0; of revenue and margin at most 1
  std::optional<Quota> quota{};
  Scarce scarce = Scarce::hours;
  bool paid = true;  ///< whether the company pays it; else it is how the side is judged
  bool operator==(const RewardScheme&) const = default;
};

struct ProductChoiceOptions {
  std::vector<RewardScheme> schemes{};
  double hours = 1;                                            ///< of selling in the period, > 0 and finite
  double enquiries = std::numeric_limits<double>::infinity();  ///< of all products together, > 0
};

/// One product at one price: what an enquiry brings, and where each side ranks it.
struct ProductOfferRow {
  std::string side;      ///< of the scheme; "Company" for the margin
  std::size_t rank = 0;  ///< 1 = pushed first
  std::string product;
  PriceKind price_kind = PriceKind::list;
  double price = 0;
  double reward =
      0;  ///< the side's own, per unit of what it is short of; the basis of its quota where it has no share
  double margin_per_hour = 0;     ///< the company's
  double margin_per_enquiry = 0;  ///< the company's
};

/// What is done with the period's hours when one side chooses.
struct ChosenMixRow {
  std::string side;
  std::string product;
  PriceKind price_kind = PriceKind::list;
  double enquiries = 0;
  double hours = 0;
  double units = 0;
  double revenue = 0;
  double margin = 0;
};

struct SideChoiceRow {
  std::string side;
  std::string pushes;  ///< the offer with most hours: "sandal at deal price"
  double revenue = 0;
  double margin = 0;  ///< of the company, before rewards
  double reward = 0;  ///< of the side, by its scheme
  bool quota_reached = false;
  double paid = 0;  ///< of all paid schemes together under this choice
  double net = 0;   ///< margin - paid
  double loss = 0;  ///< company's best net - net, >= 0
};

struct ProductChoice {
  std::vector<ProductOfferRow> ranking;  ///< by side, then rank
  std::vector<ChosenMixRow> mixes;       ///< enquiries above 0, by side
  std::vector<SideChoiceRow> sides;      ///< the company first
};

/// Who is short of hours chooses how many enquiries of each offer to work on so that its own expected
/// reward is the greatest, within the hours and the enquiries of all and of each product: a linear program,
/// solved exactly (simplex). A quota is met by the expected amount: the better of the best mix without the
/// bonus and the best mix that reaches the threshold; who has a quota and no share maximises the quota's
/// basis. Of equal mixes the one with the greater margin. Who is short of enquiries works through its
/// ranking from the top, an offer's enquiries or the hours first. The company chooses the greatest margin
/// net of what it pays; a bonus is paid where the mix reaches its threshold. O(offers^2) a simplex step.
///
/// Throws InvalidValueError: no products, no schemes, two products or sides of one name, a side called
/// Company, more than 10 quotas, a number out of its range or NaN.
[[nodiscard]] ProductChoice product_choice(const std::vector<Product>& products,
                                           const ProductChoiceOptions& options);

struct ProductsFromFunnels {
  std::string start{};                    ///< stage where an enquiry begins; "" = an average entrant
  std::map<std::string, double> hours{};  ///< a seller's hours a visit, by stage; others take none
};

/// Products from one funnel a product: closing = probability of a won outcome, price = revenue per win,
/// unit cost = cost per win (of stages and transitions and commissions, without entry and fixed costs), hours
/// from the visits. `deals` has the funnels at deal price, of some products or none. Throws
/// UnknownNameError (stage, or a deal of no product), InvalidValueError (no hours on any stage that is
/// visited, no win), and as `analyze`.
[[nodiscard]] std::vector<Product> products_of(const SegmentedFunnel& products,
                                               const ProductsFromFunnels& options,
                                               const SegmentedFunnel& deals = {});

[[nodiscard]] std::string_view to_string(PriceKind kind) noexcept;
[[nodiscard]] std::string_view to_string(RewardBasis basis) noexcept;
[[nodiscard]] std::string_view to_string(Scarce scarce) noexcept;

}  // namespace funnelgraph::inline v0

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/whatif/product_choice_from_funnels_inl.hpp>
#include <funnelgraph/whatif/product_choice_inl.hpp>
#endif
