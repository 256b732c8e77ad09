"""Reading the arguments of the command line, with the library's errors."""

from __future__ import annotations

import argparse
from typing import NoReturn

from ..errors import FunnelgraphError


class UsageError(FunnelgraphError):
    """A command line that has no such command or option, or not such a value."""

    def __init__(self, message: str) -> None:
        super().__init__(message, code="usage")


class Parser(argparse.ArgumentParser):
    """A parser whose complaints are errors like all others, with the nearest option."""

    def error(self, message: str) -> NoReturn:
        """Raise what argparse complains about as a `UsageError`."""
        from .. import _core

        unknown = message.removeprefix("unrecognized arguments: ")
        if unknown != message:
            options = [name for action in self._all_actions() for name in action.option_strings]
            option = unknown.split()[0].split("=")[0]
            nearest = "" if option in options else _core.nearest_name(option, options)
            message += f"; did you mean {nearest!r}?" if nearest else ""
        raise UsageError(f"{message} ({self.prog} --help lists what there is)")

    def _all_actions(self) -> list[argparse.Action]:
        """Return the options of this parser and of its commands."""
        actions = list(self._actions)
        for action in self._actions:
            if isinstance(action, argparse._SubParsersAction):
                actions += [option for command in action.choices.values() for option in command._actions]
        return actions
