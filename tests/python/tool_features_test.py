# SPDX-License-Identifier: MIT
"""mfcc and log_mel: the features of Kaldi, torchaudio and librosa, with the bits of `voq encode --features`."""
import sys

from package import SCRATCH, WAV, claims, command, np, optional, rejected, same, speech, voq, write_wav


def command_features(profile, settings, path=WAV):
    options = [f"--set={key}={value}" for key, value in settings.items()]
    command("encode", "-q", "--features", "--profile", profile, *options, "-o", SCRATCH / "f.npy", path)
    return np.load(SCRATCH / "f.npy")


def mfccs_of_every_profile_have_the_bits_of_the_command():
    x = speech()
    for profile, base, first in (("kaldi", "kaldi", {}), ("hubert", "hubert", {}),
                                 ("torchaudio", "hubert", {"n_delta": 0}), ("librosa", "librosa", {"sr": 16000})):
        f = voq.mfcc(x, 16000, profile=profile)
        assert f.dtype == np.float32
        same(f, command_features(base, first), profile)
        same(voq.mfcc(x / 32768, 16000, profile), f, profile)


def log_mels_of_every_profile_have_the_bits_of_the_command():
    for profile, base, first in (("kaldi", "kaldi-fbank", {}), ("torchaudio", "kaldi-fbank", {"scale": 1}),
                                 ("librosa", "librosa", {"feature": "fbank", "sr": 16000}), ("encoder", "encoder", {})):
        same(voq.log_mel(speech(), 16000, profile), command_features(base, first), profile)


def options_have_the_names_and_values_of_the_tools():
    x = speech()
    for profile, options, settings in (
            ("kaldi", {"num_ceps": 20, "num_mel_bins": 40, "use_energy": False}, {}),
            ("kaldi", {"frame_shift": 12.5, "dither": 0.0, "snip_edges": np.bool_(False), "low_freq": np.float32(40)},
             {"frame_shift": "12.5", "dither": "0", "snip_edges": "false", "low_freq": "40"}),
            ("hubert", {"window_type": "hamming", "n_delta": np.int64(1)}, {}),
            ("librosa", {"sr": 16000, "n_mfcc": 40, "n_fft": 1024, "hop_length": 256, "fmax": None, "top_db": None},
             {"sr": "16000", "n_mfcc": "40", "n_fft": "1024", "hop_length": "256", "fmax": "none", "top_db": "none"}),
            ("librosa", {"sr": 16000, "amin": 1e-12}, {"sr": "16000", "amin": "1e-12"})):
        settings = settings or {key: str(value).lower() for key, value in options.items()}
        same(voq.mfcc(x, 16000, profile, **options), command_features(profile, settings), options)


def windows_keep_their_length_in_the_unit_of_the_tool_at_another_rate():
    x = speech()
    path = write_wav("8000.wav", x, 8000)
    same(voq.mfcc(x, 8000), command_features("kaldi", {"sample_frequency": 8000}, path))
    same(voq.mfcc(x, 8000, profile="librosa"), command_features("librosa", {"sr": 8000}, path))
    assert len(voq.mfcc(x, 8000)) == 1 + (x.size - 200) // 80


def features_are_those_of_torchaudio():
    torch, kaldi = optional("torch"), optional("torchaudio.compliance.kaldi").compliance.kaldi
    x = torch.from_numpy(speech() / 32768).float()[None]
    near(voq.mfcc(x, 16000, "torchaudio"), kaldi.mfcc(x, energy_floor=0.0).numpy())
    near(voq.log_mel(x, 16000, "torchaudio"), kaldi.fbank(x, energy_floor=0.0).numpy())


def features_are_those_of_librosa():
    librosa, x = optional("librosa"), (speech() / 32768).astype(np.float32)
    near(voq.mfcc(x, 16000, "librosa"), librosa.feature.mfcc(y=x, sr=16000).T)
    mel = librosa.feature.melspectrogram(y=x, sr=16000)
    near(voq.log_mel(x, 16000, "librosa"), librosa.power_to_db(mel).T)


def features_are_those_of_kaldi():
    knf, x = optional("kaldi_native_fbank"), speech()
    options = knf.MfccOptions()
    options.frame_opts.dither = 0
    options.frame_opts.samp_freq = 16000
    tool = knf.OnlineMfcc(options)
    tool.accept_waveform(16000, x.astype(np.float32).tolist())
    tool.input_finished()
    near(voq.mfcc(x, 16000), np.stack([tool.get_frame(i) for i in range(tool.num_frames_ready)]))


def near(got, expected):
    """The bounds of tests/parity."""
    assert got.shape == expected.shape, f"{got.shape}, the tool has {expected.shape}"
    error = np.linalg.norm(got - expected) / np.linalg.norm(expected)
    assert error <= 2e-5, f"relative error {error:.2g}"


def what_a_profile_lacks_is_listed():
    x = speech()
    rejected(lambda: voq.mfcc(x, 16000, profile="htk"), "htk", "librosa")
    rejected(lambda: voq.log_mel(x, 16000, profile="hubert"), "hubert", "encoder")
    rejected(lambda: voq.mfcc(x, 16000, num_cep=3), "num_cep")
    rejected(lambda: voq.mfcc(x, 16000, num_ceps=True), "num_ceps")
    rejected(lambda: voq.mfcc(x, 16000, sample_frequency=8000), "8000", "16000")


def short_signals_have_the_frames_of_the_tool():
    for n, kaldi, librosa in ((0, 0, 0), (1, 0, 1), (399, 0, 1), (400, 1, 1), (1600, 8, 4)):
        x = speech()[:n]
        assert len(voq.mfcc(x, 16000)) == kaldi and len(voq.mfcc(x, 16000, "librosa")) == librosa, n


sys.exit(claims(mfccs_of_every_profile_have_the_bits_of_the_command,
                log_mels_of_every_profile_have_the_bits_of_the_command, options_have_the_names_and_values_of_the_tools,
                windows_keep_their_length_in_the_unit_of_the_tool_at_another_rate, features_are_those_of_torchaudio,
                features_are_those_of_librosa, features_are_those_of_kaldi, what_a_profile_lacks_is_listed,
                short_signals_have_the_frames_of_the_tool))
