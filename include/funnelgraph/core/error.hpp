// The typed errors of the library. Each carries what a program needs and a stable code.
#pragma once

#include <cstddef>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <funnelgraph/config.hpp>

namespace funnelgraph::inline v0 {

/// Base of every error that the library throws. `what()` is an English sentence; `code()` is stable
/// across versions and languages.
class Error : public std::runtime_error {
 public:
  Error(std::string code, const std::string& message) : std::runtime_error(message), code_(std::move(code)) {}
  [[nodiscard]] const std::string& code() const noexcept { return code_; }

 private:
  std::string code_;
};

/// A name that nothing has. `kind` says what was looked for ("stage", "owner", ...), `nearest` is the
/// closest existing name or empty. `hint` is a clause that ends the message, such as what there is instead.
class UnknownNameError : public Error {
 public:
  UnknownNameError(std::string kind, std::string given, std::string nearest, const std::string& hint = {});
  [[nodiscard]] const std::string& kind() const noexcept { return kind_; }
  [[nodiscard]] const std::string& given() const noexcept { return given_; }
  [[nodiscard]] const std::string& nearest() const noexcept { return nearest_; }

 private:
  std::string kind_, given_, nearest_;
};

/// A value outside its allowed range. `where` names the place, `given` and `allowed` are text.
class InvalidValueError : public Error {
 public:
  InvalidValueError(std::string where, std::string given, std::string allowed);
  [[nodiscard]] const std::string& where() const noexcept { return where_; }
  [[nodiscard]] const std::string& given() const noexcept { return given_; }
  [[nodiscard]] const std::string& allowed() const noexcept { return allowed_; }

 protected:
  /// For a more special kind with a code of its own.
  InvalidValueError(std::string code, std::string where, std::string given, std::string allowed);

 private:
  std::string where_, given_, allowed_;
};

/// A change that the other exits of its row cannot bear. `least` and `largest` bound the value that the
/// change may have while the others stay; least > largest when no value would do.
class ImpossibleChangeError : public InvalidValueError {
 public:
  ImpossibleChangeError(std::string where, std::string given, double least, double largest);
  [[nodiscard]] double least() const noexcept { return least_; }
  [[nodiscard]] double largest() const noexcept { return largest_; }

 private:
  double least_, largest_;
};

/// How grave an issue is: an error stops `compile`, a warning does not.
enum class Severity { warning, error };

/// One problem that validation found: `where` ("transition enquiry -> order"), the offending `value`
/// and the `allowed` range as text (empty where they make no sense), `code` stable.
struct Issue {
  Severity severity = Severity::error;
  std::string code;
  std::string where;
  std::string message;
  std::string value;
  std::string allowed;
  bool operator==(const Issue&) const = default;
};

/// A funnel that cannot be computed: carries every issue, warnings included.
class InvalidFunnelError : public Error {
 public:
  explicit InvalidFunnelError(std::vector<Issue> issues);
  [[nodiscard]] const std::vector<Issue>& issues() const noexcept { return issues_; }

 private:
  std::vector<Issue> issues_;
};

/// Stages that nothing leaves: their equations have no solution.
class UnsolvableError : public Error {
 public:
  explicit UnsolvableError(std::vector<std::string> stages);
  UnsolvableError(const std::string& message, std::vector<std::string> stages);
  [[nodiscard]] const std::vector<std::string>& stages() const noexcept { return stages_; }

 private:
  std::vector<std::string> stages_;
};

/// Two changes that touch one number.
class ConflictError : public Error {
 public:
  ConflictError(std::string first, std::string second, std::string number, const std::string& why);
  [[nodiscard]] const std::string& first() const noexcept { return first_; }
  [[nodiscard]] const std::string& second() const noexcept { return second_; }
  [[nodiscard]] const std::string& number() const noexcept { return number_; }

 private:
  std::string first_, second_, number_;
};

/// A table, log or file that cannot be read as asked. `row` is 1-based over data rows, 0 when the
/// problem is not of one row; `column` may be empty. `source` is a file name, a JSON document's name
/// or the like. The offending cell is never repeated when it may hold personal data.
class DataError : public Error {
 public:
  DataError(std::string source, std::size_t row, std::string column, std::string why);
  [[nodiscard]] const std::string& source() const noexcept { return source_; }
  [[nodiscard]] std::size_t row() const noexcept { return row_; }
  [[nodiscard]] const std::string& column() const noexcept { return column_; }
  [[nodiscard]] const std::string& why() const noexcept { return why_; }

 private:
  std::string source_;
  std::size_t row_;
  std::string column_, why_;
};

/// A target that no allowed value reaches: `low` and `high` bound what can be reached.
class UnreachableTargetError : public Error {
 public:
  UnreachableTargetError(double target, double low, double high);
  [[nodiscard]] double target() const noexcept { return target_; }
  [[nodiscard]] double low() const noexcept { return low_; }
  [[nodiscard]] double high() const noexcept { return high_; }

 private:
  double target_, low_, high_;
};

}  // namespace funnelgraph::inline v0

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/core/error_inl.hpp>
#endif
