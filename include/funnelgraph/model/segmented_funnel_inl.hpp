#pragma once

#include <utility>

#include <funnelgraph/core/error.hpp>
#include <funnelgraph/core/names.hpp>
#include <funnelgraph/core/unknown_name.hpp>
#include <funnelgraph/model/segmented_funnel.hpp>

namespace funnelgraph::inline v0 {

FUNNELGRAPH_INLINE SegmentedFunnel::SegmentedFunnel(std::map<std::string, Funnel> segments) {
  for (auto& [name, funnel] : segments) {
    if (!segments_.try_emplace(normalise_name(name), std::move(funnel)).second) {
      throw InvalidValueError("segments", "'" + name + "' twice (in normal form C)", "each name once");
    }
  }
}

FUNNELGRAPH_INLINE const Funnel& SegmentedFunnel::segment(std::string_view name) const {
  const std::string wanted = normalise_name(name);
  const auto found = segments_.find(wanted);
  if (found == segments_.end()) throw unknown_name("segment", wanted, names());
  return found->second;
}

FUNNELGRAPH_INLINE void SegmentedFunnel::set_segment(const std::string& name, Funnel funnel) {
  segments_.insert_or_assign(normalise_name(name), std::move(funnel));
}

FUNNELGRAPH_INLINE void SegmentedFunnel::remove_segment(std::string_view name) {
  static_cast<void>(segment(name));
  segments_.erase(normalise_name(name));
}

FUNNELGRAPH_INLINE std::vector<std::string> SegmentedFunnel::names() const {
  std::vector<std::string> names;
  names.reserve(segments_.size());
  for (const auto& [name, funnel] : segments_) names.push_back(name);
  return names;
}

}  // namespace funnelgraph::inline v0
