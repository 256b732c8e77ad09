#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

#include <funnelgraph/core/error.hpp>
#include <funnelgraph/fit/statistics.hpp>
#include <funnelgraph/fit/tally.hpp>

namespace funnelgraph::inline v0::fit {

namespace detail {

/// Statistics as bytes: this word, the payload, the payload's fingerprint.
inline constexpr std::string_view saved_word = "funnelgraph statistics 2\n";
/// Format 1 had no squares of measures.
inline constexpr std::string_view saved_word_1 = "funnelgraph statistics 1\n";

// One list of fields a struct serves both directions.
inline auto fields(StageColumn& x) { return std::tie(x.stage, x.column); }
inline auto fields(MilestoneOptions& x) {
  return std::tie(x.journey, x.stages, x.outcomes, x.lost, x.status, x.statuses, x.lost_at, x.reasons,
                  x.amount, x.cost, x.measures, x.segment, x.person, x.until, x.silence, x.durations,
                  x.keep_journeys);
}
inline auto fields(EventOptions& x) {
  return std::tie(x.journey, x.stage, x.time, x.ties, x.tie_column, x.outcomes, x.end, x.stages, x.amount,
                  x.cost, x.measures, x.segment, x.person, x.until, x.silence, x.durations, x.keep_journeys);
}
inline auto fields(WideUnsigned& x) { return std::tie(x.limbs[0], x.limbs[1], x.limbs[2], x.limbs[3]); }
inline auto fields(LagTally& x) { return std::tie(x.number, x.sum, x.squares, x.histogram); }
inline auto fields(MeasureTally& x) { return std::tie(x.sum, x.number, x.squares, x.squared); }
inline auto fields(StageTally& x) {
  return std::tie(x.entered, x.started, x.open, x.dropped, x.visited, x.starting);
}
inline auto fields(TransitionKey& x) { return std::tie(x.from, x.to, x.reason); }
inline auto fields(TransitionTally& x) { return std::tie(x.count, x.lag); }
inline auto fields(Tally& x) { return std::tie(x.stages, x.transitions, x.cycles); }
inline auto fields(Visit& x) { return std::tie(x.stage, x.tick); }
inline auto fields(Journey& x) {
  return std::tie(x.segment, x.person, x.first, x.path, x.measures, x.end, x.reason, x.end_tick, x.notes);
}
inline auto fields(StageEntry& x) { return std::tie(x.name, x.rank, x.outcome); }
inline auto fields(Fingerprint& x) { return std::tie(x.low, x.high); }
inline auto fields(Notes::Entry& x) { return std::tie(x.count, x.rows); }
inline auto fields(StatisticsContent& x) {
  return std::tie(x.reader, x.milestones, x.events, x.durations, x.keeps_journeys, x.stages, x.segments,
                  x.persons, x.reasons, x.measures, x.reason_owners, x.tallies, x.person_tallies, x.live,
                  x.closed, x.notes, x.first, x.last);
}

template <class T>
concept HasFields = requires(T& x) { fields(x); };
template <class T>
inline constexpr bool is_optional = false;
template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;

class ByteWriter {
 public:
  std::string bytes;

  template <class T>
  void put(const T& value) {
    if constexpr (std::is_same_v<T, bool> || std::is_integral_v<T> || std::is_enum_v<T>) {
      word(static_cast<std::uint64_t>(value));
    } else if constexpr (std::is_same_v<T, double>) {
      word(std::bit_cast<std::uint64_t>(value));
    } else if constexpr (std::is_same_v<T, std::string>) {
      word(value.size());
      bytes += value;
    } else if constexpr (std::is_same_v<T, ExactSum>) {
      put(value.parts());
    } else if constexpr (std::is_same_v<T, Notes>) {
      word(value.entries().size());
      for (const auto& [code, entry] : value.entries()) {
        put(code);
        put(entry);
      }
    } else if constexpr (is_optional<T>) {
      put(value.has_value());
      if (value) put(*value);
    } else if constexpr (HasFields<T>) {
      std::apply([&](auto&... field) { (put(field), ...); }, fields(const_cast<T&>(value)));
    } else if constexpr (requires { typename T::hasher; }) {
      // Hash tables in order of their keys: equal content gives equal bytes.
      std::vector<const typename T::value_type*> items;
      for (const auto& item : value) items.push_back(&item);
      const auto key = [](const T::value_type* item) -> const Fingerprint& {
        if constexpr (requires { typename T::mapped_type; }) {
          return item->first;
        } else {
          return *item;
        }
      };
      std::ranges::sort(items, [&](const auto* a, const auto* b) { return key(a) < key(b); });
      word(items.size());
      for (const auto* item : items) put(*item);
    } else if constexpr (requires { value.first; }) {
      put(value.first);
      put(value.second);
    } else {
      word(value.size());
      for (const auto& item : value) put(item);
    }
  }

 private:
  void word(std::uint64_t value) {
    for (int i = 0; i < 8; ++i) bytes += static_cast<char>((value >> (8 * i)) & 0xFFU);
  }
};

class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes, int format = 2) : bytes_(bytes), format_(format) {}
  [[nodiscard]] bool at_end() const noexcept { return bytes_.empty(); }
  [[noreturn]] static void refuse(const char* why) { throw DataError("saved statistics", 0, "", why); }

  template <class T>
  void get(T& value) {
    if constexpr (std::is_same_v<T, bool> || std::is_integral_v<T> || std::is_enum_v<T>) {
      value = static_cast<T>(word());
    } else if constexpr (std::is_same_v<T, double>) {
      value = std::bit_cast<double>(word());
    } else if constexpr (std::is_same_v<T, std::string>) {
      const std::size_t size = length();
      value = std::string(bytes_.substr(0, size));
      bytes_.remove_prefix(size);
    } else if constexpr (std::is_same_v<T, ExactSum>) {
      std::vector<double> parts;
      get(parts);
      for (const double part : parts) value.add(part);
    } else if constexpr (std::is_same_v<T, Notes>) {
      for (std::size_t left = length(); left > 0; --left) {
        std::string code;
        Notes::Entry entry;
        get(code);
        get(entry);
        value.add(code, entry.count, entry.rows);
      }
    } else if constexpr (is_optional<T>) {
      bool given = false;
      get(given);
      if (given) get(value.emplace());
    } else if constexpr (HasFields<T>) {
      if constexpr (std::is_same_v<T, MeasureTally>) {
        if (format_ == 1) {
          get(value.sum);
          get(value.number);
          return;
        }
      }
      std::apply([&](auto&... field) { (get(field), ...); }, fields(value));
    } else if constexpr (requires { typename T::mapped_type; }) {
      for (std::size_t left = length(); left > 0; --left) {
        typename T::key_type key{};
        typename T::mapped_type mapped{};
        get(key);
        get(mapped);
        value.emplace(std::move(key), std::move(mapped));
      }
    } else if constexpr (requires { typename T::key_type; }) {
      for (std::size_t left = length(); left > 0; --left) {
        typename T::key_type key{};
        get(key);
        value.insert(std::move(key));
      }
    } else {
      for (std::size_t left = length(); left > 0; --left) get(value.emplace_back());
    }
  }

 private:
  std::uint64_t word() {
    if (bytes_.size() < 8) refuse("ends too soon");
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < 8; ++i) {
      value |= static_cast<std::uint64_t>(static_cast<unsigned char>(bytes_[i])) << (8 * i);
    }
    bytes_.remove_prefix(8);
    return value;
  }
  /// A number of things that take at least a byte each.
  std::size_t length() {
    const std::uint64_t size = word();
    if (size > bytes_.size()) refuse("ends too soon");
    return static_cast<std::size_t>(size);
  }
  std::string_view bytes_;
  int format_;
};

/// Whether every position points at something.
inline bool holds_together(const StatisticsContent& content) {
  const std::size_t stages = content.stages.size(), measures = content.measures.size();
  const auto end = [&](std::uint32_t to) {
    return to < stages || to == lost_end || to == screened_end || to == silent_end;
  };
  const auto tally = [&](const Tally& x, std::size_t with_measures) {
    return x.stages.size() == stages &&
           std::ranges::all_of(x.stages,
                               [&](const StageTally& stage) {
                                 return stage.visited.size() == with_measures &&
                                        stage.starting.size() == with_measures && stage.open <= stage.entered;
                               }) &&
           std::ranges::all_of(x.transitions,
                               [&](const auto& item) {
                                 const TransitionKey& key = item.first;
                                 return key.from < stages && end(key.to) &&
                                        (key.reason == nowhere || key.reason < content.reasons.size());
                               }) &&
           std::ranges::all_of(x.cycles, [&](const auto& item) { return end(item.first); });
  };
  const auto journey = [&](const Journey& x) {
    return x.segment < content.segments.size() &&
           (x.person == nowhere || x.person < content.persons.size()) && !x.path.empty() &&
           (x.measures.empty() || x.measures.size() == measures) &&
           std::ranges::all_of(
               x.path, [&](const Visit& visit) { return visit.stage < stages; }) &&
           (x.end == open_end || x.end == dropped_end || x.end == silent_end);
  };
  return content.reader <= Reader::events && content.durations <= Durations::log &&
         content.tallies.size() == content.segments.size() &&
         content.person_tallies.size() == content.persons.size() &&
         std::ranges::all_of(content.tallies, [&](const Tally& x) { return tally(x, measures); }) &&
         std::ranges::all_of(content.person_tallies, [&](const Tally& x) { return tally(x, 0); }) &&
         std::ranges::all_of(content.live, [&](const auto& item) { return journey(item.second); });
}

}  // namespace detail

FUNNELGRAPH_INLINE std::string Statistics::save() const {
  detail::ByteWriter writer;
  writer.put(*content_);
  detail::ByteWriter seal;
  seal.put(fingerprint(std::string_view(writer.bytes)));
  return std::string(detail::saved_word) + writer.bytes + seal.bytes;
}

FUNNELGRAPH_INLINE Statistics Statistics::load(std::string_view bytes) {
  constexpr std::size_t seal_size = 16;
  const int format = bytes.starts_with(detail::saved_word_1) ? 1 : 2;
  if (format == 2 && !bytes.starts_with(detail::saved_word))
    detail::ByteReader::refuse("does not begin as saved statistics of format 1 or 2 do");
  bytes.remove_prefix(detail::saved_word.size());
  if (bytes.size() < seal_size) detail::ByteReader::refuse("ends too soon");
  const std::string_view payload = bytes.substr(0, bytes.size() - seal_size);
  Fingerprint seal;
  detail::ByteReader(bytes.substr(payload.size())).get(seal);
  if (seal != fingerprint(payload)) detail::ByteReader::refuse("was changed since it was saved");
  detail::ByteReader reader(payload, format);
  StatisticsContent content;
  reader.get(content);
  if (!reader.at_end() || !detail::holds_together(content))
    detail::ByteReader::refuse("does not hold together");
  return Statistics(std::move(content));
}

}  // namespace funnelgraph::inline v0::fit
