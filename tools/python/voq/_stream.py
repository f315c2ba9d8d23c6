# SPDX-License-Identifier: MIT
"""Samples that arrive in pieces."""
from __future__ import annotations

import ctypes
import threading
import weakref
from typing import Any, Callable

import numpy as np

from . import _arrays
from ._errors import Error
from ._native import check, lib, voq_options, voq_output


class Stream:
    """The state of one audio stream; model.stream() makes one.

    Each call returns the rows that became complete: units, uint32 [n] ([n, n_codebook] with several codebooks), or
    float32 [n, dim] of a stream of features. Rows do not depend on how samples are cut into pushes: together they
    are those of model.encode. A row is complete when model.look_ahead samples after the end of its hop have arrived.

    Only one thread at a time may use a stream; a second one gets RuntimeError. A stream keeps its model.
    """

    def __init__(self, model: Any, block: int = 1, features: bool = False) -> None:
        if isinstance(block, bool) or not isinstance(block, (int, np.integer)) or not 1 <= block <= 1024:
            raise ValueError(f"block is {block!r}; it must be 1 to 1024 frames")
        handle = ctypes.c_void_p()
        if model.info["whole_signal"]:
            raise Error("the model needs the whole signal; use encode")
        check(lib.stream_new(model._handle, voq_options(block=int(block)), handle))
        # The finalizer keeps the model, which must outlive the stream even when both become garbage together.
        weakref.finalize(self, _free, handle, model).atexit = False
        self._handle, self._model = handle, model
        self._wanted = "feature" if features else "id"
        self._room = model._room
        self._room(self._wanted, 0)
        self._one_user = threading.Lock()

    def _run(self, call: Callable[..., int], count: Callable[[], int], *arguments: Any) -> np.ndarray:
        """Makes room for the rows that are due and calls the library."""
        if not self._one_user.acquire(blocking=False):
            raise RuntimeError("another thread is using this stream; give each thread a stream of its own")
        try:
            n = ctypes.c_size_t(count())
            rows = self._room(self._wanted, n.value)
            output = voq_output(capacity=n.value, **{self._wanted: _arrays.address(rows)})
            check(call(self._handle, *arguments, output, n))
            return rows[:n.value]
        finally:
            self._one_user.release()

    def push(self, x: Any) -> np.ndarray:
        """Takes samples [n] at the model's rate (int16, or floats within +-1); returns the rows they complete.

        NaN and infinite samples count as 0, with a warning. ValueError: not one channel of such samples. voq.Error:
        push after finish; call reset first.
        """
        x = _arrays.one_channel(x)
        call = lib.push_i16 if x.dtype == np.int16 else lib.push
        return self._run(call, lambda: lib.max_units(self._handle, x.size), _arrays.address(x), x.size)

    def finish(self) -> np.ndarray:
        """Ends the signal and returns its last rows. Call reset before the next signal."""
        return self._run(lib.finish, lambda: lib.finish_units(self._handle))

    def gap(self, n_lost: int) -> np.ndarray:
        """Reports that n_lost samples are missing here; returns the rows of what came before.

        The stream resumes at the first multiple of hop after the gap (`position` is then its index), so that row i
        still stands for the samples [i*hop, (i+1)*hop).
        """
        if isinstance(n_lost, bool) or not isinstance(n_lost, (int, np.integer)) or not 0 <= n_lost < 2**63:
            raise ValueError(f"n_lost is {n_lost!r}; it must be a whole number of samples, 0 to 2**63 - 1")
        return self._run(lib.gap, lambda: lib.finish_units(self._handle) if n_lost else 0, int(n_lost))

    def reset(self) -> None:
        """Returns to the state of a new stream."""
        with self._one_user:
            lib.reset(self._handle)

    @property
    def model(self) -> Any:
        return self._model

    @property
    def position(self) -> int:
        """The index i of the next row, which starts at sample i*hop of the signal."""
        with self._one_user:
            return lib.stream_position(self._handle)

    @property
    def bad_samples(self) -> int:
        """How many samples since the start or reset were NaN or infinite, and counted as 0."""
        with self._one_user:
            return lib.stream_bad_samples(self._handle)

    def __reduce__(self) -> Any:
        raise TypeError("a stream cannot be copied or pickled; pickle its model")

    def __repr__(self) -> str:
        return f"<voq.Stream of {self._model.name!r} at row {self.position}>"


def _free(handle: ctypes.c_void_p, model: Any) -> None:
    lib.stream_free(handle)
