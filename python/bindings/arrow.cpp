// Export of a table through the Arrow C data interface and its PyCapsule protocol.
// Source: https://arrow.apache.org/docs/format/CDataInterface.html
#include <cerrno>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "arrow_abi.hpp"
#include "table.hpp"

namespace py = pybind11;

namespace funnelgraph_python {
namespace {

constexpr std::int64_t nullable_flag = 2;  // ARROW_FLAG_NULLABLE

const char* format_of(const Column& column) {
  constexpr const char* formats[] = {"g", "l", "b", "u"};
  return formats[column.values.index()];
}

// What a schema or an array keeps alive; released with it, alone or moved out of its parent.
struct SchemaKeeper {
  Table table;
  std::vector<ArrowSchema> children;
  std::vector<ArrowSchema*> pointers;
};

void release_schema(ArrowSchema* schema) {
  for (std::int64_t i = 0; i < schema->n_children; ++i) {
    ArrowSchema* child = schema->children[i];
    if (child->release != nullptr) child->release(child);
  }
  delete static_cast<SchemaKeeper*>(schema->private_data);
  schema->release = nullptr;
}

void fill_schema(const Table& table, ArrowSchema* out) {
  auto keeper = std::make_unique<SchemaKeeper>();
  keeper->table = table;
  keeper->children.resize(table->columns.size());
  keeper->pointers.resize(table->columns.size());
  std::vector<std::unique_ptr<SchemaKeeper>> of_children;
  for (std::size_t i = 0; i < table->columns.size(); ++i) {
    of_children.push_back(std::make_unique<SchemaKeeper>());
    of_children.back()->table = table;
  }
  for (std::size_t i = 0; i < table->columns.size(); ++i) {
    const Column& column = table->columns[i];
    keeper->children[i] = {
        format_of(column), column.name.c_str(),     nullptr, nullable_flag, 0, nullptr, nullptr,
        &release_schema,   of_children[i].release()};
    keeper->pointers[i] = &keeper->children[i];
  }
  *out = {"+s",
          "",
          nullptr,
          0,
          static_cast<std::int64_t>(table->columns.size()),
          keeper->pointers.data(),
          nullptr,
          &release_schema,
          nullptr};
  out->private_data = keeper.release();
}

struct ArrayKeeper {
  Table table;
  std::vector<std::uint8_t> validity, bits;
  const void* buffers[3] = {nullptr, nullptr, nullptr};
  std::vector<ArrowArray> children;
  std::vector<ArrowArray*> pointers;
};

void release_array(ArrowArray* array) {
  for (std::int64_t i = 0; i < array->n_children; ++i) {
    ArrowArray* child = array->children[i];
    if (child->release != nullptr) child->release(child);
  }
  delete static_cast<ArrayKeeper*>(array->private_data);
  array->release = nullptr;
}

std::vector<std::uint8_t> pack_bits(const std::vector<std::uint8_t>& flags) {
  std::vector<std::uint8_t> bits((flags.size() + 7) / 8, 0);
  for (std::size_t i = 0; i < flags.size(); ++i) {
    if (flags[i] != 0) bits[i / 8] = static_cast<std::uint8_t>(bits[i / 8] | (1U << (i % 8)));
  }
  return bits;
}

// Consumers may want a pointer even where there is nothing to read.
constexpr std::int64_t nothing[1] = {0};
template <class T>
const void* pointer(const T& container) {
  return container.empty() ? static_cast<const void*>(nothing) : static_cast<const void*>(container.data());
}

std::unique_ptr<ArrayKeeper> keep_column(const Table& table, const Column& column) {
  auto keeper = std::make_unique<ArrayKeeper>();
  keeper->table = table;
  if (!column.valid.empty()) {
    keeper->validity = pack_bits(column.valid);
    keeper->buffers[0] = keeper->validity.data();
  }
  if (const auto* numbers = std::get_if<std::vector<double>>(&column.values)) {
    keeper->buffers[1] = pointer(*numbers);
  } else if (const auto* integers = std::get_if<std::vector<std::int64_t>>(&column.values)) {
    keeper->buffers[1] = pointer(*integers);
  } else if (const auto* flags = std::get_if<FlagColumn>(&column.values)) {
    keeper->bits = pack_bits(flags->values);
    keeper->buffers[1] = pointer(keeper->bits);
  } else {
    const auto& text = std::get<TextColumn>(column.values);
    keeper->buffers[1] = pointer(text.offsets);
    keeper->buffers[2] = pointer(text.bytes);
  }
  return keeper;
}

void fill_array(const Table& table, ArrowArray* out) {
  auto keeper = std::make_unique<ArrayKeeper>();
  keeper->table = table;
  keeper->children.resize(table->columns.size());
  keeper->pointers.resize(table->columns.size());
  std::vector<std::unique_ptr<ArrayKeeper>> of_children;
  of_children.reserve(table->columns.size());
  for (const Column& column : table->columns) of_children.push_back(keep_column(table, column));
  const auto rows = static_cast<std::int64_t>(table->rows);
  for (std::size_t i = 0; i < table->columns.size(); ++i) {
    const Column& column = table->columns[i];
    std::int64_t missing = 0;
    for (const std::uint8_t valid : column.valid) missing += valid == 0 ? 1 : 0;
    ArrayKeeper* child = of_children[i].release();
    const bool is_text = std::holds_alternative<TextColumn>(column.values);
    keeper->children[i] = {rows,           missing, 0,       is_text ? 3 : 2, 0,
                           child->buffers, nullptr, nullptr, &release_array,  child};
    keeper->pointers[i] = &keeper->children[i];
  }
  *out = {rows,
          0,
          0,
          1,
          static_cast<std::int64_t>(table->columns.size()),
          keeper->buffers,
          keeper->pointers.data(),
          nullptr,
          &release_array,
          nullptr};
  out->private_data = keeper.release();
}

struct StreamKeeper {
  Table table;
  bool done = false;
  std::string error;
};

template <class Fill>
int guarded(ArrowArrayStream* stream, Fill fill) {
  auto* keeper = static_cast<StreamKeeper*>(stream->private_data);
  try {
    fill(*keeper);
    return 0;
  } catch (const std::exception& error) {
    keeper->error = error.what();
    return ENOMEM;
  }
}

int stream_schema(ArrowArrayStream* stream, ArrowSchema* out) {
  return guarded(stream, [&](StreamKeeper& keeper) { fill_schema(keeper.table, out); });
}

int stream_next(ArrowArrayStream* stream, ArrowArray* out) {
  return guarded(stream, [&](StreamKeeper& keeper) {
    *out = {};  // a released array says that the stream has ended
    if (keeper.done) return;
    fill_array(keeper.table, out);
    keeper.done = true;
  });
}

const char* stream_error(ArrowArrayStream* stream) {
  return static_cast<StreamKeeper*>(stream->private_data)->error.c_str();
}

void release_stream(ArrowArrayStream* stream) {
  delete static_cast<StreamKeeper*>(stream->private_data);
  stream->release = nullptr;
}

template <class Structure>
void destroy_capsule(PyObject* capsule) {
  auto* structure = static_cast<Structure*>(PyCapsule_GetPointer(capsule, PyCapsule_GetName(capsule)));
  if (structure == nullptr) return;
  if (structure->release != nullptr) structure->release(structure);
  delete structure;
}

template <class Structure>
py::capsule as_capsule(std::unique_ptr<Structure> structure, const char* name) {
  PyObject* capsule = PyCapsule_New(structure.get(), name, &destroy_capsule<Structure>);
  if (capsule == nullptr) {
    structure->release(structure.get());
    throw py::error_already_set();
  }
  structure.release();
  return py::reinterpret_steal<py::capsule>(capsule);
}

}  // namespace

py::capsule arrow_schema(const Table& table) {
  auto schema = std::make_unique<ArrowSchema>();
  fill_schema(table, schema.get());
  return as_capsule(std::move(schema), "arrow_schema");
}

py::capsule arrow_stream(const Table& table) {
  auto keeper = std::make_unique<StreamKeeper>();
  keeper->table = table;
  auto stream = std::make_unique<ArrowArrayStream>();
  *stream = {&stream_schema, &stream_next, &stream_error, &release_stream, keeper.get()};
  keeper.release();
  return as_capsule(std::move(stream), "arrow_array_stream");
}

}  // namespace funnelgraph_python
