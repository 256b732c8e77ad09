"""Code that the README and the pages in docs/ show is code that runs.

The ``python`` blocks of a page run in their order and share their names, from the root of the repository. A
block that is not to be run has the line ``<!-- not run: why -->`` before it. Commands that begin with
``funnelgraph`` run in a folder of their own, where a ``toml`` block that begins with its name is a file. The
``cpp`` blocks are compiled and run by CMake (``tools/shown_code.py``).
"""

import re
import shlex
import shutil
from pathlib import Path

import pytest

import funnelgraph as fg
from funnelgraph.cli import main

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]

#: What a fence may be; code under another name would escape the checks.
LANGUAGES = {"python", "cpp", "sh", "toml", "text"}

_FENCED = re.compile(
    r"^(?P<mark><!-- not run:(?P<why>[^\n]*)-->\n+)?```(?P<language>[^\n]*)\n(?P<code>.*?)^```$", re.M | re.S
)


def run_page(page: Path) -> int:
    """Run the Python of a page, and return how many blocks that were; an error names the page's line."""
    text = page.read_text(encoding="utf-8")
    names: dict[str, object] = {"__name__": page.stem}
    count = 0
    for block in _FENCED.finditer(text):
        if block["language"] != "python" or block["mark"]:
            continue
        lines_before = text.count("\n", 0, block.start("code"))
        exec(compile("\n" * lines_before + block["code"], str(page), "exec"), names)
        count += 1
    return count


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_what_a_page_shows_runs(page, monkeypatch):
    """From the top to the end, as somebody would who reads it."""
    monkeypatch.chdir(ROOT)
    text = page.read_text(encoding="utf-8")
    shown = len(re.findall("^```python$", text, re.M))
    assert run_page(page) == shown - len(re.findall("^<!-- not run:", text, re.M))


def test_commands_run(monkeypatch, tmp_path, capsys):
    """Every line of a page that begins with ``funnelgraph``, from a copy of examples/."""
    shutil.copytree(ROOT / "examples" / "data", tmp_path / "examples" / "data")
    monkeypatch.chdir(tmp_path)
    count = 0
    for page in PAGES:
        for block in _FENCED.finditer(page.read_text(encoding="utf-8")):
            if block["language"] == "toml":
                name = block["code"].splitlines()[0].removeprefix("# ")
                Path(name).write_text(block["code"], encoding="utf-8")
            elif block["language"] == "sh":
                for line in block["code"].replace("\\\n", " ").splitlines():
                    if not line.startswith("funnelgraph "):
                        continue
                    assert main(shlex.split(line)[1:]) == 0, (line, capsys.readouterr().err)
                    count += 1
    assert count >= 5


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_fences_are_of_known_languages(page):
    """None is missed for its spelling, and one that is not run says why."""
    for block in _FENCED.finditer(page.read_text(encoding="utf-8")):
        assert block["language"] in LANGUAGES, block[0]
        assert not block["mark"] or block["why"].strip(), block[0]


def test_a_page_that_is_wrong_is_found(tmp_path):
    """The name is unknown in line 8; the block before it is marked."""
    page = tmp_path / "page.md"
    page.write_text(
        "```python\nx = 1\n```\n<!-- not run: asks for a password -->\n```python\n1 / 0\n```\n\n"
        "```python\nassert x == 1\nprint(y)\n```\n",
        encoding="utf-8",
    )
    with pytest.raises(NameError, match="'y' is not defined") as caught:
        run_page(page)
    assert caught.traceback[-1].lineno == 10  # counted from 0


def test_pages_name_what_is_there():
    """Files that a page links to; paths and headers that it names in `code`."""
    headers = ROOT / "include" / "funnelgraph"
    folders = tuple(f"{path.name}/" for path in ROOT.iterdir() if path.is_dir() and path.name != "build")
    rooms = tuple(f"{path.name}/" for path in headers.iterdir() if path.is_dir())
    for page in PAGES:
        text = _FENCED.sub("", re.sub(r"<!--.*?-->", "", page.read_text(encoding="utf-8"), flags=re.S))
        links = re.findall(r"\]\((?!https?:)([^)#]+)", text)
        names = re.findall(r"`(?:\./|funnelgraph/)?([\w./-]+)`", text)
        paths = [page.parent / link for link in links]
        paths += [ROOT / name for name in names if name.startswith(folders)]
        paths += [headers / name for name in names if name.startswith(rooms)]
        assert [path for path in paths if not path.exists()] == [], page.name


def test_names_that_pages_mention_are_there():
    """`fg.allocate`, `fg.metric.profit()`: every name in a page's running text, a module's or a class's."""
    for page in PAGES:
        text = _FENCED.sub("", page.read_text(encoding="utf-8"))
        for path in set(re.findall(r"\bfg\.([A-Za-z_]+(?:\.[A-Za-z_]+)*)", text)):
            found: object = fg
            for name in path.split("."):
                assert hasattr(found, name), f"{page.name} mentions fg.{path}"
                found = getattr(found, name)


def test_every_page_is_found_from_the_readme():
    """A page that nothing leads to is read by nobody."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [
        page.name for page in PAGES if page.parent.name == "docs" and f"(docs/{page.name})" not in readme
    ] == []
