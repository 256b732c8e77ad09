"""The example in Python runs, and says what the one in C++ says (examples/CMakeLists.txt)."""

import os
import re
import subprocess
import sys
from pathlib import Path

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"


def test_crm_to_ledger():
    """From the small table to the ledger."""
    printed = subprocess.run(
        [sys.executable, EXAMPLES / "python" / "crm_to_ledger.py"],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    ).stdout
    assert re.search(r"Sales +199\.8 +117\.6 +82\.2 +2669", printed), printed


def test_the_table_is_what_its_generator_makes(tmp_path):
    """examples/data/leads.csv is not edited by hand."""
    generator = tmp_path / "make_leads.py"
    generator.write_text((EXAMPLES / "data" / "make_leads.py").read_text(encoding="utf-8"), encoding="utf-8")
    subprocess.run([sys.executable, generator], check=True)
    assert (tmp_path / "leads.csv").read_bytes() == (EXAMPLES / "data" / "leads.csv").read_bytes()


def test_maturity():
    """From answers to advice and actions, in both languages. [54, 56, 74]"""
    printed = subprocess.run(
        [sys.executable, EXAMPLES / "python" / "maturity.py"],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env=os.environ | {"PYTHONIOENCODING": "utf-8"},
    ).stdout
    assert re.search(r"sales: 48\.4 \(\S+ to \S+\), defined", printed), printed
    assert "defined: conflict." in printed
    assert "Phản hồi ít tốn công của Bán hàng" in printed


def test_attribution():
    """Seven methods from the same touches; between owners only with touches of Sales. [19]"""
    printed = subprocess.run(
        [sys.executable, EXAMPLES / "python" / "attribution.py"],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env={key: value for key, value in os.environ.items() if key != "FUNNELGRAPH_DATA"}
        | {"PYTHONIOENCODING": "utf-8"},
    ).stdout
    assert re.search(r"last +Sales +2\.000 +1\.000 +2,400", printed), printed
    assert "No touch of Sales is in these journeys: credit between owners is not shown." in printed
