#pragma once

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <unordered_map>
#include <utility>

#include <funnelgraph/core/error.hpp>
#include <funnelgraph/core/names.hpp>
#include <funnelgraph/fit/reading.hpp>
#include <funnelgraph/fit/tally.hpp>
#include <funnelgraph/fit/trimmed.hpp>
#include <funnelgraph/model/reserved_names.hpp>

namespace funnelgraph::inline v0::fit::detail {

inline std::string decimal(std::int64_t value) {
  std::array<char, 24> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value);
  return {text.data(), end.ptr};
}

/// A double that is a whole number (pandas turns whole numbers with gaps into doubles); `no_tick` = missing.
inline std::int64_t whole(const Columns& table, const std::string& column, std::size_t row, double value) {
  if (std::isnan(value)) return no_tick;
  constexpr double most = 9007199254740992.0;  // 2^53
  if (value != std::floor(value) || std::abs(value) > most) {
    throw DataError(table.source(), table.row_number(row), column,
                    "is not a whole number; ids and labels are text or whole");
  }
  return static_cast<std::int64_t>(value);
}

[[noreturn]] inline void refuse_dates(const Columns& table, const std::string& column) {
  throw DataError(table.source(), 0, column, "holds dates, text or whole numbers are wanted");
}

/// Text with blanks for control characters and none around it, in NFC.
inline std::string tidy(const Columns& table, const std::string& column, std::size_t row,
                        const std::string& name) {
  std::string text = name;
  for (char& letter : text) {
    const auto code = static_cast<unsigned char>(letter);
    if (code < 0x20 || code == 0x7F) letter = ' ';
  }
  try {
    return normalise_name(trimmed(text));
  } catch (const InvalidValueError&) {
    throw DataError(table.source(), row, column, "is not valid UTF-8 text");
  }
}

FUNNELGRAPH_INLINE Labels read_labels(const Columns& table, const std::string& column) {
  Labels labels;
  labels.rows.assign(table.rows(), nowhere);
  std::unordered_map<std::string, std::uint32_t> places;
  const auto place_of = [&](std::string name) {
    const auto [at, added] =
        places.try_emplace(std::move(name), static_cast<std::uint32_t>(labels.names.size()));
    if (added) labels.names.push_back(at->first);
    return at->second;
  };
  const Column& found = table.column(column);
  if (const auto* text = std::get_if<Categories>(&found)) {
    constexpr std::uint32_t unseen = nowhere - 1;
    std::vector<std::uint32_t> of_code(text->names.size(), unseen);
    for (std::size_t row = 0; row < table.rows(); ++row) {
      if (text->codes[row] < 0) continue;
      const auto code = static_cast<std::size_t>(text->codes[row]);
      if (of_code[code] == unseen) {
        std::string name = tidy(table, column, table.row_number(row), text->names[code]);
        of_code[code] = name.empty() ? nowhere : place_of(std::move(name));
      }
      labels.rows[row] = of_code[code];
    }
    return labels;
  }
  if (std::holds_alternative<Times>(found)) refuse_dates(table, column);
  std::unordered_map<std::int64_t, std::uint32_t> of_value;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const auto* integers = std::get_if<Integers>(&found);
    const std::int64_t value = integers != nullptr
                                   ? integers->values[row]
                                   : whole(table, column, row, std::get<Numbers>(found).values[row]);
    if (value == no_tick) continue;
    const auto [at, added] = of_value.try_emplace(value, 0U);
    if (added) at->second = place_of(decimal(value));
    labels.rows[row] = at->second;
  }
  return labels;
}

FUNNELGRAPH_INLINE Ids read_ids(const Columns& table, const std::string& column) {
  Ids ids;
  ids.rows.reserve(table.rows());
  std::unordered_map<Fingerprint, std::uint32_t, FingerprintHash> places;
  const auto place_of = [&](const Fingerprint& id) {
    const auto [at, added] = places.try_emplace(id, static_cast<std::uint32_t>(ids.ids.size()));
    if (added) ids.ids.push_back(id);
    return at->second;
  };
  const auto missing = [&](std::size_t row) {
    return DataError(table.source(), table.row_number(row), column, "the id of a journey is missing");
  };
  const Column& found = table.column(column);
  if (const auto* text = std::get_if<Categories>(&found)) {
    std::vector<std::uint32_t> of_code(text->names.size(), nowhere);
    for (std::size_t row = 0; row < table.rows(); ++row) {
      if (text->codes[row] < 0) throw missing(row);
      const auto code = static_cast<std::size_t>(text->codes[row]);
      if (text->names[code].empty()) throw missing(row);
      if (of_code[code] == nowhere)
        of_code[code] = place_of(fingerprint(std::string_view(text->names[code])));
      ids.rows.push_back(of_code[code]);
    }
    return ids;
  }
  if (std::holds_alternative<Times>(found)) refuse_dates(table, column);
  std::unordered_map<std::int64_t, std::uint32_t> of_value;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const auto* integers = std::get_if<Integers>(&found);
    const std::int64_t value = integers != nullptr
                                   ? integers->values[row]
                                   : whole(table, column, row, std::get<Numbers>(found).values[row]);
    if (value == no_tick) throw missing(row);
    const auto [at, added] = of_value.try_emplace(value, 0U);
    if (added) at->second = place_of(fingerprint(value));
    ids.rows.push_back(at->second);
  }
  return ids;
}

FUNNELGRAPH_INLINE std::span<const Tick> read_times(const Columns& table, const std::string& column) {
  const std::span<const Tick> ticks = table.times(column).ticks;
  for (std::size_t row = 0; row < ticks.size(); ++row) {
    if (ticks[row] != no_tick && (ticks[row] < earliest_tick || ticks[row] > latest_tick)) {
      throw DataError(table.source(), table.row_number(row), column, "lies outside the years 1 to 9999");
    }
  }
  return ticks;
}

FUNNELGRAPH_INLINE Measure read_measure(const Columns& table, std::string name, const std::string& column) {
  Measure measure{std::move(name), {}, {}};
  if (const auto* integers = std::get_if<Integers>(&table.column(column))) {
    measure.owned.reserve(table.rows());
    for (const std::int64_t value : integers->values) {
      measure.owned.push_back(value == no_tick ? std::nan("") : static_cast<double>(value));
    }
    measure.values = measure.owned;
  } else {
    measure.values = table.numbers(column).values;
  }
  for (std::size_t row = 0; row < measure.values.size(); ++row) {
    const double value = measure.values[row];
    if (value < 0) {
      throw DataError(table.source(), table.row_number(row), column,
                      "is negative; money is >= 0, a refund is a cost");
    }
    if (std::isinf(value)) throw DataError(table.source(), table.row_number(row), column, "is infinite");
  }
  return measure;
}

template <class T, class Missing>
std::vector<std::uint64_t> ranks_of(std::span<const T> values, Missing missing) {
  std::vector<T> sorted;
  for (const T& value : values) {
    if (!missing(value)) sorted.push_back(value);
  }
  std::ranges::sort(sorted);
  const auto repeated = std::ranges::unique(sorted);
  sorted.erase(repeated.begin(), repeated.end());
  std::vector<std::uint64_t> ranks;
  ranks.reserve(values.size());
  for (const T& value : values) {
    ranks.push_back(missing(value) ? sorted.size()
                                   : static_cast<std::uint64_t>(std::ranges::lower_bound(sorted, value) -
                                                                sorted.begin()));
  }
  return ranks;
}

FUNNELGRAPH_INLINE std::vector<std::uint64_t> read_ranks(const Columns& table, const std::string& column) {
  const Column& found = table.column(column);
  const auto no_integer = [](std::int64_t value) { return value == no_tick; };
  if (const auto* times = std::get_if<Times>(&found)) return ranks_of(times->ticks, no_integer);
  if (const auto* integers = std::get_if<Integers>(&found)) return ranks_of(integers->values, no_integer);
  if (const auto* numbers = std::get_if<Numbers>(&found)) {
    return ranks_of(numbers->values, [](double value) { return std::isnan(value); });
  }
  const auto& text = std::get<Categories>(found);
  const std::vector<std::uint64_t> of_name = ranks_of(text.names, [](const std::string&) { return false; });
  std::vector<std::uint64_t> ranks;
  ranks.reserve(text.codes.size());
  for (const std::int32_t code : text.codes) {
    ranks.push_back(code < 0 ? of_name.size() : of_name[static_cast<std::size_t>(code)]);
  }
  return ranks;
}

FUNNELGRAPH_INLINE std::string checked_name(std::string_view name, std::string_view what) {
  std::string clean = normalise_name(name);
  if (clean.empty()) throw InvalidValueError(std::string(what), "\"\"", "a name");
  for (const char* reserved : reserved_names) {
    if (clean == reserved) {
      throw InvalidValueError(
          std::string(what), "\"" + clean + "\"",
          "a name that is not reserved (drop_off, leak, siblings, not assigned, between)");
    }
  }
  return clean;
}

}  // namespace funnelgraph::inline v0::fit::detail
