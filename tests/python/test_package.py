"""What the package promises as a whole: examples that run, stubs that hold, an import that stays light."""

from __future__ import annotations

import doctest
import importlib
import importlib.util
import json
import pkgutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

import funnelgraph as fg
from funnelgraph import _core

ROOT = Path(__file__).resolve().parents[2]
MODULES = [
    module.name.removeprefix("funnelgraph.")
    for module in pkgutil.walk_packages(fg.__path__, "funnelgraph.")
    if module.name not in ("funnelgraph.__main__", "funnelgraph._core")
]


@pytest.mark.parametrize("name", MODULES)
def test_examples_of_docstrings_run(name: str) -> None:
    module = importlib.import_module(f"funnelgraph.{name}")
    finder = doctest.DocTestFinder()
    runner = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE)
    output: list[str] = []
    for test in finder.find(module, f"funnelgraph.{name}"):
        runner.run(test, out=output.append)
    assert runner.failures == 0, "".join(output)


@pytest.mark.parametrize("kind", [_core.Lag, _core.Parameter, _core.Metric], ids=lambda kind: kind.__name__)
def test_examples_of_the_core_run(kind: type) -> None:
    test = doctest.DocTestParser().get_doctest(kind.__doc__ or "", {}, kind.__name__, None, 0)
    assert test.examples
    runner = doctest.DocTestRunner()
    output: list[str] = []
    runner.run(test, out=output.append)
    assert runner.failures == 0, "".join(output)


def test_everything_public_is_there_and_documented() -> None:
    for name in fg.__all__:
        if name in ("datasets", "fit") and importlib.util.find_spec(f"funnelgraph.{name}") is None:
            continue
        public = getattr(fg, name)
        if not isinstance(public, str):
            assert public.__doc__, name
    assert set(dir(fg)) >= set(fg.__all__)
    with pytest.raises(AttributeError, match="nothing"):
        _ = fg.nothing  # type: ignore[attr-defined]


def test_the_import_is_light() -> None:
    """Nothing heavy comes with `import funnelgraph`: frames, NumPy and extras are imported on use."""
    code = "import sys, funnelgraph, json; print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(json.loads(done.stdout))
    heavy = {
        "numpy",
        "pandas",
        "polars",
        "pyarrow",
        "networkx",
        "scipy",
        "duckdb",
        "dataclasses",
        "csv",
        "html",
    }
    assert not loaded & heavy


def test_results_are_frozen() -> None:
    """No attribute of a result or a curve can be set, known or not, and the message says of what."""
    plan = fg.datasets.sandal_shop_plan()
    results = [
        ("an Analysis", plan.analyze()),
        ("an Explanation", fg.explain(plan, plan)),
        ("a Formula", fg.Formula("won / lost")),
        ("an Instrument", fg.maturity.instrument()),
        ("a Disagreements", fg.disagree({"A": plan, "B": plan}, fg.metric.profit())),
        ("an Adstock", fg.Adstock.geometric(0.5)),
        ("a Hill", fg.Hill(half_saturation=1)),
    ]
    for said, result in results:
        for name in ("_core", "table", "anything"):
            with pytest.raises(AttributeError, match=f"{said} is frozen: cannot set '{name}'"):
                setattr(result, name, None)


# ---- stubs ---------------------------------------------------------------------------------------------


def check_stubs() -> ModuleType:
    path = ROOT / "tools" / "check_stubs.py"
    if not path.exists():
        pytest.skip("tools/ is not here")
    spec = importlib.util.spec_from_file_location("check_stubs", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_stub_says_what_the_core_holds() -> None:
    tool = check_stubs()
    import ast

    stub = tool.stub_names(ast.parse(tool.STUB.read_text(encoding="utf-8")).body)
    assert tool.differences(stub, tool.built_names(_core)) == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("def normalise_name(text: str)", "def normalise_nam(text: str)"), "normalise_name: in the module"),
        (("def copy(self) -> Funnel", "def copi(self) -> Funnel"), "Funnel.copi: in the stub"),
        (("def set(self, parameter: Any, value", "def set(self, parameter: Any, number"), "Funnel.set"),
        (("def sizes(self)", "@property\n    def sizes(self)"), "Funnel.sizes: a function on one side"),
    ],
)
def test_a_stale_stub_is_found(change: tuple[str, str], said: str) -> None:
    tool = check_stubs()
    import ast

    text = tool.STUB.read_text(encoding="utf-8")
    assert change[0] in text
    stub = tool.stub_names(ast.parse(text.replace(*change)).body)
    assert any(said in line for line in tool.differences(stub, tool.built_names(_core)))
