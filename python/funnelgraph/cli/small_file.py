"""Reading the small files that the command line is given: funnels and options."""

from __future__ import annotations

from pathlib import Path

from ..errors import DataError

#: A TOML or JSON file larger than this is refused.
MAX_BYTES = 16 * 1024 * 1024


def read_small(path: Path) -> str:
    """Return the text of a file in UTF-8, with or without a BOM."""
    size = path.stat().st_size
    if size > MAX_BYTES:
        raise DataError(path.name, 0, "", f"{size} bytes; at most {MAX_BYTES} are read")
    try:
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DataError(path.name, 0, "", f"byte {error.start} is not UTF-8") from None
