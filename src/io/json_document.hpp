// A parsed JSON document as a flat tape, whose errors know line and path.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <funnelgraph/io/json.hpp>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace funnelgraph::inline v0::detail {

enum class JsonKind : std::uint8_t { null, boolean, number, text, array, object };

/// Values in document order; an object's members are key, value, key, value. The text that was parsed
/// must outlive the document: errors look up their line in it.
class JsonDocument {
 public:
  using Node = std::uint32_t;

  /// Throws DataError unless `text` is one JSON document within the limits.
  JsonDocument(std::string_view text, const JsonReadOptions& options);

  [[nodiscard]] static constexpr Node root() noexcept { return 0; }
  [[nodiscard]] JsonKind kind(Node node) const noexcept { return tape_[node].kind; }
  /// Where the subtree of `node` ends: its next sibling, if it has one.
  [[nodiscard]] Node end(Node node) const noexcept { return tape_[node].end; }

  // The value, or DataError when it is of another kind.
  [[nodiscard]] double number(Node node) const;
  [[nodiscard]] bool boolean(Node node) const {
    expect(node, JsonKind::boolean);
    return tape_[node].number != 0;
  }
  [[nodiscard]] std::string_view text(Node node) const;
  void expect(Node node, JsonKind kind) const;
  [[nodiscard]] std::string_view key_text(Node key) const noexcept;

  /// Calls `each(element)` for the elements of an array.
  template <class Each>
  void elements(Node array, Each&& each) const {
    expect(array, JsonKind::array);
    for (Node element = array + 1; element < end(array); element = end(element)) each(element);
  }
  /// Calls `each(key, value)` for the members of an object; refuses a key that comes twice.
  template <class Each>
  void members(Node object, Each&& each) const {
    expect(object, JsonKind::object);
    refuse_duplicates(object);
    for (Node key = object + 1; key < end(object); key = end(key + 1)) each(key, key + 1);
  }

  /// The value of a key, before anything is known about the object.
  [[nodiscard]] std::optional<Node> peek(Node object, std::string_view key) const;

  [[noreturn]] void fail(Node node, const std::string& why) const;
  [[noreturn]] void fail_key(Node object, std::string_view key, const std::string& why) const;

 private:
  friend class JsonHandler;
  struct Entry {
    JsonKind kind = JsonKind::null;
    Node end = 0;
    std::uint32_t offset = 0, length = 0;
    double number = 0;
  };

  void refuse_duplicates(Node object) const;
  [[nodiscard]] std::string path(Node node) const;
  [[nodiscard]] std::size_t line(Node node) const;

  std::string_view document_;
  std::string source_;
  std::vector<Entry> tape_;
  std::string characters_;
};

/// The members of an object whose keys are known. Refuses unknown keys, naming the nearest one, and
/// keys that come twice. At most 20 keys.
class JsonObject {
 public:
  using Node = JsonDocument::Node;

  JsonObject(const JsonDocument& document, Node node, std::initializer_list<std::string_view> keys);
  [[nodiscard]] std::optional<Node> find(std::string_view key) const noexcept;
  /// Throws DataError when the key is missing.
  [[nodiscard]] Node get(std::string_view key) const;

 private:
  const JsonDocument& document_;
  Node node_;
  std::size_t count_ = 0;
  std::array<std::string_view, 20> keys_{};
  std::array<Node, 20> values_{};
};

/// The position of `given` among `words`; DataError with the nearest word when it is none of them.
[[nodiscard]] std::size_t json_word(const JsonDocument& document, JsonDocument::Node node,
                                    std::span<const std::string_view> words, const char* what);

/// ".name", or ["two words"] where a key is not an identifier.
void append_json_key(std::string& path, std::string_view key);

}  // namespace funnelgraph::inline v0::detail
