"""The layer check finds each kind of broken arrow in a small tree, and nothing in a sound one."""

from __future__ import annotations

import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tools"))

import check_layers

ROOT = Path(__file__).resolve().parents[2]

SOUND = {
    "include/funnelgraph/config.hpp": "#pragma once\n",
    "include/funnelgraph/core/error.hpp": (
        "#include <string>\n#include <funnelgraph/config.hpp>\n"
        "#ifdef FUNNELGRAPH_HEADER_ONLY\n#include <funnelgraph/core/error_inl.hpp>\n#endif\n"
    ),
    "include/funnelgraph/core/error_inl.hpp": (
        "#include <funnelgraph/core/error.hpp>\n#include <boost/math/distributions/gamma.hpp>\n"
    ),
    "include/funnelgraph/model/funnel.hpp": "#include <funnelgraph/core/error.hpp>\n",
    "include/funnelgraph/model/boost_graph.hpp": (
        "#include <boost/graph/graph_traits.hpp>\n#include <funnelgraph/model/funnel.hpp>\n"
    ),
    "include/funnelgraph/chain/chain.hpp": "#include <funnelgraph/core/error.hpp>\n",
    "include/funnelgraph/compile/compile.hpp": (
        "#include <funnelgraph/model/funnel.hpp>\n#include <funnelgraph/chain/chain.hpp>\n"
    ),
    "include/funnelgraph/analysis/results.hpp": "#include <funnelgraph/chain/chain.hpp>\n",
    "include/funnelgraph/analysis/analyze.hpp": (
        "#include <funnelgraph/analysis/results.hpp>\n#include <funnelgraph/compile/compile.hpp>\n"
    ),
    "include/funnelgraph/funnelgraph.hpp": "#include <funnelgraph/analysis/analyze.hpp>\n",
    "src/core.cpp": "#include <funnelgraph/core/error_inl.hpp>\n",
    "src/io/json.cpp": "#include <boost/json.hpp>\n#include <funnelgraph/model/funnel.hpp>\n",
}


def problems_with(changes: dict[str, str]) -> list[str]:
    """Problems of the sound tree after some files were replaced or added."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for name, text in (SOUND | changes).items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return check_layers.check(root)


class CheckLayers(unittest.TestCase):
    def assert_found(self, changes: dict[str, str], *expected: str) -> None:
        problems = problems_with(changes)
        for words in expected:
            self.assertTrue(any(words in problem for problem in problems), f"{words!r} not in {problems}")

    def test_sound_tree(self) -> None:
        self.assertEqual(problems_with({}), [])

    def test_this_repository(self) -> None:
        self.assertEqual(check_layers.check(ROOT), [])

    def test_arrow_upwards(self) -> None:
        self.assert_found(
            {"include/funnelgraph/chain/solve.hpp": "#include <funnelgraph/model/funnel.hpp>\n"},
            "chain/solve: may not reach room model",
        )

    def test_arrow_through_a_permitted_header(self) -> None:
        self.assert_found(
            {"include/funnelgraph/analysis/visits.hpp": "#include <funnelgraph/analysis/analyze.hpp>\n"},
            "analysis/visits: may not reach room model (analysis/visits -> analysis/analyze -> ",
        )

    def test_arrow_by_a_relative_path(self) -> None:
        self.assert_found(
            {"include/funnelgraph/chain/solve.hpp": '#include "../model/funnel.hpp"\n'},
            "chain/solve: may not reach room model",
        )

    def test_umbrella_does_not_bring_io(self) -> None:
        self.assert_found(
            {
                "include/funnelgraph/io/json.hpp": "#include <funnelgraph/model/funnel.hpp>\n",
                "include/funnelgraph/funnelgraph.hpp": "#include <funnelgraph/io/json.hpp>\n",
            },
            "funnelgraph: may not reach room io",
        )

    def test_cycle_of_headers(self) -> None:
        self.assert_found(
            {
                "include/funnelgraph/model/a.hpp": "#include <funnelgraph/model/b.hpp>\n",
                "include/funnelgraph/model/b.hpp": "#include <funnelgraph/model/a.hpp>\n",
            },
            "cycle of headers: model/a, model/b",
        )

    def test_cycle_through_definitions(self) -> None:
        twin = (
            "#include <funnelgraph/model/b.hpp>\n"
            "#ifdef FUNNELGRAPH_HEADER_ONLY\n#include <funnelgraph/model/a_inl.hpp>\n#endif\n"
        )
        self.assert_found(
            {
                "include/funnelgraph/model/a.hpp": twin.replace("#include <funnelgraph/model/b.hpp>\n", ""),
                "include/funnelgraph/model/a_inl.hpp": (
                    "#include <funnelgraph/model/a.hpp>\n#include <funnelgraph/model/b.hpp>\n"
                ),
                "include/funnelgraph/model/b.hpp": "#include <funnelgraph/model/a.hpp>\n",
            },
            "cycle of headers: model/a, model/b",
        )

    def test_cycle_of_rooms(self) -> None:
        self.assert_found(
            {"include/funnelgraph/core/units.hpp": "#include <funnelgraph/model/funnel.hpp>\n"},
            "cycle of rooms: core, model",
            "core/units: may not reach room model",
        )

    def test_library_in_a_public_header(self) -> None:
        self.assert_found(
            {"include/funnelgraph/chain/chain.hpp": "#include <Eigen/Dense>\n"},
            "chain/chain: may not include <Eigen/Dense>",
            "compile/compile: a public header must not reach <Eigen/Dense>",
        )

    def test_boost_graph_only_where_it_is_permitted(self) -> None:
        self.assert_found(
            {"include/funnelgraph/core/error_inl.hpp": "#include <boost/graph/graph_traits.hpp>\n"},
            "core/error_inl: may not include <boost/graph/graph_traits.hpp>",
        )
        self.assert_found(
            {"include/funnelgraph/compile/compile.hpp": "#include <funnelgraph/model/boost_graph.hpp>\n"},
            "compile/compile: a public header must not reach <boost/graph/graph_traits.hpp>",
        )

    def test_boost_json_only_in_io(self) -> None:
        self.assert_found({"src/core.cpp": "#include <boost/json.hpp>\n"}, "src/core.cpp: may not include")

    def test_source_is_bound_like_its_room(self) -> None:
        self.assert_found(
            {"src/chain.cpp": "#include <funnelgraph/model/funnel.hpp>\n"},
            "src/chain.cpp: may not reach room model",
        )

    def test_dear_standard_header(self) -> None:
        self.assert_found(
            {"include/funnelgraph/core/error.hpp": "#include <iostream>\n"},
            "model/funnel: a public header must not reach <iostream>",
        )

    def test_definitions_outside_of_header_only_use(self) -> None:
        always = SOUND["include/funnelgraph/core/error.hpp"]
        self.assert_found(
            {"include/funnelgraph/core/error.hpp": always.replace("#ifdef FUNNELGRAPH_HEADER_ONLY", "#if 1")},
            "core/error: includes core/error_inl outside of header-only use",
        )
        self.assert_found(
            {"include/funnelgraph/core/error.hpp": "#include <string>\n"},
            "core/error: does not include core/error_inl.hpp for header-only use",
        )

    def test_definitions_in_several_files(self) -> None:
        declared = (
            "#ifdef FUNNELGRAPH_HEADER_ONLY\n#include <funnelgraph/model/funnel_inl.hpp>\n"
            "#include <funnelgraph/model/funnel_changes_inl.hpp>\n#endif\n"
        )
        files = {
            "include/funnelgraph/model/funnel.hpp": declared,
            "include/funnelgraph/model/funnel_inl.hpp": "#include <funnelgraph/model/funnel.hpp>\n",
            "include/funnelgraph/model/funnel_changes_inl.hpp": "#include <funnelgraph/model/funnel.hpp>\n",
        }
        self.assertEqual(problems_with(files), [])
        files["include/funnelgraph/model/funnel.hpp"] = declared.replace("funnel_changes_inl", "funnel_inl")
        self.assert_found(
            files, "model/funnel: does not include model/funnel_changes_inl.hpp for header-only use"
        )

    def test_definitions_that_nobody_includes(self) -> None:
        files = {"include/funnelgraph/model/shared_inl.hpp": "#include <funnelgraph/model/funnel.hpp>\n"}
        self.assert_found(files, "model/shared_inl: is included by no header")

    def test_templates_in_a_file_of_their_own(self) -> None:
        files = {
            "include/funnelgraph/chain/solver.hpp": "#include <funnelgraph/chain/solver_impl.hpp>\n",
            "include/funnelgraph/chain/solver_impl.hpp": "#include <funnelgraph/chain/solver.hpp>\n",
        }
        self.assertEqual(problems_with(files), [])

    def test_folder_that_is_no_room(self) -> None:
        self.assert_found(
            {"include/funnelgraph/util/strings.hpp": "#pragma once\n"}, "'util' is no room of the table"
        )

    def test_missing_header(self) -> None:
        self.assert_found(
            {"include/funnelgraph/model/funnel.hpp": "#include <funnelgraph/core/gone.hpp>\n"},
            "model/funnel: includes core/gone.hpp, which does not exist",
        )

    def test_empty_tree(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            self.assertNotEqual(check_layers.check(Path(folder)), [])


if __name__ == "__main__":
    unittest.main()
