// Reads the reference figures in tests/oracles and, where it is there, the shared data folder.
#pragma once

#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/value.hpp>
#include <boost/json/value_stack.hpp>
#include <boost/system/error_code.hpp>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <limits>
#include <optional>
#include <stdexcept>
#include <string>

namespace test {

inline std::filesystem::path source_dir() { return FUNNELGRAPH_SOURCE_DIR; }

inline std::string read_text(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error("cannot read " + path.string());
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

/// Builds a value from the events of Boost.JSON's parser. Numbers are read from their digits by
/// std::from_chars, to the nearest double: Boost.JSON 1.81's own conversion can be 2 ulp off.
/// Whole numbers within 64 bits stay integers; -0 is the double.
class ExactHandler {
 public:
  using error_code = boost::system::error_code;
  using string_view = boost::json::string_view;
  static constexpr std::size_t max_object_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_array_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_key_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_string_size = static_cast<std::size_t>(-1);

  bool on_document_begin(error_code&) { return true; }
  bool on_document_end(error_code&) { return true; }
  bool on_object_begin(error_code&) { return true; }
  bool on_object_end(std::size_t n, error_code&) { return stack_.push_object(n), true; }
  bool on_array_begin(error_code&) { return true; }
  bool on_array_end(std::size_t n, error_code&) { return stack_.push_array(n), true; }
  bool on_key_part(string_view s, std::size_t, error_code&) { return stack_.push_chars(s), true; }
  bool on_key(string_view s, std::size_t, error_code&) { return stack_.push_key(s), true; }
  bool on_string_part(string_view s, std::size_t, error_code&) { return stack_.push_chars(s), true; }
  bool on_string(string_view s, std::size_t, error_code&) { return stack_.push_string(s), true; }
  bool on_number_part(string_view s, error_code&) { return digits_.append(s.data(), s.size()), true; }
  bool on_int64(std::int64_t i, string_view s, error_code& ec) {
    digits_.append(s.data(), s.size());
    if (digits_ == "-0") return push_double(ec);
    digits_.clear();
    stack_.push_int64(i);
    return true;
  }
  bool on_uint64(std::uint64_t u, string_view, error_code&) {
    digits_.clear();
    stack_.push_uint64(u);
    return true;
  }
  bool on_double(double, string_view s, error_code& ec) {
    digits_.append(s.data(), s.size());
    return push_double(ec);
  }
  bool on_bool(bool b, error_code&) { return stack_.push_bool(b), true; }
  bool on_null(error_code&) { return stack_.push_null(), true; }
  bool on_comment_part(string_view, error_code&) { return true; }
  bool on_comment(string_view, error_code&) { return true; }

  void reset() { stack_.reset(); }
  boost::json::value release() { return stack_.release(); }

 private:
  bool push_double(error_code& ec) {
    double number = 0;
    const auto [end, error] = std::from_chars(digits_.data(), digits_.data() + digits_.size(), number);
    if (error != std::errc{} || end != digits_.data() + digits_.size()) {
      ec = boost::json::error::not_number;
      return false;
    }
    digits_.clear();
    stack_.push_double(number);
    return true;
  }

  boost::json::value_stack stack_;
  std::string digits_;
};

/// The document in `text`, every number to the nearest double. Throws std::runtime_error.
inline boost::json::value parse_json(const std::string& text) {
  boost::json::basic_parser<ExactHandler> parser{boost::json::parse_options{}};
  parser.handler().reset();
  boost::system::error_code ec;
  const std::size_t read = parser.write_some(false, text.data(), text.size(), ec);
  if (ec) throw std::runtime_error("JSON, byte " + std::to_string(read) + ": " + ec.message());
  return parser.handler().release();
}

inline boost::json::value oracle(const std::string& name) {
  return parse_json(read_text(source_dir() / "tests" / "oracles" / name));
}

/// The shared data folder, or none (the test then skips and says so).
inline std::optional<std::filesystem::path> data_dir() {
  const char* named = std::getenv("FUNNELGRAPH_DATA");
  const std::filesystem::path path =
      named != nullptr ? std::filesystem::path(named) : source_dir().parent_path() / "shared" / "data";
  if (std::filesystem::is_directory(path)) return path;
  return std::nullopt;
}

/// A JSON number as double; null is NaN.
inline double number(const boost::json::value& value) {
  if (value.is_null()) return std::numeric_limits<double>::quiet_NaN();
  return value.to_number<double>();
}

inline std::string text(const boost::json::value& value) { return std::string(value.as_string()); }

}  // namespace test
