# SPDX-License-Identifier: MIT
"""The exception of the package, besides Python's own, and its warnings."""
from __future__ import annotations

import sys
import warnings
from typing import Any, Optional


class Error(Exception):
    """What the library or the command rejects. The text is its own sentence: what is wrong; what to do.

    `status` is the number of a voq_status (include/voq.h), or None if the library did not reject it.
    """

    def __init__(self, text: str, status: Optional[int] = None) -> None:
        super().__init__(text)
        self.status = status

    def __reduce__(self) -> Any:
        return Error, (str(self), self.status)


def warn(text: str) -> None:
    """Warns at the line of the caller's code that led here."""
    level, frame = 1, sys._getframe()
    while frame.f_back is not None and frame.f_globals.get("__name__", "").startswith("voq."):
        level, frame = level + 1, frame.f_back
    warnings.warn(text, stacklevel=level)
