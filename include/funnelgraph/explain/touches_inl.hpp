// Definitions of touches.hpp.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <optional>
#include <span>
#include <unordered_map>
#include <utility>
#include <variant>

#include <funnelgraph/core/error.hpp>
#include <funnelgraph/core/shown.hpp>
#include <funnelgraph/explain/touches.hpp>

namespace funnelgraph::inline v0 {

namespace detail {

class TouchReader {
 public:
  TouchReader(const fit::Columns& table, const TouchOptions& columns)
      : table_(table), columns_(columns), rows_(table.rows()) {
    journeys_.names.source = table.source();
    journeys_.names.path = columns.channel;
    if (!columns.converted.empty()) journeys_.names.conversions = columns.converted;
    if (!columns.value.empty()) journeys_.names.value = columns.value;
    for (const auto& [name, what] :
         {std::pair(&columns.journey, "journey"), std::pair(&columns.channel, "channel"),
          std::pair(&columns.time, "time")}) {
      if (name->empty())
        throw InvalidValueError(std::string("touches(") + what + "=)", "nothing", "the name of a column");
    }
    read_journeys();
    read_channels();
    read_times();
    if (!columns.converted.empty()) converted_ = table.numbers(columns.converted).values;
    if (!columns.value.empty()) value_ = table.numbers(columns.value).values;
    if (!value_.empty() && converted_.empty())
      throw InvalidValueError("touches(value=)", "a column of values without one of conversions",
                              "converted= too");
  }

  Journeys read() && {
    read_owners();
    sort();
    journeys_.codes.reserve(rows_);
    std::vector<std::size_t> path;  // rows
    for (std::size_t i = 0; i < rows_;) {
      path.clear();
      const std::int64_t journey = journey_[row(i)];
      for (; i < rows_ && journey_[row(i)] == journey; ++i) path.push_back(row(i));
      if (columns_.converted_per == ConvertedPer::touch && !converted_.empty()) {
        cut(path);
      } else {
        whole(path);
      }
    }
    return std::move(journeys_);
  }

 private:
  [[nodiscard]] std::size_t row(std::size_t i) const { return order_.empty() ? i : order_[i]; }
  [[noreturn]] void refuse(std::size_t row, const std::string& column, const std::string& why) const {
    throw DataError(table_.source(), table_.row_number(row), column, why);
  }

  void read_journeys() {
    const fit::Column& column = table_.column(columns_.journey);
    if (const auto* integers = std::get_if<fit::Integers>(&column)) {
      journey_.assign(integers->values.begin(), integers->values.end());
    } else if (const auto* coded = std::get_if<fit::Categories>(&column)) {
      // A name that stands twice in the dictionary is one journey.
      std::unordered_map<std::string_view, std::int64_t> first;
      std::vector<std::int64_t> of_code;
      for (const std::string& name : coded->names)
        of_code.push_back(first.try_emplace(name, static_cast<std::int64_t>(of_code.size())).first->second);
      journey_.reserve(rows_);
      for (std::size_t r = 0; r < rows_; ++r) {
        if (coded->codes[r] < 0) refuse(r, columns_.journey, "is missing");
        journey_.push_back(of_code[static_cast<std::size_t>(coded->codes[r])]);
      }
    } else if (const auto* numbers = std::get_if<fit::Numbers>(&column)) {  // whole, with gaps
      journey_.reserve(rows_);
      for (std::size_t r = 0; r < rows_; ++r) {
        const double number = numbers->values[r];
        if (std::isnan(number)) refuse(r, columns_.journey, "is missing");
        if (number != std::floor(number) || std::abs(number) > 0x1p53)
          refuse(r, columns_.journey, "is not a whole number; ids are text or whole");
        journey_.push_back(static_cast<std::int64_t>(number));
      }
    } else {
      throw DataError(table_.source(), 0, columns_.journey, "holds no text nor whole numbers");
    }
    if (std::holds_alternative<fit::Integers>(column)) {
      for (std::size_t r = 0; r < rows_; ++r) {
        if (journey_[r] == fit::no_tick) refuse(r, columns_.journey, "is missing");
      }
    }
  }
  void read_channels() {
    const fit::Column& column = table_.column(columns_.channel);
    if (const auto* coded = std::get_if<fit::Categories>(&column)) {
      journeys_.channels.assign(coded->names.begin(), coded->names.end());
      for (std::size_t r = 0; r < rows_; ++r) {
        if (coded->codes[r] < 0) refuse(r, columns_.channel, "is missing");
      }
      codes_ = coded->codes;
      return;
    }
    const auto* integers = std::get_if<fit::Integers>(&column);
    if (integers == nullptr)
      throw DataError(table_.source(), 0, columns_.channel, "holds no text nor whole numbers");
    std::unordered_map<std::int64_t, std::int32_t> known;
    own_codes_.reserve(rows_);
    for (std::size_t r = 0; r < rows_; ++r) {
      const std::int64_t number = integers->values[r];
      if (number == fit::no_tick) refuse(r, columns_.channel, "is missing");
      const auto [at, is_new] = known.try_emplace(number, static_cast<std::int32_t>(known.size()));
      if (is_new) journeys_.channels.push_back(std::to_string(number));
      own_codes_.push_back(at->second);
    }
    codes_ = own_codes_;
  }
  void read_times() {
    const fit::Column& column = table_.column(columns_.time);
    if (const auto* times = std::get_if<fit::Times>(&column)) {
      ticks_ = times->ticks;
      for (std::size_t r = 0; r < rows_; ++r) {
        if (ticks_[r] == fit::no_tick) refuse(r, columns_.time, "is missing");
      }
      return;
    }
    if (const auto* integers = std::get_if<fit::Integers>(&column)) {
      own_days_.reserve(rows_);
      for (const std::int64_t day : integers->values)
        own_days_.push_back(day == fit::no_tick ? std::nan("") : static_cast<double>(day));
      days_ = own_days_;
    } else {
      days_ = table_.numbers(columns_.time).values;
    }
    for (std::size_t r = 0; r < rows_; ++r) {
      if (std::isnan(days_[r])) refuse(r, columns_.time, "is missing");
      if (std::isinf(days_[r])) refuse(r, columns_.time, "is not finite");
    }
  }
  void read_owners() {
    if (columns_.owner.empty()) return;
    const fit::Categories owners = table_.categories(columns_.owner);
    std::vector<std::int32_t> owner_of(journeys_.channels.size(), -1);
    for (std::size_t r = 0; r < rows_; ++r) {
      if (owners.codes[r] < 0) continue;
      std::int32_t& owner = owner_of[static_cast<std::size_t>(codes_[r])];
      if (owner < 0) owner = owners.codes[r];
      if (owner != owners.codes[r] && owners.names[static_cast<std::size_t>(owner)] !=
                                          owners.names[static_cast<std::size_t>(owners.codes[r])])
        refuse(r, columns_.owner,
               "gives channel \"" + shown(journeys_.channels[static_cast<std::size_t>(codes_[r])]) +
                   "\" a second owner: name the channels by owner, or share it with owners=");
    }
    for (std::size_t c = 0; c < owner_of.size(); ++c) {
      if (owner_of[c] >= 0)
        journeys_.owners[journeys_.channels[c]] =
            Ownership(owners.names[static_cast<std::size_t>(owner_of[c])]);
    }
  }
  [[nodiscard]] bool earlier(std::size_t a, std::size_t b) const {
    return ticks_.empty() ? days_[a] < days_[b] : ticks_[a] < ticks_[b];
  }
  void sort() {
    const auto before = [&](std::size_t a, std::size_t b) {
      return journey_[a] != journey_[b] ? journey_[a] < journey_[b] : earlier(a, b);
    };
    bool sorted = true;
    for (std::size_t r = 1; r < rows_ && sorted; ++r) sorted = !before(r, r - 1);
    if (sorted) return;
    order_.resize(rows_);
    std::iota(order_.begin(), order_.end(), std::size_t{0});
    std::sort(order_.begin(), order_.end(), [&](std::size_t a, std::size_t b) {
      return before(a, b) || (!before(b, a) && a < b);  // rows at one time keep their order
    });
  }
  [[nodiscard]] double age(std::size_t touch, std::size_t last) const {
    if (ticks_.empty()) return days_[last] - days_[touch];
    return static_cast<double>(ticks_[last] - ticks_[touch]) / static_cast<double>(fit::ticks_per_day);
  }

  void end_path(std::span<const std::size_t> path, double conversions, double value) {
    for (const std::size_t r : path) {
      journeys_.codes.push_back(static_cast<std::uint32_t>(codes_[r]));
      if (columns_.ages) journeys_.ages.push_back(age(r, path.back()));
    }
    journeys_.begin.push_back(journeys_.codes.size());
    journeys_.conversions.push_back(conversions);
    journeys_.nulls.push_back(conversions > 0 ? 0 : 1);
    if (!value_.empty()) journeys_.values.push_back(value);
  }
  [[nodiscard]] double conversions_at(std::size_t r) const {
    const double number = converted_[r];
    if (std::isnan(number)) return 0;
    if (number < 0)
      refuse(r, columns_.converted, "is negative: a whole number of conversions, 0 or more, is wanted");
    if (!(number <= 0x1p53) || number != std::floor(number))
      refuse(r, columns_.converted, "is not a whole number of conversions");
    return number;
  }
  [[nodiscard]] double value_at(std::size_t r) const {
    if (value_.empty() || std::isnan(value_[r])) return 0;
    if (std::isinf(value_[r])) refuse(r, columns_.value, "is not finite");
    return value_[r];
  }
  void whole(std::span<const std::size_t> path) {
    if (converted_.empty()) return end_path(path, 1, 0);
    std::optional<double> conversions, value;
    for (const std::size_t r : path) {
      if (!std::isnan(converted_[r])) {
        const double number = conversions_at(r);
        if (conversions && *conversions != number)
          refuse(
              r, columns_.converted,
              "differs from the rows before of its journey: it is taken to be of the journey; where it is of "
              "single touches say converted_per=\"touch\"");
        conversions = number;
      }
      if (!value_.empty() && !std::isnan(value_[r])) {
        const double number = value_at(r);
        if (value && *value != number)
          refuse(
              r, columns_.value,
              "differs from the rows before of its journey: it is taken to be of the journey; where it is of "
              "single touches say converted_per=\"touch\"");
        value = number;
      }
    }
    if (conversions.value_or(0) == 0 && value.value_or(0) != 0)
      refuse(path.front(), columns_.value, "has a value without a conversion");
    if (conversions.value_or(0) > 0 && !value_.empty() && !value)
      refuse(path.front(), columns_.value, "is missing, and the journey has conversions");
    end_path(path, conversions.value_or(0), value.value_or(0));
  }
  void cut(std::span<const std::size_t> path) {
    std::size_t first = 0;
    for (std::size_t i = 0; i < path.size(); ++i) {
      const double conversions = conversions_at(path[i]);
      const double value = value_at(path[i]);
      if (conversions == 0) {
        if (value != 0) refuse(path[i], columns_.value, "has a value without a conversion");
        continue;
      }
      if (!value_.empty() && std::isnan(value_[path[i]]))
        refuse(path[i], columns_.value, "is missing, and the touch has conversions");
      end_path(path.subspan(first, i + 1 - first), conversions, value);
      first = i + 1;
    }
    if (first < path.size()) end_path(path.subspan(first), 0, 0);
  }

  const fit::Columns& table_;
  const TouchOptions& columns_;
  std::size_t rows_;
  std::vector<std::int64_t> journey_;
  std::span<const std::int32_t> codes_;
  std::vector<std::int32_t> own_codes_;
  std::span<const fit::Tick> ticks_;
  std::span<const double> days_;
  std::vector<double> own_days_;
  std::span<const double> converted_, value_;
  std::vector<std::size_t> order_;  // rows by journey and time; empty: they are in that order
  Journeys journeys_;
};

}  // namespace detail

FUNNELGRAPH_INLINE Journeys read_touches(const fit::Columns& touches, const TouchOptions& columns) {
  return detail::TouchReader(touches, columns).read();
}

FUNNELGRAPH_INLINE ChannelAttribution attribute_channels(const fit::Columns& touches, TouchOptions columns,
                                                         AttributionOptions options,
                                                         const Execution& execution) {
  columns.ages = std::find(options.methods.begin(), options.methods.end(), AttributionMethod::time_decay) !=
                 options.methods.end();
  const Journeys journeys = read_touches(touches, columns);
  for (const auto& [channel, owner] : journeys.owners) options.owners.try_emplace(channel, owner);
  return attribute_channels(journeys.paths(), options, execution);
}

}  // namespace funnelgraph::inline v0
