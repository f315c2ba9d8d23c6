# SPDX-License-Identifier: MIT
"""The structs and functions of include/voq.h, declared for ctypes, which releases the GIL during each call.

A struct is set up by keyword and then has its struct_size. tests/python compares sizes and offsets with the header.
"""
from __future__ import annotations

import ctypes as c
from typing import Any, Optional

from . import _places
from ._errors import Error

OK, ARGUMENT, MEMORY, IO = 0, 1, 2, 3
NO_OFFSET = 2**64 - 1
GRID_MIRROR = 1  # of models: the window of a frame is centred on its hop
COMPATIBLE = (0, 2)  # the versions of the library with these structs; until 1.0 a minor version may change them


class Sized(c.Structure):
    """A struct that begins with its own size."""

    def __init__(self, **values: Any) -> None:
        super().__init__(struct_size=c.sizeof(self), **values)


def _fields(*names: str, kind: Any) -> Any:
    return [(name, kind) for name in names]


_SIZE: Any = [("struct_size", c.c_size_t)]


class voq_error(Sized):
    _fields_ = _SIZE + [("status", c.c_int), ("offset", c.c_uint64), ("text", c.c_char * 200)]


class voq_options(Sized):
    _fields_ = _SIZE + [("cpu", c.c_int), ("block", c.c_uint32)]


class voq_frontend(Sized):
    _fields_ = _SIZE + _fields(
        "feature", "rate_hz", "window_samples", "hop_samples", "fft_samples", "window", "grid", "remove_dc",
        "spectrum_power", "n_mel", "mel_scale", "mel_shape", "mel_norm", "log", "n_cepstrum", "dct", "energy",
        "htk_order", "lifter_origin", "n_delta", "delta_reach", kind=c.c_uint32) + _fields(
        "scale", "preemphasis", "low_hz", "high_hz", "mel_floor", "energy_floor", "lifter", "log_floor", "top_db",
        kind=c.c_float)


class voq_parts(Sized):
    _fields_ = (_SIZE + [("frontend", c.POINTER(voq_frontend))]
                + _fields("normalise", "transform", "codeword", kind=c.c_void_p)
                + _fields("n_codebook", "n_code", "dim", kind=c.c_uint32)
                + _fields("name", "provenance", kind=c.c_char_p)
                + _fields("encoder", "label", "label_probability", "section", kind=c.c_void_p)
                + [("n_section", c.c_size_t)])


class voq_info(Sized):
    _fields_ = (_SIZE + _fields("name", "provenance", "cpu", kind=c.c_char_p) + [("hash", c.c_char * 17)]
                + _fields("rate_hz", "hop_samples", "window_samples", "look_ahead_samples", "look_ahead_frames",
                          "frontend_dim", "dim", "n_codebook", "n_code", "input_dim", "whole_signal", "n_layer",
                          "stride", kind=c.c_uint32)
                + _fields("n_parameter", "n_multiply", kind=c.c_uint64))


class voq_output(Sized):
    _fields_ = _SIZE + [("capacity", c.c_size_t)] + _fields("id", "distance", "feature", "z_q", kind=c.c_void_p)


STRUCTS = (voq_error, voq_options, voq_frontend, voq_parts, voq_info, voq_output)

_P, _N, _U = c.c_void_p, c.c_size_t, c.c_uint32
_COUNT, _ERROR, _OUTPUT, _OPTIONS = c.POINTER(_N), c.POINTER(voq_error), c.POINTER(voq_output), c.POINTER(voq_options)
_HANDLE = c.POINTER(_P)

_FUNCTIONS = {
    "version": (_U, []),
    "version_string": (c.c_char_p, []),
    "status_string": (c.c_char_p, [c.c_int]),
    "frontend_profile": (c.c_int, [c.c_char_p, c.POINTER(voq_frontend)]),
    "frontend_set": (c.c_int, [c.POINTER(voq_frontend), c.c_char_p, c.c_char_p, _ERROR]),
    "frontend_text": (c.c_int, [c.POINTER(voq_frontend), _P, _N, _COUNT]),
    "model_open": (c.c_int, [c.c_char_p, _OPTIONS, _HANDLE, _ERROR]),
    "model_read": (c.c_int, [_P, _N, _OPTIONS, _HANDLE, _ERROR]),
    "model_make": (c.c_int, [c.POINTER(voq_parts), _OPTIONS, _HANDLE, _ERROR]),
    "model_parts": (c.c_int, [_P, c.POINTER(voq_parts)]),
    "model_describe": (c.c_int, [_P, c.POINTER(voq_info)]),
    "unit_label": (c.c_char_p, [_P, _U, c.POINTER(c.c_float)]),
    "model_bytes": (None, [_P, _HANDLE, _COUNT]),
    "model_write": (c.c_int, [_P, c.c_char_p, _ERROR]),
    "model_close": (None, [_P]),
    "stream_new": (c.c_int, [_P, _OPTIONS, _HANDLE]),
    "stream_free": (None, [_P]),
    "push": (c.c_int, [_P, _P, _N, _OUTPUT, _COUNT]),
    "push_i16": (c.c_int, [_P, _P, _N, _OUTPUT, _COUNT]),
    "finish": (c.c_int, [_P, _OUTPUT, _COUNT]),
    "gap": (c.c_int, [_P, c.c_uint64, _OUTPUT, _COUNT]),
    "reset": (None, [_P]),
    "max_units": (_N, [_P, _N]),
    "finish_units": (_N, [_P]),
    "stream_position": (c.c_uint64, [_P]),
    "stream_bad_samples": (c.c_uint64, [_P]),
    "encode": (c.c_int, [_P, _OPTIONS, _P, _N, _OUTPUT, _COUNT, _ERROR]),
    "encode_frames": (_N, [_P, _N]),
    "quantize": (c.c_int, [_P, _P, _N, _OUTPUT, _ERROR]),
    "quantize_rows": (_N, [_P, _N]),
    "decode": (c.c_int, [_P, _P, _N, _P]),
}


class _Library:
    """The functions of libvoq, without their prefix: lib.encode is voq_encode."""

    def __init__(self, path: str) -> None:
        self.path = path
        self._loaded = c.CDLL(path)
        for name, (result, arguments) in _FUNCTIONS.items():
            function = getattr(self._loaded, "voq_" + name)
            function.restype, function.argtypes = result, arguments
            setattr(self, name, function)

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(f"libvoq has no function voq_{name}")


def _load() -> Any:
    path = _places.library()
    try:
        found = _Library(path)
    except (OSError, AttributeError) as error:
        raise ImportError(f"{path} cannot be used: {error}") from error
    version = found.version()
    if (version >> 16, version >> 8 & 0xff) != COMPATIBLE:
        raise ImportError(f"{path} is voq {found.version_string().decode()}; this package needs "
                          f"{COMPATIBLE[0]}.{COMPATIBLE[1]}")
    return found


lib = _load()
__version__ = lib.version_string().decode()


def check(status: int, error: Optional[voq_error] = None, what: str = "") -> None:
    """Raises the library's sentence, after `what`, unless the call succeeded."""
    if status == OK:
        return
    text = (error.text if error is not None and error.text else lib.status_string(status)).decode("utf-8", "replace")
    if error is not None and error.text and error.offset != NO_OFFSET:
        text = f"byte {error.offset}: {text}"
    text = f"{what}: {text}" if what and status != IO else text  # the sentences of IO name the file
    if status == MEMORY:
        raise MemoryError(text)
    raise Error(text, status)
