"""What the README shows is what happens."""

import subprocess
import sys
from pathlib import Path

import funnelgraph as fg

ROOT = Path(__file__).resolve().parents[2]


def test_the_python_example_prints_what_the_readme_shows(tmp_path):
    """The code is extracted, run from the root of the repository, and its output compared."""
    tool = ROOT / "tools" / "shown_code.py"
    code = subprocess.run(
        [sys.executable, tool, "extract", "python"], check=True, stdout=subprocess.PIPE, text=True
    ).stdout
    program = tmp_path / "readme.py"
    program.write_text(code, encoding="utf-8")
    checked = subprocess.run(
        [sys.executable, tool, "check", "python", sys.executable, program], stdout=subprocess.PIPE, text=True
    )
    assert checked.returncode == 0, checked.stdout


def test_what_is_counted_so_far_is_what_the_pages_say():
    """The counts beside the figures of all 600, in the README and on the page of the command line."""
    leads = fg.fit.read_table(ROOT / "examples" / "data" / "leads.csv")
    stages = {stage: stage for stage in ("lead", "trial", "offer", "enrolled")}
    counted = fg.fit.milestones(
        leads, journey="lead_id", stages=stages, lost="lost_reason", until="2025-12-31"
    )
    won, still_open = counted.entered("enrolled"), int(sum(counted.stages["open"]))
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert f"So far {won} of these {counted.journeys} leads have enrolled and {still_open} are" in readme
    assert f'`to_funnel(open="lost")` counts the {won}.' in readme
    page = (ROOT / "docs" / "command_line.md").read_text(encoding="utf-8")
    assert f"{won} wins in this table" in page


def test_the_readme_has_exactly_two_commands_for_a_fresh_machine():
    """One that sets up and runs, one that sets up and tests."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    commands = [block.split("```")[0].strip() for block in text.split("```sh\n")[1:]]
    assert commands == ["pip install . && funnelgraph demo", "./tools/test.sh"]
