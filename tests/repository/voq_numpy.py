# SPDX-License-Identifier: MIT
"""libvoq from Python by ctypes alone: NumPy in, unit ids and codewords (z_q) out.

    python3 voq_numpy.py libvoq.so MODEL.voq FILE.wav    prints the units of a mono WAV of 16 bits
"""
import ctypes
import sys
import wave

import numpy as np

size_t, void_p, u32, byref = ctypes.c_size_t, ctypes.c_void_p, ctypes.c_uint32, ctypes.byref


def struct(name, fields):
    """A struct of voq.h, which begins with its own size."""
    made = type(name, (ctypes.Structure,), {"_fields_": [("struct_size", size_t)] + fields})
    return lambda **values: made(struct_size=ctypes.sizeof(made), **values)


Error = struct("voq_error", [("status", ctypes.c_int), ("offset", ctypes.c_uint64), ("text", ctypes.c_char * 200)])
Info = struct("voq_info", [(name, ctypes.c_char_p) for name in ("name", "provenance", "cpu")]
              + [("hash", ctypes.c_char * 17)]
              + [(name, u32) for name in ("rate_hz hop_samples window_samples look_ahead_samples look_ahead_frames "
                                          "frontend_dim dim n_codebook n_code input_dim whole_signal").split()])
Output = struct("voq_output", [("capacity", size_t)] + [(name, void_p) for name in "id distance feature z_q".split()])


class Model:
    """An open model; library is the path of libvoq.so."""

    def __init__(self, library, path):
        self.voq = ctypes.CDLL(library)
        self.voq.voq_status_string.restype = ctypes.c_char_p
        self.voq.voq_encode_frames.restype = size_t
        self.model, self.info = void_p(), Info()
        self.call("model_open", path.encode(), None, byref(self.model), error=Error())
        self.call("model_describe", self.model, byref(self.info))

    def call(self, name, *arguments, error=None):
        """Raises the library's own sentence; error is the last argument of the calls that take one."""
        status = getattr(self.voq, "voq_" + name)(*arguments, *([byref(error)] if error else []))
        if status:
            reason = error.text if error and error.text else self.voq.voq_status_string(status)
            raise RuntimeError(f"voq_{name}: {reason.decode()}")

    def encode(self, samples):
        """ids[n][n_codebook] of one channel at the model's rate: int16, or floats within +-1."""
        x = np.asarray(samples)
        if x.ndim != 1 or not (x.dtype == np.int16 or x.dtype.kind == "f"):
            raise ValueError(f"samples are {x.dtype}{list(x.shape)}; give one channel of int16 or of floats within +-1")
        x = np.ascontiguousarray(x / 32768 if x.dtype == np.int16 else x, np.float32)
        if np.abs(x).max(initial=0) > 10:
            raise ValueError(f"samples reach {np.abs(x).max():.0f}; divide them, so that they lie within +-1")
        ids, n = self.room(self.voq.voq_encode_frames(self.model, size_t(x.size))), size_t()
        output = Output(capacity=len(ids), id=data(ids))
        self.call("encode", self.model, None, data(x), size_t(x.size), byref(output), byref(n), error=Error())
        return ids

    def quantize(self, vectors):
        """(ids[n][n_codebook], z_q[n][dim]) of vectors[n][dim]: the plain VQ step."""
        x = np.asarray(vectors)
        if x.ndim != 2 or x.shape[1] != self.info.input_dim or x.dtype.kind not in "fiu":
            raise ValueError(f"vectors are {x.dtype}{list(x.shape)}; the model takes numbers [n][{self.info.input_dim}]")
        x = np.ascontiguousarray(x, np.float32)
        ids, z_q = self.room(len(x)), np.empty((len(x), self.info.dim), np.float32)
        output = Output(capacity=len(x), id=data(ids), z_q=data(z_q))
        self.call("quantize", self.model, data(x), size_t(len(x)), byref(output), error=Error())
        return ids, z_q

    def room(self, n_unit):
        return np.empty((n_unit, self.info.n_codebook), np.uint32)


def data(array):
    return array.ctypes.data_as(void_p)


if __name__ == "__main__":
    model = Model(*sys.argv[1:3])
    with wave.open(sys.argv[3]) as recording:
        if recording.getparams()[:3] != (1, 2, model.info.rate_hz):
            sys.exit(f"{sys.argv[3]}: not a mono WAV of 16 bits at {model.info.rate_hz} Hz")
        audio = np.frombuffer(recording.readframes(recording.getnframes()), "<i2")
    print(*model.encode(audio)[:, 0], sep="\n")
