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


def test_one_page():
    """The agreement of the sandal shop, and what became of it. [57]"""
    printed = subprocess.run(
        [sys.executable, EXAMPLES / "python" / "one_page.py"],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env=os.environ | {"PYTHONIOENCODING": "utf-8"},
    ).stdout
    assert "2,200 people a week from “engaged” to “enquiry”" in printed
    assert re.search(r"volume +Marketing +2,200\S* +\S+ +(kept|near|missed)", printed), printed
    assert "Economics of the funnel" in printed
