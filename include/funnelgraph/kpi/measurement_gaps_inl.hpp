#pragma once

#include <map>
#include <set>

#include <funnelgraph/core/shown.hpp>
#include <funnelgraph/kpi/measurement_gaps.hpp>

namespace funnelgraph::inline v0 {

namespace detail {

/// The stage that a number belongs to, or "".
inline std::string stage_of(const Funnel& funnel, const Parameter& parameter) {
  switch (parameter.kind()) {
    case ParameterKind::rate:
    case ParameterKind::drop_off:
    case ParameterKind::lag:
    case ParameterKind::lag_sd:
    case ParameterKind::cost:
    case ParameterKind::transition_cost:
    case ParameterKind::transition_value:
    case ParameterKind::volume:
    case ParameterKind::entry_cost:
    case ParameterKind::capacity:
      return parameter.argument(0);
    case ParameterKind::value:
    case ParameterKind::commission:
      return funnel.find_stage(parameter.argument(0)) ? parameter.argument(0) : "";
    default:
      return "";
  }
}

}  // namespace detail

FUNNELGRAPH_INLINE std::vector<MeasurementGap> measurement_gaps(const Funnel& funnel,
                                                                std::string_view language) {
  const bool vi = language == "vi";
  std::map<std::string, bool> owners;  // of numbers that say something: whether one is measured
  std::set<std::string> measured_stages;
  std::size_t placeholders = 0;
  for (const Parameter& parameter : funnel.parameters()) {
    const SourceKind source = funnel.get_number(parameter).source.kind();
    const bool measured = source == SourceKind::measured;
    placeholders += source == SourceKind::placeholder ? 1U : 0U;
    const std::string stage = detail::stage_of(funnel, parameter);
    if (measured && !stage.empty()) measured_stages.insert(stage);
    // A cost or value of 0 that nobody touched says nothing about its owner.
    if (!measured && funnel.get(parameter) == 0) continue;
    const Ownership ownership = funnel.ownership(parameter);
    for (const OwnerShare& part : ownership.shares()) {
      bool& known = owners[part.owner];
      known = known || measured;
    }
  }
  std::vector<MeasurementGap> gaps;
  for (const Stage& stage : funnel.stages()) {
    if (measured_stages.contains(stage.name)) continue;
    const std::string name = detail::shown(stage.name);
    gaps.push_back({GapKind::stage, stage.name,
                    vi ? "Giai đoạn \"" + name + "\" chưa được đo: không con số nào của nó là số đo."
                       : "Stage \"" + name + "\" is not measured: none of its numbers is."});
  }
  std::map<Role, std::pair<bool, bool>> sides;  // has numbers, has measured ones
  for (const Owner& owner : funnel.owners()) {
    const auto at = owners.find(owner.name);
    if (at == owners.end()) continue;
    sides[owner.role].first = true;
    sides[owner.role].second = sides[owner.role].second || at->second;
    if (at->second) continue;
    const std::string name = detail::shown(owner.name);
    gaps.push_back({GapKind::owner, owner.name,
                    vi ? "Không con số nào của " + name + " là số đo."
                       : "None of the numbers that " + name + " owns is measured."});
  }
  const auto side = [&](Role role, Role other, const char* name_en, const char* name_vi, const char* other_en,
                        const char* other_vi) {
    if (!sides[role].first || sides[role].second || !sides[other].second) return;
    gaps.push_back({GapKind::side, role == Role::sales ? "sales" : "marketing",
                    vi ? std::string(other_vi) + " được đánh giá bằng số đo, còn " + name_vi +
                             " chưa có số đo nào: so sánh hai bên như vậy là không công bằng."
                       : std::string(other_en) + " is judged by measured figures and " + name_en +
                             " by none: comparing the two is not fair."});
  };
  side(Role::sales, Role::marketing, "Sales", "Kinh doanh", "Marketing", "Marketing");
  side(Role::marketing, Role::sales, "Marketing", "Marketing", "Sales", "Kinh doanh");
  if (placeholders > 0) {
    const std::string count = std::to_string(placeholders);
    gaps.push_back(
        {GapKind::placeholder, "",
         vi ? count + " con số chỉ là số giữ chỗ: hãy thay bằng số của bạn trước khi kết luận."
            : count + " numbers only hold a place: put your own in before you draw a conclusion."});
  }
  return gaps;
}

}  // namespace funnelgraph::inline v0
