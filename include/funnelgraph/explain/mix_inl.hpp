// Definitions of mix.hpp.
#pragma once

#include <algorithm>
#include <cmath>

#include <funnelgraph/analysis/evaluate.hpp>
#include <funnelgraph/analysis/gradient.hpp>
#include <funnelgraph/analysis/recoverable.hpp>
#include <funnelgraph/core/error.hpp>
#include <funnelgraph/core/shown.hpp>
#include <funnelgraph/explain/detail/chance_inl.hpp>
#include <funnelgraph/explain/detail/difference_inl.hpp>
#include <funnelgraph/explain/detail/mix_parts_inl.hpp>
#include <funnelgraph/explain/explain_inl.hpp>
#include <funnelgraph/explain/mix.hpp>

namespace funnelgraph::inline v0 {

namespace detail {

class MixMaker {
 public:
  MixMaker(const SegmentedFunnel& plan, const SegmentedFunnel& actual, const MixOptions& options)
      : plan_(plan), actual_(actual), options_(options), per_(per_what(options.metric)) {}

  MixExplanation make() {
    pairs_ = segment_pairs(plan_.segments(), actual_.segments());
    require_known_names();
    read();
    out_.metric = to_string(options_.metric);
    out_.per = per_.denominator ? to_string(*per_.denominator) : "entrant";
    out_.method = std::string("Shapley value of ") +
                  (per_.per_one ? "shares and rates" : "volume, shares and rates") +
                  ", segment by segment; a segment's mix is counted against the overall rate";
    out_.basis = options_.basis.empty() ? default_basis(pairs_, options_.metric) : options_.basis;
    effects();
    intervals();
    reversals();
    return std::move(out_);
  }

 private:
  /// A name that no segment has is an error; one that some lack counts 0 there.
  void require_known_names() const {
    std::optional<UnknownNameError> error;
    for (const SegmentPair& pair : pairs_) {
      for (const Funnel* side : {pair.plan, pair.actual}) {
        if (side == nullptr) continue;
        try {
          (void)figure_of(*side, options_.metric);
          return;
        } catch (const UnknownNameError& unknown) {
          error = unknown;
        }
      }
    }
    if (error) throw *error;
    throw InvalidValueError("explain_mix", "no segments", "at least one segment on both sides");
  }

  [[nodiscard]] double value_or_none(const Funnel& funnel, const Metric& metric) const {
    try {
      return evaluate(funnel, metric, options_.analysis);
    } catch (const UnknownNameError&) {
      return 0;
    }
  }

  [[nodiscard]] SegmentSide side_of(const Funnel* funnel, const std::string& segment,
                                    const char* side) const {
    SegmentSide out;
    if (funnel == nullptr) {
      out.count_variance = out.rate_variance = 0;
      return out;
    }
    double entrants = 0, variance = 0;
    bool counted = false;
    for (const Entry& entry : funnel->entries()) {
      entrants += entry.volume.value;
      const Source& source = entry.volume.source;
      if (source.kind() == SourceKind::measured && source.n() > 0) {
        counted = true;
        variance += entry.volume.value * entry.volume.value / source.n();
      }
    }
    out.count = per_.denominator ? value_or_none(*funnel, *per_.denominator) : entrants;
    if (!(out.count >= 0) || !std::isfinite(out.count))
      throw InvalidValueError(out_.per + " of segment " + shown(segment) + " in the " + side,
                              shown(out.count), "a number >= 0 that shares can be made of");
    out.known = out.count > 0;
    out.count_variance = counted ? variance : 0;
    if (!out.known) {
      out.rate_variance = 0;
      return out;
    }
    const double value = value_or_none(*funnel, options_.metric);
    out.rate = per_.per_one ? value : value / out.count;
    if (!std::isfinite(out.rate))
      throw InvalidValueError(
          to_string(options_.metric) + " of segment " + shown(segment) + " in the " + side, shown(out.rate),
          "a metric that every segment knows: give the unknown lags or values, or leave the "
          "segment out of both sides");
    if (!per_.denominator) {
      const std::optional<double> of_metric = variance_without_entrants(*funnel);
      out.rate_variance = of_metric ? *of_metric / (per_.per_one ? 1.0 : out.count * out.count) : 0;
      uncertain_ = uncertain_ || counted || of_metric;
    }
    return out;
  }

  /// Variance of the metric with its entrants given; none where no number says how sure it is.
  [[nodiscard]] std::optional<double> variance_without_entrants(const Funnel& funnel) const {
    Funnel given = funnel;
    for (const Entry& entry : funnel.entries()) {
      Entry plain = entry;
      plain.volume = Number(entry.volume.value);
      given.replace_entry(entry.stage, entry.channel, plain);
    }
    try {
      const Difference none =
          difference({{"", &given, &given}}, false, options_.metric, {.analysis = options_.analysis});
      if (has_horizon(none.figure)) return std::nullopt;
      Chance chance(none, PlayerView{}, 1);
      if (!chance.any()) return std::nullopt;
      const Elimination plan(none.plan.chain);
      const Solution solution = solve_chain(none.plan.chain, plan, options_.analysis.capacity);
      const double one[] = {1.0};
      chance.add({}, gradient(none.plan.chain, plan, solution, none.figure), one);
      return chance.variances().front();
    } catch (const UnknownNameError&) {
      return std::nullopt;
    }
  }

  void read() {
    bool both = false;
    for (const SegmentPair& pair : pairs_) {
      for (const Funnel* side : {pair.plan, pair.actual}) {
        if (side != nullptr) require_valid(*side);
      }
      SegmentSide before = side_of(pair.plan, pair.name, "plan");
      SegmentSide after = side_of(pair.actual, pair.name, "actual");
      if (!before.known && !after.known)
        throw InvalidValueError("segment " + shown(pair.name), "empty on both sides",
                                "entrants on one side at least: leave it out of both");
      both = both || (before.known && after.known);
      if (!before.known) {
        before.rate = after.rate;
        before.rate_variance = 0;
      }
      if (!after.known) {
        after.rate = before.rate;
        after.rate_variance = 0;
      }
      before_.push_back(before);
      after_.push_back(after);
    }
    if (!both)
      throw InvalidValueError("plan and actual", "no common segment",
                              "segments that share names and have entrants");
  }

  void effects() {
    const MixParts parts = mix_parts(before_, after_, !per_.per_one);
    double all0 = 0, all1 = 0;
    for (std::size_t k = 0; k < pairs_.size(); ++k) {
      all0 += before_[k].count;
      all1 += after_[k].count;
    }
    for (std::size_t k = 0; k < pairs_.size(); ++k) {
      MixRow row{.segment = pairs_[k].name,
                 .share_plan = before_[k].count / all0,
                 .share_actual = after_[k].count / all1,
                 .rate_plan = before_[k].rate,
                 .rate_actual = after_[k].rate,
                 .volume = parts.volume[k],
                 .mix = parts.mix[k],
                 .rate = parts.rate[k],
                 .contribution = parts.volume[k] + parts.mix[k] + parts.rate[k]};
      out_.overall_rate_plan += row.share_plan * row.rate_plan;
      out_.overall_rate_actual += row.share_actual * row.rate_actual;
      out_.volume.value += row.volume;
      out_.mix.value += row.mix;
      out_.rate.value += row.rate;
      out_.rows.push_back(std::move(row));
    }
    out_.plan = out_.overall_rate_plan * (per_.per_one ? 1 : all0);
    out_.actual = out_.overall_rate_actual * (per_.per_one ? 1 : all1);
    out_.total.value = out_.actual - out_.plan;
    out_.residual = out_.total.value - out_.volume.value - out_.mix.value - out_.rate.value;
  }

  /// Delta method; the effects are smooth in counts and rates, their derivatives are central differences.
  void intervals() {
    if (!uncertain_ || per_.denominator) return;
    std::vector<double> variance;
    const std::vector<std::vector<SegmentSide>*> sides{&before_, &after_};
    for (std::vector<SegmentSide>* side : sides) {
      double scale = 0;
      for (const SegmentSide& segment : *side) scale = std::max(scale, std::abs(segment.rate));
      for (SegmentSide& segment : *side) {
        const auto add = [&](double& x, double var, double step) {
          if (!(var > 0) || !(step > 0)) return;
          const double kept = x;
          x = kept + step;
          const std::vector<double> up = mix_parts(before_, after_, !per_.per_one).flat();
          x = kept - step;
          const std::vector<double> down = mix_parts(before_, after_, !per_.per_one).flat();
          x = kept;
          variance.resize(up.size(), 0.0);
          for (std::size_t j = 0; j < up.size(); ++j) {
            const double by = (up[j] - down[j]) / (2 * step);
            variance[j] += by * by * var;
          }
        };
        add(segment.count, segment.count_variance, 1e-5 * segment.count);
        add(segment.rate, segment.rate_variance, 1e-5 * scale);
      }
    }
    if (variance.empty()) return;
    const auto set = [](double value, double var, double& low, double& high, std::optional<bool>& within) {
      const double half = two_sided_95 * std::sqrt(var);
      low = value - half;
      high = value + half;
      within = low <= 0 && high >= 0;
    };
    const std::size_t rows = out_.rows.size();
    for (std::size_t k = 0; k < rows; ++k)
      set(out_.rows[k].contribution, variance[k], out_.rows[k].low, out_.rows[k].high,
          out_.rows[k].within_chance);
    MixEffect* const effects[] = {&out_.volume, &out_.mix, &out_.rate, &out_.total};
    for (std::size_t j = 0; j < 4; ++j)
      set(effects[j]->value, variance[rows + j], effects[j]->low, effects[j]->high,
          effects[j]->within_chance);
    if (per_.per_one) out_.volume = {};
  }

  void reversals() {
    const double overall = out_.overall_rate_actual - out_.overall_rate_plan;
    if (overall == 0) return;
    Reversal found;
    bool with = false;
    std::string names;
    for (const MixRow& row : out_.rows) {
      const double moved = row.rate_actual - row.rate_plan;
      if (moved * overall > 0) with = true;
      if (moved * overall >= 0) continue;
      found.segments.push_back(row.segment);
      names += (names.empty() ? "" : ", ") + row.segment;
    }
    const double within = out_.rate.value;
    if (found.segments.empty() || (with && !(within * overall < 0))) return;
    found.all = !with;
    const char* up = overall > 0 ? "rose" : "fell";
    const char* against = overall > 0 ? "fell" : "rose";
    found.text =
        std::string("Simpson's reversal: the overall rate ") + up + " from " +
        shown(rounded(out_.overall_rate_plan)) + " to " + shown(rounded(out_.overall_rate_actual)) +
        " while " +
        (found.all ? (found.segments.size() == out_.rows.size() ? "that of every segment "
                                                                : "that of every segment that moved ") +
                         std::string(against)
                   : "on balance the rates within segments " + std::string(against)) +
        " (" + names + "): the mix changed";
    out_.reversals.push_back(std::move(found));
  }

  static double rounded(double x) {
    if (x == 0) return 0;
    const double scale = std::pow(10.0, 3 - std::floor(std::log10(std::abs(x))));
    return std::round(x * scale) / scale;
  }

  const SegmentedFunnel& plan_;
  const SegmentedFunnel& actual_;
  const MixOptions& options_;
  PerWhat per_;
  std::vector<SegmentPair> pairs_;
  std::vector<SegmentSide> before_, after_;
  mutable bool uncertain_ = false;
  MixExplanation out_;
};

}  // namespace detail

FUNNELGRAPH_INLINE MixExplanation explain_mix(const SegmentedFunnel& plan, const SegmentedFunnel& actual,
                                              const MixOptions& options) {
  if (plan.size() == 0 || actual.size() == 0)
    throw InvalidValueError(plan.size() == 0 ? "plan" : "actual", "no segments", "at least one segment");
  return detail::MixMaker(plan, actual, options).make();
}

}  // namespace funnelgraph::inline v0
