// Long work without the interpreter lock that hears Ctrl-C and reports how far it is.
#pragma once

#include <pybind11/pybind11.h>

#include <chrono>
#include <cstddef>
#include <string>
#include <utility>

#include <funnelgraph/core/parallel.hpp>

#include "convert.hpp"

namespace funnelgraph_python {

/// Threads as an option: None is as many as the machine has, else at least 1.
inline unsigned threads_of(const py::object& value, const char* where) {
  if (value.is_none()) return 0;
  if (!PyLong_Check(value.ptr()) || PyBool_Check(value.ptr()))
    refuse(value, where, "a whole number, or None");
  const long long threads = py::cast<long long>(value);
  if (threads < 1 || threads > 1024) {
    throw fg::InvalidValueError(where, std::to_string(threads), "1 to 1024, or None for all");
  }
  return static_cast<unsigned>(threads);
}

/// A count as an option: a whole number >= 0.
inline std::size_t count_of(const py::object& value, const char* where) {
  if (!PyLong_Check(value.ptr()) || PyBool_Check(value.ptr())) refuse(value, where, "a whole number");
  int overflow = 0;
  const long long count = PyLong_AsLongLongAndOverflow(value.ptr(), &overflow);
  constexpr long long most = 1'000'000'000'000;
  if (overflow != 0 || count < 0 || count > most) {
    throw fg::InvalidValueError(where, py::cast<std::string>(py::str(value)), "0 to 10^12");
  }
  return static_cast<std::size_t>(count);
}

/// Runs `work(execution)` without the interpreter lock. About twenty times a second the lock is taken to see
/// to signals, so that Ctrl-C ends the work with KeyboardInterrupt, and `progress(done, total)`, if it is
/// not None, is called; what it raises ends the work too.
template <class Work>
auto interruptible(unsigned threads, const py::object& progress, Work work) {
  using Clock = std::chrono::steady_clock;
  static constexpr std::chrono::milliseconds pause{50};
  if (!progress.is_none() && PyCallable_Check(progress.ptr()) == 0) {
    refuse(progress, "progress=", "a function of (done, total), or None");
  }
  const py::handle report = progress;  // the caller holds it
  Clock::time_point last = Clock::now();
  bool finished = false;
  fg::Execution execution;
  execution.threads = threads;
  execution.progress = [&last, &finished, report](std::size_t done, std::size_t total) {
    const Clock::time_point now = Clock::now();
    const bool end = done == total && !finished;
    if (!end && now - last < pause) return;
    last = now;
    const py::gil_scoped_acquire lock;
    if (PyErr_CheckSignals() != 0) throw py::error_already_set();
    if (!report.is_none() && (end || done != total)) report(done, total);
    finished = finished || end;
  };
  py::gil_scoped_release without_gil;
  return work(std::as_const(execution));
}

}  // namespace funnelgraph_python
