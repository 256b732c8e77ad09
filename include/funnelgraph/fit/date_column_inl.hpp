#pragma once

#include <algorithm>
#include <string_view>

#include <funnelgraph/core/error.hpp>
#include <funnelgraph/fit/date_column.hpp>
#include <funnelgraph/fit/number_column_inl.hpp>

namespace funnelgraph::inline v0::fit {
namespace detail {

/// A date as written: three numbers in the order of the text, and the time of day.
struct DateCell {
  int parts[3] = {0, 0, 0};
  bool year_first = false;
  char separator = 0;
  Tick time = 0;  ///< since midnight of the written day, offset taken off
  bool zoned = false;
};

/// Reads a cell from left to right.
class DateScanner {
 public:
  explicit DateScanner(std::string_view text) : text_(text) {}

  [[nodiscard]] bool at_end() const noexcept { return position_ == text_.size(); }
  [[nodiscard]] char peek() const noexcept { return at_end() ? '\0' : text_[position_]; }
  bool accept(char wanted) noexcept {
    if (at_end() || text_[position_] != wanted) return false;
    ++position_;
    return true;
  }
  /// ASCII letters in either case.
  bool accept_word(std::string_view upper) noexcept {
    if (text_.size() - position_ < upper.size()) return false;
    for (std::size_t i = 0; i < upper.size(); ++i) {
      const char c = text_[position_ + i];
      if (c != upper[i] && c != static_cast<char>(upper[i] + ('a' - 'A'))) return false;
    }
    position_ += upper.size();
    return true;
  }
  bool skip_spaces() noexcept {
    const std::size_t before = position_;
    while (accept(' ')) {
    }
    return position_ != before;
  }
  /// The next run of 1 to `most` digits as a number; returns how many there were, 0 for none or too many.
  int digits(int most, int& value) noexcept {
    int count = 0;
    value = 0;
    for (; is_digit(peek()); ++position_) {
      if (++count > most) return 0;
      value = value * 10 + (peek() - '0');
    }
    return count;
  }

 private:
  std::string_view text_;
  std::size_t position_ = 0;
};

inline constexpr Tick ticks_per_second = 1'000'000;
inline constexpr Tick ticks_per_minute = 60 * ticks_per_second;
inline constexpr Tick ticks_per_hour = 60 * ticks_per_minute;

inline bool scan_day(DateScanner& scanner, DateCell& date) {
  int first = 0;
  const int length = scanner.digits(8, first);
  if (length == 8) {
    date = {{first / 10000, first / 100 % 100, first % 100}, true, '-', 0, false};
    return true;
  }
  const char separator = scanner.peek();
  if (separator != '-' && separator != '/' && separator != '.') return false;
  date.year_first = length == 4;
  if (!date.year_first && (length < 1 || length > 2)) return false;
  date.parts[0] = first;
  date.separator = separator;
  scanner.accept(separator);
  const int second = scanner.digits(2, date.parts[1]);
  if (second == 0 || !scanner.accept(separator)) return false;
  const int third = scanner.digits(4, date.parts[2]);
  return date.year_first ? third == 1 || third == 2 : third == 4;
}

/// Digits behind the second's mark, at least one; false when there is none.
inline bool scan_fraction(DateScanner& scanner, Tick& time) {
  if (!is_digit(scanner.peek())) return false;
  for (Tick unit = ticks_per_second / 10; is_digit(scanner.peek()); unit /= 10) {
    const char digit = scanner.peek();
    scanner.accept(digit);
    time += (digit - '0') * unit;
  }
  return true;
}

inline bool scan_clock(DateScanner& scanner, DateCell& date) {
  int hour = 0, minute = 0, second = 0;
  Tick fraction = 0;
  if (scanner.digits(2, hour) == 0 || !scanner.accept(':')) return false;
  if (scanner.digits(2, minute) != 2 || minute > 59) return false;
  if (scanner.accept(':')) {
    if (scanner.digits(2, second) != 2 || second > 59) return false;
    if ((scanner.accept('.') || scanner.accept(',')) && !scan_fraction(scanner, fraction)) return false;
  }
  scanner.skip_spaces();
  const bool morning = scanner.accept_word("AM");
  const bool afternoon = !morning && scanner.accept_word("PM");
  if (morning || afternoon) {
    if (hour < 1 || hour > 12) return false;
    hour = hour % 12 + (afternoon ? 12 : 0);
  }
  date.time = hour * ticks_per_hour + minute * ticks_per_minute + second * ticks_per_second + fraction;
  return date.time <= ticks_per_day && (hour < 24 || date.time == ticks_per_day);  // 24:00 ends the day
}

inline bool scan_zone(DateScanner& scanner, DateCell& date) {
  scanner.skip_spaces();
  if (scanner.at_end()) return true;
  date.zoned = true;
  if (scanner.accept_word("Z") || scanner.accept_word("UTC") || scanner.accept_word("GMT")) return true;
  const bool west = scanner.peek() == '-';
  if (!scanner.accept('+') && !scanner.accept('-')) return false;
  int hours = 0, minutes = 0;
  const int length = scanner.digits(4, hours);
  if (length == 4) {
    minutes = hours % 100;
    hours /= 100;
  } else if (length != 2 || (scanner.accept(':') && scanner.digits(2, minutes) != 2)) {
    return false;
  }
  if (hours > 23 || minutes > 59) return false;
  const Tick offset = hours * ticks_per_hour + minutes * ticks_per_minute;
  date.time += west ? offset : -offset;
  return true;
}

/// False when `cell` is written in no way that is read.
inline bool scan_date(std::string_view cell, DateCell& date) {
  date = {};
  DateScanner scanner(cell);
  if (!scan_day(scanner, date)) return false;
  if (scanner.at_end()) return true;
  const bool separated = scanner.accept_word("T") || scanner.skip_spaces();
  return separated && scan_clock(scanner, date) && scan_zone(scanner, date) && scanner.at_end();
}

/// Whether a cell is a day's number as spreadsheets store it (46023, 46023.4375) and not a date.
inline bool is_serial_day(std::string_view cell) noexcept {
  constexpr std::size_t digits = 5;  // 1927-05-18 to 2173-10-13
  const std::size_t end = std::min(cell.find_first_of(".,"), cell.size());
  return end == digits && std::ranges::all_of(cell.substr(0, end), is_digit) &&
         (end == cell.size() || std::ranges::all_of(cell.substr(end + 1), is_digit));
}

inline int days_in_month(int year, int month) noexcept {
  constexpr int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  return days[month - 1] + (month == 2 && leap ? 1 : 0);
}

/// Days since 1970-01-01 in the Gregorian calendar. Hinnant, "chrono-compatible low-level date algorithms".
inline Tick days_since_epoch(int year, int month, int day) noexcept {
  const int y = month <= 2 ? year - 1 : year;
  const int era = (y >= 0 ? y : y - 399) / 400;
  const int year_of_era = y - era * 400;
  const int day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
  const int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return Tick{era} * 146097 + day_of_era - 719468;
}

/// The tick, or `no_tick` when there is no such day or it lies outside the years 1 to 9999.
inline Tick tick_of(const DateCell& date, bool day_first) noexcept {
  const int year = date.year_first ? date.parts[0] : date.parts[2];
  const int month = date.year_first ? date.parts[1] : date.parts[day_first ? 1 : 0];
  const int day = date.year_first ? date.parts[2] : date.parts[day_first ? 0 : 1];
  if (year < 1 || month < 1 || month > 12 || day < 1 || day > days_in_month(year, month)) return no_tick;
  const Tick tick = days_since_epoch(year, month, day) * ticks_per_day + date.time;
  return tick < earliest_tick || tick > latest_tick ? no_tick : tick;
}

}  // namespace detail

FUNNELGRAPH_INLINE std::vector<Tick> read_times(std::span<const std::string> cells, const CellPlace& place,
                                                const DateOptions& options) {
  const auto refuse = [&](std::size_t row, const char* why) {
    throw DataError(place.source, place.first_row + row, place.column, why);
  };
  constexpr const char* no_such_date = "there is no such date between the years 1 and 9999";
  const std::size_t none = cells.size();
  std::vector<detail::DateCell> dates(cells.size());
  std::vector<bool> present(cells.size(), false);
  std::optional<bool> day_first = options.day_first;
  std::size_t undecided = none;
  std::optional<bool> zoned;
  for (std::size_t row = 0; row < cells.size(); ++row) {
    const std::string_view cell = detail::trimmed(cells[row]);
    if (cell.empty()) continue;
    detail::DateCell& date = dates[row];
    if (!detail::scan_date(cell, date)) {
      refuse(row, detail::is_serial_day(cell)
                      ? "is a number of days, as spreadsheets store dates: show the column as dates and "
                        "save it again"
                      : "expected a date such as 2024-01-31, 2024-01-31T14:05:00+07:00 or 31/01/2024");
    }
    present[row] = true;
    if (zoned.value_or(date.zoned) != date.zoned) {
      refuse(row, "some times of the column have an offset from UTC and some have none");
    }
    zoned = date.zoned;
    if (date.year_first || options.day_first || date.separator == '.') continue;
    const bool day_can_be_first = detail::tick_of(date, true) != no_tick;
    const bool month_can_be_first = detail::tick_of(date, false) != no_tick;
    if (!day_can_be_first && !month_can_be_first) refuse(row, no_such_date);
    if (day_can_be_first && month_can_be_first) {
      if (date.parts[0] != date.parts[1]) undecided = std::min(undecided, row);
    } else if (day_first.value_or(day_can_be_first) != day_can_be_first) {
      refuse(row, "day and month stand in another order than in rows above");
    } else {
      day_first = day_can_be_first;
    }
  }
  if (undecided != none && !day_first) {
    refuse(undecided, "day and month could be either way round, and no other row decides: say day_first");
  }
  std::vector<Tick> ticks(cells.size(), no_tick);
  for (std::size_t row = 0; row < cells.size(); ++row) {
    if (!present[row]) continue;
    const bool dots = dates[row].separator == '.';
    ticks[row] =
        detail::tick_of(dates[row], dots ? options.day_first.value_or(true) : day_first.value_or(true));
    if (ticks[row] == no_tick) refuse(row, no_such_date);
  }
  return ticks;
}

}  // namespace funnelgraph::inline v0::fit
