# SPDX-License-Identifier: MIT
"""A model: from samples or vectors to units and back."""
from __future__ import annotations

import ctypes
import functools
import html
import os
import weakref
from typing import Any, Dict, Iterable, Iterator, List, Optional, Tuple, Union

import numpy as np
from numpy.typing import NDArray

from . import _arrays, _codebook, _files, _places, _stream
from ._errors import Error
from ._native import check, lib, voq_error, voq_info, voq_output, voq_parts
from ._places import is_path, path_argument

Source = Union[str, "os.PathLike[str]", bytes, bytearray, memoryview]


class Model:
    """A voq model. Make one with voq.load, Model.from_codebook or voq.train.

    A model never changes. Any number of threads may use one at once, and calls release the GIL. It can be pickled
    (into the bytes of its file) and so travels to other processes. Two models are equal if their hashes are, which
    means that they make equal units.

    Shapes: n is the number of units, n_codebook the number of codebooks, dim that of a codeword. With one codebook
    (as in all shipped models) units have the shape [n], with several [n, n_codebook].
    """

    __slots__ = ("_handle", "_facts", "__weakref__")

    _handle: int
    _facts: voq_info

    def __init__(self, source: Source) -> None:
        handle, error = ctypes.c_void_p(), voq_error()
        if isinstance(source, (bytes, bytearray, memoryview)):
            content = bytes(source)
            check(lib.model_read(content, len(content), None, handle, error), error)
        else:
            path = _places.model_path(source)
            check(lib.model_open(path, None, handle, error), error, os.fsdecode(path))
        self._own(handle)

    def _own(self, handle: ctypes.c_void_p) -> None:
        """Takes over an open model; frees it when the last user is gone."""
        facts = voq_info()
        set_slot = functools.partial(object.__setattr__, self)
        set_slot("_handle", handle.value)
        weakref.finalize(self, lib.model_close, handle.value).atexit = False  # other threads may still use it then
        check(lib.model_describe(handle, facts))
        set_slot("_facts", facts)

    @classmethod
    def _make(cls, parts: voq_parts) -> "Model":
        handle, error = ctypes.c_void_p(), voq_error()
        check(lib.model_make(parts, None, handle, error), error)
        model = object.__new__(cls)
        model._own(handle)
        return model

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError("a model does not change")

    def __delattr__(self, name: str) -> None:
        raise AttributeError("a model does not change")

    def __reduce__(self) -> Any:
        return Model, (self.to_bytes(),)

    def __copy__(self) -> "Model":
        return self

    def __deepcopy__(self, memo: Any) -> "Model":
        return self

    def __eq__(self, other: Any) -> bool:
        return self.hash == other.hash if isinstance(other, Model) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.hash)

    # ---- what it is

    @property
    def name(self) -> str:
        """The name that is stored in the model; it may be empty."""
        return (self._facts.name or b"").decode("utf-8", "replace")

    @property
    def hash(self) -> str:
        """16 hexadecimal digits. Equal hashes mean equal units."""
        return self._facts.hash.decode()

    @property
    def rate(self) -> int:
        """The sampling rate in Hz; 0 in a model of vectors, which takes no audio."""
        return self._facts.rate_hz

    @property
    def hop(self) -> int:
        """Samples per unit: unit i stands for the samples [i*hop, (i+1)*hop). 0 in a model of vectors."""
        return self._facts.hop_samples

    @property
    def look_ahead(self) -> int:
        """Samples after the end of its hop that must arrive before a unit is decided."""
        return self._facts.look_ahead_samples

    @property
    def codebook(self) -> NDArray[np.float32]:
        """A copy of the codewords: float32 [n_code, dim], or [n_codebook, n_code, dim] if there are several."""
        parts, facts = self._parts(), self._facts
        if not parts.codeword:
            raise Error("the model has no codebook; it makes features only")
        n = facts.n_codebook * facts.n_code * facts.dim
        flat = np.array((ctypes.c_float * n).from_address(parts.codeword), np.float32)
        shape = (facts.n_code, facts.dim)
        return flat.reshape(shape if facts.n_codebook == 1 else (facts.n_codebook, *shape))

    @property
    def labels(self) -> Optional[List[str]]:
        """The most likely label (a phone for example) of each codeword of the first codebook; None: no labels."""
        found = [lib.unit_label(self._handle, i, None) for i in range(self._facts.n_code)]
        if None in found or not found:
            return None
        return [label.decode("utf-8", "replace") for label in found]

    @property
    def info(self) -> Dict[str, Any]:
        """Every fact as a dict: the fields of voq_info (include/voq.h), `frontend` (its options by name) and
        `provenance` (how the model was trained)."""
        texts = ("name", "cpu", "hash")
        found = {name: getattr(self._facts, name) for name, _ in voq_info._fields_[1:] if name != "provenance"}
        for name in texts:
            found[name] = (found[name] or b"").decode("utf-8", "replace")
        frontend = self._parts().frontend
        found["frontend"] = _lines(_codebook.frontend_text(frontend)) if frontend else None
        found["provenance"] = _lines((self._facts.provenance or b"").decode("utf-8", "replace"))
        return found

    def _parts(self) -> voq_parts:
        parts = voq_parts()
        check(lib.model_parts(self._handle, parts))
        return parts

    def to_bytes(self) -> bytes:
        """Returns the bytes of the model's file; voq.load reads them."""
        address, n = ctypes.c_void_p(), ctypes.c_size_t()
        lib.model_bytes(self._handle, address, n)
        return ctypes.string_at(address, n.value)

    def save(self, path: Union[str, "os.PathLike[str]"]) -> None:
        """Writes the model's file (.voq). voq.Error: it cannot be written."""
        error = voq_error()
        check(lib.model_write(self._handle, path_argument(path), error), error)

    def _summary(self) -> List[Tuple[str, str]]:
        facts = self._facts
        several = f"{facts.n_codebook} codebooks of " if facts.n_codebook > 1 else ""
        rows = [("hash", self.hash),
                ("units", f"{several}{facts.n_code} codewords, {facts.dim} dimensions" if facts.n_code
                 else f"none; features of {facts.dim} dimensions")]
        if facts.n_layer:
            rows.append(("encoder", f"{facts.n_layer} layers, {facts.n_parameter} weights"))
        if self.rate:
            rows.append(("one unit per", f"{self.hop} samples at {self.rate} Hz ({1000 * self.hop / self.rate:g} ms)"))
            rows.append(("look-ahead", f"{self.look_ahead} samples ({1000 * self.look_ahead / self.rate:g} ms)"))
        else:
            rows.append(("input", f"vectors of {facts.input_dim} dimensions"))
        return rows

    def __repr__(self) -> str:
        return f"<voq.Model {self.name!r}: " + "; ".join(f"{what} {value}" for what, value in self._summary()) + ">"

    def _repr_html_(self) -> str:
        rows = "".join(f"<tr><th style='text-align:left'>{what}</th><td>{html.escape(value)}</td></tr>"
                       for what, value in self._summary())
        return f"<table><caption>voq model <b>{html.escape(self.name)}</b></caption>{rows}</table>"

    # ---- samples in

    def encode(self, x: Any, rate: Optional[int] = None) -> NDArray[np.uint32]:
        """Returns the units of one recording: uint32 [n], or [n, n_codebook] with several codebooks.

        x is an array of samples or the path of an audio file.

        Array: one channel [n] (also [1, n] and [n, 1]) of int16, or of floats within +-1: a NumPy array, a list of
        floats or a torch tensor. float32 is not copied. `rate` is its sampling rate in Hz (default: that of the
        model). At another rate it is resampled by the package soxr (pip install 'voq[audio]'). NaN and infinite
        samples count as 0, with a warning.

        Path: the bundled command reads it (any format of libsndfile, any rate, the mean of all channels), so the
        units are those of `voq encode`. Samples that were lost, as in a damaged file, have no unit.

        ValueError: the array or the rate is not usable, or floats reach beyond +-10, so that they are scaled
        otherwise. voq.Error: soxr is needed; the file cannot be read to its end; the model makes no units.
        """
        if is_path(x):
            return self._encode_path(x, rate, features=False)
        return self._whole(x, rate, "id")

    def features(self, x: Any, rate: Optional[int] = None) -> NDArray[np.float32]:
        """Returns the vectors before the codebook: float32 [n, dim]. Arguments and errors are those of encode."""
        if is_path(x):
            return self._encode_path(x, rate, features=True)
        return self._whole(x, rate, "feature")

    def _encode_path(self, path: Any, rate: Any, features: bool) -> np.ndarray:
        if rate is not None:
            raise ValueError("rate is that of an array; a file states its own")
        [(_, rows)] = _files.encode(self, [path], features=features)
        return rows

    def _whole(self, x: Any, rate: Any, wanted: str) -> np.ndarray:
        if not self.rate:
            raise Error("the model takes vectors, not audio; use quantize")
        samples = _arrays.samples(x, rate, self.rate)
        n, error = ctypes.c_size_t(lib.encode_frames(self._handle, samples.size)), voq_error()
        rows = self._room(wanted, n.value)
        output = voq_output(capacity=n.value, **{wanted: _arrays.address(rows)})
        check(lib.encode(self._handle, None, _arrays.address(samples), samples.size, output, n, error), error)
        return rows[:n.value]

    def _room(self, what: str, n: int) -> np.ndarray:
        """Returns an empty array for n rows of an output of voq_output."""
        facts = self._facts
        if what in ("feature", "z_q"):
            return np.empty((n, facts.dim), np.float32)
        if not facts.n_codebook:
            raise Error("the model has no codebook; it makes features only")
        return np.empty(n if facts.n_codebook == 1 else (n, facts.n_codebook),
                        np.uint32 if what == "id" else np.float32)

    def stream(self, block: int = 1, features: bool = False) -> "_stream.Stream":
        """Returns a voq.Stream, which takes samples in pieces of any length.

        block: how many frames are computed together, 1 to 1024. 1 has the least work per push (live audio), 64 is
        several times faster (files). The units are the same. features: rows are feature vectors instead of units.

        voq.Error: a model of vectors, or one that needs the whole signal (its info has whole_signal 1).
        """
        return _stream.Stream(self, block, features)

    def encode_files(self, paths: Iterable[Union[str, "os.PathLike[str]"]], jobs: int = 0, progress: Any = False,
                     errors: str = "raise", names: str = "stem") -> Iterator[Tuple[str, NDArray[np.uint32]]]:
        """Encodes many recordings on several threads; yields (name, units) in the order of the paths.

        jobs: number of threads of the bundled command, which does the work; 0: one per processor. The result does
        not depend on it. progress: True prints a counter to standard error; a function is called as
        progress(done, total). names: "stem", the name of the file without folder and suffix, which must then be
        unique, or "path", the path as it was passed.

        errors: "raise" raises voq.Error at the turn of a recording that cannot be read to its end, after the units
        of those before it; "warn" warns instead, leaves out what cannot be opened, yields the units of what could
        be read, and goes on.

        The generator may be closed at any time, which stops the work. It runs in constant memory.
        """
        return _files.encode(self, paths, jobs, progress, errors, names)

    # ---- vectors in, vectors out

    def quantize(self, v: Any) -> Tuple[NDArray[np.uint32], NDArray[np.float32], NDArray[np.float32]]:
        """Returns (ids, z_q, distance) of the vectors v [n, dim]: the plain VQ step.

        ids: uint32 [n], the nearest codewords. z_q: float32 [n, dim], the codewords themselves. distance: float32
        [n], the squared Euclidean distance. With several codebooks ids and distance are [n, n_codebook], and z_q is
        the sum of the codewords. In a model with a front end the vectors are those that `features` returns. In a
        model of vectors they enter at the start of its chain.

        ValueError: another shape or type. voq.Error: a vector holds NaN or infinity; the text names its index.
        """
        rows_in = _arrays.vectors(v, self._facts.input_dim)
        n, error = lib.quantize_rows(self._handle, len(rows_in)), voq_error()
        ids, z_q, distance = (self._room(what, n) for what in ("id", "z_q", "distance"))
        output = voq_output(capacity=n, id=_arrays.address(ids), z_q=_arrays.address(z_q),
                            distance=_arrays.address(distance))
        check(lib.quantize(self._handle, _arrays.address(rows_in), len(rows_in), output, error), error)
        return ids, z_q, distance

    def decode(self, ids: Any) -> NDArray[np.float32]:
        """Returns the codewords of units: float32 [n, dim]; with several codebooks ids are [n, n_codebook], and the
        codewords are summed. ValueError: not whole numbers, or another shape. voq.Error: an id is too large."""
        units = _arrays.unit_ids(ids, self._facts.n_codebook or 1)
        z_q = self._room("z_q", len(units))
        if units.size and self._facts.n_code and units.max() >= self._facts.n_code:
            raise Error(f"there is no unit {units.max()}; the model has {self._facts.n_code}, counted from 0")
        check(lib.decode(self._handle, _arrays.address(units), len(units), _arrays.address(z_q)))
        return z_q

    @classmethod
    def from_codebook(cls, codebook: Any, frontend: Union[None, str, "Model"] = None, name: str = "") -> "Model":
        """Makes a model of an existing k-means.

        codebook: an array [K, dim], or [n_codebook, K, dim] for residual codebooks; a fitted KMeans of scikit-learn;
        or the path of a codebook that `voq convert` reads (km.bin of fairseq or joblib, whose pickle is read
        without running it; .npy).

        frontend: what makes the vectors. None: the caller, so the result is a model of vectors, used by quantize.
        A model (or its name or path): its front end, normalisation, transform and encoder. The name of a profile,
        "hubert" for MFCC labels of fairseq: that profile's features.

        The labels of fairseq's own MFCCs differ from the units, because a model centres its windows on their hops,
        while fairseq's (torchaudio's) begin with the samples. There are two units more than labels, and the window of
        unit i+1 begins 2.5 ms after that of label i. On 20 recordings of LibriSpeech 16 % of the labels were not those
        of unit i+1 with K = 100, and 24 % with K = 500. For equal labels keep fairseq's grid with frontend=None:

            Model.from_codebook(km).quantize(voq.mfcc(x, 16000, profile="hubert"))[0]

        ValueError: not an array of that shape. voq.Error: a codeword holds NaN or infinity, or its dimension is not
        that of the front end.
        """
        return _codebook.make(cls, codebook, frontend, name)


def _lines(text: str) -> Dict[str, str]:
    return dict(line.split("=", 1) for line in text.splitlines() if "=" in line)
