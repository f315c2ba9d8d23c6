# SPDX-License-Identifier: MIT
"""The one exception of the package, besides Python's own."""
from __future__ import annotations

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
