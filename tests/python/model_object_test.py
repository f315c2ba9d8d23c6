# SPDX-License-Identifier: MIT
"""Models and streams as Python objects: between threads and processes, in notebooks, and when they are let go."""
import copy
import gc
import json
import multiprocessing
import pickle
import sys
import threading
import weakref

from package import (ROOT, SCRATCH, SHIPPED, claims, command, model_file, models, np, optional, quiet, rejected,
                     same, speech, voq)
from voq._features import _model


def a_model_states_what_the_command_states():
    for model in models().values():
        info = json.loads(command("info", "--json", model_file(model)))
        assert (model.name, model.hash, model.rate, model.hop, model.look_ahead) == tuple(
            info[key] for key in ("name", "hash", "rate", "hop", "look_ahead"))
        assert model.info["frontend"] == info["frontend"]
        assert model.codebook.shape[-2:] == (info["codes"], info["dim"])
    lda = voq.load("lda-100")
    assert (lda.rate, lda.hop, lda.look_ahead, lda.codebook.shape) == (16000, 160, 920, (100, 30))
    assert lda.info["provenance"]["seed"] == "1" and models()["residual"].codebook.shape == (3, 20, 30)


def a_model_does_not_change():
    model = voq.load("lda-100")
    codebook = model.codebook
    codebook[:] = 0
    assert model.codebook.any()
    for name in ("name", "hash", "rate", "other", "_handle"):
        rejected(lambda: setattr(model, name, 1), kinds=AttributeError)
        rejected(lambda: delattr(model, name), kinds=AttributeError)
    assert copy.copy(model) is model and copy.deepcopy(model) is model


def a_model_is_saved_and_loaded_with_its_bytes():
    for name, model in models().items():
        path = SCRATCH / f"saved {name}.voq"
        model.save(path)
        assert path.read_bytes() == model.to_bytes()
        for source in (path, str(path), path.read_bytes(), bytearray(path.read_bytes())):
            assert voq.load(source) == model and voq.load(source).to_bytes() == model.to_bytes()
    rejected(lambda: model.save("/no/such/folder/x.voq"), "/no/such/folder/x.voq")
    rejected(lambda: model.save("a\0b"), "zero")


def pickled_models_are_equal():
    for model in models().values():
        for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
            other = pickle.loads(pickle.dumps(model, protocol))
            assert other == model and hash(other) == hash(model) and other is not model
            same(other.encode(speech()), model.encode(speech()))
    assert voq.load("lda-100") != voq.load("mfcc-100") and voq.load("lda-100") != "lda-100"


def _encode(job):
    model, x = job
    return model.encode(x)


def spawned_processes_get_the_model():
    context = multiprocessing.get_context("spawn")
    model = models()["encoder"]
    with context.Pool(2) as pool:
        for units in pool.map(_encode, [(model, speech())] * 3):
            same(units, model.encode(speech()))


def forked_processes_keep_the_model():
    context = multiprocessing.get_context("fork")
    model = voq.load("lda-100")
    with context.Pool(1) as pool:
        same(pool.map(_encode, [(model, speech())])[0], model.encode(speech()))


def errors_travel_between_processes():
    error = pickle.loads(pickle.dumps(voq.Error("a sentence", 3)))
    assert (str(error), error.status) == ("a sentence", 3)


def a_notebook_shows_a_small_table():
    model = voq.Model.from_codebook(np.zeros((2, 3)), name="<script>")
    html = model._repr_html_()
    assert "<table>" in html and "&lt;script&gt;" in html and "<script>" not in html
    for model in [*models().values(), model]:
        assert model.hash in repr(model) and repr(model).startswith("<voq.Model ") and model.hash in model._repr_html_()
    assert "57.5 ms" in repr(voq.load("lda-100"))


def a_stream_outlives_the_last_name_of_its_model():
    expected = voq.load("lda-100").encode(speech())
    stream = voq.load("lda-100").stream()
    gc.collect()
    same(np.concatenate([stream.push(speech()), stream.finish()]), expected)
    assert stream.model.name == "lda-100"


def models_and_streams_are_freed_even_in_a_circle():
    class Holder:
        pass
    seen = []
    for _ in range(20):
        holder = Holder()
        holder.self, holder.model = holder, voq.load("lda-100")
        holder.stream = holder.model.stream()
        seen += [weakref.ref(holder.model), weakref.ref(holder.stream)]
    del holder
    gc.collect()
    gc.collect()
    assert not any(reference() for reference in seen)


def a_stream_refuses_a_second_thread():
    stream, x = voq.load("mfcc-500").stream(), np.tile(speech(), 60)
    refused, done = [], []

    def push():
        try:
            done.append(len(stream.push(x)))
        except RuntimeError as error:
            refused.append(str(error))
    for _ in range(20):
        threads = [threading.Thread(target=push) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if refused:
            break
    assert refused and "another thread" in refused[0], "no thread was refused"
    assert stream.position == sum(done)


def a_stream_is_not_copied():
    stream = voq.load("lda-100").stream()
    for call in (copy.copy, copy.deepcopy, pickle.dumps):
        rejected(lambda: call(stream), kinds=TypeError)


def a_stream_keeps_its_place_over_a_gap_and_starts_again_after_reset():
    model, x = voq.load("lda-100"), speech()
    stream = model.stream()
    before = np.concatenate([stream.push(x[:16000]), stream.gap(1700)])
    same(before, model.encode(x[:16000]))
    assert stream.position == 111 and stream.gap(0).size == 0 and stream.position == 111
    assert len(stream.push(x[:1600])) + len(stream.finish()) == 10
    rejected(lambda: stream.push(x), "reset")
    rejected(stream.finish, "reset")
    stream.reset()
    same(np.concatenate([stream.push(x), stream.finish()]), model.encode(x))
    assert "lda-100" in repr(stream)


def a_stream_of_features_has_those_of_the_model():
    model, x = voq.load("lda-100"), (speech() / 32768).astype(np.float32)
    stream = model.stream(block=64, features=True)
    same(np.concatenate([stream.push(x[:5000]), stream.push(x[5000:]), stream.finish()]), model.features(x))


def a_stream_counts_what_is_not_finite():
    stream = voq.load("lda-100").stream()
    with quiet():
        stream.push([0.0, float("nan"), float("inf")])
    assert stream.bad_samples == 2


def models_that_need_the_whole_signal_have_no_stream():
    made = voq.Model.from_codebook(np.zeros((4, 20), np.float32), frontend="librosa")
    rejected(made.stream, "whole signal")
    assert len(made.encode(np.zeros(22050, np.float32))) == 43


def models_of_vectors_take_no_audio():
    model = voq.Model.from_codebook(np.eye(3))
    rejected(lambda: model.encode(speech()), "vectors")
    rejected(lambda: model.features(speech()), "vectors")
    rejected(model.stream)
    ids, z_q, distance = model.quantize([[1, 0, 0], [0, 0, 2]])
    same(ids, [0, 2]), same(z_q, [[1, 0, 0], [0, 0, 1]]), same(distance, [0, 1])


def models_of_features_make_no_units():
    model = _model("kaldi", ())
    rejected(lambda: model.encode(speech()), "codebook")
    rejected(lambda: model.stream(), "codebook")
    rejected(lambda: model.decode([0]))
    rejected(lambda: model.quantize(np.zeros((1, 13))), "codebook")
    rejected(lambda: model.codebook, "codebook")
    same(np.concatenate([(s := model.stream(features=True)).push(speech()), s.finish()]), model.features(speech()))


def labels_of_codewords_are_read():
    assert voq.load("lda-100").labels is None
    assert len(trained_with_labels().labels) == 6


def trained_with_labels():
    return voq.train(ROOT / "tests/data", k=6, progress=False, encoder="conv 8 3 right 1 stride 2; latent 4", epochs=1,
                     batch=200, labels=ROOT / "tests/data/phones.ctm")


def an_existing_codebook_becomes_the_model_that_convert_makes():
    draw = np.random.default_rng(2)
    codebook = draw.standard_normal((10, 30)).astype(np.float32)
    np.save(SCRATCH / "k.npy", codebook)
    for frontend in (None, "lda-100"):
        options = ["--frontend", frontend] if frontend else []
        command("convert", "-q", SCRATCH / "k.npy", "-o", SCRATCH / "k.voq", *options)
        made = voq.Model.from_codebook(codebook, frontend=frontend)
        assert made == voq.load(SCRATCH / "k.voq") and made.info["provenance"] == {"codebook": "imported"}
        assert voq.Model.from_codebook(codebook.astype(float), frontend=frontend and voq.load(frontend)) == made
        assert voq.Model.from_codebook(SCRATCH / "k.npy", frontend=frontend) == made
    same(voq.Model.from_codebook(codebook).codebook, codebook)


def a_kmeans_of_scikit_learn_keeps_its_labels():
    cluster, joblib = optional("sklearn.cluster").cluster, optional("joblib")
    f = voq.mfcc(speech(), 16000, profile="hubert")
    km = cluster.KMeans(20, n_init=1, random_state=1).fit(f)
    model = voq.Model.from_codebook(km)
    same(model.quantize(f)[0], km.predict(f))
    joblib.dump(km, SCRATCH / "km.bin")
    assert voq.Model.from_codebook(SCRATCH / "km.bin") == model
    assert voq.Model.from_codebook(km, frontend="hubert").rate == 16000


def fairseqs_grid_is_kept_by_quantizing_features():
    f = voq.mfcc(speech(), 16000, profile="hubert")
    centred = voq.Model.from_codebook(f[::20], frontend="hubert")
    assert len(centred.encode(speech())) == len(f) + 2


def names_are_looked_up_as_the_command_does():
    for name in SHIPPED:
        assert voq.load(name).name == name
    assert voq.load(str(model_file(voq.load("lda-100")))) == voq.load("lda-100")


if __name__ == "__main__":
    sys.exit(claims(a_model_states_what_the_command_states, a_model_does_not_change,
                    a_model_is_saved_and_loaded_with_its_bytes, pickled_models_are_equal,
                    spawned_processes_get_the_model, forked_processes_keep_the_model,
                    errors_travel_between_processes, a_notebook_shows_a_small_table,
                    a_stream_outlives_the_last_name_of_its_model, models_and_streams_are_freed_even_in_a_circle,
                    a_stream_refuses_a_second_thread, a_stream_is_not_copied,
                    a_stream_keeps_its_place_over_a_gap_and_starts_again_after_reset,
                    a_stream_of_features_has_those_of_the_model, a_stream_counts_what_is_not_finite,
                    models_that_need_the_whole_signal_have_no_stream, models_of_vectors_take_no_audio,
                    models_of_features_make_no_units, labels_of_codewords_are_read,
                    an_existing_codebook_becomes_the_model_that_convert_makes,
                    a_kmeans_of_scikit_learn_keeps_its_labels, fairseqs_grid_is_kept_by_quantizing_features,
                    names_are_looked_up_as_the_command_does))
