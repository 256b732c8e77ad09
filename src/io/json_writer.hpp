// Writes JSON text piece by piece, and knows the path of the piece for errors.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace funnelgraph::inline v0::detail {

/// Containers are opened spread (a member a line) or tight (all on one line). With indent 0 everything
/// is tight and without spaces.
class JsonWriter {
 public:
  explicit JsonWriter(int indent) : indent_(indent > 0 ? static_cast<std::size_t>(indent) : 0) {}

  void begin_object(bool spread = false) { open('{', '}', spread); }
  void begin_array(bool spread = false) { open('[', ']', spread); }
  void end();
  void key(std::string_view name);
  /// Throws InvalidValueError unless the text is UTF-8.
  void text(std::string_view value);
  /// Throws InvalidValueError unless the number is finite.
  void number(double value);
  void null();
  void boolean(bool value);

  [[nodiscard]] std::string take() { return std::move(out_); }

 private:
  struct Level {
    char close;
    bool spread;
    std::size_t count;
    std::string key;
  };
  void open(char begin, char close, bool spread);
  void before_value();
  void line_break();
  void quoted(std::string_view value);
  [[nodiscard]] std::string path() const;

  std::size_t indent_;
  bool after_key_ = false;
  std::string out_;
  std::vector<Level> levels_;
};

}  // namespace funnelgraph::inline v0::detail
