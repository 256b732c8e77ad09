"""Fixtures of several test modules."""

from __future__ import annotations

from pathlib import Path

import pytest
from support import SMALL


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "leads.csv"
    path.write_text(SMALL, encoding="utf-8")
    return path
