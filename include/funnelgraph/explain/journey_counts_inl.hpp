// Definitions of journey_counts.hpp.
#pragma once

#include <algorithm>
#include <cmath>
#include <mutex>
#include <optional>
#include <span>
#include <string_view>
#include <utility>

#include <funnelgraph/core/error.hpp>
#include <funnelgraph/core/shown.hpp>
#include <funnelgraph/explain/detail/channel_names.hpp>
#include <funnelgraph/explain/detail/journey_tally.hpp>
#include <funnelgraph/explain/detail/kept_paths.hpp>
#include <funnelgraph/explain/detail/path_scanner.hpp>
#include <funnelgraph/explain/journey_counts.hpp>

namespace funnelgraph::inline v0 {

namespace detail {

inline constexpr std::uint32_t highest_order = 16;
inline constexpr std::size_t least_replications = 100;
/// Rows that a thread takes at a time.
inline constexpr std::size_t rows_at_a_time = std::size_t{1} << 14U;
/// Journeys times touches that a count holds safely.
inline constexpr double most_touches = 0x1p62;

inline AttributionOptions checked(AttributionOptions options) {
  const auto refuse = [](const char* option, const std::string& given, const std::string& allowed) {
    throw InvalidValueError(std::string("attribute_channels(") + option + "=)", given, allowed);
  };
  if (options.methods.empty()) refuse("method", "none", "at least one method");
  for (std::size_t i = 0; i < options.methods.size(); ++i) {
    if (std::find(options.methods.begin(), options.methods.begin() + static_cast<std::ptrdiff_t>(i),
                  options.methods[i]) != options.methods.begin() + static_cast<std::ptrdiff_t>(i))
      refuse("method", "one method twice", "each method once");
  }
  const CreditRules& rules = options.rules;
  if (rules.order < 1 || rules.order > highest_order)
    refuse("order", std::to_string(rules.order), "a whole number from 1 to " + std::to_string(highest_order));
  if (rules.half_life && !(*rules.half_life > 0 && std::isfinite(*rules.half_life)))
    refuse("half_life", shown(*rules.half_life), "a finite number > 0");
  const PositionWeights& p = rules.position;
  for (const double weight : {p.first, p.middle, p.last}) {
    if (!(weight >= 0 && std::isfinite(weight))) refuse("position", shown(weight), "finite weights >= 0");
  }
  if (!(p.first + p.middle + p.last > 0)) refuse("position", "only zeros", "a weight > 0");
  const CreditIntervals& intervals = options.intervals;
  if (intervals.replications > 0 && intervals.replications < least_replications)
    refuse("bootstrap", std::to_string(intervals.replications),
           "0, or at least " + std::to_string(least_replications) + " replications");
  if (!(intervals.level > 0 && intervals.level < 1)) refuse("level", shown(intervals.level), "(0, 1)");
  return options;
}

/// Names and counts that one thread fills.
struct JourneyCounter {
  JourneyCounter(const MethodSet& methods, const CreditRules& rules) : tally(methods, rules) {}

  ChannelNames names;
  JourneyTally tally;
  KeptPaths kept;
  std::uint64_t idle_rows = 0;
  double touches = 0;
  std::vector<std::uint32_t> path;

  void count(const CountedPath& row, std::uint32_t channels, bool has_value, bool keep) {
    tally.add(row, channels, has_value);
    if (keep) kept.add(row);
  }
  void merge(const JourneyCounter& other) {
    std::vector<std::uint32_t> here;
    for (const std::string& name : other.names.names()) here.push_back(names.code(name));
    tally.merge(other.tally, here, names.size());
    kept.merge(other.kept, here);
    idle_rows += other.idle_rows;
    touches += other.touches;
  }
};

/// The numbers of a row, checked.
class EndsReader {
 public:
  EndsReader(const JourneyEnds& ends, const JourneyNames& names, std::size_t rows)
      : ends_(ends), names_(names) {
    const auto check = [&](std::span<const double> numbers, const std::string& column) {
      if (!numbers.empty() && numbers.size() != rows)
        throw DataError(
            names.source, 0, column,
            "has " + std::to_string(numbers.size()) + " rows, there are " + std::to_string(rows) + " paths");
    };
    check(ends.conversions, names.conversions);
    check(ends.nulls, names.nulls);
    check(ends.values, names.value);
  }

  void read(std::size_t row, CountedPath& into) const {
    into.conversions = ends_.conversions.empty() ? 1 : whole(ends_.conversions[row], row, names_.conversions);
    into.nulls = ends_.nulls.empty() ? 0 : whole(ends_.nulls[row], row, names_.nulls);
    if (ends_.values.empty()) return;
    const double value = ends_.values[row];
    into.value = value;
    if (into.conversions > 0) {
      if (std::isnan(value)) refuse(row, names_.value, "is missing, and the row has conversions");
      if (std::isinf(value)) refuse(row, names_.value, "is not finite");
    } else if (value != 0 && !std::isnan(value)) {
      refuse(row, names_.value, "has a value without a conversion");
    }
  }
  [[noreturn]] void refuse(std::size_t row, const std::string& column, const std::string& why) const {
    throw DataError(names_.source, names_.first_row + row, column, why);
  }

 private:
  [[nodiscard]] std::uint64_t whole(double number, std::size_t row, const std::string& column) const {
    if (number >= 0 && number <= 0x1p53) {
      const auto count = static_cast<std::uint64_t>(number);
      if (static_cast<double>(count) == number) return count;
    }
    if (std::isnan(number)) refuse(row, column, "is missing: a whole number of journeys is wanted");
    if (number < 0) refuse(row, column, "is negative: a whole number of journeys, 0 or more, is wanted");
    refuse(row, column, number > 0x1p53 ? "is more than 2^53" : "is not a whole number");
  }

  const JourneyEnds& ends_;
  const JourneyNames& names_;
};

/// Refuses a table of which no path has the separator while most have another one. A table where one of the
/// first rows has it costs nothing.
inline void check_separator(const PathTable& table, const PathScanner& scanner, const EndsReader& ends) {
  for (const std::string_view path : table.paths) {
    if (scanner.contains_separator(path)) return;
  }
  std::size_t others = 0, first = 0;
  for (std::size_t row = 0; row < table.paths.size(); ++row) {
    if (other_separator(table.paths[row]).empty()) continue;
    if (others++ == 0) first = row;
  }
  if (2 * others > table.paths.size())
    ends.refuse(first, table.names.path,
                "no path has the separator \"" + shown(table.separator) + "\", but most have \"" +
                    std::string(other_separator(table.paths[first])) + "\": say separator=");
}

}  // namespace detail

struct JourneyCounts::State {
  AttributionOptions options;
  detail::MethodSet methods;
  detail::JourneyCounter counter;
  std::optional<bool> has_value, has_ages;
  JourneyNames names;  // of the last table

  explicit State(AttributionOptions given)
      : options(detail::checked(std::move(given))),
        methods(options.methods),
        counter(methods, options.rules) {}

  [[nodiscard]] bool keeps_paths() const noexcept { return options.intervals.replications > 0; }

  /// Runs count(counter, first row, last row) over all rows, with a counter for each thread, and joins them.
  template <class Count>
  std::size_t run(std::size_t rows, bool with_values, bool with_ages, const JourneyNames& table,
                  const Execution& execution, const Count& count) {
    if (rows == 0) return 0;
    if (has_value && *has_value != with_values)
      throw DataError(
          table.source, 0, table.value,
          *has_value ? "is missing, and tables before had values" : "has values, and tables before had none");
    if (has_ages && *has_ages != with_ages)
      throw DataError(table.source, 0, table.path,
                      "has no times of touches, or is the first that has them: time decay needs one kind");
    std::mutex mutex;
    std::vector<std::unique_ptr<detail::JourneyCounter>> all;
    std::vector<detail::JourneyCounter*> idle;
    const auto take = [&] {
      const std::lock_guard lock(mutex);
      if (idle.empty()) {
        all.push_back(std::make_unique<detail::JourneyCounter>(methods, options.rules));
        return all.back().get();
      }
      detail::JourneyCounter* counter = idle.back();
      idle.pop_back();
      return counter;
    };
    Execution own = execution;
    if (keeps_paths()) own.threads = 1;  // paths are kept in their order
    const std::size_t done = parallel_for(
        rows, detail::rows_at_a_time,
        [&](std::size_t first, std::size_t last, std::size_t) {
          detail::JourneyCounter* const mine = take();
          count(*mine, first, last);
          if (mine->touches > detail::most_touches)
            throw DataError(table.source, 0, table.conversions, "adds up to more than 2^62 touches");
          const std::lock_guard lock(mutex);
          idle.push_back(mine);
        },
        own);
    double touches = counter.touches;
    for (const auto& each : all) touches += each->touches;
    if (touches > detail::most_touches)
      throw DataError(table.source, 0, table.conversions, "adds up to more than 2^62 touches");
    for (const auto& each : all) counter.merge(*each);
    has_value = with_values;
    has_ages = with_ages;
    names = table;
    return done;
  }

  /// Codes of counted channels, by name.
  [[nodiscard]] std::vector<std::uint32_t> sorted_channels() const {
    const std::vector<std::string>& all = counter.names.names();
    std::vector<std::uint32_t> codes;
    for (std::uint32_t c = 0; c < counter.tally.touched.size(); ++c) {
      if (counter.tally.touched[c] > 0) codes.push_back(c);
    }
    std::sort(codes.begin(), codes.end(), [&](std::uint32_t a, std::uint32_t b) { return all[a] < all[b]; });
    return codes;
  }
  /// By code: the place in `sorted`.
  [[nodiscard]] std::vector<std::uint32_t> places(std::span<const std::uint32_t> sorted) const {
    std::vector<std::uint32_t> place(
        std::max<std::size_t>(counter.names.size(), counter.tally.touched.size()), 0);
    for (std::uint32_t i = 0; i < sorted.size(); ++i) place[sorted[i]] = i;
    return place;
  }
};

FUNNELGRAPH_INLINE JourneyCounts::JourneyCounts(AttributionOptions options)
    : state_(std::make_unique<State>(std::move(options))) {}
FUNNELGRAPH_INLINE JourneyCounts::~JourneyCounts() = default;
FUNNELGRAPH_INLINE JourneyCounts::JourneyCounts(JourneyCounts&&) noexcept = default;
FUNNELGRAPH_INLINE JourneyCounts& JourneyCounts::operator=(JourneyCounts&&) noexcept = default;

FUNNELGRAPH_INLINE std::size_t JourneyCounts::add(const PathTable& table, const Execution& execution) {
  const detail::PathScanner scanner(table.separator);
  const detail::EndsReader ends(table.ends, table.names, table.paths.size());
  const bool with_values = !table.ends.values.empty();
  const bool keep = state_->keeps_paths();
  detail::check_separator(table, scanner, ends);
  return state_->run(
      table.paths.size(), with_values, false, table.names, execution,
      [&](detail::JourneyCounter& counter, std::size_t first, std::size_t last) {
        detail::CountedPath row;
        for (std::size_t r = first; r < last; ++r) {
          ends.read(r, row);
          counter.path.clear();
          try {
            scanner.split(table.paths[r], [&](std::string_view name) {
              if (name.empty()) {
                ends.refuse(r, table.names.path,
                            table.paths[r].find_first_not_of(" \t") == std::string_view::npos
                                ? "is an empty path"
                                : "has a touch without a name: two separators, or one at an end");
              }
              counter.path.push_back(counter.names.code(name));
            });
          } catch (const InvalidValueError&) {
            ends.refuse(r, table.names.path, "has a channel that is not plain UTF-8 text");
          }
          if (row.conversions + row.nulls == 0) {
            ++counter.idle_rows;
            continue;
          }
          counter.touches +=
              static_cast<double>(row.conversions + row.nulls) * static_cast<double>(counter.path.size());
          row.path = counter.path;
          counter.count(row, counter.names.size(), with_values, keep);
        }
      });
}

FUNNELGRAPH_INLINE std::size_t JourneyCounts::add(const CodedPaths& table, const Execution& execution) {
  const std::size_t rows = table.rows();
  const detail::EndsReader ends(table.ends, table.names, rows);
  const JourneyNames& names = table.names;
  if (rows > 0 && table.begin.back() > table.codes.size())
    throw DataError(names.source, 0, names.path, "ends behind its codes");
  if (!table.ages.empty() && table.ages.size() != table.codes.size())
    throw DataError(names.source, 0, names.path, "has other numbers of ages and of touches");
  // Spellings of one channel are joined.
  detail::ChannelNames channels;
  std::vector<std::uint32_t> code_of;
  for (const std::string& name : table.channels) {
    if (name.empty()) throw DataError(names.source, 0, names.path, "has a channel without a name");
    try {
      code_of.push_back(channels.code(name));
    } catch (const InvalidValueError&) {
      throw DataError(names.source, 0, names.path, "has a channel that is not plain UTF-8 text");
    }
  }
  const bool with_values = !table.ends.values.empty();
  const bool keep = state_->keeps_paths();
  const bool with_ages = !table.ages.empty() && state_->methods.has(AttributionMethod::time_decay);
  const std::size_t known = code_of.size();
  return state_->run(rows, with_values, with_ages, names, execution,
                     [&](detail::JourneyCounter& counter, std::size_t first, std::size_t last) {
                       if (counter.names.size() == 0) {
                         for (const std::string& name : channels.names()) counter.names.code(name);
                       }
                       const std::uint32_t count = channels.size();
                       detail::CountedPath row;
                       for (std::size_t r = first; r < last; ++r) {
                         ends.read(r, row);
                         const std::uint64_t from = table.begin[r], to = table.begin[r + 1];
                         if (from > to || to > table.codes.size())
                           ends.refuse(r, names.path, "begins behind its end");
                         if (from == to) ends.refuse(r, names.path, "is an empty path");
                         const std::size_t length = to - from;
                         if (counter.path.size() < length) counter.path.resize(length);
                         for (std::size_t i = 0; i < length; ++i) {
                           const std::uint32_t code = table.codes[from + i];
                           if (code >= known)
                             ends.refuse(r, names.path,
                                         "has code " + std::to_string(static_cast<std::int32_t>(code)) +
                                             ", there are " + std::to_string(known) + " channels");
                           counter.path[i] = code_of[code];
                         }
                         if (with_ages) {
                           for (std::size_t i = 0; i < length; ++i) {
                             const double age = table.ages[from + i];
                             if (!(age >= 0 && std::isfinite(age)))
                               ends.refuse(r, names.path, "has a touch whose age is not finite and >= 0");
                           }
                           row.ages = table.ages.subspan(from, length);
                         }
                         if (row.conversions + row.nulls == 0) {
                           ++counter.idle_rows;
                           continue;
                         }
                         counter.touches +=
                             static_cast<double>(row.conversions + row.nulls) * static_cast<double>(length);
                         row.path = std::span(counter.path).first(length);
                         counter.count(row, count, with_values, keep);
                       }
                     });
}

FUNNELGRAPH_INLINE JourneyCounts& JourneyCounts::merge(const JourneyCounts& other) {
  State& mine = *state_;
  const State& theirs = *other.state_;
  const CreditRules &a = mine.options.rules, &b = theirs.options.rules;
  if (mine.methods != theirs.methods || a.order != b.order || a.half_life != b.half_life ||
      a.position != b.position || mine.keeps_paths() != theirs.keeps_paths())
    throw InvalidValueError("merge of journey counts", "other methods or rules",
                            "counts with the same methods, rules and wish for intervals");
  if (mine.has_value && theirs.has_value && mine.has_value != theirs.has_value)
    throw InvalidValueError("merge of journey counts", "values on one side only",
                            "values on both or on none");
  if (mine.has_ages && theirs.has_ages && mine.has_ages != theirs.has_ages)
    throw InvalidValueError("merge of journey counts", "times on one side only", "times on both or on none");
  mine.counter.merge(theirs.counter);
  if (!mine.has_value) {
    mine.has_value = theirs.has_value;
    mine.has_ages = theirs.has_ages;
    mine.names = theirs.names;
  }
  return *this;
}

FUNNELGRAPH_INLINE const AttributionOptions& JourneyCounts::options() const noexcept {
  return state_->options;
}
FUNNELGRAPH_INLINE std::uint64_t JourneyCounts::conversions() const noexcept {
  return state_->counter.tally.conversions;
}
FUNNELGRAPH_INLINE std::uint64_t JourneyCounts::nulls() const noexcept { return state_->counter.tally.nulls; }

FUNNELGRAPH_INLINE std::vector<std::string> JourneyCounts::channels() const {
  std::vector<std::string> names;
  for (const std::uint32_t c : state_->sorted_channels()) names.push_back(state_->counter.names.names()[c]);
  return names;
}

FUNNELGRAPH_INLINE JourneyChain JourneyCounts::chain() const {
  if (!state_->methods.has(AttributionMethod::markov)) return {};
  const std::vector<std::uint32_t> sorted = state_->sorted_channels();
  return state_->counter.tally.transitions().chain(state_->places(sorted),
                                                   static_cast<std::uint32_t>(sorted.size()));
}

}  // namespace funnelgraph::inline v0
