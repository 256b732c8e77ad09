#pragma once

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <utility>

#include <funnelgraph/core/error.hpp>
#include <funnelgraph/core/names.hpp>
#include <funnelgraph/core/nearest_name.hpp>
#include <funnelgraph/core/shown.hpp>
#include <funnelgraph/core/utf8.hpp>
#include <funnelgraph/kpi/formula.hpp>

namespace funnelgraph::inline v0 {

namespace detail {

/// Recursive descent over the text; the program comes out in the order of a stack machine.
class FormulaParser {
 public:
  FormulaParser(std::string_view text, std::vector<std::string>& names, std::vector<std::size_t>& places,
                std::vector<Formula::Step>& steps)
      : text_(text), names_(names), places_(places), steps_(steps) {}

  void parse() {
    if (text_.size() > most_formula_bytes) {
      throw InvalidValueError("formula", std::to_string(text_.size()) + " bytes",
                              "at most " + std::to_string(most_formula_bytes) + " bytes");
    }
    if (!is_utf8(text_)) throw InvalidValueError("formula", "bytes that are not UTF-8", "text in UTF-8");
    skip();
    if (at_end()) throw InvalidValueError("formula", "nothing", "a formula such as won / entered");
    sum();
    if (!at_end()) {
      refuse(peek() == ')' ? "an opening parenthesis before it" : "an operator (+ - * /) or the end");
    }
  }

 private:
  using Kind = Formula::Step::Kind;

  [[nodiscard]] bool at_end() const { return position_ >= text_.size(); }
  [[nodiscard]] char peek() const { return at_end() ? '\0' : text_[position_]; }
  void skip() {
    while (!at_end() && (peek() == ' ' || peek() == '\t' || peek() == '\n' || peek() == '\r')) ++position_;
  }

  [[nodiscard]] std::size_t place(std::size_t byte) const {
    std::size_t count = 1;
    for (std::size_t i = 0; i < byte && i < text_.size(); ++i) {
      count += (static_cast<unsigned char>(text_[i]) & 0xC0U) != 0x80U ? 1 : 0;
    }
    return count;
  }

  [[noreturn]] void refuse(const std::string& wanted) const { refuse_at(position_, wanted); }
  [[noreturn]] void refuse_at(std::size_t byte, const std::string& wanted) const {
    std::string found = "the end";
    if (byte < text_.size()) {
      std::size_t next = byte;
      (void)decode_utf8(text_, next);
      found = "\"" + shown(text_.substr(byte, next - byte)) + "\"";
    }
    throw InvalidValueError("formula \"" + shown(text_) + "\" at character " + std::to_string(place(byte)),
                            found, wanted);
  }

  /// Keeps the recursion shallow.
  class Level {
   public:
    explicit Level(FormulaParser& parser) : parser_(parser) {
      if (++parser_.depth_ > most_formula_depth) {
        parser_.refuse("at most " + std::to_string(most_formula_depth) +
                       " parentheses and signs inside each other");
      }
    }
    Level(const Level&) = delete;
    Level& operator=(const Level&) = delete;
    ~Level() { --parser_.depth_; }

   private:
    FormulaParser& parser_;
  };

  void sum() {
    product();
    while (peek() == '+' || peek() == '-') {
      const Kind kind = peek() == '+' ? Kind::add : Kind::subtract;
      ++position_;
      skip();
      product();
      steps_.push_back({kind});
    }
  }

  void product() {
    factor();
    while (peek() == '*' || peek() == '/') {
      const Kind kind = peek() == '*' ? Kind::multiply : Kind::divide;
      ++position_;
      skip();
      factor();
      steps_.push_back({kind});
    }
  }

  void factor() {
    const Level level(*this);
    if (peek() == '-' || peek() == '+') {
      const bool minus = peek() == '-';
      ++position_;
      skip();
      factor();
      if (minus) steps_.push_back({Kind::negate});
      return;
    }
    if (peek() == '(') {
      const std::size_t opened = position_;
      ++position_;
      skip();
      sum();
      if (peek() != ')') {
        refuse("a closing parenthesis for the one at character " + std::to_string(place(opened)));
      }
      ++position_;
      skip();
      return;
    }
    if ((peek() >= '0' && peek() <= '9') || peek() == '.') return number();
    if (peek() == '"' || at_letter()) return figure();
    refuse("a number, a name or an opening parenthesis");
  }

  /// Whether a name may have the character at the place: letters, marks and digits of any script, `_`; signs
  /// such as a multiplication cross or a long dash are none.
  [[nodiscard]] bool at_letter() const {
    if (at_end()) return false;
    std::size_t next = position_;
    const char32_t c = decode_utf8(text_, next);
    if (c < 0x80) return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    const bool sign = (c <= 0xBF && c != 0xAA && c != 0xB5 && c != 0xBA) || c == 0xD7 || c == 0xF7 ||
                      (c >= 0x2000 && c <= 0x2BFF) || (c >= 0x3000 && c <= 0x303F) || c > 0x10FFFF;
    return !sign;
  }
  void step_over() { (void)decode_utf8(text_, position_); }

  void number() {
    const char* begin = text_.data() + position_;
    double value = 0;
    const auto [end, error] = std::from_chars(begin, text_.data() + text_.size(), value);
    if (error != std::errc() || !std::isfinite(value)) refuse("a number within the range of doubles");
    const std::size_t start = position_;
    position_ += static_cast<std::size_t>(end - begin);
    if (at_letter() || peek() == '.') refuse_at(start, "a number such as 12, 0.5 or 2e6");
    skip();
    steps_.push_back({Kind::number, value});
  }

  [[nodiscard]] std::string quoted() {
    const std::size_t opened = position_++;
    const std::size_t closed = text_.find('"', position_);
    if (closed == std::string_view::npos) refuse_at(opened, "a closing quote for this one");
    std::string name = normalise_name(text_.substr(position_, closed - position_));
    if (name.empty()) refuse_at(opened, "a name between the quotes");
    position_ = closed + 1;
    return name;
  }

  void figure() {
    const std::size_t start = position_;
    std::string name;
    if (peek() == '"') {
      name = quoted();
    } else {
      while (at_letter() || (peek() >= '0' && peek() <= '9') || peek() == '.') step_over();
      name = normalise_name(text_.substr(start, position_ - start));
      if (peek() == '(') name += argument();
    }
    skip();
    const auto at = std::ranges::find(names_, name);
    const auto figure = static_cast<std::size_t>(at - names_.begin());
    if (at == names_.end()) {
      names_.push_back(std::move(name));
      places_.push_back(place(start));
    }
    steps_.push_back({Kind::figure, 0, figure});
  }

  /// "(delivered)"; nothing for "()".
  [[nodiscard]] std::string argument() {
    const std::size_t opened = position_++;
    skip();
    std::string name;
    if (peek() == '"') {
      name = quoted();
      skip();
    } else {
      const std::size_t start = position_;
      constexpr std::string_view also = " .-&0123456789";
      while (at_letter() || (!at_end() && also.find(peek()) != std::string_view::npos)) step_over();
      std::string_view given = text_.substr(start, position_ - start);
      while (!given.empty() && given.back() == ' ') given.remove_suffix(1);
      name = normalise_name(given);
    }
    if (peek() != ')') {
      refuse("one name and a closing parenthesis for the one at character " + std::to_string(place(opened)));
    }
    ++position_;
    return name.empty() ? "" : "(" + name + ")";
  }

  std::string_view text_;
  std::vector<std::string>& names_;
  std::vector<std::size_t>& places_;
  std::vector<Formula::Step>& steps_;
  std::size_t position_ = 0;
  std::size_t depth_ = 0;
};

/// A value and its derivative by one figure.
struct Slope {
  double value = 0;
  double slope = 0;
};

}  // namespace detail

FUNNELGRAPH_INLINE Formula::Formula(std::string_view text) : text_(text) {
  detail::FormulaParser(text_, names_, places_, steps_).parse();
}

FUNNELGRAPH_INLINE std::vector<double> Formula::known(const Figures& figures) const {
  std::vector<double> values;
  for (std::size_t i = 0; i < names_.size(); ++i) {
    const auto at = figures.find(names_[i]);
    if (at == figures.end()) {
      std::vector<std::string> there;
      for (const auto& [name, value] : figures) there.push_back(name);
      throw UnknownNameError(
          "figure", names_[i], nearest_name(names_[i], there),
          "at character " + std::to_string(places_[i]) + " of the formula \"" + detail::shown(text_) + "\"");
    }
    values.push_back(at->second);
  }
  return values;
}

FUNNELGRAPH_INLINE FormulaValue Formula::evaluate(const Figures& figures) const {
  const std::vector<double> values = known(figures);
  constexpr double unknown = std::numeric_limits<double>::quiet_NaN();
  FormulaValue result{unknown, unknown, unknown};
  std::vector<double> stack;
  for (std::size_t i = 0; i < steps_.size(); ++i) {
    const Step& step = steps_[i];
    if (step.kind == Step::Kind::number || step.kind == Step::Kind::figure) {
      stack.push_back(step.kind == Step::Kind::number ? step.number : values[step.figure]);
      continue;
    }
    if (step.kind == Step::Kind::negate) {
      stack.back() = -stack.back();
      continue;
    }
    const double right = stack.back();
    stack.pop_back();
    double& left = stack.back();
    switch (step.kind) {
      case Step::Kind::add:
        left += right;
        break;
      case Step::Kind::subtract:
        left -= right;
        break;
      case Step::Kind::multiply:
        left *= right;
        break;
      default: {
        const bool by_zero = right == 0;
        if ((by_zero || i + 1 == steps_.size()) && !result.divided_by_zero) {
          result.numerator = left;
          result.denominator = right;
          result.divided_by_zero = by_zero;
        }
        left = by_zero ? unknown : left / right;
      }
    }
  }
  result.value = stack.back();
  return result;
}

FUNNELGRAPH_INLINE std::vector<double> Formula::gradient(const Figures& figures) const {
  const std::vector<double> values = known(figures);
  constexpr double unknown = std::numeric_limits<double>::quiet_NaN();
  std::vector<double> slopes;
  for (std::size_t by = 0; by < names_.size(); ++by) {
    std::vector<detail::Slope> stack;
    for (const Step& step : steps_) {
      if (step.kind == Step::Kind::number || step.kind == Step::Kind::figure) {
        const bool number = step.kind == Step::Kind::number;
        stack.push_back(
            {number ? step.number : values[step.figure], !number && step.figure == by ? 1.0 : 0.0});
        continue;
      }
      if (step.kind == Step::Kind::negate) {
        stack.back() = {-stack.back().value, -stack.back().slope};
        continue;
      }
      const detail::Slope right = stack.back();
      stack.pop_back();
      detail::Slope& left = stack.back();
      switch (step.kind) {
        case Step::Kind::add:
          left = {left.value + right.value, left.slope + right.slope};
          break;
        case Step::Kind::subtract:
          left = {left.value - right.value, left.slope - right.slope};
          break;
        case Step::Kind::multiply:
          left = {left.value * right.value, left.slope * right.value + left.value * right.slope};
          break;
        default:
          if (right.value == 0) {
            left = {unknown, unknown};
          } else {
            const double quotient = left.value / right.value;
            left = {quotient, (left.slope - quotient * right.slope) / right.value};
          }
      }
    }
    slopes.push_back(std::isnan(stack.back().value) ? unknown : stack.back().slope);
  }
  return slopes;
}

}  // namespace funnelgraph::inline v0
