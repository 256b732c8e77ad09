// Response curves, allocation of a budget, product choice.
#include <pybind11/numpy.h>
#include <pybind11/stl.h>

#include <cmath>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <funnelgraph/model/funnel.hpp>
#include <funnelgraph/model/segmented_funnel.hpp>
#include <funnelgraph/whatif/adstock.hpp>
#include <funnelgraph/whatif/allocate.hpp>
#include <funnelgraph/whatif/product_choice.hpp>
#include <funnelgraph/whatif/response.hpp>

#include "bindings.hpp"
#include "convert.hpp"
#include "interruptible.hpp"
#include "table.hpp"

namespace {

namespace py = pybind11;
namespace fg = funnelgraph;
using namespace funnelgraph_python;

const std::vector<std::string> adstock_kinds{"geometric", "delayed", "weibull"};
const std::vector<std::string> response_kinds{"hill", "adbudg", "log", "power", "linear"};
constexpr const char* limit_names[] = {"", "low", "high"};
constexpr const char* guarantee_names[] = {"none", "local", "bounded", "global"};

double field(const py::dict& fields, const char* name) {
  return double_of(py::object(fields[name]), std::string(name) + "=");
}

fg::Adstock make_adstock(const std::string& kind, const py::dict& fields, const py::object& lags,
                         bool normalised) {
  fg::AdstockShape shape;
  shape.kind = static_cast<fg::AdstockKind>(position_of("adstock", kind, adstock_kinds));
  shape.lags = count_of(lags, "Adstock(lags=)");
  shape.normalised = normalised;
  if (fields.contains("retention")) shape.retention = field(fields, "retention");
  if (fields.contains("peak")) shape.peak = field(fields, "peak");
  if (fields.contains("shape")) shape.shape = field(fields, "shape");
  if (fields.contains("scale")) shape.scale = field(fields, "scale");
  return fg::Adstock(shape);
}

fg::Response make_response(const std::string& kind, const py::dict& f, const fg::Adstock* adstock) {
  std::optional<fg::Adstock> carried;
  if (adstock != nullptr) carried = *adstock;
  switch (position_of("response", kind, response_kinds)) {
    case 0:
      return fg::Response(fg::Response::Shape(fg::Hill{field(f, "half_saturation"), field(f, "slope"),
                                                       field(f, "minimum"), field(f, "maximum")}),
                          carried);
    case 1:
      return fg::Response(
          fg::Response::Shape(fg::Adbudg{field(f, "minimum"), field(f, "maximum"), field(f, "gamma"),
                                         field(f, "delta"), field(f, "reference")}),
          carried);
    case 2:
      return fg::Response(
          fg::Response::Shape(fg::LogResponse{field(f, "scale"), field(f, "unit"), field(f, "minimum")}),
          carried);
    case 3:
      return fg::Response(fg::Response::Shape(fg::PowerResponse{field(f, "scale"), field(f, "exponent"),
                                                                field(f, "unit"), field(f, "minimum")}),
                          carried);
    default:
      return fg::Response(fg::Response::Shape(fg::LinearResponse{field(f, "slope"), field(f, "minimum")}),
                          carried);
  }
}

// Kind and numbers of a curve.
py::tuple shape_fields(const fg::Response& response) {
  py::dict f;
  struct {
    py::dict& f;
    void operator()(const fg::Hill& s) const {
      f["half_saturation"] = s.half_saturation;
      f["slope"] = s.slope;
      f["minimum"] = s.minimum;
      f["maximum"] = s.maximum;
    }
    void operator()(const fg::Adbudg& s) const {
      f["minimum"] = s.minimum;
      f["maximum"] = s.maximum;
      f["gamma"] = s.gamma;
      f["delta"] = s.delta;
      f["reference"] = s.reference;
    }
    void operator()(const fg::LogResponse& s) const {
      f["scale"] = s.scale;
      f["unit"] = s.unit;
      f["minimum"] = s.minimum;
    }
    void operator()(const fg::PowerResponse& s) const {
      f["scale"] = s.scale;
      f["exponent"] = s.exponent;
      f["unit"] = s.unit;
      f["minimum"] = s.minimum;
    }
    void operator()(const fg::LinearResponse& s) const {
      f["slope"] = s.slope;
      f["minimum"] = s.minimum;
    }
  } write{f};
  std::visit(write, response.shape());
  return py::make_tuple(response_kinds[response.shape().index()], f);
}

// A number, or an array of them in the same shape.
template <class Of>
py::object each(const py::object& given, const char* where, Of&& of) {
  if (!py::isinstance<py::array>(given) && !py::isinstance<py::sequence>(given)) {
    return py::float_(of(double_of(given, where)));
  }
  const auto array = py::array_t<double, py::array::c_style | py::array::forcecast>::ensure(given);
  if (!array) {
    PyErr_Clear();
    refuse(given, where, "a number or an array of numbers");
  }
  py::array_t<double> out(std::vector<py::ssize_t>(array.shape(), array.shape() + array.ndim()));
  const double* from = array.data();
  double* to = out.mutable_data();
  for (py::ssize_t i = 0; i < array.size(); ++i) to[i] = of(from[i]);
  return out;
}

fg::SpendBounds spend_bounds_of(const py::handle& low, const py::handle& high, const std::string& where) {
  fg::SpendBounds out;
  if (!low.is_none()) out.low = double_of(low, where);
  if (!high.is_none()) out.high = double_of(high, where);
  return out;
}

fg::AllocateOptions allocate_options(const py::dict& given) {
  fg::AllocateOptions out;
  out.budget = double_of(py::object(given["budget"]), "allocate(budget=)");
  for (const py::handle row : py::list(given["spending"])) {
    const py::tuple cells = py::reinterpret_borrow<py::tuple>(row);
    std::optional<double> current;
    if (!cells[4].is_none()) current = double_of(cells[4], "allocate(current=)");
    out.spending.push_back({py::cast<const fg::Parameter&>(cells[0]), py::cast<const fg::Response&>(cells[1]),
                            spend_bounds_of(cells[2], cells[3], "allocate(bounds=)"), current,
                            text_of(cells[5], "allocate(responses=): a segment")});
  }
  for (const py::handle row : py::list(given["groups"])) {
    const py::tuple cells = py::reinterpret_borrow<py::tuple>(row);
    fg::SpendGroup group;
    group.name = text_of(cells[0], "SpendGroup(name)");
    group.bounds = spend_bounds_of(cells[1], cells[2], "SpendGroup(least=, most=)");
    group.owner = maybe_text_of(cells[3], "SpendGroup(owner=)").value_or("");
    group.channel = maybe_text_of(cells[4], "SpendGroup(channel=)").value_or("");
    group.segment = maybe_text_of(cells[5], "SpendGroup(segment=)").value_or("");
    group.members = py::cast<std::vector<fg::Parameter>>(cells[6]);
    out.groups.push_back(std::move(group));
  }
  out.maximise = py::cast<const fg::Metric&>(given["maximise"]);
  out.respect_capacity = py::cast<bool>(given["respect_capacity"]);
  out.book_spend = py::cast<bool>(given["book_spend"]);
  out.name = text_of(given["name"], "allocate(name=)");
  if (!given["discount_rate"].is_none())
    out.analysis.discount_rate = double_of(given["discount_rate"], "allocate(discount_rate=)");
  out.tolerance = double_of(given["tolerance"], "allocate(tolerance=)");
  out.starts = count_of(given["starts"], "allocate(starts=)");
  out.branches = count_of(given["branches"], "allocate(branches=)");
  out.seed = count_of(given["seed"], "allocate(seed=)");
  return out;
}

fg::SegmentedFunnel segments_of(const std::map<std::string, const fg::Funnel*>& given) {
  fg::SegmentedFunnel out;
  for (const auto& [name, funnel] : given) out.set_segment(name, *funnel);
  return out;
}

py::object spending_table(const fg::Allocation& plan) {
  using Row = fg::AllocationRow;
  TableBuilder builder(plan.spending);
  if (!plan.segments.empty()) builder.column("segment", &Row::segment);
  return table_object(
      builder.column("parameter", [](const Row& r) { return fg::to_string(r.parameter); })
          .column("owner", &Row::owner)
          .column("spend", &Row::spend)
          .column("current", &Row::current)
          .column("before", &Row::before)
          .column("after", &Row::after)
          .column("marginal", &Row::marginal)
          .column("net_marginal", &Row::net_marginal)
          .column("elasticity", &Row::elasticity)
          .column("at_bound",
                  [](const Row& r) { return std::string(limit_names[static_cast<std::size_t>(r.limit)]); })
          .column("low", &Row::low)
          .column("high", &Row::high)
          .build());
}

py::object groups_table(const fg::Allocation& plan) {
  using Row = fg::GroupRow;
  return table_object(
      TableBuilder(plan.groups)
          .column("group", &Row::group)
          .column("spend", &Row::spend)
          .column("low", &Row::low)
          .column("high", &Row::high)
          .column("at_bound",
                  [](const Row& r) { return std::string(limit_names[static_cast<std::size_t>(r.limit)]); })
          .column("shadow_price", &Row::shadow_price)
          .build());
}

py::object capacities_table(const fg::Allocation& plan) {
  using Row = fg::PlanCapacityRow;
  TableBuilder builder(plan.capacities);
  if (!plan.segments.empty()) builder.column("segment", &Row::segment);
  return table_object(builder.column("stage", &Row::stage)
                          .column("visits", &Row::visits)
                          .column("capacity", &Row::capacity)
                          .column("utilisation", &Row::utilisation)
                          .column("shadow_price", &Row::shadow_price)
                          .build());
}

void bind_responses(py::module_& module) {
  py::class_<fg::Adstock>(module, "Adstock", "Carry-over of money; funnelgraph.Adstock presents it.")
      .def(py::init(&make_adstock), py::arg("kind"), py::arg("fields"), py::arg("lags"),
           py::arg("normalised"))
      .def_property_readonly("steady_state", &fg::Adstock::steady_state)
      .def("mean_lag", &fg::Adstock::mean_lag)
      .def("weights", &fg::Adstock::weights)
      .def(
          "transform",
          [](const fg::Adstock& adstock, const py::object& spend) {
            return adstock.transform(doubles_of(spend, "transform(spend)"));
          },
          py::arg("spend"))
      .def(
          "__eq__", [](const fg::Adstock& a, const fg::Adstock& b) { return a == b; }, py::arg("other"),
          py::is_operator());
  py::class_<fg::Response>(module, "Response", "A response curve; funnelgraph.Response presents it.")
      .def(py::init(&make_response), py::arg("kind"), py::arg("fields"), py::arg("adstock").none(true))
      .def_static(
          "adbudg_from",
          [](const py::dict& f) {
            return fg::Response(fg::adbudg_from({field(f, "minimum"), field(f, "maximum"), field(f, "at_1"),
                                                 field(f, "at_1_5"), field(f, "reference")}));
          },
          py::arg("fields"))
      .def("fields", &shape_fields)
      .def_property_readonly("minimum", &fg::Response::minimum)
      .def_property_readonly("maximum", &fg::Response::maximum)
      .def("half_saturation", &fg::Response::half_saturation)
      .def("inflection", &fg::Response::inflection)
      .def(
          "value",
          [](const fg::Response& r, const py::object& spend) {
            return each(spend, "value(spend)", [&](double x) { return r.value(x); });
          },
          py::arg("spend"))
      .def(
          "derivative",
          [](const fg::Response& r, const py::object& spend) {
            return each(spend, "derivative(spend)", [&](double x) { return r.derivative(x); });
          },
          py::arg("spend"))
      .def(
          "elasticity",
          [](const fg::Response& r, const py::object& spend) {
            return each(spend, "elasticity(spend)", [&](double x) { return r.elasticity(x); });
          },
          py::arg("spend"))
      .def(
          "inverse",
          [](const fg::Response& r, const py::object& value) {
            return each(value, "inverse(value)", [&](double y) { return r.inverse(y); });
          },
          py::arg("value"))
      .def(
          "through",
          [](const fg::Response& r, const py::object& spend, const py::object& value) {
            return r.through(double_of(spend, "through(spend)"), double_of(value, "through(value)"));
          },
          py::arg("spend"), py::arg("value"))
      .def(
          "over",
          [](const fg::Response& r, const py::object& spend) {
            return r.over(doubles_of(spend, "over(spend)"));
          },
          py::arg("spend"))
      .def(
          "__eq__", [](const fg::Response& a, const fg::Response& b) { return a == b; }, py::arg("other"),
          py::is_operator());
}

void bind_plans(py::module_& module) {
  py::class_<fg::Allocation>(module, "Allocation", "A plan; funnelgraph.Allocation presents it.")
      .def_readonly("name", &fg::Allocation::name)
      .def_readonly("budget", &fg::Allocation::budget)
      .def_readonly("spent", &fg::Allocation::spent)
      .def_readonly("unspent", &fg::Allocation::unspent)
      .def_readonly("metric_before", &fg::Allocation::metric_before)
      .def_readonly("metric_after", &fg::Allocation::metric_after)
      .def_readonly("shadow_price", &fg::Allocation::shadow_price)
      .def_readonly("feasible", &fg::Allocation::feasible)
      .def_readonly("bound", &fg::Allocation::bound)
      .def_readonly("gap", &fg::Allocation::gap)
      .def_readonly("notes", &fg::Allocation::notes)
      .def_readonly("starts", &fg::Allocation::starts)
      .def_readonly("evaluations", &fg::Allocation::evaluations)
      .def_property_readonly("guarantee",
                             [](const fg::Allocation& plan) {
                               return std::string(guarantee_names[static_cast<std::size_t>(plan.guarantee)]);
                             })
      .def_property_readonly("scenario", [](const fg::Allocation& plan) { return plan.scenario; })
      .def_property_readonly("scenarios",
                             [](const fg::Allocation& plan) {
                               py::dict out;
                               for (std::size_t s = 0; s < plan.segments.size(); ++s)
                                 out[py::str(plan.segments[s])] = plan.scenarios[s];
                               return out;
                             })
      .def("parameters",
           [](const fg::Allocation& plan) {
             py::list out;
             for (const fg::AllocationRow& row : plan.spending)
               out.append(py::make_tuple(row.segment, row.parameter, row.spend));
             return out;
           })
      .def("spending", &spending_table)
      .def("groups", &groups_table)
      .def("capacities", &capacities_table);
  module.def(
      "allocate",
      [](const std::map<std::string, const fg::Funnel*>& funnels, bool segmented, const py::dict& given,
         const py::object& spends) {
        const fg::AllocateOptions options = allocate_options(given);
        const fg::SegmentedFunnel snapshot = segments_of(funnels);
        std::optional<std::vector<double>> amounts;
        if (!spends.is_none()) amounts = doubles_of(spends, "allocation_at(spend)");
        return unlocked([&] {
          if (segmented)
            return amounts ? fg::allocation_at(snapshot, options, *amounts) : fg::allocate(snapshot, options);
          const fg::Funnel& funnel = snapshot.segments().begin()->second;
          return amounts ? fg::allocation_at(funnel, options, *amounts) : fg::allocate(funnel, options);
        });
      },
      py::arg("funnels"), py::arg("segmented"), py::arg("options"), py::arg("spends"));
  module.def(
      "compare_plans",
      [](const fg::Funnel& funnel, const std::vector<const fg::Allocation*>& given,
         const std::vector<fg::Metric>& metrics) {
        const fg::Funnel snapshot(funnel);
        std::vector<fg::Allocation> plans;
        for (const fg::Allocation* plan : given) plans.push_back(*plan);
        const auto rows = unlocked([&] { return fg::compare_plans(snapshot, plans, metrics); });
        using Row = fg::PlanRow;
        TableBuilder builder(rows);
        builder.column("plan", &Row::plan).column("budget", &Row::budget).column("spent", &Row::spent);
        for (std::size_t m = 0; m < metrics.size(); ++m)
          builder.column(fg::to_string(metrics[m]), [m](const Row& row) { return row.metrics[m]; });
        return table_object(
            builder.column("feasible", &Row::feasible).column("shadow_price", &Row::shadow_price).build());
      },
      py::arg("funnel"), py::arg("plans"), py::arg("metrics"));
}

fg::Product product_from(const py::dict& given) {
  fg::Product out;
  out.name = text_of(given["name"], "Product(name)");
  const auto number = [&](const char* name) { return field(given, name); };
  const auto maybe = [&](const char* name) -> std::optional<double> {
    if (given[name].is_none()) return std::nullopt;
    return number(name);
  };
  out.list_price = number("list_price");
  out.unit_cost = number("unit_cost");
  out.list_closing = number("list_closing");
  out.list_hours = number("list_hours");
  out.deal_price = maybe("deal_price");
  out.deal_closing = maybe("deal_closing");
  out.deal_hours = maybe("deal_hours");
  out.deal_unit_cost = maybe("deal_unit_cost");
  out.enquiries = maybe("enquiries").value_or(std::numeric_limits<double>::infinity());
  return out;
}

py::dict product_fields(const fg::Product& product) {
  py::dict out;
  out["name"] = product.name;
  out["list_price"] = product.list_price;
  out["unit_cost"] = product.unit_cost;
  out["list_closing"] = product.list_closing;
  out["list_hours"] = product.list_hours;
  out["deal_price"] = product.deal_price;
  out["deal_closing"] = product.deal_closing;
  out["deal_hours"] = product.deal_hours;
  out["deal_unit_cost"] = product.deal_unit_cost;
  if (std::isinf(product.enquiries)) {
    out["enquiries"] = py::none();
  } else {
    out["enquiries"] = product.enquiries;
  }
  return out;
}

fg::RewardScheme scheme_from(const py::dict& given) {
  const std::vector<std::string> bases{"revenue", "margin", "units"};
  const auto basis = [&](const char* name) {
    return static_cast<fg::RewardBasis>(position_of("basis", text_of(given[name], name), bases));
  };
  fg::RewardScheme out;
  out.side = text_of(given["side"], "Reward(side)");
  out.basis = basis("basis");
  out.share = field(given, "share");
  if (!given["quota"].is_none())
    out.quota = fg::Quota{basis("quota_basis"), field(given, "quota"), field(given, "bonus")};
  out.scarce = static_cast<fg::Scarce>(
      position_of("scarce", text_of(given["scarce"], "Reward(scarce=)"), {"hours", "enquiries"}));
  out.paid = py::cast<bool>(given["paid"]);
  return out;
}

py::tuple choice_tables(const fg::ProductChoice& choice) {
  using Offer = fg::ProductOfferRow;
  using Mix = fg::ChosenMixRow;
  using Side = fg::SideChoiceRow;
  return py::make_tuple(
      table_object(TableBuilder(choice.sides)
                       .column("side", &Side::side)
                       .column("pushes", &Side::pushes)
                       .column("revenue", &Side::revenue)
                       .column("margin", &Side::margin)
                       .column("reward", &Side::reward)
                       .column("quota_reached", &Side::quota_reached)
                       .column("paid", &Side::paid)
                       .column("net", &Side::net)
                       .column("loss", &Side::loss)
                       .build()),
      table_object(TableBuilder(choice.ranking)
                       .column("side", &Offer::side)
                       .column("rank", &Offer::rank)
                       .column("product", &Offer::product)
                       .column("at", [](const Offer& r) { return std::string(fg::to_string(r.price_kind)); })
                       .column("price", &Offer::price)
                       .column("reward", &Offer::reward)
                       .column("margin_per_hour", &Offer::margin_per_hour)
                       .column("margin_per_enquiry", &Offer::margin_per_enquiry)
                       .build()),
      table_object(TableBuilder(choice.mixes)
                       .column("side", &Mix::side)
                       .column("product", &Mix::product)
                       .column("at", [](const Mix& r) { return std::string(fg::to_string(r.price_kind)); })
                       .column("enquiries", &Mix::enquiries)
                       .column("hours", &Mix::hours)
                       .column("units", &Mix::units)
                       .column("revenue", &Mix::revenue)
                       .column("margin", &Mix::margin)
                       .build()));
}

void bind_product_choice(py::module_& module) {
  module.def(
      "product_choice",
      [](const std::vector<py::dict>& products, const std::vector<py::dict>& schemes, const py::object& hours,
         const py::object& enquiries) {
        std::vector<fg::Product> rows;
        for (const py::dict& product : products) rows.push_back(product_from(product));
        fg::ProductChoiceOptions options;
        for (const py::dict& scheme : schemes) options.schemes.push_back(scheme_from(scheme));
        options.hours = double_of(hours, "product_choice(hours=)");
        if (!enquiries.is_none()) options.enquiries = double_of(enquiries, "product_choice(enquiries=)");
        return choice_tables(fg::product_choice(rows, options));
      },
      py::arg("products"), py::arg("schemes"), py::arg("hours"), py::arg("enquiries"));
  module.def(
      "products_of",
      [](const std::map<std::string, const fg::Funnel*>& products,
         const std::map<std::string, const fg::Funnel*>& deals, const py::object& start,
         const std::map<std::string, double>& hours) {
        const std::vector<fg::Product> found = fg::products_of(
            segments_of(products),
            {.start = maybe_text_of(start, "products_of(start=)").value_or(""), .hours = hours},
            segments_of(deals));
        py::list out;
        for (const fg::Product& product : found) out.append(product_fields(product));
        return out;
      },
      py::arg("products"), py::arg("deals"), py::arg("start"), py::arg("hours"));
}

}  // namespace

void bind_allocate(py::module_& module) {
  bind_responses(module);
  bind_plans(module);
  bind_product_choice(module);
}
