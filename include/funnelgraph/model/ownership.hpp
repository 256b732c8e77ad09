// Who owns a number: nobody, one owner, or several with shares.
#pragma once

#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <funnelgraph/config.hpp>

namespace funnelgraph::inline v0 {

struct OwnerShare {
  std::string owner;
  double share = 1;
  bool operator==(const OwnerShare&) const = default;
};

/// Shares by owner name, immutable and cheap to copy. Empty means that nobody owns it, and so does an
/// empty name alone. Names are normalised to NFC (InvalidValueError on bad text). Validation
/// wants every share in (0, 1], their sum within 1e-9 of 1 and no owner twice. Equality ignores the
/// order of the shares.
class Ownership {
 public:
  Ownership() = default;
  Ownership(const char* owner) : Ownership(std::string(owner)) {}       // NOLINT
  Ownership(std::string_view owner) : Ownership(std::string(owner)) {}  // NOLINT
  Ownership(const std::string& owner);                                  // NOLINT
  Ownership(std::initializer_list<OwnerShare> shares);
  explicit Ownership(std::vector<OwnerShare> shares);

  [[nodiscard]] bool empty() const noexcept { return !shares_ || shares_->empty(); }
  [[nodiscard]] const std::vector<OwnerShare>& shares() const noexcept;
  /// The share of `owner`, 0 where it has none.
  [[nodiscard]] double share(std::string_view owner) const noexcept;
  friend bool operator==(const Ownership& a, const Ownership& b);

 private:
  std::shared_ptr<const std::vector<OwnerShare>> shares_;
};

/// "Sales", or "Marketing 50 %, Sales 50 %", to a tenth of a percent; empty where nobody owns it.
[[nodiscard]] std::string to_string(const Ownership& ownership);

}  // namespace funnelgraph::inline v0

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/model/ownership_inl.hpp>
#endif
