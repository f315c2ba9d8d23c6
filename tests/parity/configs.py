# SPDX-License-Identifier: MIT
"""What is compared: signals, and front ends as a profile with settings of voq_frontend_set."""

# Pieces of LibriSpeech dev-clean: name, utterance, start and length in seconds, rate.
SPEECH = [
    ("speech-a", "4406-16882-0000", 0.0, 2.4, 16000),
    ("speech-b", "5652-39938-0001", 0.0, 2.4, 16000),
    ("speech-c", "4406-16883-0003", 1.0, 1.6, 16000),
    ("piece", "5652-39938-0001", 1.0, 0.7, 16000),
    ("wide-a", "4406-16882-0000", 0.0, 2.0, 22050),
    ("wide-b", "5652-39938-0001", 0.0, 2.0, 22050),
]

SYNTHETIC = ["silence", "impulse", "sine", "quiet"]
SHORT = ["n1", "n160", "n399", "n400", "n559"]
SHORT_WIDE = ["n1", "n400", "n2048", "n2559"]

THREE = ["speech-a", "speech-b", "speech-c"]
WIDE = ["wide-a", "wide-b"]
PIECE = ["piece"]

# Tools: T torchaudio, K kaldi-native-fbank, L librosa, E the reference of the learned encoder; the
# reference makes all of them.
# (name, tools, profile, settings, signals)
CONFIGS = [
    ("kaldi", "TK", "kaldi", {}, THREE + SYNTHETIC + SHORT),
    ("kaldi-mirror", "TK", "kaldi", {"snip_edges": False}, ["speech-a"] + SHORT),
    ("kaldi-c0", "TK", "kaldi", {"use_energy": False}, PIECE),
    ("kaldi-windowed-energy", "TK", "kaldi", {"raw_energy": False}, PIECE),
    ("kaldi-energy-floor", "TK", "kaldi", {"energy_floor": 1e9}, PIECE),
    ("kaldi-hamming", "TK", "kaldi", {"window_type": "hamming"}, PIECE),
    ("kaldi-hanning", "TK", "kaldi", {"window_type": "hanning"}, PIECE),
    ("kaldi-blackman", "TK", "kaldi", {"window_type": "blackman"}, PIECE),
    ("kaldi-rectangular", "TK", "kaldi", {"window_type": "rectangular"}, PIECE),
    ("kaldi-40-20", "TK", "kaldi", {"num_mel_bins": 40, "num_ceps": 20}, PIECE),
    ("kaldi-hires", "TK", "kaldi", {"num_mel_bins": 40, "num_ceps": 40, "high_freq": -400.0,
                                    "use_energy": False}, PIECE),
    ("kaldi-band", "TK", "kaldi", {"low_freq": 125.0, "high_freq": 3800.0}, PIECE),
    ("kaldi-no-lifter", "TK", "kaldi", {"cepstral_lifter": 0.0}, PIECE),
    ("kaldi-htk", "TK", "kaldi", {"htk_compat": True}, PIECE),
    ("kaldi-htk-c0", "TK", "kaldi", {"htk_compat": True, "use_energy": False}, PIECE),
    ("kaldi-no-dc-removal", "TK", "kaldi", {"remove_dc_offset": False}, PIECE),
    ("kaldi-no-preemphasis", "TK", "kaldi", {"preemphasis_coefficient": 0.0}, PIECE),
    ("kaldi-30-12.5", "TK", "kaldi", {"frame_length": 30.0, "frame_shift": 12.5}, PIECE),
    ("kaldi-fft-400", "TK", "kaldi", {"round_to_power_of_two": False}, PIECE),
    ("kaldi-8k", "TK", "kaldi", {"sample_frequency": 8000.0}, PIECE),
    ("fbank", "TK", "kaldi-fbank", {}, ["speech-a", "speech-b"] + SYNTHETIC),
    ("fbank-80", "TK", "kaldi-fbank", {"num_mel_bins": 80}, PIECE),
    ("fbank-80-mirror", "TK", "kaldi-fbank", {"num_mel_bins": 80, "high_freq": -400.0,
                                              "snip_edges": False}, PIECE),
    ("fbank-energy", "TK", "kaldi-fbank", {"use_energy": True}, PIECE),
    ("fbank-htk", "TK", "kaldi-fbank", {"use_energy": True, "htk_compat": True}, PIECE),
    ("fbank-magnitude", "TK", "kaldi-fbank", {"use_power": False}, PIECE),
    ("fbank-linear", "TK", "kaldi-fbank", {"use_log_fbank": False}, PIECE),
    ("hubert", "T", "hubert", {}, THREE + SYNTHETIC + ["n400", "n559"]),
    ("hubert-static", "TK", "hubert", {"n_delta": 0}, PIECE + ["quiet"] + SHORT),
    ("hubert-mirror", "T", "hubert", {"snip_edges": False}, ["speech-b", "n400", "n559"]),
    ("hubert-delta-9", "T", "hubert", {"n_delta": 1, "delta_window": 9}, PIECE),
    ("librosa", "L", "librosa", {}, WIDE + SYNTHETIC + SHORT_WIDE),
    ("librosa-stream", "L", "librosa", {"top_db": None}, WIDE + SYNTHETIC + SHORT_WIDE),
    ("librosa-top-40", "L", "librosa", {"top_db": 40.0}, ["wide-a"]),
    ("librosa-16k", "L", "librosa", {"sr": 16000, "n_fft": 400, "hop_length": 160, "n_mels": 40,
                                     "n_mfcc": 13, "top_db": None}, PIECE),
    ("librosa-win", "L", "librosa", {"sr": 16000, "n_fft": 512, "win_length": 400, "n_mels": 40,
                                     "hop_length": 160, "top_db": None}, PIECE),
    ("librosa-win-odd", "L", "librosa", {"sr": 16000, "n_fft": 512, "win_length": 401, "n_mels": 40,
                                         "hop_length": 160, "top_db": None}, PIECE),
    ("librosa-htk", "L", "librosa", {"sr": 16000, "htk": True, "mel_norm": None, "top_db": None}, PIECE),
    ("librosa-left", "L", "librosa", {"sr": 16000, "center": False, "top_db": None}, PIECE),
    ("librosa-reflect", "L", "librosa", {"sr": 16000, "pad_mode": "reflect", "top_db": None},
     PIECE + ["n400", "n2048"]),
    ("librosa-edge", "L", "librosa", {"sr": 16000, "pad_mode": "edge", "top_db": None},
     PIECE + ["n1", "n400"]),
    ("librosa-band", "L", "librosa", {"sr": 16000, "fmin": 50.0, "fmax": 7600.0, "top_db": None}, PIECE),
    ("librosa-lifter", "L", "librosa", {"sr": 16000, "lifter": 22.0, "top_db": None}, PIECE),
    ("librosa-magnitude", "L", "librosa", {"sr": 16000, "power": 1, "top_db": None}, PIECE),
    ("librosa-amin", "L", "librosa", {"sr": 16000, "amin": 1e-3, "top_db": None}, PIECE),
    ("librosa-log-mel", "L", "librosa", {"feature": "fbank", "sr": 16000, "n_mels": 80, "n_fft": 1024,
                                         "hop_length": 256}, PIECE),
    ("encoder", "E", "encoder", {}, ["speech-a", "speech-c"] + SYNTHETIC + SHORT),
]
