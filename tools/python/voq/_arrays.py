# SPDX-License-Identifier: MIT
"""What callers pass, as the arrays that the library reads. Arrays that already fit are not copied."""
from __future__ import annotations

from typing import Any, Optional

import numpy as np

from ._errors import Error, warn

MAX_RATE = 16_000_000
LOUDEST = 10.0  # samples beyond are not within +-1, even if they clip


def plain(x: Any, what: str) -> np.ndarray:
    """Returns a NumPy array of an array, a list or a torch tensor, without copying where that is possible."""
    if isinstance(x, np.ma.MaskedArray):
        raise ValueError(f"{what}: a masked array hides values that voq would use; pass x.filled(0)")
    if hasattr(x, "detach") and hasattr(x, "cpu"):  # a torch tensor, on any device
        x = x.detach().cpu()
        try:
            return np.asarray(x.numpy())
        except TypeError:  # a type that NumPy lacks: bfloat16
            return np.asarray(x.float().numpy())
    try:
        return np.asarray(x)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{what}: not an array: {error}") from error


def _shape(array: np.ndarray) -> str:
    return f"{array.dtype}{list(array.shape)}"


def ready(array: np.ndarray, dtype: Any) -> np.ndarray:
    """Returns the array as C reads it: of that type, contiguous and aligned."""
    with np.errstate(over="ignore", invalid="ignore"):
        return np.require(array, dtype, ["C_CONTIGUOUS", "ALIGNED"])


def _check_level(x: np.ndarray) -> None:
    """Warns about NaN and infinity; rejects samples that are scaled otherwise."""
    with np.errstate(invalid="ignore"):
        high, low = x.max(initial=0), x.min(initial=0)
        if not (np.isfinite(high) and np.isfinite(low)):
            finite = np.isfinite(x)
            n_bad = x.size - int(np.count_nonzero(finite))
            warn(f"{n_bad} sample{'s are' if n_bad > 1 else ' is'} NaN or infinite, read as 0")
            high, low = x.max(initial=0, where=finite), x.min(initial=0, where=finite)
    if max(high, -low) > LOUDEST:
        raise ValueError(f"samples reach {max(high, -low):.6g}, but floats must be within +-1; divide them by 32768 "
                         "if they were int16")


def one_channel(x: Any) -> np.ndarray:
    """Returns samples[n] as float32 within +-1, or as int16: contiguous, checked."""
    array = plain(x, "samples")
    if array.ndim == 2 and 1 in array.shape:
        array = array.reshape(-1)
    if array.ndim != 1:
        raise ValueError(f"samples are {_shape(array)}; pass one channel [n], such as the mean of the channels")
    if array.dtype.kind == "i" and array.dtype.itemsize == 2:
        return ready(array, np.int16)
    if array.dtype.kind == "f" or array.size == 0 and array.dtype.kind in "iu":
        array = ready(array, np.float32)
        _check_level(array)
        return array
    raise ValueError(f"samples are {_shape(array)}; pass int16, or floats within +-1")


def samples(x: Any, rate: Any, model_rate: int) -> np.ndarray:
    """Returns samples[n] as float32 at the rate of the model; `rate` None is that rate."""
    array = one_channel(x)
    if array.dtype == np.int16:  # as the command: x / 32768
        array = np.multiply(array, np.float32(1 / 32768), dtype=np.float32)
    rate = model_rate if rate is None else whole_rate(rate)
    return array if rate == model_rate else _resample(array, rate, model_rate)


def whole_rate(rate: Any) -> int:
    """Returns a sampling rate in Hz."""
    try:
        hz = int(rate)
        if isinstance(rate, (bool, str, bytes)) or hz != rate:
            raise ValueError
    except (TypeError, ValueError, OverflowError):
        raise ValueError(f"the rate {rate!r} is not a whole number of Hz") from None
    if not 1 <= hz <= MAX_RATE:
        raise ValueError(f"the rate is {hz} Hz; it must be 1 to {MAX_RATE}")
    return hz


def _resample(x: np.ndarray, from_hz: int, to_hz: int) -> np.ndarray:
    try:
        import soxr  # type: ignore[import-untyped, unused-ignore]
    except ImportError:
        raise Error(f"the samples are at {from_hz} Hz and the model is at {to_hz} Hz; resample them, or install "
                    "soxr, which does it here: pip install 'voq[audio]'") from None
    if not np.isfinite(x).all():
        x = np.where(np.isfinite(x), x, np.float32(0))
    n = (x.size * to_hz + from_hz // 2) // from_hz
    y = np.zeros(n, np.float32)
    if x.size:
        made = soxr.resample(x, from_hz, to_hz, quality="HQ")[:n]
        y[:made.size] = made
    return y


def vectors(v: Any, dim: int) -> np.ndarray:
    """Returns vectors[n][dim] as float32."""
    array = plain(v, "vectors")
    if array.ndim != 2 or array.shape[1] != dim or array.dtype.kind not in "fiu":
        raise ValueError(f"vectors are {_shape(array)}; the model takes numbers [n][{dim}]")
    return ready(array, np.float32)


def unit_ids(ids: Any, n_codebook: Optional[int] = None) -> np.ndarray:
    """Returns ids as uint32 [n] or [n][n_codebook]; checks the number of codebooks if it is given."""
    array = plain(ids, "units")
    wide = array.shape[1] if array.ndim == 2 else 1
    if array.ndim not in (1, 2) or wide == 0 or n_codebook is not None and (
            wide != n_codebook or array.ndim == 1 and n_codebook > 1):
        raise ValueError(f"units are {_shape(array)}; expected [n]" if n_codebook in (None, 1)
                         else f"units are {_shape(array)}; expected [n][{n_codebook}]")
    if array.dtype.kind not in "iu" and array.size:
        raise ValueError(f"units are {_shape(array)}; expected whole numbers")
    if array.size and (array.min() < 0 or array.max() > 0xffffffff):
        raise ValueError(f"units reach from {array.min()} to {array.max()}; they must be 0 to {0xffffffff}")
    return ready(array, np.uint32)


def address(array: Optional[np.ndarray]) -> Optional[int]:
    """Returns the address of the array's data, for C; the caller must keep the array."""
    return None if array is None else array.ctypes.data
