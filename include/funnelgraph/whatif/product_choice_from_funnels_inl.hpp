// Definitions of product_choice.hpp: products as their funnels tell them.
#pragma once

#include <cmath>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <funnelgraph/analysis/analyze.hpp>
#include <funnelgraph/core/error.hpp>
#include <funnelgraph/core/shown.hpp>
#include <funnelgraph/core/unknown_name.hpp>
#include <funnelgraph/model/funnel.hpp>
#include <funnelgraph/whatif/product_choice.hpp>

namespace funnelgraph::inline v0 {

namespace detail {

/// A funnel of one enquiry that starts in `start`, without what enquiries cost to get and fixed costs.
inline Funnel one_enquiry(const Funnel& funnel, const std::string& start) {
  Funnel out = funnel;
  for (const Owner& owner : funnel.owners()) out.set(fixed_cost(owner.name), 0);
  double volume_sum = 0;
  for (const Entry& entry : funnel.entries()) volume_sum += entry.volume.value;
  if (start.empty() && !(volume_sum > 0))
    throw InvalidValueError("entries of " + funnel.info().name, "none",
                            "an entry, or the stage to start from");
  if (!start.empty()) (void)funnel.stage(start);
  for (const Entry& entry : funnel.entries()) {
    out.remove_entry(entry.stage, entry.channel);
    if (!start.empty()) continue;
    Entry part = entry;
    part.volume = entry.volume.value / volume_sum;
    part.cost = 0;
    out.add_entry(std::move(part));
  }
  if (!start.empty()) out.add_entry({.stage = start, .volume = 1});
  return out;
}

/// What an enquiry brings in a funnel.
struct EnquiryWorth {
  double closing, price, unit_cost, hours;
};

inline EnquiryWorth enquiry_worth(const std::string& name, const Funnel& funnel,
                                  const ProductsFromFunnels& options) {
  const Analysis analysis = analyze(one_enquiry(funnel, options.start));
  EnquiryWorth out{0, 0, 0, 0};
  for (const OutcomeRow& row : analysis.outcomes) {
    const auto outcome = funnel.find_outcome(row.outcome);
    if (outcome && funnel.outcome(*outcome).kind == OutcomeKind::won) out.closing += row.probability;
  }
  if (!(out.closing > 0))
    throw InvalidValueError("product " + name, "no win", "a funnel in which enquiries can win");
  out.price = analysis.revenue / out.closing;
  out.unit_cost = analysis.cost / out.closing;
  for (const StageRow& row : analysis.stages) {
    const auto hours = options.hours.find(row.stage);
    if (hours != options.hours.end()) out.hours += row.visits * hours->second;
  }
  if (!(out.hours > 0))
    throw InvalidValueError("hours of product " + name, shown(out.hours), "hours on a stage that is visited");
  return out;
}

}  // namespace detail

FUNNELGRAPH_INLINE std::vector<Product> products_of(const SegmentedFunnel& products,
                                                    const ProductsFromFunnels& options,
                                                    const SegmentedFunnel& deals) {
  if (products.size() == 0) throw InvalidValueError("products", "none", "at least one");
  std::set<std::string> stages;
  for (const auto& [name, funnel] : products.segments()) {
    for (const Stage& stage : funnel.stages()) stages.insert(stage.name);
  }
  for (const auto& [stage, hours] : options.hours) {
    if (!stages.contains(stage))
      throw unknown_name("stage", stage, std::vector<std::string>(stages.begin(), stages.end()));
    if (!(hours >= 0) || std::isinf(hours))
      throw InvalidValueError("hours of stage " + stage, detail::shown(hours), "a finite number >= 0");
  }
  for (const std::string& name : deals.names()) (void)products.segment(name);
  std::vector<Product> out;
  for (const auto& [name, funnel] : products.segments()) {
    const detail::EnquiryWorth list = detail::enquiry_worth(name, funnel, options);
    Product product;
    product.name = name;
    product.list_price = list.price;
    product.unit_cost = list.unit_cost;
    product.list_closing = list.closing;
    product.list_hours = list.hours;
    if (const auto deal = deals.segments().find(name); deal != deals.segments().end()) {
      const detail::EnquiryWorth worth = detail::enquiry_worth(name, deal->second, options);
      product.deal_price = worth.price;
      product.deal_unit_cost = worth.unit_cost;
      product.deal_closing = worth.closing;
      product.deal_hours = worth.hours;
    }
    out.push_back(std::move(product));
  }
  return out;
}

}  // namespace funnelgraph::inline v0
