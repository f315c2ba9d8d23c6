# SPDX-License-Identifier: MIT
"""voq turns speech into a stream of discrete units: one small number every 10 ms.

    import voq
    model = voq.load("lda-100")              # voq.models() lists the models
    units = model.encode(x, rate=16000)      # samples, or the path of an audio file -> uint32 [n]

Terms. A unit is the index of the codeword that is nearest to a frame's feature vector. Unit i stands for the samples
[i*hop, (i+1)*hop). The rate of a model is in Hz; hop and look-ahead are in samples at that rate. A model is immutable
and may be used by any number of threads; calls release the GIL.

    load(name | path | bytes) -> Model       models() -> list of dicts
    model.encode(x, rate)                    the units of one recording
    model.encode_files(paths, jobs)          (name, units) of many, on several threads, in order
    model.stream()                           push, gap, finish: samples that arrive in pieces
    model.features(x, rate)                  the vectors before the codebook
    model.quantize(v), model.decode(ids)     vectors -> units, and back
    Model.from_codebook(k_means)             an existing k-means as a model
    model.save(path), model.hash, model.rate, model.hop, model.look_ahead, model.codebook, model.labels, model.info

    mfcc(x, rate, profile), log_mel(...)     the features of Kaldi, torchaudio and librosa
    train(corpus, k, lda) -> Model           a codebook of one's own
    evaluate(models, corpus) -> dict         how phoneme-like units are
    dedup(ids), to_text(ids)                 units and their durations; text
    read_units(path), write_units(path, ...) unit files in any format of the command
    plot(x, ids)                             spectrogram, units and phones

Samples are one channel: int16, or floats within +-1, as NumPy arrays, lists or torch tensors. What cannot be used
raises ValueError, or voq.Error with the sentence of the library or the command: what is wrong; what to do.

The command voq is in the package too: `voq --help`, or `python -m voq --help`.
"""
from importlib import import_module as _import_module
from typing import TYPE_CHECKING, Any, List

if TYPE_CHECKING:
    from ._catalogue import load, models
    from ._errors import Error
    from ._features import log_mel, mfcc
    from ._model import Model
    from ._plot import plot
    from ._stream import Stream
    from ._train import evaluate, train
    from ._units import dedup, read_units, to_text, write_units

    __version__: str

__all__ = ["Error", "Model", "Stream", "dedup", "evaluate", "load", "log_mel", "mfcc", "models", "plot",
           "read_units", "to_text", "train", "write_units"]

# Names are imported when they are first used, so that the command starts without NumPy.
_MODULE = {"load": "_catalogue", "models": "_catalogue", "Error": "_errors", "log_mel": "_features",
           "mfcc": "_features", "Model": "_model", "plot": "_plot", "Stream": "_stream", "evaluate": "_train",
           "train": "_train", "dedup": "_units", "read_units": "_units", "to_text": "_units",
           "write_units": "_units", "__version__": "_native"}


def __getattr__(name: str) -> Any:
    if name not in _MODULE:
        raise AttributeError(f"module 'voq' has no attribute {name!r}")
    value = getattr(_import_module("." + _MODULE[name], __name__), name)
    globals()[name] = value
    return value


def __dir__() -> List[str]:
    return sorted({*globals(), *_MODULE})
