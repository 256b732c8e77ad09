#include <funnelgraph/fit/delimited.hpp>
#include <funnelgraph/io/answers.hpp>

namespace funnelgraph::inline v0 {
namespace detail {
namespace {

fit::DelimitedOptions delimited_options(const AnswerTableOptions& options) {
  fit::DelimitedOptions delimited;
  delimited.delimiter = options.delimiter;
  delimited.source = options.source;
  delimited.missing = options.missing;
  delimited.max_bytes = options.max_bytes;
  delimited.max_rows = options.max_rows;
  return delimited;
}

maturity::Answers answers_of(const fit::DelimitedTable& table, const maturity::Instrument& instrument,
                             const AnswerTableOptions& options) {
  const auto column = [&](const std::string& name) {
    const auto cells = table.text(name);
    return std::vector<std::string>(cells.begin(), cells.end());
  };
  maturity::Answers answers;
  answers.source = table.source();
  answers.respondent_column = options.respondent;
  answers.side_column = options.side;
  answers.respondents = column(options.respondent);
  answers.sides = column(options.side);
  if (options.level.empty()) {
    answers.levels.assign(table.rows(), "staff");
  } else {
    answers.level_column = options.level;
    answers.levels = column(options.level);
  }
  if (!options.seconds.empty()) answers.seconds = table.numbers(options.seconds);
  const std::vector<std::string> names = maturity::statement_columns(instrument, table.names());
  answers.answers.resize(table.rows() * names.size());
  for (std::size_t item = 0; item < names.size(); ++item) {
    const std::vector<double> cells = table.numbers(names[item]);
    for (std::size_t row = 0; row < cells.size(); ++row) {
      answers.answers[row * names.size() + item] = cells[row];
    }
  }
  return answers;
}

}  // namespace
}  // namespace detail

maturity::Answers parse_answers(std::string_view text, const maturity::Instrument& instrument,
                                const AnswerTableOptions& options) {
  fit::DelimitedOptions delimited = detail::delimited_options(options);
  if (delimited.source.empty()) delimited.source = "answers";
  return detail::answers_of(fit::parse_delimited(text, delimited), instrument, options);
}

maturity::Answers read_answers(const std::string& path, const maturity::Instrument& instrument,
                               const AnswerTableOptions& options) {
  return detail::answers_of(fit::read_delimited(path, detail::delimited_options(options)), instrument,
                            options);
}

}  // namespace funnelgraph::inline v0
