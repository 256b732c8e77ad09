// Which exits of a row give to a changed one.
#pragma once

#include <string>

#include <funnelgraph/config.hpp>

namespace funnelgraph::inline v0 {

/// What a changed rate takes from (and gives to, where it falls): "leak", "siblings", "drop_off", the
/// name of a target of the same stage, or nobody. A drop-off takes from its siblings where this is "leak".
class TakeFrom {
 public:
  TakeFrom() = default;
  TakeFrom(const char* name) : TakeFrom(std::string(name)) {}  // NOLINT(google-explicit-constructor)
  TakeFrom(const std::string& name);                           // NOLINT(google-explicit-constructor)
  /// The number alone changes, and the drop-off where it is not given; nothing else of the row.
  [[nodiscard]] static TakeFrom nobody() {
    TakeFrom none;
    none.name_.clear();
    return none;
  }
  [[nodiscard]] bool is_nobody() const noexcept { return name_.empty(); }
  [[nodiscard]] bool is_leak() const noexcept { return name_ == "leak"; }
  [[nodiscard]] bool is_siblings() const noexcept { return name_ == "siblings"; }
  [[nodiscard]] const std::string& name() const noexcept { return name_; }
  bool operator==(const TakeFrom&) const = default;

 private:
  std::string name_ = "leak";
};

}  // namespace funnelgraph::inline v0
