// Definitions of product_choice.hpp.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <funnelgraph/core/error.hpp>
#include <funnelgraph/core/shown.hpp>
#include <funnelgraph/whatif/detail/linear_program_inl.hpp>
#include <funnelgraph/whatif/product_choice.hpp>

namespace funnelgraph::inline v0 {

FUNNELGRAPH_INLINE std::string_view to_string(PriceKind kind) noexcept {
  return kind == PriceKind::list ? "list" : "deal";
}

FUNNELGRAPH_INLINE std::string_view to_string(RewardBasis basis) noexcept {
  if (basis == RewardBasis::margin) return "margin";
  return basis == RewardBasis::units ? "units" : "revenue";
}

FUNNELGRAPH_INLINE std::string_view to_string(Scarce scarce) noexcept {
  return scarce == Scarce::hours ? "hours" : "enquiries";
}

namespace detail {

/// Whoever is no scheme of the caller's.
inline constexpr const char* company_side = "Company";
/// A threshold is reached within this, relative to it.
inline constexpr double quota_tolerance = 1e-9;
/// How much an equal reward's margin weighs, relative to the reward.
inline constexpr double tie_weight = 1e-8;
inline constexpr std::size_t most_quotas = 10;

/// One product at one price, per enquiry.
struct Offer {
  std::size_t product;
  PriceKind kind;
  double price, hours, units, revenue, margin;

  [[nodiscard]] double of(RewardBasis basis) const noexcept {
    if (basis == RewardBasis::units) return units;
    return basis == RewardBasis::margin ? margin : revenue;
  }
};

inline void check_products(const std::vector<Product>& products) {
  if (products.empty()) throw InvalidValueError("products", "none", "at least one");
  std::set<std::string> names;
  for (const Product& product : products) {
    const std::string where = "product " + product.name;
    if (product.name.empty()) throw InvalidValueError("product", "without a name", "a name");
    if (!names.insert(product.name).second) throw InvalidValueError(where, "twice", "each product once");
    const auto require = [&](bool good, const char* field, double given, const char* allowed) {
      if (!good) throw InvalidValueError(where + ", " + field, shown(given), allowed);
    };
    const auto money = [&](const char* field, double given) {
      require(given >= 0 && std::isfinite(given), field, given, "a finite amount of money >= 0");
    };
    const auto share = [&](const char* field, double given) {
      require(given >= 0 && given <= 1, field, given, "[0, 1]");
    };
    const auto hours = [&](const char* field, double given) {
      require(given > 0 && std::isfinite(given), field, given, "a finite number of hours > 0");
    };
    money("list_price", product.list_price);
    money("unit_cost", product.unit_cost);
    share("list_closing", product.list_closing);
    hours("list_hours", product.list_hours);
    if (product.deal_price) money("deal_price", *product.deal_price);
    if (product.deal_closing) share("deal_closing", *product.deal_closing);
    if (product.deal_hours) hours("deal_hours", *product.deal_hours);
    if (product.deal_unit_cost) money("deal_unit_cost", *product.deal_unit_cost);
    require(product.enquiries >= 0, "enquiries", product.enquiries, "a number >= 0");
  }
}

inline void check_schemes(const ProductChoiceOptions& options) {
  if (options.schemes.empty()) throw InvalidValueError("schemes", "none", "at least one reward");
  std::set<std::string> sides;
  std::size_t quotas = 0;
  for (const RewardScheme& scheme : options.schemes) {
    const std::string where = "reward of " + scheme.side;
    if (scheme.side.empty()) throw InvalidValueError("reward", "without a side", "a side");
    if (scheme.side == company_side) throw InvalidValueError(where, "a side of this name", "another name");
    if (!sides.insert(scheme.side).second) throw InvalidValueError(where, "twice", "each side once");
    const double most = scheme.basis == RewardBasis::units ? std::numeric_limits<double>::max() : 1.0;
    if (!(scheme.share >= 0 && scheme.share <= most))
      throw InvalidValueError(where + ", share", shown(scheme.share),
                              scheme.basis == RewardBasis::units ? "money >= 0 a unit" : "[0, 1]");
    if (scheme.share == 0 && !scheme.quota)
      throw InvalidValueError(where, "neither a share nor a quota", "one of them, or both");
    if (!scheme.quota) continue;
    ++quotas;
    if (!(scheme.quota->threshold > 0) || std::isinf(scheme.quota->threshold))
      throw InvalidValueError(where + ", threshold", shown(scheme.quota->threshold), "a finite number > 0");
    if (!(scheme.quota->bonus > 0) || std::isinf(scheme.quota->bonus))
      throw InvalidValueError(where + ", bonus", shown(scheme.quota->bonus), "a finite amount of money > 0");
  }
  if (quotas > most_quotas)
    throw InvalidValueError("schemes", std::to_string(quotas) + " quotas", "at most 10 quotas");
  if (!(options.hours > 0) || std::isinf(options.hours))
    throw InvalidValueError("hours", shown(options.hours), "a finite number > 0");
  if (!(options.enquiries > 0))
    throw InvalidValueError("enquiries", shown(options.enquiries), "a number > 0");
}

inline std::vector<Offer> offers_of(const std::vector<Product>& products) {
  std::vector<Offer> out;
  const auto add = [&](std::size_t product, PriceKind kind, double price, double cost, double closing,
                       double hours) {
    out.push_back({product, kind, price, hours, closing, closing * price, closing * (price - cost)});
  };
  for (std::size_t p = 0; p < products.size(); ++p) {
    const Product& given = products[p];
    add(p, PriceKind::list, given.list_price, given.unit_cost, given.list_closing, given.list_hours);
    if (!given.deal_price) continue;
    add(p, PriceKind::deal, *given.deal_price, given.deal_unit_cost.value_or(given.unit_cost),
        given.deal_closing.value_or(given.list_closing), given.deal_hours.value_or(given.list_hours));
  }
  return out;
}

/// Enquiries worked on, by offer.
using Mix = std::vector<double>;

class Choosing {
 public:
  Choosing(const std::vector<Product>& products, const ProductChoiceOptions& options)
      : products_(products), options_(options), offers_(offers_of(products)) {}

  [[nodiscard]] const std::vector<Offer>& offers() const noexcept { return offers_; }

  /// What an enquiry of an offer is worth to a side, or moves it towards its quota where it has no share.
  [[nodiscard]] static double own_value(const RewardScheme& scheme, const Offer& offer) {
    if (scheme.share == 0) return offer.of(scheme.quota->basis);
    return scheme.share * offer.of(scheme.basis);
  }

  [[nodiscard]] double total(const Mix& mix, RewardBasis basis) const {
    double sum = 0;
    for (std::size_t k = 0; k < mix.size(); ++k) sum += mix[k] * offers_[k].of(basis);
    return sum;
  }

  [[nodiscard]] bool reached(const RewardScheme& scheme, const Mix& mix) const {
    return scheme.quota && total(mix, scheme.quota->basis) >= scheme.quota->threshold * (1 - quota_tolerance);
  }

  [[nodiscard]] double reward(const RewardScheme& scheme, const Mix& mix) const {
    return scheme.share * total(mix, scheme.basis) + (reached(scheme, mix) ? scheme.quota->bonus : 0);
  }

  [[nodiscard]] double paid(const Mix& mix) const {
    double sum = 0;
    for (const RewardScheme& scheme : options_.schemes) sum += scheme.paid ? reward(scheme, mix) : 0;
    return sum;
  }

  [[nodiscard]] double net(const Mix& mix) const { return total(mix, RewardBasis::margin) - paid(mix); }

  [[nodiscard]] Mix choice_of(const RewardScheme& scheme) const {
    std::vector<double> value;
    for (const Offer& offer : offers_) value.push_back(own_value(scheme, offer));
    if (scheme.scarce == Scarce::enquiries) return down_the_ranking(value);
    Mix best = best_mix(value, {});
    if (scheme.quota && scheme.share > 0 && !reached(scheme, best)) {
      const Mix reaching = best_mix(value, {{scheme.quota->basis, -1, scheme.quota->threshold}});
      if (!reaching.empty() && reward(scheme, reaching) > reward(scheme, best)) best = reaching;
    }
    return best;
  }

  /// The greatest margin net of what is paid: with every set of quotas that is kept from being reached.
  [[nodiscard]] Mix company_choice() const {
    std::vector<double> value;
    for (const Offer& offer : offers_) {
      double margin = offer.margin;
      for (const RewardScheme& scheme : options_.schemes)
        margin -= scheme.paid ? scheme.share * offer.of(scheme.basis) : 0;
      value.push_back(margin);
    }
    std::vector<Quota> quotas;
    for (const RewardScheme& scheme : options_.schemes) {
      if (scheme.paid && scheme.quota) quotas.push_back(*scheme.quota);
    }
    Mix best;
    for (std::size_t kept = 0; kept < (std::size_t{1} << quotas.size()); ++kept) {
      std::vector<Limit> limits;
      for (std::size_t q = 0; q < quotas.size(); ++q) {
        if (((kept >> q) & 1U) != 0)
          limits.push_back({quotas[q].basis, 1, quotas[q].threshold * (1 - 2 * quota_tolerance)});
      }
      Mix mix = best_mix(value, limits);
      if (best.empty() || (!mix.empty() && net(mix) > net(best))) best = std::move(mix);
    }
    return best;
  }

 private:
  /// sign * basis <= sign * amount.
  struct Limit {
    RewardBasis basis;
    double sign;
    double amount;
  };

  /// The mix of greatest value, the greater margin where it is equal; empty where the limits cannot be kept.
  [[nodiscard]] Mix best_mix(const std::vector<double>& value, const std::vector<Limit>& limits) const {
    // Unknowns are shares of the hours, so that the numbers are about 1.
    const std::size_t n = offers_.size();
    double greatest = 0;
    double greatest_margin = 0;
    std::vector<double> unit(n);
    for (std::size_t k = 0; k < n; ++k) {
      unit[k] = options_.hours / offers_[k].hours;
      greatest = std::max(greatest, std::abs(value[k] * unit[k]));
      greatest_margin = std::max(greatest_margin, std::abs(offers_[k].margin * unit[k]));
    }
    LinearProgram program;
    for (std::size_t k = 0; k < n; ++k) {
      double worth = greatest > 0 ? value[k] * unit[k] / greatest : 0;
      if (greatest_margin > 0) worth += tie_weight * offers_[k].margin * unit[k] / greatest_margin;
      program.value.push_back(worth);
    }
    program.rows.emplace_back(n, 1.0);
    program.most.push_back(1);
    const auto at_most = [&](double most, auto&& coefficient) {
      if (std::isinf(most)) return;
      std::vector<double> row(n, 0.0);
      double size = std::abs(most);
      for (std::size_t k = 0; k < n; ++k) {
        row[k] = coefficient(k) * unit[k];
        size = std::max(size, std::abs(row[k]));
      }
      if (size == 0) return;
      for (double& cell : row) cell /= size;
      program.rows.push_back(std::move(row));
      program.most.push_back(most / size);
    };
    at_most(options_.enquiries, [](std::size_t) { return 1.0; });
    for (std::size_t p = 0; p < products_.size(); ++p) {
      at_most(products_[p].enquiries, [&](std::size_t k) { return offers_[k].product == p ? 1.0 : 0.0; });
    }
    for (const Limit& limit : limits) {
      at_most(limit.sign * limit.amount,
              [&](std::size_t k) { return limit.sign * offers_[k].of(limit.basis); });
    }
    LinearSolution solution = solve_linear(program);
    if (!solution.feasible) return {};
    for (std::size_t k = 0; k < n; ++k) solution.x[k] *= unit[k];
    return solution.x;
  }

  [[nodiscard]] Mix down_the_ranking(const std::vector<double>& value) const {
    std::vector<std::size_t> order(offers_.size());
    for (std::size_t k = 0; k < order.size(); ++k) order[k] = k;
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return value[a] > value[b]; });
    Mix mix(offers_.size(), 0.0);
    double hours = options_.hours;
    double enquiries = options_.enquiries;
    std::vector<double> left;
    for (const Product& product : products_) left.push_back(product.enquiries);
    for (const std::size_t k : order) {
      if (!(value[k] > 0)) break;
      const double taken = std::min({hours / offers_[k].hours, enquiries, left[offers_[k].product]});
      mix[k] = taken;
      hours = std::max(0.0, hours - taken * offers_[k].hours);
      enquiries -= std::isinf(enquiries) ? 0 : taken;
      left[offers_[k].product] -= std::isinf(left[offers_[k].product]) ? 0 : taken;
    }
    return mix;
  }

  const std::vector<Product>& products_;
  const ProductChoiceOptions& options_;
  std::vector<Offer> offers_;
};

/// Rows of the ranking of one side; `value` is of an enquiry.
template <class Value>
void append_ranking(ProductChoice& out, const std::string& side, Scarce scarce,
                    const std::vector<Offer>& offers, const std::vector<Product>& products, Value&& value) {
  std::vector<ProductOfferRow> rows;
  for (const Offer& offer : offers) {
    ProductOfferRow row;
    row.side = side;
    row.product = products[offer.product].name;
    row.price_kind = offer.kind;
    row.price = offer.price;
    row.reward = scarce == Scarce::hours ? value(offer) / offer.hours : value(offer);
    row.margin_per_hour = offer.margin / offer.hours;
    row.margin_per_enquiry = offer.margin;
    rows.push_back(std::move(row));
  }
  std::stable_sort(rows.begin(), rows.end(), [](const ProductOfferRow& a, const ProductOfferRow& b) {
    if (a.reward != b.reward) return a.reward > b.reward;
    return a.margin_per_hour > b.margin_per_hour;
  });
  for (std::size_t k = 0; k < rows.size(); ++k) rows[k].rank = k + 1;
  out.ranking.insert(out.ranking.end(), rows.begin(), rows.end());
}

inline void append_side(ProductChoice& out, const std::string& side, const Choosing& choosing, const Mix& mix,
                        const std::vector<Product>& products, const RewardScheme* scheme, double best_net) {
  SideChoiceRow row;
  row.side = side;
  double most_hours = 0;
  for (std::size_t k = 0; k < mix.size(); ++k) {
    if (!(mix[k] > 0)) continue;
    const Offer& offer = choosing.offers()[k];
    const std::string& product = products[offer.product].name;
    out.mixes.push_back({side, product, offer.kind, mix[k], mix[k] * offer.hours, mix[k] * offer.units,
                         mix[k] * offer.revenue, mix[k] * offer.margin});
    if (mix[k] * offer.hours > most_hours) {
      most_hours = mix[k] * offer.hours;
      row.pushes = product + " at " + std::string(to_string(offer.kind)) + " price";
    }
  }
  row.revenue = choosing.total(mix, RewardBasis::revenue);
  row.margin = choosing.total(mix, RewardBasis::margin);
  row.paid = choosing.paid(mix);
  row.net = row.margin - row.paid;
  row.reward = scheme == nullptr ? row.net : choosing.reward(*scheme, mix);
  row.quota_reached = scheme != nullptr && choosing.reached(*scheme, mix);
  row.loss = std::max(0.0, best_net - row.net);
  out.sides.push_back(std::move(row));
}

}  // namespace detail

FUNNELGRAPH_INLINE ProductChoice product_choice(const std::vector<Product>& products,
                                                const ProductChoiceOptions& options) {
  detail::check_products(products);
  detail::check_schemes(options);
  const detail::Choosing choosing(products, options);
  const std::vector<detail::Offer>& offers = choosing.offers();
  ProductChoice out;
  detail::append_ranking(out, detail::company_side, Scarce::hours, offers, products,
                         [](const detail::Offer& offer) { return offer.margin; });
  detail::Mix best = choosing.company_choice();
  std::vector<detail::Mix> mixes;
  for (const RewardScheme& scheme : options.schemes) {
    detail::append_ranking(
        out, scheme.side, scheme.scarce, offers, products,
        [&](const detail::Offer& offer) { return detail::Choosing::own_value(scheme, offer); });
    mixes.push_back(choosing.choice_of(scheme));
    if (choosing.net(mixes.back()) > choosing.net(best)) best = mixes.back();  // by rounding only
  }
  const double best_net = choosing.net(best);
  detail::append_side(out, detail::company_side, choosing, best, products, nullptr, best_net);
  for (std::size_t s = 0; s < mixes.size(); ++s) {
    detail::append_side(out, options.schemes[s].side, choosing, mixes[s], products, &options.schemes[s],
                        best_net);
  }
  return out;
}

}  // namespace funnelgraph::inline v0
