# SPDX-License-Identifier: MIT
"""libvoq from Python by ctypes alone: NumPy in, unit ids and codewords (z_q) out.

    python3 voq_numpy.py libvoq.so MODEL.voq FILE.wav    prints the units of a 16 kHz mono WAV
"""
import ctypes
import sys
import wave

import numpy as np

size_t, void_p = ctypes.c_size_t, ctypes.c_void_p


def data(array):
    return array.ctypes.data_as(void_p)


class Info(ctypes.Structure):
    """voq_info"""
    _fields_ = ([("struct_size", size_t), ("name", ctypes.c_char_p), ("provenance", ctypes.c_char_p),
                 ("cpu", ctypes.c_char_p), ("hash", ctypes.c_char * 17)]
                + [(field, ctypes.c_uint32) for field in (
                    "rate_hz hop_samples window_samples look_ahead_samples look_ahead_frames "
                    "frontend_dim dim n_codebook n_code").split()])


class Model:
    """An open model; library is the path of libvoq.so."""

    def __init__(self, library, path):
        self.voq = ctypes.CDLL(library)
        self.voq.voq_status_string.restype = ctypes.c_char_p
        self.voq.voq_max_units.restype = self.voq.voq_finish_units.restype = size_t
        self.model, self.info = void_p(), Info(struct_size=ctypes.sizeof(Info))
        self.call("model_open", path.encode(), None, ctypes.byref(self.model), None)
        self.call("model_describe", self.model, ctypes.byref(self.info))

    def call(self, name, *arguments):
        status = getattr(self.voq, "voq_" + name)(*arguments)
        if status:
            raise RuntimeError(f"voq_{name}: {self.voq.voq_status_string(status).decode()}")

    def encode(self, samples):
        """ids[n][n_codebook] of float samples within +-1 at the model's rate."""
        x, stream, n = np.ascontiguousarray(samples, np.float32), void_p(), size_t()
        self.call("stream_new", self.model, None, ctypes.byref(stream))
        ids = self.room(self.voq.voq_max_units(stream, size_t(x.size)))
        self.call("push", stream, data(x), size_t(x.size), data(ids), None, size_t(len(ids)), ctypes.byref(n))
        last = self.room(self.voq.voq_finish_units(stream))
        self.call("finish", stream, data(last), None, size_t(len(last)), ctypes.byref(n))
        self.voq.voq_stream_free(stream)
        return np.concatenate([ids, last])

    def room(self, n_unit):
        return np.empty((n_unit, self.info.n_codebook), np.uint32)

    def quantize(self, vectors):
        """(ids[n][n_codebook], z_q[n][dim]) of vectors[n][dim]: the plain VQ step."""
        x = np.ascontiguousarray(vectors, np.float32)
        ids, z_q = self.room(len(x)), np.empty_like(x)
        self.call("quantize", self.model, data(x), size_t(len(x)), data(ids), None, data(z_q), None)
        return ids, z_q


if __name__ == "__main__":
    model = Model(*sys.argv[1:3])
    with wave.open(sys.argv[3]) as recording:
        audio = np.frombuffer(recording.readframes(recording.getnframes()), "<i2") / 32768
    print(*model.encode(audio)[:, 0], sep="\n")
