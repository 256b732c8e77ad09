// Funnels by segment: city, channel, product line, class of enquirer.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <funnelgraph/model/funnel.hpp>

namespace funnelgraph::inline v0 {

/// A map from segment names to funnels, ordered by name; equality by content. Names are normalised to
/// NFC (InvalidValueError on bad text and on names that are equal then).
class SegmentedFunnel {
 public:
  SegmentedFunnel() = default;
  explicit SegmentedFunnel(std::map<std::string, Funnel> segments);
  [[nodiscard]] const std::map<std::string, Funnel>& segments() const noexcept { return segments_; }
  /// Throws UnknownNameError with the nearest segment.
  [[nodiscard]] const Funnel& segment(std::string_view name) const;
  /// Adds a segment or replaces the one of that name.
  void set_segment(const std::string& name, Funnel funnel);
  /// Throws UnknownNameError with the nearest segment.
  void remove_segment(std::string_view name);
  [[nodiscard]] std::vector<std::string> names() const;
  [[nodiscard]] std::size_t size() const noexcept { return segments_.size(); }
  bool operator==(const SegmentedFunnel&) const = default;

 private:
  std::map<std::string, Funnel> segments_;
};

}  // namespace funnelgraph::inline v0

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/model/segmented_funnel_inl.hpp>
#endif
