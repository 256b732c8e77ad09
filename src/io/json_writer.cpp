#include "json_writer.hpp"

#include <cmath>
#include <utility>

#include <funnelgraph/core/error.hpp>
#include <funnelgraph/core/names.hpp>
#include <funnelgraph/core/shown.hpp>

#include "digits.hpp"
#include "json_document.hpp"

namespace funnelgraph::inline v0::detail {

void JsonWriter::open(char begin, char close, bool spread) {
  before_value();
  out_ += begin;
  levels_.push_back({close, spread && indent_ > 0, 0, {}});
}

void JsonWriter::end() {
  const Level level = std::move(levels_.back());
  levels_.pop_back();
  if (level.spread && level.count > 0) line_break();
  out_ += level.close;
}

void JsonWriter::line_break() {
  out_ += '\n';
  out_.append(indent_ * levels_.size(), ' ');
}

void JsonWriter::before_value() {
  if (after_key_ || levels_.empty()) {
    after_key_ = false;
    return;
  }
  Level& level = levels_.back();
  if (level.count++ > 0) out_ += ',';
  if (level.spread) {
    line_break();
  } else if (level.count > 1 && indent_ > 0) {
    out_ += ' ';
  }
}

void JsonWriter::key(std::string_view name) {
  before_value();
  levels_.back().key = name;
  quoted(name);
  out_ += indent_ > 0 ? ": " : ":";
  after_key_ = true;
}

void JsonWriter::text(std::string_view value) {
  before_value();
  quoted(value);
}

void JsonWriter::number(double value) {
  before_value();
  if (!std::isfinite(value)) {
    throw InvalidValueError(path(), shown(value), "a finite number, JSON holds no other");
  }
  out_ += shortest_digits(value);
}

void JsonWriter::null() {
  before_value();
  out_ += "null";
}

void JsonWriter::boolean(bool value) {
  before_value();
  out_ += value ? "true" : "false";
}

void JsonWriter::quoted(std::string_view value) {
  if (!is_utf8(value)) throw InvalidValueError(path(), std::string(value), "UTF-8 text");
  constexpr std::string_view hexadecimal = "0123456789abcdef";
  out_ += '"';
  for (const char c : value) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out_ += '\\';
      out_ += c;
    } else if (c == '\n') {
      out_ += "\\n";
    } else if (c == '\t') {
      out_ += "\\t";
    } else if (byte < 0x20) {
      out_ += "\\u00";
      out_ += hexadecimal[byte >> 4U];
      out_ += hexadecimal[byte & 0xFU];
    } else {
      out_ += c;
    }
  }
  out_ += '"';
}

std::string JsonWriter::path() const {
  std::string path = "$";
  for (const Level& level : levels_) {
    if (level.close == ']') {
      path += '[' + std::to_string(level.count > 0 ? level.count - 1 : 0) + ']';
    } else {
      append_json_key(path, level.key);
    }
  }
  return path;
}

}  // namespace funnelgraph::inline v0::detail
