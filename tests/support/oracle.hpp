// Reads the reference figures in tests/oracles and, where it is there, the shared data folder.
#pragma once

#include <boost/json.hpp>

#include <cmath>
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

/// Numbers are read precisely (Boost.JSON's default parser can be off by 2 ulp).
inline boost::json::value parse_json(const std::string& text) {
  boost::json::parse_options options;
  return boost::json::parse(text, {}, options);
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
