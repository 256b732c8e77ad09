#pragma once

#include <algorithm>
#include <charconv>
#include <limits>
#include <string_view>
#include <system_error>

#include <funnelgraph/core/error.hpp>
#include <funnelgraph/core/utf8.hpp>
#include <funnelgraph/fit/number_column.hpp>
#include <funnelgraph/fit/trimmed.hpp>

namespace funnelgraph::inline v0::fit {
namespace detail {

/// A cell taken apart without knowing the decimal mark: `shape` has a digit or a mark each, spaces and
/// apostrophes between groups as ' '.
struct NumberCell {
  bool negative = false;
  std::string shape;
  std::string exponent;
};

inline bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

/// False when `cell` can be no number under any mark.
inline bool take_apart(std::string_view cell, NumberCell& number) {
  number = {};
  std::size_t position = 0;
  for (bool first = true; position < cell.size(); first = false) {
    const char32_t code = funnelgraph::detail::decode_utf8(cell, position);
    if (first && (code == U'-' || code == U'+' || code == 0x2212)) {
      number.negative = code != U'+';
    } else if ((code >= U'0' && code <= U'9') || code == U'.' || code == U',') {
      number.shape.push_back(static_cast<char>(code));
    } else if (code == U'\'' || code == 0x2019 || is_space_code(code)) {
      number.shape.push_back(' ');
    } else if (code == U'e' || code == U'E') {
      break;
    } else {
      return false;
    }
  }
  bool any_digit = false;
  for (const char c : number.shape) any_digit = any_digit || is_digit(c);
  if (!any_digit) return false;
  const bool has_exponent = position > 0 && (cell[position - 1] == 'e' || cell[position - 1] == 'E');
  if (!has_exponent) return true;
  number.exponent = cell.substr(position);
  std::string_view digits = number.exponent;
  if (!digits.empty() && (digits[0] == '-' || digits[0] == '+')) digits.remove_prefix(1);
  if (digits.empty() || digits.size() > 6) return false;
  for (const char c : digits) {
    if (!is_digit(c)) return false;
  }
  if (number.exponent[0] == '+') number.exponent.erase(0, 1);
  return true;
}

/// The digits of the whole part with the groups checked: false when they are not groups of three with one
/// kind of separator (`other` or space), or start with a zero.
inline bool ungroup(std::string_view whole, char other, std::string& digits) {
  char separator = 0;
  std::size_t group = 0;
  for (const char c : whole) {
    if (is_digit(c)) {
      digits.push_back(c);
      if (separator != 0 && ++group > 3) return false;
      continue;
    }
    if (c != other && c != ' ') return false;
    if (separator == 0 ? digits.empty() || digits.size() > 3 || digits[0] == '0'
                       : c != separator || group != 3) {
      return false;
    }
    separator = c;
    group = 0;
  }
  return separator == 0 || group == 3;
}

/// Plain text for from_chars when `mark` is the decimal mark, or empty when the cell is no number then.
inline std::string plain_number(const NumberCell& number, char mark) {
  const std::string_view shape = number.shape;
  const std::size_t at = shape.find(mark);
  const std::string_view whole = shape.substr(0, at);
  const std::string_view fraction = at == std::string_view::npos ? std::string_view{} : shape.substr(at + 1);
  std::string digits;
  if (!ungroup(whole, mark == '.' ? ',' : '.', digits)) return {};
  const bool grouped = digits.size() != whole.size();
  if (grouped && !number.exponent.empty()) return {};
  for (const char c : fraction) {
    if (!is_digit(c)) return {};
  }
  if (digits.empty() && fraction.empty()) return {};
  std::string text = number.negative ? "-" : "";
  text += digits.empty() ? "0" : digits;
  if (!fraction.empty()) text.append(".").append(fraction);
  if (!number.exponent.empty()) text.append("e").append(number.exponent);
  return text;
}

/// What a cell says about the decimal mark of its column.
enum class MarkEvidence : std::uint8_t { unreadable, none, ambiguous, point, comma };

inline MarkEvidence mark_evidence(const NumberCell& number) {
  const std::string as_point = plain_number(number, '.');
  const std::string as_comma = plain_number(number, ',');
  if (as_point == as_comma) return as_point.empty() ? MarkEvidence::unreadable : MarkEvidence::none;
  if (as_comma.empty()) return MarkEvidence::point;
  if (as_point.empty()) return MarkEvidence::comma;
  return MarkEvidence::ambiguous;  // one mark before three digits
}

}  // namespace detail

FUNNELGRAPH_INLINE std::vector<double> read_numbers(std::span<const std::string> cells,
                                                    const CellPlace& place, const NumberOptions& options) {
  const auto refuse = [&](std::size_t row, const char* why) {
    throw DataError(place.source, place.first_row + row, place.column, why);
  };
  constexpr const char* expected = "expected a number such as 1234.5, without currency, unit or percent sign";
  detail::NumberCell number;
  DecimalMark mark = options.decimal_mark;
  if (mark == DecimalMark::detect) {
    std::size_t undecided = cells.size();
    for (std::size_t row = 0; row < cells.size(); ++row) {
      const std::string_view cell = detail::trimmed(cells[row]);
      if (cell.empty()) continue;
      if (!detail::take_apart(cell, number)) refuse(row, expected);
      const detail::MarkEvidence evidence = detail::mark_evidence(number);
      if (evidence == detail::MarkEvidence::unreadable) refuse(row, expected);
      if (evidence == detail::MarkEvidence::none) continue;
      if (evidence == detail::MarkEvidence::ambiguous) {
        undecided = std::min(undecided, row);
        continue;
      }
      const DecimalMark own =
          evidence == detail::MarkEvidence::point ? DecimalMark::point : DecimalMark::comma;
      if (mark == DecimalMark::detect) mark = own;
      if (mark != own) {
        refuse(row, "its decimal mark differs from that of rows above: a column uses one, point or comma");
      }
    }
    if (mark == DecimalMark::detect && undecided != cells.size()) {
      refuse(undecided,
             "its mark could set apart thousands or decimals, and no other row decides: say "
             "decimal_mark (point or comma)");
    }
  }
  const char decimal = mark == DecimalMark::comma ? ',' : '.';
  std::vector<double> values(cells.size(), std::numeric_limits<double>::quiet_NaN());
  for (std::size_t row = 0; row < cells.size(); ++row) {
    const std::string_view cell = detail::trimmed(cells[row]);
    if (cell.empty()) continue;
    std::string text;
    if (detail::take_apart(cell, number)) text = detail::plain_number(number, decimal);
    if (text.empty()) refuse(row, expected);
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), values[row]);
    if (error == std::errc::result_out_of_range) refuse(row, "the number is outside the range of a double");
    if (error != std::errc{} || end != text.data() + text.size()) refuse(row, expected);
  }
  return values;
}

}  // namespace funnelgraph::inline v0::fit
