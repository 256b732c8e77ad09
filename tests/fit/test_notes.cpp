#include <cstdint>
#include <numeric>
#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include <funnelgraph/fit/notes.hpp>

namespace fit = funnelgraph::fit;

TEST_CASE("notes count all and keep the first rows") {
  fit::Notes notes;
  for (std::uint64_t row = 50; row > 0; --row) notes.add("skipped_stage", row);
  REQUIRE(notes.table().size() == 1);
  const fit::Note note = notes.table().front();
  CHECK(note.count == 50);
  std::vector<std::uint64_t> first(fit::note_rows);
  std::iota(first.begin(), first.end(), 1U);
  CHECK(note.rows == first);
  CHECK(note.message.ends_with(": 50"));
  CHECK(note.message.size() > std::string("skipped_stage: 50").size());
}

TEST_CASE("merging notes does not depend on the order") {
  fit::Notes a, b, c;
  for (std::uint64_t row = 1; row < 40; ++row) (row % 3 == 0 ? a : row % 3 == 1 ? b : c).add("ties", row);
  b.add("open", 7);
  fit::Notes left = a, right = c;
  left.merge(b);
  left.merge(c);
  right.merge(b);
  right.merge(a);
  CHECK(left == right);
  CHECK(left.table() == right.table());
  CHECK(left.count("ties") == 39);
  CHECK(left.count("open") == 1);
}

TEST_CASE("what is taken back is gone") {
  fit::Notes notes;
  notes.add("open", 1);
  notes.add("open", 2);
  notes.take_back("open", 1);
  CHECK(notes.count("open") == 1);
  notes.take_back("open", 1);
  notes.take_back("open", 1);
  CHECK(notes == fit::Notes());
}

TEST_CASE("every code that the readers use has a sentence") {
  for (const char* code :
       {"after_outcome", "after_until", "already_closed", "duplicate_journey", "lost_and_won", "no_dates",
        "open", "out_of_order", "silent", "ties", "ties_between_stages"}) {
    CHECK(fit::note_message(code) != code);
  }
  CHECK(fit::note_message("missing:price").find("\"price\"") != std::string::npos);
}
