// Where a table keeps the record of its hand-offs, and what was agreed about them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <funnelgraph/fit/columns.hpp>

namespace funnelgraph::inline v0 {

/// A wide table has a row a hand-off and a date a step: `delivered` and the like are columns. Where `event`
/// is given the table is a log, a row an event: then they are names of events in that column, each delivery
/// begins a hand-off, and what follows up to the next delivery of the journey belongs to it. "" = not
/// recorded.
struct HandOffOptions {
  std::string delivered{"delivered"};  ///< the giver handed it over
  std::string accepted{};              ///< the receiver says that it meets the definition
  std::string rejected{};              ///< the receiver sends it back
  std::string touched{};               ///< the receiver's first answer, call or visit
  std::string reason{};                ///< column: why it was rejected; of a log, read where it was rejected
  std::string meets{};         ///< column: whether it meets the definition, yes or no, as checked by somebody
  std::string journey{};       ///< column of ids; a log needs it; a table counts second deliveries by it
  std::string event{};         ///< column of a log
  std::string time{"time"};    ///< column of a log
  std::string giver_column{};  ///< who delivered, by hand-off; else all are `giver`'s
  std::string receiver_column{};                  ///< who received, by hand-off; else all are `receiver`'s
  std::string giver{"Marketing"};                 ///< owner
  std::string receiver{"Sales"};                  ///< owner
  double within = 1;                              ///< days from delivery to the first touch; > 0
  std::optional<double> reject_within{};          ///< days to reject, > 0; none = `within`
  std::vector<std::string> against_definition{};  ///< reasons that say: it does not meet the definition
  std::optional<fit::Tick> until{};               ///< as-of time; none = the latest time in the table
};

}  // namespace funnelgraph::inline v0
