#include "journey_columns.hpp"

#include <cstring>
#include <functional>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

#include <funnelgraph/core/error.hpp>

#include "arrow_abi.hpp"

namespace py = pybind11;

namespace funnelgraph_python {

/// Arrow arrays are released, and Python objects let go, with it. Made and destroyed with the interpreter
/// held.
struct JourneyColumn::Keeper {
  std::vector<ArrowArray> arrays;
  ArrowSchema schema{};
  std::vector<py::object> objects;

  Keeper() = default;
  Keeper(const Keeper&) = delete;
  Keeper& operator=(const Keeper&) = delete;
  ~Keeper() {
    for (ArrowArray& array : arrays) {
      if (array.release != nullptr) array.release(&array);
    }
    if (schema.release != nullptr) schema.release(&schema);
  }
};

JourneyColumn::JourneyColumn() : keeper_(std::make_unique<Keeper>()) {}
JourneyColumn::JourneyColumn(JourneyColumn&&) noexcept = default;
JourneyColumn& JourneyColumn::operator=(JourneyColumn&&) noexcept = default;
JourneyColumn::~JourneyColumn() = default;

namespace {

/// Where an error is.
struct Place {
  const std::string& source;
  const std::string& name;
  [[noreturn]] void refuse(std::size_t row, const std::string& why) const {
    throw funnelgraph::DataError(source, row + 1, name, why);
  }
};

bool is_valid(const ArrowArray& array, std::int64_t i) {
  if (array.null_count == 0 || array.buffers[0] == nullptr) return true;
  const auto at = static_cast<std::size_t>(i + array.offset);
  return ((static_cast<const std::uint8_t*>(array.buffers[0])[at / 8] >> (at % 8)) & 1U) != 0;
}

template <class T>
const T* buffer(const ArrowArray& array, std::int64_t which) {
  return static_cast<const T*>(array.buffers[which]);
}

/// Cells of an Arrow array of text, of any of its three layouts.
class TextCells {
 public:
  static bool knows(const char* format) {
    return std::strcmp(format, "u") == 0 || std::strcmp(format, "U") == 0 || std::strcmp(format, "vu") == 0;
  }
  TextCells(const char* format, const ArrowArray& array) : format_(format[0]), array_(&array) {}

  [[nodiscard]] std::optional<std::string_view> operator[](std::int64_t i) const {
    if (!is_valid(*array_, i)) return std::nullopt;
    const std::int64_t at = i + array_->offset;
    if (format_ == 'u') return between(buffer<std::int32_t>(*array_, 1), at);
    if (format_ == 'U') return between(buffer<std::int64_t>(*array_, 1), at);
    const char* view = buffer<char>(*array_, 1) + 16 * at;
    std::int32_t length = 0, which = 0, offset = 0;
    std::memcpy(&length, view, 4);
    if (length <= 12) return std::string_view(view + 4, static_cast<std::size_t>(length));
    std::memcpy(&which, view + 8, 4);
    std::memcpy(&offset, view + 12, 4);
    return std::string_view(buffer<char>(*array_, std::int64_t{2} + which) + offset,
                            static_cast<std::size_t>(length));
  }

 private:
  template <class Offset>
  [[nodiscard]] std::string_view between(const Offset* offsets, std::int64_t at) const {
    const char* bytes = buffer<char>(*array_, 2);
    const auto length = static_cast<std::size_t>(offsets[at + 1] - offsets[at]);
    return length == 0 ? std::string_view("", 0) : std::string_view(bytes + offsets[at], length);
  }
  char format_;
  const ArrowArray* array_;
};

/// Index i of a dictionary-encoded array.
std::int64_t index_at(char format, const ArrowArray& array, std::int64_t i) {
  const std::int64_t at = i + array.offset;
  switch (format) {
    case 'c':
      return buffer<std::int8_t>(array, 1)[at];
    case 'C':
      return buffer<std::uint8_t>(array, 1)[at];
    case 's':
      return buffer<std::int16_t>(array, 1)[at];
    case 'S':
      return buffer<std::uint16_t>(array, 1)[at];
    case 'i':
      return buffer<std::int32_t>(array, 1)[at];
    case 'I':
      return buffer<std::uint32_t>(array, 1)[at];
    case 'l':
      return buffer<std::int64_t>(array, 1)[at];
    default:
      return static_cast<std::int64_t>(buffer<std::uint64_t>(array, 1)[at]);
  }
}

bool is_dictionary_of_text(const ArrowSchema& schema) {
  return schema.dictionary != nullptr && std::strlen(schema.format) == 1 &&
         std::strchr("cCsSiIlL", schema.format[0]) != nullptr && TextCells::knows(schema.dictionary->format);
}

/// Codes of channels by name.
class Codes {
 public:
  explicit Codes(JourneyColumn& column) : column_(&column) {}
  std::uint32_t of(std::string_view name) {
    const auto at = known_.find(std::string(name));
    if (at != known_.end()) return at->second;
    const auto code = static_cast<std::uint32_t>(column_->channels.size());
    column_->channels.emplace_back(name);
    known_.emplace(column_->channels.back(), code);
    return code;
  }

 private:
  JourneyColumn* column_;
  std::unordered_map<std::string, std::uint32_t> known_;
};

void read_text(JourneyColumn& column, const ArrowSchema& schema, const ArrowArray& array,
               const Place& place) {
  const std::size_t before = column.texts.size();
  const auto row = [&](std::int64_t i) { return before + static_cast<std::size_t>(i); };
  column.texts.reserve(before + static_cast<std::size_t>(array.length));
  if (schema.dictionary == nullptr) {
    const TextCells cells(schema.format, array);
    for (std::int64_t i = 0; i < array.length; ++i) {
      const auto cell = cells[i];
      if (!cell) place.refuse(row(i), "is missing");
      column.texts.push_back(*cell);
    }
    return;
  }
  const TextCells cells(schema.dictionary->format, *array.dictionary);
  for (std::int64_t i = 0; i < array.length; ++i) {
    if (!is_valid(array, i)) place.refuse(row(i), "is missing");
    const auto cell = cells[index_at(schema.format[0], array, i)];
    if (!cell) place.refuse(row(i), "is missing");
    column.texts.push_back(*cell);
  }
}

void read_lists(JourneyColumn& column, Codes& codes, const ArrowSchema& schema, const ArrowArray& array,
                const Place& place) {
  const ArrowSchema& item = *schema.children[0];
  const ArrowArray& items = *array.children[0];
  const bool large = schema.format[1] == 'L';
  const std::size_t before = column.begin.size() - 1;
  const auto offset = [&](std::int64_t i) -> std::int64_t {
    return large ? buffer<std::int64_t>(array, 1)[i + array.offset]
                 : buffer<std::int32_t>(array, 1)[i + array.offset];
  };
  constexpr std::uint32_t missing = 0xFFFFFFFFU;
  std::vector<std::uint32_t> code_of_entry;
  if (item.dictionary != nullptr) {
    const TextCells names(item.dictionary->format, *items.dictionary);
    for (std::int64_t k = 0; k < items.dictionary->length; ++k) {
      const auto name = names[k];
      code_of_entry.push_back(name ? codes.of(*name) : missing);
    }
  }
  const TextCells texts(item.format, items);
  for (std::int64_t i = 0; i < array.length; ++i) {
    const std::size_t row = before + static_cast<std::size_t>(i);
    if (!is_valid(array, i)) place.refuse(row, "is missing");
    for (std::int64_t k = offset(i); k < offset(i + 1); ++k) {
      std::uint32_t code = missing;
      if (item.dictionary != nullptr) {
        if (is_valid(items, k))
          code = code_of_entry.at(static_cast<std::size_t>(index_at(item.format[0], items, k)));
      } else if (const auto name = texts[k]) {
        code = codes.of(*name);
      }
      if (code == missing) place.refuse(row, "has a touch that is missing");
      column.codes.push_back(code);
    }
    column.begin.push_back(column.codes.size());
  }
}

std::string type_name(py::handle value) {
  return py::cast<std::string>(py::type::of(value).attr("__name__"));
}

bool is_missing(py::handle value) {
  if (value.is_none()) return true;
  if (PyFloat_Check(value.ptr())) return PyFloat_AS_DOUBLE(value.ptr()) != PyFloat_AS_DOUBLE(value.ptr());
  return type_name(value) == "NAType";
}

std::string_view utf8_of(py::handle text, std::size_t row, const Place& place) {
  Py_ssize_t length = 0;
  const char* bytes = PyUnicode_AsUTF8AndSize(text.ptr(), &length);
  if (bytes == nullptr) {
    PyErr_Clear();
    place.refuse(row, "is not text that UTF-8 can hold");
  }
  return {bytes, static_cast<std::size_t>(length)};
}

}  // namespace

JourneyColumn JourneyColumn::read(const py::object& column, const std::string& source,
                                  const std::string& name) {
  JourneyColumn result;
  Keeper& keeper = *result.keeper_;
  const Place place{source, name};
  const bool is_list = py::isinstance<py::list>(column);
  if (!is_list) {
    const auto stream_capsule = py::cast<py::capsule>(column.attr("__arrow_c_stream__")());
    auto* stream =
        static_cast<ArrowArrayStream*>(PyCapsule_GetPointer(stream_capsule.ptr(), "arrow_array_stream"));
    if (stream == nullptr) throw py::error_already_set();
    const auto fail = [&] {
      const char* why = stream->get_last_error(stream);
      throw funnelgraph::DataError(source, 0, name,
                                   std::string("cannot be read from Arrow: ") + (why == nullptr ? "" : why));
    };
    if (stream->get_schema(stream, &keeper.schema) != 0) fail();
    const ArrowSchema& schema = keeper.schema;
    const bool lists =
        (std::strcmp(schema.format, "+l") == 0 || std::strcmp(schema.format, "+L") == 0) &&
        (TextCells::knows(schema.children[0]->format) || is_dictionary_of_text(*schema.children[0]));
    if (!lists && !TextCells::knows(schema.format) && !is_dictionary_of_text(schema)) {
      throw funnelgraph::DataError(
          source, 0, name,
          std::string("holds Arrow type \"") + schema.format + "\"; text or lists of text are wanted");
    }
    result.is_coded = lists;
    Codes codes(result);
    for (;;) {
      ArrowArray array{};
      if (stream->get_next(stream, &array) != 0) fail();
      if (array.release == nullptr) break;
      keeper.arrays.push_back(array);
      if (lists) {
        read_lists(result, codes, schema, keeper.arrays.back(), place);
      } else {
        read_text(result, schema, keeper.arrays.back(), place);
      }
    }
    return result;
  }
  // Own references, so that whoever changes the list meanwhile takes nothing away.
  const auto cells = py::reinterpret_steal<py::tuple>(PyList_AsTuple(column.ptr()));
  keeper.objects.push_back(cells);
  const std::size_t rows = cells.size();
  result.is_coded = rows > 0 && (py::isinstance<py::list>(cells[0]) || py::isinstance<py::tuple>(cells[0]));
  Codes codes(result);
  if (!result.is_coded) result.texts.reserve(rows);
  for (std::size_t row = 0; row < rows; ++row) {
    const py::handle cell = PyTuple_GET_ITEM(cells.ptr(), static_cast<Py_ssize_t>(row));
    if (!result.is_coded) {
      if (!PyUnicode_Check(cell.ptr())) {
        if (is_missing(cell)) place.refuse(row, "is missing");
        place.refuse(row, "is a " + type_name(cell) + ", text is wanted");
      }
      result.texts.push_back(utf8_of(cell, row, place));
      continue;
    }
    if (is_missing(cell)) place.refuse(row, "is missing");
    if (!py::isinstance<py::list>(cell) && !py::isinstance<py::tuple>(cell))
      place.refuse(row, "is a " + type_name(cell) + ", a list of touches is wanted as in the rows before");
    const auto touches = py::reinterpret_borrow<py::sequence>(cell);
    for (const py::handle touch : touches) {
      if (is_missing(touch)) place.refuse(row, "has a touch that is missing");
      if (!PyUnicode_Check(touch.ptr()))
        place.refuse(row, "has a touch that is a " + type_name(touch) + ", text is wanted");
      result.codes.push_back(codes.of(utf8_of(touch, row, place)));
    }
    result.begin.push_back(result.codes.size());
  }
  return result;
}

}  // namespace funnelgraph_python
