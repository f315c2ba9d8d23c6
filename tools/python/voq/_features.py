# SPDX-License-Identifier: MIT
"""The features of Kaldi, torchaudio and librosa, without a model."""
from __future__ import annotations

import functools
from typing import Any, Dict, Tuple

import numpy as np
from numpy.typing import NDArray

from . import _arrays, _codebook
from ._model import Model

_Settings = Tuple[Tuple[str, str], ...]

# A profile of this module: the profile of the library, options that come first, and the key of the sampling rate.
_MFCC: Dict[str, Tuple[str, _Settings, str]] = {
    "kaldi": ("kaldi", (), "sample_frequency"),
    "torchaudio": ("hubert", (("n_delta", "0"),), "sample_frequency"),
    "hubert": ("hubert", (), "sample_frequency"),
    "librosa": ("librosa", (), "sr"),
}
_LOG_MEL: Dict[str, Tuple[str, _Settings, str]] = {
    "kaldi": ("kaldi-fbank", (), "sample_frequency"),
    "torchaudio": ("kaldi-fbank", (("scale", "1"),), "sample_frequency"),
    "librosa": ("librosa", (("feature", "fbank"),), "sr"),
    "encoder": ("encoder", (), "sample_frequency"),
}


def mfcc(x: Any, rate: int, profile: str = "kaldi", **options: Any) -> NDArray[np.float32]:
    """Returns MFCCs: float32 [n_frame, n_cepstrum], frames first. They match the tool to within float32 rounding.

    x: one channel [n] of int16 or of floats within +-1, as for Model.encode. rate: its sampling rate in Hz; nothing
    is resampled.

    profile, the tool whose defaults are used, with dither 0:

        "kaldi"       compute-mfcc-feats, kaldi-native-fbank: 13 cepstra, log energy in place of c0, samples scaled
                      to 16 bits
        "torchaudio"  torchaudio.compliance.kaldi.mfcc, of samples within +-1, but energy_floor=0
        "hubert"      the same with two orders of deltas, 39 dimensions, as fairseq computes HuBERT's labels
        "librosa"     librosa.feature.mfcc (its result is [n_mfcc, n_frame], the transpose of this one)

    options: those of the tool under its own names, applied in order: num_ceps=13, num_mel_bins=40, frame_shift=20,
    use_energy=False, snip_edges=False, cepstral_lifter=0 (Kaldi); n_mfcc=40, n_fft=1024, hop_length=256, n_mels=64,
    fmin=50, top_db=None (librosa); also n_delta=2. All are listed in src/frontend/README.md.

    ValueError: no such profile or option, a value that the option does not have, or samples that are not one
    channel. voq.Error: the options together are impossible.
    """
    return _compute(_MFCC, x, rate, profile, options)


def log_mel(x: Any, rate: int, profile: str = "kaldi", **options: Any) -> NDArray[np.float32]:
    """Returns log mel energies: float32 [n_frame, n_mel]. Arguments and errors are those of mfcc.

        "kaldi"       compute-fbank-feats, kaldi-native-fbank: 23 bands of samples scaled to 16 bits
        "torchaudio"  torchaudio.compliance.kaldi.fbank, of samples within +-1
        "librosa"     librosa.power_to_db(librosa.feature.melspectrogram(...)): 128 bands, in dB, top_db=80
        "encoder"     what voq train --encoder reads: 40 bands
    """
    return _compute(_LOG_MEL, x, rate, profile, options)


def _compute(table: Dict[str, Tuple[str, _Settings, str]], x: Any, rate: Any, profile: str,
             options: Dict[str, Any]) -> np.ndarray:
    if profile not in table:
        raise ValueError(f"there is no profile {profile!r}; choose one of: {', '.join(table)}")
    base, first, rate_key = table[profile]
    hz = _arrays.whole_rate(rate)
    settings = (*first, (rate_key, str(hz)), *((key, _text(value)) for key, value in options.items()))
    model = _model(base, settings)
    if model.rate != hz:
        raise ValueError(f"the samples are at {hz} Hz, but an option sets {model.rate} Hz; leave it out")
    return model._whole(x, None, "feature")


@functools.lru_cache(maxsize=64)
def _model(profile: str, settings: _Settings) -> Model:
    return _codebook.of_frontend(Model, _codebook.frontend(profile, settings), profile)


def _text(value: Any) -> str:
    """Returns the value of an option as the library reads it."""
    if value is None:
        return "none"
    if isinstance(value, (bool, np.bool_)):
        return "true" if value else "false"
    if isinstance(value, (float, np.floating)):
        return str(int(value)) if float(value).is_integer() and abs(value) < 2**53 else repr(float(value))
    return str(value)
