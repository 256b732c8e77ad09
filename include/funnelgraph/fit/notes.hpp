// What a fit met on its way: how often, where and what it did about it, never the values.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <funnelgraph/config.hpp>

namespace funnelgraph::inline v0::fit {

/// One kind of remark. `rows` are the first row numbers (1-based over data rows, at most 20) where it
/// was met; after a merge, the smallest of both tables.
struct Note {
  std::string code;     ///< stable: "skipped_stage", "ties", ...
  std::string message;  ///< what it is, what was done, and how often, in English
  std::uint64_t count = 0;
  std::vector<std::uint64_t> rows;
  bool operator==(const Note&) const = default;
};

inline constexpr std::size_t note_rows = 20;

/// Counts by code. Merging adds counts and keeps the smallest row numbers, whatever the order.
class Notes {
 public:
  struct Entry {
    std::uint64_t count = 0;
    std::vector<std::uint64_t> rows;
    bool operator==(const Entry&) const = default;
  };
  void add(std::string_view code, std::uint64_t row);
  /// Adds `count` occurrences at once, `rows` being some of their row numbers.
  void add(std::string_view code, std::uint64_t count, std::span<const std::uint64_t> rows);
  /// Takes back `count` occurrences; their row numbers stay.
  void take_back(std::string_view code, std::uint64_t count);
  void merge(const Notes& other);

  [[nodiscard]] std::uint64_t count(std::string_view code) const noexcept;
  /// One row a code, by code.
  [[nodiscard]] std::vector<Note> table() const;
  [[nodiscard]] const std::map<std::string, Entry, std::less<>>& entries() const noexcept { return entries_; }
  /// By counts: row numbers depend on how a table was cut.
  friend bool operator==(const Notes& a, const Notes& b);

 private:
  std::map<std::string, Entry, std::less<>> entries_;
};

/// The sentence for a code; a code of the form "missing:price" names its measure: noted of journeys,
/// the amount only of those that reached an outcome; in logs of events that are an outcome.
[[nodiscard]] std::string note_message(std::string_view code);

}  // namespace funnelgraph::inline v0::fit

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/fit/notes_inl.hpp>
#endif
