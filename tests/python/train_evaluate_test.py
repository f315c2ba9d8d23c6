# SPDX-License-Identifier: MIT
"""voq.train and voq.evaluate: the bytes and the numbers of the command."""
import contextlib
import io
import json
import sys
import warnings

from package import (DATA, SCRATCH, WAV, claims, command, decoded, model_file, np, optional, recordings, rejected,
                     speech, voq)

NOTE = DATA / "5652-19215-0032.flac"


def commanded(*arguments):
    command("train", "-q", "-o", SCRATCH / "trained.voq", *arguments)
    return voq.load(SCRATCH / "trained.voq")


def bytes_are_those_of_the_command():
    expected = commanded("-k", "10", "--lda", "4", "--seed", "3", "--iterations", "5", DATA)
    got = voq.train(DATA, k=10, lda=4, seed=3, progress=False, iterations=5, jobs=2)
    assert got.to_bytes() == expected.to_bytes()


def options_are_those_of_the_command():
    expected = commanded("-k", "6", "--profile", "kaldi", "--set", "num_ceps=8", "--set", "use_energy=false", "--name",
                         "-x y", "--licence", "CC0", "--codebooks", "2", NOTE, WAV)
    got = voq.train([str(NOTE), WAV], k=6, lda=None, progress=False, profile="kaldi", name="-x y", licence="CC0",
                    set={"num_ceps": 8, "use_energy": False}, codebooks=2)
    assert got.to_bytes() == expected.to_bytes() and got.name == "-x y"
    assert voq.train(NOTE, k=6, pca=3, progress=False) == commanded("-k", "6", "--pca", "3", NOTE)


def arrays_of_recordings_train_what_their_files_train():
    soundfile = optional("soundfile")
    folder = SCRATCH / "as-files"
    folder.mkdir()
    arrays = [decoded(path) for path in recordings()]
    for i, x in enumerate(arrays):
        soundfile.write(folder / f"{i}.wav", x, 16000, subtype="PCM_16")
    expected = commanded("-k", "10", "--lda", "4", folder)
    for form in (arrays, [x / 32768 for x in arrays]):
        got = voq.train(form, k=10, lda=4, progress=False, rate=16000)
        assert got == expected and np.array_equal(got.codebook, expected.codebook)


def arrays_of_vectors_make_a_model_of_vectors():
    v = np.random.default_rng(1).standard_normal((300, 7)).astype(np.float32)
    np.save(SCRATCH / "v.npy", v)
    expected = commanded("-k", "5", SCRATCH / "v.npy")
    for corpus in (v, [v], v.astype(float), SCRATCH / "v.npy"):
        assert voq.train(corpus, k=5, progress=False) == expected
    assert voq.train([v[:100], v[100:]], k=5, progress=False).codebook.shape == (5, 7)


def progress_is_shown_on_standard_error():
    shown = io.StringIO()
    with contextlib.redirect_stderr(shown):
        voq.train(NOTE, k=4, lda=None)
    assert "trained on" in shown.getvalue() and "voq: " in shown.getvalue()
    shown = io.StringIO()
    with contextlib.redirect_stderr(shown):
        voq.train(NOTE, k=4, lda=None, progress=False)
    assert not shown.getvalue()


def a_recording_that_cannot_be_read_is_a_warning():
    (SCRATCH / "text.wav").write_text("no audio")
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        model = voq.train([NOTE, SCRATCH / "text.wav"], k=4, lda=None, progress=False)
    assert [("text.wav" in str(w.message), w.filename) for w in seen] == [(True, __file__)], list(map(str, seen))
    assert model == voq.train(NOTE, k=4, lda=None, progress=False)


def what_cannot_be_trained_on_is_rejected():
    x = speech()
    for corpus, options in (([], {}), ("/no/such", {}), ([x], {}), ([x, WAV], {"rate": 16000}), (WAV, {"rate": 16000}),
                            ([x], {"rate": 0}), ([np.zeros((5, 3)), np.zeros((5, 4))], {}), ([np.zeros((5, 3, 2))], {}),
                            ([np.full((5, 3), np.nan)], {}), (["a\0"], {}), (NOTE, {"k": 0}), (NOTE, {"k": "x"}),
                            (NOTE, {"nothing": 1}), (NOTE, {"output": "x"}), (NOTE, {"seed": -1}), ([None], {}),
                            (NOTE, {"name": "a\0b"}), (5, {})):
        rejected(lambda: voq.train(corpus, progress=False, **options))


def reports_are_those_of_the_command():
    expected = json.loads(command("eval", "--json", "--bootstrap", "20", "lda-100", DATA))
    got = voq.evaluate("lda-100", DATA, bootstrap=20)
    assert got.pop("units").endswith("lda-100.voq") and expected.pop("units") and got == expected
    got = voq.evaluate(voq.load("lda-100"), DATA, bootstrap=20)
    got.pop("units")
    assert got == expected


def models_are_compared():
    models = [voq.load("lda-100"), "mfcc-100", model_file(voq.load("lda-500"))]
    got = voq.evaluate(models, DATA, bootstrap=0)
    assert "lda-100" in json.dumps(got) and "mfcc-100" in json.dumps(got)


def units_in_memory_and_in_files_are_measured():
    model = voq.load("lda-100")
    units = dict(model.encode_files(recordings()))
    voq.write_units(SCRATCH / "u.jsonl", units, model=model)
    from_file = voq.evaluate(units=SCRATCH / "u.jsonl", phones=DATA / "phones.ctm", bootstrap=0)
    from_memory = voq.evaluate(model, units=units, phones=DATA / "phones.ctm", bootstrap=0)
    assert from_file["all"] == from_memory["all"] and from_file["all"]["pnmi"] > 0.3


def what_cannot_be_measured_is_rejected():
    for arguments, options in (((), {}), (("lda-100",), {}), ((None, DATA), {}), (("absent", DATA), {}),
                               (("lda-100", "/no/such"), {}), (("lda-100", DATA), {"json": True}),
                               (("lda-100", DATA), {"nothing": 1}), ((), {"units": {"a": [0.5]}}),
                               ((), {"units": {"a": [1]}, "phones": "/no/such.ctm"}),
                               (("lda-100", DATA), {"units": {}})):
        rejected(lambda: voq.evaluate(*arguments, **options))


sys.exit(claims(bytes_are_those_of_the_command, options_are_those_of_the_command,
                arrays_of_recordings_train_what_their_files_train, arrays_of_vectors_make_a_model_of_vectors,
                progress_is_shown_on_standard_error, a_recording_that_cannot_be_read_is_a_warning,
                what_cannot_be_trained_on_is_rejected, reports_are_those_of_the_command, models_are_compared,
                units_in_memory_and_in_files_are_measured, what_cannot_be_measured_is_rejected))
