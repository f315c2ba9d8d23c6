# SPDX-License-Identifier: MIT
"""If these fail, units from Python are not those of `voq encode`, and datasets made by both do not fit together."""
import sys
import threading
import warnings

from package import (DATA, SHIPPED, WAV, Skip, claims, command, command_units, decoded, model_file, models, np,
                     optional, recordings, same, speech, voq, write_wav)


def arrays_of_every_recording_and_model_have_the_units_of_the_command():
    optional("soundfile")
    for name, model in models().items():
        for path in recordings():
            same(model.encode(decoded(path), rate=16000), command_units(path, model), f"{name}, {path.name}")


def paths_of_every_recording_and_model_have_the_units_of_the_command():
    for name, model in models().items():
        for path in [*recordings(), *DATA.glob("*.opus")]:
            units = model.encode(path)
            assert units.dtype == np.uint32
            same(units, command_units(path, model), f"{name}, {path.name}")


def every_type_of_samples_has_the_same_units():
    x = speech()
    for name, model in models().items():
        units = command_units(WAV, model)
        scaled = x / 32768
        forms = {"int16": x, "big-endian int16": x.astype(">i2"), "float64": scaled, "list": scaled.tolist(),
                 "float32": scaled.astype("f4"), "big-endian float32": scaled.astype(">f4"),
                 "longdouble": scaled.astype(np.longdouble), "[1, n]": scaled[np.newaxis], "[n, 1]": x[:, np.newaxis]}
        for form, array in forms.items():
            same(model.encode(array), units, f"{name}, {form}")


def arrays_that_fit_are_not_copied():
    from voq import _arrays
    x = speech()
    floats = (x / 32768).astype(np.float32)
    for array in (floats, floats[100:], floats[np.newaxis]):
        assert np.shares_memory(_arrays.samples(array, 16000, 16000), array)
    assert np.shares_memory(_arrays.one_channel(x), x)
    vectors = np.zeros((4, 30), np.float32)
    assert _arrays.vectors(vectors, 30) is vectors


def half_precision_is_read_as_its_values():
    x = (speech() / 32768).astype(np.float16)
    model = voq.load("lda-100")
    same(model.encode(x), model.encode(x.astype(np.float64)))


def arrays_that_are_not_contiguous_or_aligned_have_the_same_units():
    x = (speech() / 32768).astype(np.float32)
    padded = np.zeros((x.size, 3), np.float32)
    padded[:, 1] = x
    records = np.zeros(x.size, np.dtype([("pad", "u1"), ("x", "<f4")]))
    records["x"] = x
    backwards = x[::-1].copy()[::-1]
    frozen = x.copy()
    frozen.flags.writeable = False
    odd = np.frombuffer(b"\0" + x.tobytes(), np.uint8)[1:].view(np.float32)
    model = voq.load("lda-100")
    for form in (padded[:, 1], records["x"], backwards, frozen, odd):
        same(model.encode(form), model.encode(x))


def torch_tensors_have_the_same_units():
    torch = optional("torch")
    x, model = speech(), voq.load("lda-100")
    tensor = torch.from_numpy(x / 32768)
    for form in (tensor, tensor.float(), torch.from_numpy(x.copy()), tensor.float()[None].requires_grad_()):
        same(model.encode(form), model.encode(x))
    same(model.encode(tensor.bfloat16()), model.encode(tensor.bfloat16().float()))


def a_stream_has_the_same_units_however_samples_are_cut_and_blocked():
    x, draw = speech(), np.random.default_rng(3)
    for name, model in models().items():
        units = command_units(WAV, model)
        for block in (1, 7, 64, 1024):
            for samples in (x, (x / 32768).astype(np.float32)):
                stream, parts, start = model.stream(block), [], 0
                while start < x.size:
                    n = int(draw.integers(0, 3000))
                    parts.append(stream.push(samples[start:start + n]))
                    start += n
                same(np.concatenate([*parts, stream.finish()]), units, f"{name}, block {block}")


def signals_of_any_length_have_the_units_of_the_command():
    x = speech()
    for model in (voq.load("lda-100"), models()["encoder"]):
        for n in (0, 1, 79, 80, 81, 160, 399, 1600, 4801):
            path = write_wav(f"{n}.wav", x[:n])
            same(model.encode(x[:n]), command_units(path, model), f"{n} samples")


def features_have_the_bits_of_the_command():
    for model in models().values():
        command("encode", "-q", "--features", "-m", model_file(model), "-o", str(model_file(model)) + ".npy", WAV)
        expected = np.load(str(model_file(model)) + ".npy")
        same(model.features(speech()), expected)
        same(model.features(WAV), expected)


def what_is_not_finite_counts_as_zero_with_a_warning():
    x = (speech() / 32768).astype(np.float32)
    broken, zeroed = x.copy(), x.copy()
    broken[[100, 5000, 9000]] = np.nan, np.inf, -np.inf
    zeroed[[100, 5000, 9000]] = 0
    model = voq.load("lda-100")
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        same(model.encode(broken), model.encode(zeroed))
    assert ["3 samples are NaN or infinite" in str(w.message) for w in seen] == [True], [str(w.message) for w in seen]
    assert seen[0].filename == __file__, f"the warning names {seen[0].filename}"


def another_rate_is_resampled_as_the_command_does():
    optional("soxr")
    draw = np.random.default_rng(5)
    for rate in (8000, 22050, 44100, 48000):
        x = np.repeat(speech(), 3)[:rate * 2 + int(draw.integers(200))]
        path = write_wav(f"rate-{rate}.wav", x, rate)
        model = voq.load("lda-100")
        got, expected = model.encode(x, rate=rate), model.encode(path)
        assert len(got) == len(expected), f"{rate} Hz: {len(got)} units, the command has {len(expected)}"
        assert np.mean(got == expected) > 0.99, f"{rate} Hz: {np.mean(got != expected):.1%} of the units differ"


def a_stereo_file_is_the_mean_of_its_channels():
    x = np.stack([speech(), np.roll(speech(), 400)], axis=1)
    model = voq.load("lda-100")
    same(model.encode(write_wav("stereo.wav", x)), model.encode(x.mean(axis=1) / 32768))


def threads_that_share_a_model_have_the_same_units():
    x, model = speech(), voq.load("lda-500")
    units, wrong = model.encode(x), []

    def work():
        for _ in range(10):
            if not np.array_equal(model.encode(x), units):
                wrong.append(1)
    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def the_list_of_models_is_that_of_the_command():
    import json
    found = {model["hash"]: model for model in json.loads(command("models", "--json"))}
    for model in voq.models():
        if model["hash"] not in found:
            raise Skip("the command looks for models elsewhere")
        expected = found[model["hash"]]
        assert {**model, "file": None} == {**expected, "file": None}, f"{model}, the command has {expected}"
    assert set(SHIPPED) <= {model["name"] for model in voq.models()}


sys.exit(claims(arrays_of_every_recording_and_model_have_the_units_of_the_command,
                paths_of_every_recording_and_model_have_the_units_of_the_command,
                every_type_of_samples_has_the_same_units, arrays_that_fit_are_not_copied,
                half_precision_is_read_as_its_values,
                arrays_that_are_not_contiguous_or_aligned_have_the_same_units, torch_tensors_have_the_same_units,
                a_stream_has_the_same_units_however_samples_are_cut_and_blocked,
                signals_of_any_length_have_the_units_of_the_command, features_have_the_bits_of_the_command,
                what_is_not_finite_counts_as_zero_with_a_warning, another_rate_is_resampled_as_the_command_does,
                a_stereo_file_is_the_mean_of_its_channels, threads_that_share_a_model_have_the_same_units,
                the_list_of_models_is_that_of_the_command))
