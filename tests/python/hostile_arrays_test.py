# SPDX-License-Identifier: MIT
"""Whatever a caller passes is used rightly or rejected by a sentence; nothing is read or written past an array."""
import ctypes
import mmap
import os
import sys

from package import claims, models, np, optional, quiet, rejected, same, speech, voq
from voq import _model

PAGE = mmap.PAGESIZE
LIBC = ctypes.CDLL(None, use_errno=True)
LIBC.mprotect.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]
_kept = []


def guarded(shape, dtype):
    """Returns an array that ends where memory that may not be touched begins, and begins right after such memory if
    it fills whole pages."""
    n = int(np.prod(shape)) * np.dtype(dtype).itemsize
    n_page = -(-n // PAGE) + 2
    memory = mmap.mmap(-1, n_page * PAGE)
    start = ctypes.addressof(ctypes.c_char.from_buffer(memory))
    for page in (0, n_page - 1):
        assert LIBC.mprotect(start + page * PAGE, PAGE, 0) == 0  # PROT_NONE
    _kept.append(memory)
    return np.frombuffer(memory, np.uint8, n, (n_page - 1) * PAGE - n).view(dtype).reshape(shape)


def copied(array):
    made = guarded(array.shape, array.dtype)
    made[...] = array
    return made


class Guarded:
    """Outputs of the library end at guarded memory while this is active."""

    def __enter__(self):
        self.plain = _model.Model._room

        def room(model, what, n):
            made = self.plain(model, what, n)
            return guarded(made.shape, made.dtype)
        _model.Model._room = room

    def __exit__(self, *_):
        _model.Model._room = self.plain


def nothing_past_samples_and_units_is_touched():
    x = speech()
    for model in models().values():
        for n in (0, 1, 80, 161, 4097, 8192, x.size):
            for samples in (x[:n], (x[:n] / 32768).astype(np.float32)):
                expected = model.encode(samples)
                with Guarded():
                    same(model.encode(copied(samples)), expected)
                    assert len(model.features(copied(samples))) == len(expected)


def nothing_past_the_pieces_of_a_stream_is_touched():
    x = speech()
    model = voq.load("lda-100")
    expected = model.encode(x)
    with Guarded():
        for block in (1, 64):
            stream = model.stream(block)
            parts = [stream.push(copied(x[i:i + 1234])) for i in range(0, x.size, 1234)]
            same(np.concatenate([*parts, stream.finish()]), expected)


def nothing_past_vectors_and_ids_is_touched():
    for model in models().values():
        vectors = model.features(speech())
        ids, z_q, distance = model.quantize(vectors)
        for n in (0, 1, 7, len(vectors)):
            with Guarded():
                for got, expected in zip(model.quantize(copied(vectors[:n])), (ids, z_q, distance)):
                    same(got, expected[:n])
                same(model.decode(copied(ids[:n])), z_q[:n])


NOT_SAMPLES = {
    "stereo [n, 2]": np.zeros((100, 2), np.float32), "stereo [2, n]": np.zeros((2, 100), np.float32),
    "3-D": np.zeros((1, 1, 100), np.float32), "0-d": np.float32(0), "a number": 1.0, "None": None,
    "int32": np.zeros(100, np.int32), "int64": np.zeros(100, np.int64), "a list of ints": [1, 2, 3],
    "uint8": np.zeros(100, np.uint8), "uint16": np.zeros(100, np.uint16), "bool": np.zeros(100, bool),
    "complex": np.zeros(100, complex), "text": np.array(["a"]), "objects": np.array([1.0, None], object),
    "dates": np.zeros(3, "datetime64[s]"), "a record": np.zeros(3, [("x", "<f4")]), "ragged": [[1.0], [1.0, 2.0]],
    "a dict": {}, "a function": len, "masked": np.ma.masked_array(np.zeros(9, np.float32), True),
    "int16 values as floats": np.full(100, 3000.0, np.float32), "huge": np.full(100, -1e30),
    "bytes": b"1234", "a set": {1.0},
}


def what_is_not_one_channel_of_samples_is_rejected():
    model = voq.load("lda-100")
    stream = model.stream()
    for what, x in NOT_SAMPLES.items():
        for call in (model.encode, model.features, stream.push, lambda x: voq.mfcc(x, 16000)):
            try:
                rejected(lambda: call(x))
            except AssertionError as error:
                raise AssertionError(f"{what}: {error}") from None
    assert stream.position == 0


def the_sentence_says_what_to_pass():
    model = voq.load("lda-100")
    rejected(lambda: model.encode(np.zeros((100, 2), np.float32)), "float32[100, 2]", "one channel", "mean")
    rejected(lambda: model.encode(np.zeros(9, np.int32)), "int32[9]", "int16", "+-1")
    rejected(lambda: model.encode(np.full(9, 3e4)), "30000", "32768")


def extreme_floats_are_encoded():
    model = voq.load("lda-100")
    for value in (1e-45, 1e-300, 10.0, -10.0, np.nan, np.inf):
        with quiet():
            assert len(model.encode(np.full(1600, value))) == 10
            assert len(model.encode(np.full(0, value))) == 0


def a_rate_that_is_none_is_rejected():
    model, x = voq.load("lda-100"), np.zeros(100, np.float32)
    for rate in (0, -1, 0.5, 16000.5, "16000", b"1", True, float("nan"), float("inf"), 10**30, [16000], object()):
        rejected(lambda: model.encode(x, rate=rate), "rate")
        rejected(lambda: voq.mfcc(x, rate), "rate")
    same(model.encode(speech(), rate=16000.0), model.encode(speech()))
    same(model.encode(speech(), rate=np.int16(16000)), model.encode(speech()))
    rejected(lambda: model.encode("a.wav", rate=16000), "rate")


def without_soxr_another_rate_names_the_extra():
    hidden = sys.modules.get("soxr")
    sys.modules["soxr"] = None
    try:
        x = np.zeros(100, np.float32)
        rejected(lambda: voq.load("lda-100").encode(x, rate=8000), "8000", "16000", "voq[audio]")
    finally:
        if hidden:
            sys.modules["soxr"] = hidden
        else:
            del sys.modules["soxr"]


def resampled_noise_of_any_length_stays_in_its_array():
    optional("soxr")
    model = voq.load("lda-100")
    for rate in (1000, 7999, 11025, 44100, 192000):
        for n in (0, 1, 2, 1000):
            x = np.random.default_rng(n).standard_normal(n)
            assert len(model.encode(x, rate=rate)) == ((n * 16000 + rate // 2) // rate + 80) // 160


NOT_VECTORS = {
    "1-D": np.zeros(30, np.float32), "too wide": np.zeros((5, 31), np.float32), "too narrow": np.zeros((5, 29)),
    "3-D": np.zeros((1, 5, 30)), "text": np.full((5, 30), "a"), "complex": np.zeros((5, 30), complex), "None": None,
    "bool": np.zeros((5, 30), bool), "NaN": np.full((5, 30), np.nan), "infinity": np.full((5, 30), np.inf),
    "beyond float32": np.full((5, 30), 1e300), "a scalar": 1.0,
}


def what_is_not_vectors_is_rejected():
    model = voq.load("lda-100")
    for what, v in NOT_VECTORS.items():
        try:
            rejected(lambda: model.quantize(v))
        except AssertionError as error:
            raise AssertionError(f"{what}: {error}") from None
    v = np.zeros((9, 30), np.float32)
    v[7, 3] = np.nan
    rejected(lambda: model.quantize(v), "7")


def what_is_not_ids_is_rejected():
    model, residual = voq.load("lda-100"), models()["residual"]
    for ids in ([100], [-1], [2**32], [1 << 70], [0.0, 1.0], [True], [[1, 2]], [[[1]]], 5, None, ["1"], [2**64 - 1]):
        rejected(lambda: model.decode(ids))
    for ids in ([1, 2, 3], [[1, 2]], [[1, 2, 20]], [[1, 2, -1]], np.zeros((2, 4), int)):
        rejected(lambda: residual.decode(ids))
    assert model.decode([]).shape == (0, 30) and residual.decode(np.zeros((0, 3), int)).shape == (0, 30)


def transposed_and_strided_vectors_and_ids_are_used_rightly():
    for model in models().values():
        vectors = model.features(speech())
        ids, z_q, _ = model.quantize(vectors)
        same(model.quantize(np.asfortranarray(vectors))[0], ids)
        same(model.quantize(vectors.astype(">f8")[::-1])[0], ids[::-1])
        for form in (np.asfortranarray(ids), ids.astype(np.int16), ids.astype(">i8"), ids.tolist()):
            same(model.decode(form), z_q)


def lost_samples_are_a_whole_number():
    stream = voq.load("lda-100").stream()
    for n in (-1, 1.5, None, "1", True, 2**63, 2**64, float("nan")):
        rejected(lambda: stream.gap(n), "n_lost")
    rejected(lambda: [stream.gap(2**63 - 1), stream.gap(2**63 - 1)])


def blocks_beyond_the_limits_are_rejected():
    for block in (0, -1, 1025, 2**32, 1.5, None, "1", True):
        rejected(lambda: voq.load("lda-100").stream(block), "block")


def what_is_not_a_codebook_is_rejected():
    for codebook in (np.zeros(3), np.zeros((0, 3)), np.zeros((3, 0)), np.zeros((2, 2, 2, 2)), None, "absent.bin",
                     [[None]], np.full((2, 2), np.nan), np.zeros((2, 2), complex), np.zeros((1, 100000))):
        rejected(lambda: voq.Model.from_codebook(codebook))
    for frontend in ("nothing", np.zeros(3), 5, "lda-100", "hubert"):
        rejected(lambda: voq.Model.from_codebook(np.zeros((4, 3)), frontend=frontend))
    rejected(lambda: voq.Model.from_codebook(np.zeros((4, 3)), name="a\0b"))
    rejected(lambda: voq.Model.from_codebook(np.zeros((4, 3)), name="a\nb"))


def what_is_not_a_model_is_rejected():
    whole = voq.load("lda-100").to_bytes()
    damaged = bytearray(whole)
    damaged[len(damaged) // 2] ^= 1
    for source in (b"", b"junk", whole[:-1], whole + b"\0", damaged, whole[:100], 5, None, [], "absent", "./absent",
                   "absent.voq", "lda-100\0", "a\0.voq", "/", ".", "..", "", "../models/lda-100", np.zeros(9)):
        rejected(lambda: voq.load(source))
    rejected(lambda: voq.load("lda-10"), "lda-100")
    assert rejected(lambda: voq.load("./absent.voq")).count("absent.voq") == 1
    rejected(lambda: voq.load(__file__), os.path.basename(__file__), "not a voq model")
    same(voq.load(memoryview(whole)[::1]).encode(speech()), voq.load(whole).encode(speech()))


def options_of_features_are_checked():
    x = np.zeros(1600, np.float32)
    for options in ({"num_cep": 13}, {"num_ceps": "x"}, {"num_ceps": -1}, {"num_ceps": 2**40}, {"num_ceps": 40},
                    {"num_ceps": float("nan")}, {"window_type": "none"}, {"dither": 1.0}, {"frame_shift": 0},
                    {"num_ceps": "13\0"}, {"num_ceps\0": 13}, {"profile": "kald"}, {"profile": None}, {"rate_hz": 8000},
                    {"frame_length": 1e9}, {"num_ceps": "\ud800"}, {"preemphasis_coefficient": []}):
        rejected(lambda: voq.mfcc(x, 16000, **options))


sys.exit(claims(nothing_past_samples_and_units_is_touched, nothing_past_the_pieces_of_a_stream_is_touched,
                nothing_past_vectors_and_ids_is_touched, what_is_not_one_channel_of_samples_is_rejected,
                the_sentence_says_what_to_pass, extreme_floats_are_encoded, a_rate_that_is_none_is_rejected,
                without_soxr_another_rate_names_the_extra, resampled_noise_of_any_length_stays_in_its_array,
                what_is_not_vectors_is_rejected, what_is_not_ids_is_rejected,
                transposed_and_strided_vectors_and_ids_are_used_rightly, lost_samples_are_a_whole_number,
                blocks_beyond_the_limits_are_rejected, what_is_not_a_codebook_is_rejected,
                what_is_not_a_model_is_rejected, options_of_features_are_checked))
