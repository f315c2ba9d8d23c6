#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Makes the stored vectors of this folder with the tools they come from. Run by hand, never by a test.

    make_vectors.py STEP...      steps: audio torchaudio kaldi-native-fbank librosa encoder reference report

Each step needs only its own packages, so steps may run under different interpreters (README.md).
"audio" needs numpy, scipy, soundfile and --corpus, a folder of LibriSpeech FLAC files; "encoder"
needs --encoder, the NumPy reference of the learned encoder (encoder_reference.py); "report"
prints how far each tool stands from the reference. Every step notes its versions in versions.txt.
"""

import argparse
import importlib.util
import pathlib
import platform
import sys

import numpy as np

import configs
import reference

HERE = pathlib.Path(__file__).resolve().parent
AUDIO = HERE / "audio"
VECTORS = HERE / "vectors"


def note_versions(step, modules):
    path = HERE / "versions.txt"
    line = {}
    if path.exists():
        line = dict(text.split(": ", 1) for text in path.read_text().splitlines())
    found = ["Python " + platform.python_version()]
    found += ["%s %s" % (name, module.__version__) for name, module in modules]
    line[step] = ", ".join(found)
    path.write_text("".join("%s: %s\n" % item for item in sorted(line.items())))


def read_signal(name):
    return np.fromfile(AUDIO / (name + ".s16"), dtype="<i2")


def key_value(key, value):
    if value is None:
        return "%s=none" % key
    if isinstance(value, bool):
        return "%s=%s" % (key, "true" if value else "false")
    return "%s=%s" % (key, repr(value) if isinstance(value, float) else value)


def write_vectors(tool, config, compute):
    """One file of the container that README.md describes; compute(name) gives [n_frame][dim]."""
    name, _, profile, settings, signals = config
    head = ["voq-parity 1", "tool " + tool, "profile " + profile]
    head += ["set " + key_value(*item) for item in settings.items()]
    data = []
    for signal in signals:
        value = compute(signal)
        if value is None:
            continue
        value = np.asarray(value, dtype="<f4")
        assert np.isfinite(value).all(), (tool, name, signal)
        head.append("signal %s %d %d" % (signal, value.shape[0], value.shape[1]))
        data.append(value.tobytes())
    VECTORS.mkdir(exist_ok=True)
    text = "\n".join(head) + "\n\n"
    (VECTORS / ("%s.%s.vec" % (name, tool))).write_bytes(text.encode() + b"".join(data))


def read_vectors(path):
    head, _, data = path.read_bytes().partition(b"\n\n")
    at, value = 0, {}
    for line in head.decode().splitlines():
        if line.startswith("signal "):
            _, signal, n_frame, dim = line.split()
            n = int(n_frame) * int(dim)
            value[signal] = np.frombuffer(data, "<f4", n, at).reshape(int(n_frame), int(dim))
            at += 4 * n
    return value


def audio(corpus):
    import scipy
    import scipy.signal
    import soundfile

    AUDIO.mkdir(exist_ok=True)

    def store(name, x):
        np.asarray(x).astype("<i2").tofile(AUDIO / (name + ".s16"))

    for name, utterance, start, length, rate in configs.SPEECH:
        path = next(pathlib.Path(corpus).rglob(utterance + ".flac"))
        x, file_rate = soundfile.read(path, dtype="int16")
        assert file_rate == 16000
        x = x[int(start * 16000):int((start + length) * 16000)]
        if rate != 16000:
            x = np.round(np.clip(scipy.signal.resample_poly(x.astype(float), 441, 320), -32768, 32767))
        store(name, x)
    random = np.random.default_rng(1)
    store("silence", np.zeros(4000))
    store("impulse", np.where(np.arange(4000) == 2000, 16384, 0))
    store("sine", np.round(8192 * np.sin(2 * np.pi * 1000 / 16000 * np.arange(4000) + 0.3)))
    store("quiet", random.integers(-40, 41, 4000))
    speech = read_signal("speech-c")[3000:]
    for name in sorted(set(configs.SHORT + configs.SHORT_WIDE)):
        store(name, speech[:int(name[1:])])
    note_versions("audio", [("numpy", np), ("scipy", scipy), ("soundfile", soundfile)])


def torchaudio():
    import torch
    import torchaudio
    from torchaudio import functional
    from torchaudio.compliance import kaldi

    torch.set_num_threads(1)
    for config in configs.CONFIGS:
        if "T" not in config[1]:
            continue
        option = dict(reference.PROFILES[config[2]], **config[3])
        keep = set(option) - {"feature", "scale", "n_delta", "delta_window"}
        call = kaldi.mfcc if option["feature"] == "mfcc" else kaldi.fbank
        if option["feature"] == "fbank":
            keep -= {"num_ceps", "cepstral_lifter"}
        else:
            keep -= {"use_power", "use_log_fbank"}

        def compute(signal):
            x = read_signal(signal)
            if len(x) < option["sample_frequency"] * option["frame_length"] / 1000:
                return None
            x = torch.from_numpy(x.astype(np.float32) / np.float32(32768) * np.float32(option["scale"]))
            y = call(x[None], dither=0.0, **{key: option[key] for key in keep})
            order = [y.T]
            for _ in range(option["n_delta"]):
                order.append(functional.compute_deltas(
                    order[-1][None], win_length=option["delta_window"])[0])
            return torch.cat(order).T.numpy()

        write_vectors("torchaudio", config, compute)
    note_versions("torchaudio", [("torch", torch), ("torchaudio", torchaudio)])


def kaldi_native_fbank():
    import kaldi_native_fbank as knf

    for config in configs.CONFIGS:
        if "K" not in config[1]:
            continue
        option = dict(reference.PROFILES[config[2]], **config[3])
        mfcc = option["feature"] == "mfcc"
        o = knf.MfccOptions() if mfcc else knf.FbankOptions()
        o.frame_opts.dither = 0
        o.frame_opts.samp_freq = option["sample_frequency"]
        o.frame_opts.frame_length_ms = option["frame_length"]
        o.frame_opts.frame_shift_ms = option["frame_shift"]
        o.frame_opts.preemph_coeff = option["preemphasis_coefficient"]
        o.frame_opts.remove_dc_offset = option["remove_dc_offset"]
        o.frame_opts.window_type = option["window_type"]
        o.frame_opts.round_to_power_of_two = option["round_to_power_of_two"]
        o.frame_opts.snip_edges = option["snip_edges"]
        o.mel_opts.num_bins = option["num_mel_bins"]
        o.mel_opts.low_freq = option["low_freq"]
        o.mel_opts.high_freq = option["high_freq"]
        for key in ["use_energy", "raw_energy", "energy_floor", "htk_compat"]:
            setattr(o, key, option[key])
        for key in ["num_ceps", "cepstral_lifter"] if mfcc else ["use_power", "use_log_fbank"]:
            setattr(o, key, option[key])

        def compute(signal):
            x = read_signal(signal).astype(np.float32) / np.float32(32768) * np.float32(option["scale"])
            online = (knf.OnlineMfcc if mfcc else knf.OnlineFbank)(o)
            online.accept_waveform(option["sample_frequency"], x.tolist())
            online.input_finished()
            dim = option["num_ceps"] if mfcc else option["num_mel_bins"] + option["use_energy"]
            frame = [online.get_frame(i) for i in range(online.num_frames_ready)]
            return np.array(frame, dtype=np.float32).reshape(-1, dim)

        write_vectors("kaldi-native-fbank", config, compute)
    note_versions("kaldi-native-fbank", [("kaldi-native-fbank", knf), ("numpy", np)])


def librosa():
    import librosa
    import scipy

    for config in configs.CONFIGS:
        if "L" not in config[1]:
            continue
        option = dict(reference.PROFILES[config[2]], **config[3])
        spectral = {key: option[key] for key in ["sr", "n_fft", "win_length", "hop_length", "center",
                                                 "pad_mode", "n_mels", "fmin", "fmax", "htk"]}

        def compute(signal):
            x = read_signal(signal).astype(np.float32) / np.float32(32768)
            mel = librosa.feature.melspectrogram(y=x, power=option["power"], norm=option["mel_norm"],
                                                 **spectral)
            y = librosa.power_to_db(mel, amin=option["amin"], top_db=option["top_db"])
            if option["feature"] == "fbank":
                return y.T
            return librosa.feature.mfcc(S=y, n_mfcc=option["n_mfcc"], lifter=option["lifter"]).T

        write_vectors("librosa", config, compute)
    note_versions("librosa", [("librosa", librosa), ("numpy", np), ("scipy", scipy)])


def encoder(path):
    spec = importlib.util.spec_from_file_location("encoder_reference", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for config in configs.CONFIGS:
        if "E" in config[1]:
            write_vectors("encoder", config, lambda name: module.log_mel(read_signal(name) / 32768.0))
    note_versions("encoder", [("numpy", np)])


def make_reference():
    for config in configs.CONFIGS:
        write_vectors("reference", config,
                      lambda signal: reference.features(read_signal(signal) / 32768.0,
                                                        config[2], config[3]))
    note_versions("reference", [("numpy", np)])


def report():
    for name, *_ in configs.CONFIGS:
        expected = read_vectors(VECTORS / (name + ".reference.vec"))
        for path in sorted(VECTORS.glob(name + ".*.vec")):
            for signal, got in read_vectors(path).items():
                want = expected[signal].astype(float)
                if "reference" in path.name:
                    continue
                if got.shape != want.shape:
                    print(path.name, signal, "shape", got.shape, want.shape)
                elif want.size:
                    error = np.abs(got - want)
                    rms = np.sqrt((want ** 2).mean(axis=0))
                    share = error / np.maximum(rms, 1e-30)
                    print("%-40s %-9s l2 %.1e p99.9 %.1e max %.1e abs %.1e" % (
                        path.name, signal, np.linalg.norm(error) / np.linalg.norm(want),
                        np.quantile(share, 0.999), share.max(), error.max()))


def main():
    step = {"torchaudio": torchaudio, "kaldi-native-fbank": kaldi_native_fbank,
            "librosa": librosa, "reference": make_reference, "report": report}
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("step", nargs="+", choices=["audio", "encoder"] + list(step))
    parser.add_argument("--corpus", help="folder with the FLAC files, for the step audio")
    parser.add_argument("--encoder", help="encoder_reference.py, for the step encoder")
    arguments = parser.parse_args()
    for name in arguments.step:
        if name == "audio":
            if not arguments.corpus:
                parser.error("the step audio needs --corpus")
            audio(arguments.corpus)
        elif name == "encoder":
            if not arguments.encoder:
                parser.error("the step encoder needs --encoder")
            encoder(arguments.encoder)
        else:
            step[name]()


if __name__ == "__main__":
    sys.exit(main())
