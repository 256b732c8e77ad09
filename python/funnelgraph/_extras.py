"""Packages that only some functions need."""

from __future__ import annotations

from typing import Any


def needed(package: str) -> Any:
    """Import an optional package, or say what to install."""
    import importlib

    try:
        return importlib.import_module(package)
    except ImportError as error:
        raise ImportError(f"{package} is needed for this: pip install {package}", name=package) from error
