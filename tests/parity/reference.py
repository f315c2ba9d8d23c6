# SPDX-License-Identifier: MIT
"""The features of src/frontend/README.md in NumPy double precision, written from the definitions:
no FFT tricks, no shared code with the library. x holds samples within +-1."""

import numpy as np

KALDI = dict(feature="mfcc", scale=32768.0, sample_frequency=16000.0, frame_length=25.0,
             frame_shift=10.0, snip_edges=True, remove_dc_offset=True,
             preemphasis_coefficient=0.97, window_type="povey", round_to_power_of_two=True,
             use_power=True, num_mel_bins=23, low_freq=20.0, high_freq=0.0, num_ceps=13,
             cepstral_lifter=22.0, use_energy=True, raw_energy=True, energy_floor=0.0,
             htk_compat=False, use_log_fbank=True, n_delta=0, delta_window=5)
LIBROSA = dict(feature="mfcc", sr=22050, n_fft=2048, win_length=None, hop_length=512, center=True,
               pad_mode="constant", power=2, n_mels=128, fmin=0.0, fmax=None, htk=False,
               mel_norm="slaney", amin=1e-10, top_db=80.0, n_mfcc=20, lifter=0.0)
PROFILES = {
    "kaldi": KALDI,
    "kaldi-fbank": dict(KALDI, feature="fbank", use_energy=False),
    "hubert": dict(KALDI, scale=1.0, use_energy=False, n_delta=2),
    "librosa": LIBROSA,
    "encoder": dict(KALDI, feature="fbank", scale=1.0, snip_edges=False, remove_dc_offset=False,
                    preemphasis_coefficient=0.0, window_type="hann-nonzero", num_mel_bins=40,
                    high_freq=7800.0, use_energy=False, log_offset=1e-5),
}
FLOAT_EPSILON = 2.0 ** -23


def features(x, profile, settings):
    """[n_frame][dim] in double."""
    options = dict(PROFILES[profile], **settings)
    return (librosa_features if profile == "librosa" else kaldi_features)(x, options)


def frames_at(x, start, size, outside):
    """Row i holds size samples from start[i]; outside maps any index to a sample."""
    return np.array([[outside(x, s) for s in range(a, a + size)] for a in start]).reshape(-1, size)


def mirrored(x, s):
    while not 0 <= s < len(x):
        s = -1 - s if s < 0 else 2 * len(x) - 1 - s
    return x[s]


def reflected(x, s):
    while not 0 <= s < len(x):
        if len(x) == 1:
            return x[0]
        s = -s if s < 0 else 2 * (len(x) - 1) - s
    return x[s]


def edged(x, s):
    return x[min(max(s, 0), len(x) - 1)]


def zeroed(x, s):
    return x[s] if 0 <= s < len(x) else 0.0


def snip_starts(n, window, hop):
    return range(0, n - window + 1, hop) if n >= window else range(0)


def kaldi_window(kind, size):
    j = np.arange(size)
    a = 2 * np.pi / (size - 1)
    if kind == "rectangular":
        return np.ones(size)
    if kind == "hamming":
        return 0.54 - 0.46 * np.cos(a * j)
    if kind == "hann-nonzero":
        return 0.5 - 0.5 * np.cos(2 * np.pi * (j + 1) / (size + 1))
    if kind == "blackman":
        return 0.42 - 0.5 * np.cos(a * j) + 0.08 * np.cos(2 * a * j)
    hanning = 0.5 - 0.5 * np.cos(a * j)
    return {"hanning": hanning, "povey": hanning ** 0.85}[kind]


def htk_mel(f):
    return 1127.0 * np.log(1.0 + np.asarray(f) / 700.0)


def slaney_mel(f):
    f = np.asarray(f, dtype=float)
    step = 200.0 / 3.0
    return np.where(f < 1000.0, f / step,
                    15.0 + np.log(np.maximum(f, 1000.0) / 1000.0) * 27.0 / np.log(6.4))


def slaney_hz(m):
    return np.where(m < 15.0, m * 200.0 / 3.0, 1000.0 * np.exp((m - 15.0) * np.log(6.4) / 27.0))


def triangles(at, corner):
    """Filter b rises over corner[b..b+1], falls over corner[b+1..b+2]; its values at `at`."""
    rise = (at - corner[:-2, None]) / (corner[1:-1] - corner[:-2])[:, None]
    fall = (corner[2:, None] - at) / (corner[2:] - corner[1:-1])[:, None]
    return np.maximum(0.0, np.minimum(rise, fall))


def kaldi_filters(o, fft, rate):
    high = o["high_freq"] if o["high_freq"] > 0 else rate / 2 + o["high_freq"]
    corner = np.linspace(htk_mel(o["low_freq"]), htk_mel(high), o["num_mel_bins"] + 2)
    weight = triangles(htk_mel(np.arange(fft // 2) * rate / fft), corner)
    return np.hstack([weight, np.zeros((len(weight), 1))])


def librosa_filters(o):
    to_mel = htk_mel if o["htk"] else slaney_mel
    to_hz = (lambda m: 700.0 * (np.exp(m / 1127.0) - 1.0)) if o["htk"] else slaney_hz
    high = o["fmax"] or o["sr"] / 2
    corner = to_hz(np.linspace(to_mel(o["fmin"]), to_mel(high), o["n_mels"] + 2))
    weight = triangles(np.arange(o["n_fft"] // 2 + 1) * o["sr"] / o["n_fft"], corner)
    if o["mel_norm"] == "slaney":
        weight *= (2.0 / (corner[2:] - corner[:-2]))[:, None]
    return weight


def dct(log_mel, n):
    n_mel = log_mel.shape[1]
    k = np.arange(n)[:, None]
    basis = np.sqrt(2.0 / n_mel) * np.cos(np.pi * k * (np.arange(n_mel) + 0.5) / n_mel)
    basis[0] = np.sqrt(1.0 / n_mel)
    return log_mel @ basis.T


def deltas(c, reach):
    if len(c) == 0:
        return c
    at = np.arange(len(c))
    total = sum(n * (c[np.minimum(at + n, len(c) - 1)] - c[np.maximum(at - n, 0)])
                for n in range(1, reach + 1))
    return total / (2 * sum(n * n for n in range(1, reach + 1)))


def log_energy(frame, floor):
    e = np.log(np.maximum((frame ** 2).sum(axis=1), FLOAT_EPSILON))
    return np.maximum(e, np.log(floor)) if floor > 0 else e


def kaldi_features(x, o):
    rate = o["sample_frequency"]
    window = int(rate * o["frame_length"] / 1000)
    hop = int(rate * o["frame_shift"] / 1000)
    fft = 1 << (window - 1).bit_length() if o["round_to_power_of_two"] else window
    if o["snip_edges"]:
        start = snip_starts(len(x), window, hop)
    else:
        n_frame = (len(x) + hop // 2) // hop
        start = [i * hop + hop // 2 - window // 2 for i in range(n_frame)]
    frame = frames_at(x * o["scale"], start, window, mirrored)
    if o["remove_dc_offset"]:
        frame = frame - frame.mean(axis=1, keepdims=True)
    energy = log_energy(frame, o["energy_floor"])
    before = np.hstack([frame[:, :1], frame[:, :-1]])
    frame = (frame - o["preemphasis_coefficient"] * before) * kaldi_window(o["window_type"], window)
    if not o["raw_energy"]:
        energy = log_energy(frame, o["energy_floor"])
    spectrum = np.abs(np.fft.rfft(frame, fft, axis=1)) ** (2 if o["use_power"] else 1)
    y = spectrum @ kaldi_filters(o, fft, rate).T
    if "log_offset" in o:
        y = np.log(y + o["log_offset"])
    elif o["use_log_fbank"]:
        y = np.log(np.maximum(y, FLOAT_EPSILON))
    energy = energy[:, None] if o["use_energy"] else np.empty((len(y), 0))
    if o["feature"] == "fbank":
        return np.hstack([y, energy] if o["htk_compat"] else [energy, y])
    c = dct(y, o["num_ceps"])
    if o["cepstral_lifter"] > 0:
        k = np.arange(o["num_ceps"])
        c *= 1 + o["cepstral_lifter"] / 2 * np.sin(np.pi * k / o["cepstral_lifter"])
    first = energy if o["use_energy"] else c[:, :1]
    if o["htk_compat"]:
        c = np.hstack([c[:, 1:], first if o["use_energy"] else first * np.sqrt(2.0)])
    else:
        c = np.hstack([first, c[:, 1:]])
    order = [c]
    for _ in range(o["n_delta"]):
        order.append(deltas(order[-1], (o["delta_window"] - 1) // 2))
    return np.hstack(order)


def librosa_features(x, o):
    window = o["win_length"] or o["n_fft"]
    if o["center"]:
        outside = {"constant": zeroed, "reflect": reflected, "edge": edged}[o["pad_mode"]]
        n_frame = 1 + len(x) // o["hop_length"] if len(x) else 0
        start = [i * o["hop_length"] - (window + 1) // 2 for i in range(n_frame)]
    else:
        outside = zeroed
        start = snip_starts(len(x), window, o["hop_length"])
    frame = frames_at(x, start, window, outside)
    frame = frame * (0.5 - 0.5 * np.cos(2 * np.pi * np.arange(window) / window))
    spectrum = np.abs(np.fft.rfft(frame, o["n_fft"], axis=1)) ** o["power"]
    y = 10.0 * np.log10(np.maximum(spectrum @ librosa_filters(o).T, o["amin"]))
    if o["top_db"] is not None and len(y):
        y = np.maximum(y, y.max() - o["top_db"])
    if o["feature"] == "fbank":
        return y
    c = dct(y, o["n_mfcc"])
    if o["lifter"] > 0:
        c *= 1 + o["lifter"] / 2 * np.sin(np.pi * np.arange(1, o["n_mfcc"] + 1) / o["lifter"])
    return c
