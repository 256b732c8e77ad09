#include "json_document.hpp"

#include <algorithm>
#include <boost/json/basic_parser_impl.hpp>
#include <boost/system/error_code.hpp>
#include <charconv>
#include <funnelgraph/core/error.hpp>
#include <funnelgraph/core/nearest_name.hpp>
#include <limits>

namespace funnelgraph::inline v0::detail {

namespace {

constexpr JsonDocument::Node open_end = std::numeric_limits<JsonDocument::Node>::max();

std::string_view name_of(JsonKind kind) {
  switch (kind) {
    case JsonKind::null:
      return "null";
    case JsonKind::boolean:
      return "true or false";
    case JsonKind::number:
      return "a number";
    case JsonKind::text:
      return "a text";
    case JsonKind::array:
      return "an array";
    case JsonKind::object:
      return "an object";
  }
  return "";
}

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

/// Byte offset of the token that became the tape's entry `node`. Lexing again is paid by errors only.
std::size_t token_offset(std::string_view text, JsonDocument::Node node) {
  std::size_t at = 0;
  for (JsonDocument::Node token = 0; at < text.size();) {
    const char c = text[at];
    if (is_space(c) || c == ',' || c == ':' || c == '}' || c == ']') {
      ++at;
      continue;
    }
    if (token++ == node) return at;
    if (c == '"') {
      ++at;
      while (at < text.size() && text[at] != '"') at += text[at] == '\\' ? 2 : 1;
      ++at;
    } else if (c == '{' || c == '[') {
      ++at;
    } else {
      while (at < text.size() && !is_space(text[at]) && text[at] != ',' && text[at] != '}' && text[at] != ']')
        ++at;
    }
  }
  return text.size();
}

std::size_t line_at(std::string_view text, std::size_t offset) {
  const std::string_view before = text.substr(0, std::min(offset, text.size()));
  return 1 + static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n'));
}

}  // namespace

/// Turns the parser's events into the tape. Numbers are read from their digits by std::from_chars:
/// the conversion inside Boost.JSON 1.81 can be off by 2 ulp.
class JsonHandler {
 public:
  using error_code = boost::system::error_code;
  using string_view = boost::json::string_view;
  using Node = JsonDocument::Node;
  static constexpr std::size_t max_object_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_array_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_key_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_string_size = static_cast<std::size_t>(-1);

  JsonHandler(JsonDocument& document, std::size_t max_values)
      : document_(document), max_values_(std::min<std::size_t>(max_values, open_end - 1)) {}

  [[nodiscard]] const std::string& why() const noexcept { return why_; }

  bool on_document_begin(error_code&) { return true; }
  bool on_document_end(error_code&) { return true; }
  bool on_object_begin(error_code& ec) { return open(JsonKind::object, ec); }
  bool on_object_end(std::size_t, error_code&) { return close(); }
  bool on_array_begin(error_code& ec) { return open(JsonKind::array, ec); }
  bool on_array_end(std::size_t, error_code&) { return close(); }
  bool on_key_part(string_view s, std::size_t, error_code&) { return append(s); }
  bool on_key(string_view s, std::size_t, error_code& ec) { return finish_text(s, ec); }
  bool on_string_part(string_view s, std::size_t, error_code&) { return append(s); }
  bool on_string(string_view s, std::size_t, error_code& ec) { return finish_text(s, ec); }
  bool on_number_part(string_view s, error_code&) {
    digits_.append(s.data(), s.size());
    return true;
  }
  bool on_int64(std::int64_t, string_view s, error_code& ec) { return finish_number(s, ec); }
  bool on_uint64(std::uint64_t, string_view s, error_code& ec) { return finish_number(s, ec); }
  bool on_double(double, string_view s, error_code& ec) { return finish_number(s, ec); }
  bool on_bool(bool b, error_code& ec) {
    return push({.kind = JsonKind::boolean, .number = b ? 1.0 : 0.0}, ec);
  }
  bool on_null(error_code& ec) { return push({.kind = JsonKind::null}, ec); }
  bool on_comment_part(string_view, error_code&) { return true; }
  bool on_comment(string_view, error_code&) { return true; }

 private:
  bool refuse(std::string why, error_code& ec) {
    why_ = std::move(why);
    ec = boost::json::make_error_code(boost::json::error::syntax);
    return false;
  }
  bool push(JsonDocument::Entry entry, error_code& ec) {
    auto& tape = document_.tape_;
    if (tape.size() >= max_values_) {
      return refuse("more than " + std::to_string(max_values_) + " values", ec);
    }
    entry.end = static_cast<Node>(tape.size() + 1);
    tape.push_back(entry);
    return true;
  }
  bool open(JsonKind kind, error_code& ec) {
    const auto node = static_cast<Node>(document_.tape_.size());
    if (!push({.kind = kind}, ec)) return false;
    document_.tape_[node].end = open_end;
    stack_.push_back(node);
    return true;
  }
  bool close() {
    document_.tape_[stack_.back()].end = static_cast<Node>(document_.tape_.size());
    stack_.pop_back();
    return true;
  }
  bool append(string_view s) {
    document_.characters_.append(s.data(), s.size());
    return true;
  }
  bool finish_text(string_view s, error_code& ec) {
    append(s);
    const std::size_t size = document_.characters_.size();
    if (!push({.kind = JsonKind::text,
               .offset = static_cast<std::uint32_t>(text_begin_),
               .length = static_cast<std::uint32_t>(size - text_begin_)},
              ec)) {
      return false;
    }
    text_begin_ = size;
    return true;
  }
  bool finish_number(string_view s, error_code& ec) {
    digits_.append(s.data(), s.size());
    double number = 0;
    const char* const last = digits_.data() + digits_.size();
    const auto [end, error] = std::from_chars(digits_.data(), last, number);
    if (error == std::errc::result_out_of_range) {
      return refuse("a number that a double cannot hold", ec);
    }
    if (error != std::errc{} || end != last) return refuse("a number that cannot be read", ec);
    digits_.clear();
    return push({.kind = JsonKind::number, .number = number}, ec);
  }

  JsonDocument& document_;
  std::size_t max_values_;
  std::vector<Node> stack_;
  std::string digits_, why_;
  std::size_t text_begin_ = 0;
};

JsonDocument::JsonDocument(std::string_view text, const JsonReadOptions& options)
    : document_(text), source_(options.source) {
  const std::size_t most =
      std::min<std::size_t>(options.max_bytes, std::numeric_limits<std::uint32_t>::max());
  if (text.size() > most) {
    throw DataError(source_, 0, "$",
                    std::to_string(text.size()) + " bytes, more than the limit of " + std::to_string(most));
  }
  constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
  if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
  document_ = text;
  boost::json::parse_options rules;
  rules.max_depth = options.max_depth;
  boost::json::basic_parser<JsonHandler> parser(rules, *this, options.max_values);
  boost::system::error_code ec;
  const std::size_t read = parser.write_some(false, text.data(), text.size(), ec);
  if (!ec && read == text.size()) return;
  std::string why;
  if (!parser.handler().why().empty()) {
    why = parser.handler().why();
  } else if (!ec) {
    why = "text after the end of the document";
  } else if (ec == boost::json::error::too_deep) {
    why = "nested deeper than " + std::to_string(options.max_depth) + " levels";
  } else {
    why = "not JSON: " + ec.message();
  }
  throw DataError(source_, line_at(text, read), ec ? path(static_cast<Node>(tape_.size())) : "$",
                  why + " (byte " + std::to_string(read) + ")");
}

double JsonDocument::number(Node node) const {
  expect(node, JsonKind::number);
  return tape_[node].number;
}

std::string_view JsonDocument::text(Node node) const {
  expect(node, JsonKind::text);
  return key_text(node);
}

std::string_view JsonDocument::key_text(Node key) const noexcept {
  return std::string_view(characters_).substr(tape_[key].offset, tape_[key].length);
}

void JsonDocument::expect(Node node, JsonKind kind) const {
  if (tape_[node].kind == kind) return;
  fail(node, "expected " + std::string(name_of(kind)) + ", found " + std::string(name_of(tape_[node].kind)));
}

std::optional<JsonDocument::Node> JsonDocument::peek(Node object, std::string_view key) const {
  if (kind(object) != JsonKind::object) return std::nullopt;
  for (Node at = object + 1; at < end(object); at = end(at + 1)) {
    if (key_text(at) == key) return at + 1;
  }
  return std::nullopt;
}

void JsonDocument::refuse_duplicates(Node object) const {
  std::vector<Node> keys;
  for (Node key = object + 1; key < end(object); key = end(key + 1)) keys.push_back(key);
  std::sort(keys.begin(), keys.end(), [&](Node a, Node b) {
    const int order = key_text(a).compare(key_text(b));
    return order != 0 ? order < 0 : a < b;
  });
  const auto twice = std::adjacent_find(keys.begin(), keys.end(),
                                        [&](Node a, Node b) { return key_text(a) == key_text(b); });
  if (twice != keys.end()) fail(*(twice + 1), "this key comes twice");
}

void JsonDocument::fail(Node node, const std::string& why) const {
  throw DataError(source_, line(node), path(node), why);
}

void JsonDocument::fail_key(Node object, std::string_view key, const std::string& why) const {
  std::string where = path(object);
  append_json_key(where, key);
  throw DataError(source_, line(object), where, why);
}

std::size_t JsonDocument::line(Node node) const { return line_at(document_, token_offset(document_, node)); }

std::string JsonDocument::path(Node node) const {
  const auto size = static_cast<Node>(tape_.size());
  std::string path = "$";
  for (Node at = 0; at < node && at < size;) {
    Node child = at + 1;
    if (tape_[at].kind == JsonKind::array) {
      std::size_t index = 0;
      for (; child < size && tape_[child].end <= node; child = tape_[child].end) ++index;
      path += '[' + std::to_string(index) + ']';
    } else if (tape_[at].kind == JsonKind::object) {
      while (child + 1 < size && tape_[child + 1].end <= node) child = tape_[child + 1].end;
      if (child >= size) break;
      append_json_key(path, key_text(child));
      if (child == node) break;
      ++child;
    } else {
      break;
    }
    at = child;
  }
  return path;
}

JsonObject::JsonObject(const JsonDocument& document, Node node, std::initializer_list<std::string_view> keys)
    : document_(document), node_(node), count_(keys.size()) {
  std::copy(keys.begin(), keys.end(), keys_.begin());
  document.expect(node, JsonKind::object);
  for (Node key = node + 1; key < document.end(node); key = document.end(key + 1)) {
    const std::string_view given = document.key_text(key);
    const auto found = std::find(keys.begin(), keys.end(), given);
    if (found == keys.end()) {
      const std::vector<std::string> known(keys.begin(), keys.end());
      const std::string nearest = nearest_name(given, known);
      document.fail(key, nearest.empty() ? "unknown key" : "unknown key; did you mean \"" + nearest + "\"?");
    }
    Node& value = values_[static_cast<std::size_t>(found - keys.begin())];
    if (value != 0) document.fail(key, "this key comes twice");
    value = key + 1;
  }
}

std::optional<JsonObject::Node> JsonObject::find(std::string_view key) const noexcept {
  for (std::size_t i = 0; i < count_; ++i) {
    if (keys_[i] == key) return values_[i] == 0 ? std::nullopt : std::optional<Node>(values_[i]);
  }
  return std::nullopt;
}

JsonObject::Node JsonObject::get(std::string_view key) const {
  if (const auto found = find(key)) return *found;
  document_.fail_key(node_, key, "this key is missing");
}

std::size_t json_word(const JsonDocument& document, JsonDocument::Node node,
                      std::span<const std::string_view> words, const char* what) {
  const std::string_view given = document.text(node);
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words[i] == given) return i;
  }
  const std::vector<std::string> known(words.begin(), words.end());
  const std::string nearest = nearest_name(given, known);
  std::string why = "unknown " + std::string(what);
  if (!nearest.empty()) {
    why += "; did you mean \"" + nearest + "\"?";
  } else {
    why += "; allowed:";
    for (const std::string& word : known) why += " " + word;
  }
  document.fail(node, why);
}

void append_json_key(std::string& path, std::string_view key) {
  constexpr std::size_t longest = 80;
  if (key.size() > longest) {
    std::size_t cut = longest;
    while (cut > 0 && (static_cast<unsigned char>(key[cut]) & 0xC0U) == 0x80U) --cut;
    path += "[\"";
    path += key.substr(0, cut);
    path += "...\"]";
    return;
  }
  const auto plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  };
  if (!key.empty() && std::all_of(key.begin(), key.end(), plain)) {
    path += '.';
    path += key;
  } else {
    path += "[\"";
    path += key;
    path += "\"]";
  }
}

}  // namespace funnelgraph::inline v0::detail
