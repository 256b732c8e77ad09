"""What arguments may be: the kinds of value that public functions take in several forms."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, SupportsFloat, TypeAlias

from ._core import Lag

if TYPE_CHECKING:
    import numpy as np

#: An owner's name, or shares by owner: {"Marketing": 0.5, "Sales": 0.5}.
OwnerLike: TypeAlias = str | Mapping[str, float]
#: A number, or one that knows its source: fg.measured(...), ...
NumberLike: TypeAlias = SupportsFloat
#: Days, a timedelta, a pandas or NumPy duration; or a number of days that knows its source.
DurationLike: TypeAlias = SupportsFloat | dt.timedelta
#: A lag, or the days or duration that it always is.
LagLike: TypeAlias = Lag | SupportsFloat | dt.timedelta
#: Names by language code: {"vi": "tương tác"}.
Labels: TypeAlias = Mapping[str, str]
#: A date: text as "2026-06-30", a date, a datetime, a pandas Timestamp, a NumPy datetime64.
DateLike: TypeAlias = "str | dt.date | np.datetime64"
#: A pandas or polars DataFrame, an Arrow table, a mapping of columns, ...
TableLike: TypeAlias = Any
