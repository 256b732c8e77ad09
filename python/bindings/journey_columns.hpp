// Columns of paths from Python: text or touches, read in place where that can be.
#pragma once

#include <pybind11/pybind11.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace funnelgraph_python {

/// A column of paths that keeps alive what it views, so that it can be read without the interpreter.
class JourneyColumn {
 public:
  /// From an object with an Arrow PyCapsule (text, text in a dictionary, lists of either), or a list of str
  /// or of lists of str. Throws DataError with the row for a missing cell and for one of another type;
  /// `source` and `name` are for these.
  static JourneyColumn read(const pybind11::object& column, const std::string& source,
                            const std::string& name);
  JourneyColumn(JourneyColumn&&) noexcept;
  JourneyColumn& operator=(JourneyColumn&&) noexcept;
  ~JourneyColumn();

  /// Whether the cells were lists of touches: then channels, codes and begin hold them, else texts.
  bool is_coded = false;
  std::vector<std::string_view> texts;
  std::vector<std::string> channels;
  std::vector<std::uint32_t> codes;
  std::vector<std::uint64_t> begin{0};

  [[nodiscard]] std::size_t rows() const noexcept { return is_coded ? begin.size() - 1 : texts.size(); }

  struct Keeper;

 private:
  JourneyColumn();
  std::unique_ptr<Keeper> keeper_;
};

}  // namespace funnelgraph_python
