# SPDX-License-Identifier: MIT
"""What the tests of the Python package share. `import voq` after it.

The package is the installed one, or that of the source tree, which finds library and command by VOQ_LIBRARY and
VOQ_COMMAND. VOQ_TEST_PYTHON names an interpreter with NumPy to run the tests with. Where NumPy is missing, the whole
program is skipped.
"""
import atexit
import contextlib
import importlib.util
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import warnings
import wave

ROOT = pathlib.Path(__file__).resolve().parents[2]
DATA = ROOT / "tests/data"
WAV = DATA / "5652-19215-0032-pcm.wav"
SHIPPED = ("distil-500", "lda-100", "lda-500", "mfcc-100", "mfcc-500", "phone-256", "phone-256-20ms",
           "vqvae-256")

_chosen = os.environ.pop("VOQ_TEST_PYTHON", None)
if _chosen:
    os.execv(_chosen, [_chosen, "-B", *sys.argv])
if importlib.util.find_spec("numpy") is None:
    print(f"1..0 # SKIP NumPy is not installed for {sys.executable}; VOQ_TEST_PYTHON can name another Python")
    sys.exit(0)
if importlib.util.find_spec("voq") is None:
    sys.path.insert(0, str(ROOT / "tools/python"))
sys.path.insert(1, str(ROOT / "tests/support"))

import numpy as np  # noqa: E402
import voq  # noqa: E402
from tap import Skip, claims, none  # noqa: E402,F401
from voq import _places  # noqa: E402

SCRATCH = pathlib.Path(tempfile.mkdtemp(prefix="voq-python-"))
atexit.register(shutil.rmtree, SCRATCH, ignore_errors=True)


def optional(name):
    """Returns a package that is not required, or skips the claim."""
    try:
        return __import__(name)
    except ImportError:
        raise Skip(f"the Python package {name} is not installed") from None


def speech():
    """The samples of the bundled WAV: int16."""
    with wave.open(str(WAV)) as file:
        return np.frombuffer(file.readframes(file.getnframes()), "<i2")


def recordings():
    """The bundled recordings at 16 kHz, whose samples are 16-bit integers."""
    return sorted([*DATA.glob("*.flac"), WAV])


def decoded(path):
    """The samples of a recording: int16."""
    if path == WAV:
        return speech()
    return optional("soundfile").read(path, dtype="int16")[0]


def command(*arguments, code=0):
    """Runs the command voq; returns its standard output as bytes."""
    program = _places.command()
    if not program:
        raise Skip("the package holds no command")
    done = subprocess.run([program, *map(os.fspath, arguments)], stdin=subprocess.DEVNULL, capture_output=True,
                          check=False)
    assert done.returncode == code, f"voq {arguments}: exit code {done.returncode}: {done.stderr.decode()}"
    return done.stdout


def command_units(path, model):
    """The units that the command writes: [n], or [n][n_codebook]."""
    folder = pathlib.Path(tempfile.mkdtemp(dir=SCRATCH))
    command("encode", "-q", "-m", model_file(model), "-f", "npy", "--npy-type", "i8", "-o", folder / "u.npy", path)
    return np.load(folder / "u.npy")


def model_file(model):
    """A file of the model, for the command."""
    path = SCRATCH / f"{model.hash}.voq"
    if not path.exists():
        model.save(path)
    return path


def write_wav(name, x, rate=16000):
    """Writes int16 samples [n] or [n][channel]."""
    path = SCRATCH / name
    with wave.open(str(path), "wb") as file:
        file.setparams((1 if x.ndim == 1 else x.shape[1], 2, rate, 0, "NONE", ""))
        file.writeframes(np.ascontiguousarray(x, "<i2").tobytes())
    return path


_made = {}


def models():
    """Models of every kind that makes units of audio: shipped, residual codebooks, an encoder."""
    if not _made:
        _made.update({name: voq.load(name) for name in SHIPPED})
        draw = np.random.default_rng(1)
        features = voq.load("lda-100").features(speech())
        books = draw.standard_normal((3, 20, features.shape[1])) * features.std() / np.array([[[1]], [[2]], [[4]]])
        _made["residual"] = voq.Model.from_codebook(books, frontend="lda-100")
        _made["encoder"] = voq.train(WAV, k=8, progress=False, encoder="conv 8 3 right 1 stride 2; gru 6; latent 4",
                                     epochs=1, batch=200)
    return _made


def same(got, expected, what="result"):
    got, expected = np.asarray(got), np.asarray(expected)
    assert got.shape == expected.shape and (got == expected).all(), \
        f"{what}: {got.shape} {got.ravel()[:8]}, expected {expected.shape} {expected.ravel()[:8]}"


@contextlib.contextmanager
def quiet():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def rejected(call, *words, kinds=None):
    """Checks that the call raises ValueError or voq.Error, whose sentence has the words; returns the sentence."""
    try:
        with quiet():
            made = call()
    except kinds or (ValueError, voq.Error) as error:
        text = str(error)
        assert text and "\n" not in text, f"no sentence: {text!r}"
        for word in words:
            assert word in text, f"{text!r} does not say {word!r}"
        return text
    raise AssertionError(f"nothing was raised; got {made!r:.200}")
