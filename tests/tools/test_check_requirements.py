"""The requirement check notices every way in which the list and the tests can disagree."""

from __future__ import annotations

import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tools"))

import check_requirements

CPP = """
// TEST_CASE("a comment is no test [9]")
TEST_CASE("hand-offs are derived [67]", "[model]") { const int x = values[12]; }
TEST_CASE("scorecards [33–35]") {
  SECTION("probabilities in [0, 1] and rates in [0.5, 1]") {}
  SECTION("with [14, 25]") {}
}
TEMPLATE_TEST_CASE("several types", "[36]", int, double) {}
"""
PYTHON = '''
"""A module of tests."""
def test_one():
    """Both at once [8, 9]."""
    assert [1, 2][0] == "[3]"
class TestThings:
    """[72]"""
    def test_two(self):
        """[73]"""
def helper():
    """[74]"""
'''


def tree(folder: str, ticked: set[int], cpp: str = CPP, python: str = PYTHON, skip: int = 0) -> Path:
    root = Path(folder)
    (root / "docs").mkdir()
    (root / "tests" / "model").mkdir(parents=True)
    (root / "tests" / "python").mkdir()
    lines = [
        f"- [{'x' if n in ticked else ' '}] {n}: words"
        for n in range(1, check_requirements.LAST + 1)
        if n != skip
    ]
    (root / "docs" / "requirements.md").write_text("\n".join(lines), encoding="utf-8")
    (root / "tests" / "model" / "test_funnel.cpp").write_text(cpp, encoding="utf-8")
    (root / "tests" / "python" / "test_kpi.py").write_text(python, encoding="utf-8")
    return root


NAMED = {67, 33, 34, 35, 14, 25, 36, 8, 9, 72, 73}


class CheckRequirements(unittest.TestCase):
    def problems(self, ticked: set[int], **changes: object) -> list[str]:
        with tempfile.TemporaryDirectory() as folder:
            return check_requirements.check(tree(folder, ticked, **changes))[1]  # type: ignore[arg-type]

    def test_mentions(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            found = check_requirements.find_mentions(tree(folder, set()) / "tests")
        self.assertEqual(set(found), NAMED)
        self.assertEqual(found[67], ["model/test_funnel.cpp: hand-offs are derived [67]"])
        self.assertEqual(found[73], ["python/test_kpi.py: TestThings.test_two"])

    def test_agreement(self) -> None:
        self.assertEqual(self.problems(NAMED), [])

    def test_ticked_without_a_test(self) -> None:
        self.assertEqual(self.problems(NAMED | {1}), ["1 is done in the list, but no test names it"])

    def test_partly(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            root = tree(folder, NAMED)
            path = root / "docs" / "requirements.md"
            path.write_text(path.read_text(encoding="utf-8").replace("[x] 8:", "[~] 8:"), encoding="utf-8")
            lines, problems = check_requirements.check(root)
            self.assertEqual(problems, [])
            self.assertIn("check_requirements: 10 done, 1 partly, 63 open", lines)
            check_requirements.write(root)
            self.assertIn("[~] 8:", path.read_text(encoding="utf-8"))
            path.write_text(path.read_text(encoding="utf-8").replace("[ ] 1:", "[~] 1:"), encoding="utf-8")
            self.assertEqual(
                check_requirements.check(root)[1], ["1 is partly in the list, but no test names it"]
            )

    def test_open_with_a_test(self) -> None:
        self.assertEqual(
            self.problems(NAMED - {73}),
            ["73 is open in the list, but is named by python/test_kpi.py: TestThings.test_two"],
        )

    def test_number_that_does_not_exist(self) -> None:
        problems = self.problems({75}, cpp='TEST_CASE("odd [75]") {}', python="")
        self.assertIn("75 is no requirement, but is named by model/test_funnel.cpp: odd [75]", problems)

    def test_missing_from_the_list(self) -> None:
        self.assertIn("12 is missing from the list", self.problems(NAMED, skip=12))

    def test_write(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            root = tree(folder, {1, 67})
            check_requirements.write(root)
            self.assertEqual(check_requirements.check(root)[1], [])

    def test_every_requirement_is_listed_here(self) -> None:
        text = (Path(__file__).resolve().parents[2] / "docs" / "requirements.md").read_text(encoding="utf-8")
        self.assertEqual(check_requirements.read_requirements(text)[1], [])


if __name__ == "__main__":
    unittest.main()
