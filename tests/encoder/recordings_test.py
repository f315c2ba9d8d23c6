# SPDX-License-Identifier: MIT
"""If this fails, a learned model has other units on real speech than its definition.
Arguments: the voq executable, make_model, the source tree. The reference is NumPy, with a trained network."""

import glob
import os

from cli import *

FOLDER = os.path.join(SOURCE, '../shared/encoder')
SPEECH = sorted(glob.glob(os.path.join(SOURCE, '../shared/data/librispeech-dev/*/*.flac')))
RECORDINGS = SPEECH[::13][:10]


def prepared():
    """The module that writes models, the reference, its network and codebook."""
    if not os.path.isdir(FOLDER):
        raise Skip('the reference of the encoder is not here (../shared/encoder)')
    if len(RECORDINGS) < 10:
        raise Skip('the LibriSpeech dev folder is not here (../shared/data)')
    try:
        import prototype_model
    except ImportError:
        raise Skip('no Python module numpy')
    module = prototype_model.reference(FOLDER)
    layers, codebook, mean, std = module.load(os.path.join(FOLDER, 'prototype-256.npz'))
    return prototype_model, module, module.quantize(layers), codebook, mean, std


def features(t, model, path, out, *options):
    import numpy
    result = t.voq('encode', '-q', '--features', '-m', model, '-o', t.path(out), *options, path)
    same(result.code, 0, result.err)
    return numpy.load(t.path(out))


def units_of(t, model, *options):
    result = t.voq('encode', '-q', '-m', model, *options, *RECORDINGS)
    same(result.code, 0, result.err)
    return {line.split('|')[0]: [int(unit) for unit in units(line)] for line in result.out.splitlines()}


@claim
def latents_and_units_are_the_references_from_equal_inputs(t):
    prototype_model, module, network, codebook, *_ = prepared()
    prototype_model.write_model(FOLDER, t.path('whole.voq'))
    prototype_model.write_model(FOLDER, t.path('inputs.voq'), only_features=True)
    found = units_of(t, t.path('whole.voq'))
    for path in RECORDINGS:
        v = features(t, t.path('inputs.voq'), path, 'v.npy')
        z = module.int_forward(network, module.int_input(v)) / 16384
        for cpu in ('auto', 'scalar', 'sse2', 'avx2') if path == RECORDINGS[0] else ('auto',):
            got = features(t, t.path('whole.voq'), path, f'z-{cpu}.npy', '--cpu', cpu)
            same(got.shape, z.shape, path)
            same(bool((got == z.astype('f4')).all()), True, f'{path} {cpu}: latents')
        same(found[os.path.basename(path)[:-5]], module.nearest(z, codebook).tolist(), path)


@claim
def from_audio_at_most_two_units_in_a_thousand_differ(t):
    prototype_model, module, network, codebook, mean, std = prepared()
    try:
        import soundfile
    except ImportError:
        raise Skip('no Python module soundfile')
    prototype_model.write_model(FOLDER, t.path('whole.voq'))
    found, n_unit, n_other = units_of(t, t.path('whole.voq')), 0, 0
    for path in RECORDINGS:
        x, _ = soundfile.read(path, dtype='float32')
        v = module.normalise(module.log_mel(x), mean, std)
        expected = module.nearest(module.int_forward(network, module.int_input(v)) / 16384, codebook)
        got = found[os.path.basename(path)[:-5]]
        same(len(got), len(expected), path)
        n_unit += len(got)
        n_other += sum(a != b for a, b in zip(got, expected))
    print(f'# {n_other} of {n_unit} units differ')
    same(n_other <= .002 * n_unit, True, f'{n_other} of {n_unit} units differ')


main()
