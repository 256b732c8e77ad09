// Simulated answers whose truth is known.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <funnelgraph/core/philox.hpp>
#include <funnelgraph/maturity/answers.hpp>

namespace test {

namespace fgm = funnelgraph::maturity;

/// A table where every respondent of `department` gives `answer` everywhere.
inline void add_row(fgm::Answers& table, const std::string& department, const std::string& level,
                    const std::vector<double>& answers) {
  table.respondents.push_back("r" + std::to_string(table.rows() + 1));
  table.sides.push_back(department);
  table.levels.push_back(level);
  table.answers.insert(table.answers.end(), answers.begin(), answers.end());
}

/// Answers from 1 to 5: Marketing's steps come from the probabilities p, Sales' from q, the same for every
/// statement; half of the draws are shared within a respondent, so that statements correlate.
struct Survey {
  std::vector<double> marketing{0.05, 0.15, 0.3, 0.3, 0.2};
  std::vector<double> sales{0.15, 0.25, 0.3, 0.2, 0.1};

  [[nodiscard]] static double mean(const std::vector<double>& p) {
    double sum = 0;
    for (std::size_t i = 0; i < p.size(); ++i) sum += p[i] * static_cast<double>(i + 1);
    return sum;
  }
  [[nodiscard]] static double draw(const std::vector<double>& p, double u) {
    double rest = u;
    for (std::size_t i = 0; i < p.size(); ++i) {
      if (rest < p[i]) return static_cast<double>(i + 1);
      rest -= p[i];
    }
    return static_cast<double>(p.size());
  }
  [[nodiscard]] fgm::Answers draw_table(std::size_t a_side, std::uint64_t run, std::size_t items = 20) const {
    fgm::Answers table;
    funnelgraph::RandomStream stream(97, run, "survey");
    for (std::size_t row = 0; row < 2 * a_side; ++row) {
      const bool is_marketing = row < a_side;
      const auto& p = is_marketing ? marketing : sales;
      const double shared = stream.uniform();
      std::vector<double> answers;
      for (std::size_t item = 0; item < items; ++item) {
        const double own = stream.uniform();
        answers.push_back(draw(p, stream.uniform() < 0.5 ? shared : own));
      }
      add_row(table, is_marketing ? "Marketing" : "Sales", "staff", answers);
    }
    return table;
  }
};

}  // namespace test
