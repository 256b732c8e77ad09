"""The command line: ``funnelgraph demo``, ``funnelgraph new`` and ``funnelgraph analyze``."""

from .commands import main

__all__ = ["main"]
