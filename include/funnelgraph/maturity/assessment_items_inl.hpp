#pragma once

#include <algorithm>
#include <cmath>

#include <funnelgraph/maturity/assessment.hpp>
#include <funnelgraph/maturity/detail/mean_interval_inl.hpp>
#include <funnelgraph/maturity/detail/scored.hpp>
#include <funnelgraph/maturity/reliability_inl.hpp>

namespace funnelgraph::inline v0::maturity::detail {

/// The statements one by one: the gap between the sides, and how well each side's answers hang together. The
/// sides' own results must be there.
class ItemAssessor {
 public:
  ItemAssessor(const Instrument& instrument, const AssessOptions& options, const Scored& scored,
               Assessment& result)
      : instrument_(instrument), options_(options), scored_(scored), result_(result) {}

  void run() {
    make_gap();
    for (const Side side : both_sides) make_reliability(side);
  }

 private:
  static std::size_t at(Side side) { return static_cast<std::size_t>(side); }

  /// Whether what a side says about a statement is what its heads say, who did not agree to that.
  [[nodiscard]] bool is_withheld(Side side, const ItemAnswers& answers) const {
    return result_.sides[at(side)].hidden ||
           (answers.counted.n > 0 && answers.staff == 0 && !options_.head_consent);
  }

  void make_gap() {
    const std::size_t items = scored_.items;
    std::vector<bool> skip(items);
    for (const Side side : both_sides) {
      for (std::size_t item = 0; item < items; ++item) {
        by_item_[at(side)].push_back(item_answers(instrument_, scored_, side, item));
      }
    }
    for (std::size_t item = 0; item < items; ++item) {
      const ItemAnswers& marketing = by_item_[0][item];
      const ItemAnswers& sales = by_item_[1][item];
      GapRow row{item,
                 marketing.counted.n,
                 sales.counted.n,
                 marketing.counted.mean,
                 sales.counted.mean,
                 unknown,
                 unknown,
                 unknown,
                 unknown,
                 unknown,
                 false};
      if (is_withheld(Side::marketing, marketing)) row.marketing = unknown;
      if (is_withheld(Side::sales, sales)) row.sales = unknown;
      row.gap = row.marketing - row.sales;
      skip[item] = std::isnan(row.gap) || std::min(row.marketing_answers, row.sales_answers) < least_group;
      if (!skip[item]) {
        const Ends ends = combined_interval(marketing.counted, 1, sales.counted, -1, options_.level);
        const double widest = static_cast<double>(instrument_.highest - instrument_.lowest);
        row.low = std::clamp(ends.low, -widest, widest);
        row.high = std::clamp(ends.high, -widest, widest);
      }
      result_.gap.push_back(row);
    }
    test_gaps(skip);
  }

  void test_gaps(const std::vector<bool>& skip) {
    result_.normal_limit = false;
    if (std::find(skip.begin(), skip.end(), false) != skip.end()) {
      std::vector<bool> second(scored_.rows);
      for (std::size_t row = 0; row < scored_.rows; ++row) second[row] = scored_.sides[row] == Side::sales;
      const Permuted test = permutation_test(scored_.answers, scored_.items, second, skip, options_.seed,
                                             options_.permutations, options_.execution);
      result_.normal_limit = test.normal_limit;
      for (GapRow& row : result_.gap) {
        row.p = test.p[row.statement];
        row.p_adjusted = test.p_adjusted[row.statement];
        row.different = row.p_adjusted < 1 - options_.level;
      }
    }
    // Those that differ for sure, then by size; statements that cannot be compared come last.
    std::stable_sort(result_.gap.begin(), result_.gap.end(), [](const GapRow& a, const GapRow& b) {
      if (std::isnan(a.gap) || std::isnan(b.gap)) return !std::isnan(a.gap) && std::isnan(b.gap);
      if (a.different != b.different) return a.different;
      return std::abs(a.gap) > std::abs(b.gap);
    });
  }

  void make_reliability(Side side) {
    const auto& answers = by_item_[at(side)];
    SideReliability& result = result_.reliability[at(side)];
    result = {side,
              0,
              {unknown, unknown, unknown},
              unknown,
              false,
              unknown,
              unknown,
              unknown,
              unknown,
              {unknown, unknown, unknown, unknown, unknown, unknown}};
    std::vector<double> rows;
    for (std::size_t row = 0; row < scored_.rows; ++row) {
      if (scored_.sides[row] != side || scored_.answered[row] != scored_.items) continue;
      ++result.complete;
      const auto first = scored_.answers.begin() + static_cast<std::ptrdiff_t>(row * scored_.items);
      rows.insert(rows.end(), first, first + static_cast<std::ptrdiff_t>(scored_.items));
    }
    const bool hidden = result_.sides[at(side)].hidden;
    const Covariance spread = covariance({rows, scored_.items});
    const std::vector<double> item_total = item_total_correlations(spread);
    const std::vector<double> without = alpha_without_item(spread);
    const int options = instrument_.highest - instrument_.lowest + 1;
    std::vector<double> variances;
    RatingCounts ratings;
    for (std::size_t item = 0; item < scored_.items; ++item) {
      const Counted& given = answers[item].counted;
      variances.push_back(given.variance);
      if (item == 0) ratings.values = given.values;
      for (const std::uint64_t count : given.counts) ratings.counts.push_back(static_cast<double>(count));
      ItemReliability row{side, item, given.n, unknown, unknown, unknown, unknown, unknown};
      if (!is_withheld(side, answers[item])) {
        row.mean = given.mean;
        row.sd = std::sqrt(given.variance);
        row.item_total = item_total[item];
        row.alpha_without = without[item];
        row.rwg = std::isnan(given.variance) ? unknown
                                             : std::max(1 - given.variance / uniform_variance(options), 0.0);
      }
      result_.items.push_back(row);
    }
    if (hidden) return;
    make_aspects(side);
    result.alpha = cronbach_alpha(spread, options_.level);
    if (result.complete < least_group) result.alpha.low = result.alpha.high = unknown;
    const Omega omega = mcdonald_omega(spread);
    result.omega = omega.value;
    result.heywood = omega.heywood;
    result.krippendorff_nominal = krippendorff_alpha(ratings, Scale::nominal);
    result.krippendorff_ordinal = krippendorff_alpha(ratings, Scale::ordinal);
    result.krippendorff_interval = krippendorff_alpha(ratings, Scale::interval);
    result.rwg_j = rwg_of_variances(variances, options);
    std::vector<double> turned(rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
      turned[i % scored_.items * result.complete + i / scored_.items] = rows[i];
    }
    result.icc = intraclass_correlation({turned, result.complete});
  }

  void make_aspects(Side side) {
    std::array<double, 2> sums{}, counts{};
    const std::size_t first = result_.items.size() - scored_.items;
    for (std::size_t item = 0; item < scored_.items; ++item) {
      const auto aspect = static_cast<std::size_t>(instrument_.statements[item].aspect);
      sums[aspect] += result_.items[first + item].mean;
      counts[aspect] += 1;
    }
    result_.sides[at(side)].structure = ratio(sums[0], counts[0]);
    result_.sides[at(side)].behaviour = ratio(sums[1], counts[1]);
  }

  const Instrument& instrument_;
  const AssessOptions& options_;
  const Scored& scored_;
  std::array<std::vector<ItemAnswers>, 2> by_item_;
  Assessment& result_;
};

}  // namespace funnelgraph::inline v0::maturity::detail
