# SPDX-License-Identifier: MIT
"""voq convert makes a model of a network's float weights, and says what is wrong with others."""

import json
import os
import random
import re
import sys
import types

from cli import SOURCE, claim, fails, holds, main, noise, same, units, wav
from tensor_file import write

SPEC = 'conv 6 3 right 1; gru 5; latent 4'


def array_of(draw, *shape, scale=.5):
    n = 1
    for size in shape:
        n *= size
    return shape, [draw.uniform(-scale, scale) for _ in range(n)]


def small_network():
    draw = random.Random(3)
    return {'layers.0.weight': array_of(draw, 6, 40, 3), 'layers.0.bias': array_of(draw, 6),
            'layers.1.weight_ih_l0': array_of(draw, 15, 6),
            'layers.1.weight_hh_l0': array_of(draw, 15, 5),
            'layers.1.bias_ih_l0': array_of(draw, 15), 'layers.1.bias_hh_l0': array_of(draw, 15),
            'layers.2.weight': array_of(draw, 4, 5), 'layers.2.bias': array_of(draw, 4),
            'codebook': array_of(draw, 8, 4, scale=.3),
            'mean': ((40,), [-7.] * 40), 'std': ((40,), [3.] * 40)}


def convert(t, tensors, *options, steps=(), spec=SPEC):
    write(t.path('net.safetensors'), tensors, steps)
    return t.voq('convert', 'net.safetensors', '--encoder', spec, '-o', 'net.voq', *options)


def made(t, *arguments, **how):
    result = convert(t, *arguments, **how)
    same(result.code, 0, f'exit code ({result.err})')
    return result


def speech(t):
    for i in range(3):
        t.write(f'speech/{i}.wav', wav(noise(16000 + 4000 * i, seed=i)))
    return 'speech'


@claim
def a_network_becomes_a_model_that_encodes(t):
    result = made(t, small_network(), '--calibrate', speech(t))
    holds(re.search(r'net.safetensors: \d+\.\d\d % of the units differ from those of the floats '
                    r'\(\d+ frames of 3 utterances\)', result.err), result.err)
    line = t.voq('encode', '-m', 'net.voq', 'speech/0.wav').out
    same(len(units(line)), 100, 'units')
    holds(len(set(units(line))) > 1, 'all units are equal')
    info = json.loads(t.voq('info', '--json', 'net.voq').out)
    same((info['dim'], info['codes']), (4, 8))
    provenance = t.voq('info', 'net.voq').out
    holds(SPEC in provenance, provenance)


@claim
def the_same_weights_make_the_same_model(t):
    made(t, small_network(), '--calibrate', speech(t))
    first = t.read('net.voq')
    made(t, small_network(), '--calibrate', 'speech')
    same(t.read('net.voq'), first)
    made(t, small_network(), '--calibrate', 'speech', spec='conv  6 3 right 1;gru 5 ; latent 4')
    same(t.read('net.voq'), first)


@claim
def a_file_that_states_its_steps_needs_no_speech(t):
    result = made(t, small_network(), steps=[(0, .05)])
    same(result.err, '')
    fails(convert(t, small_network(), steps=[(0, 0.)]), 3, 'layers.0.step', 'not above 0')
    fails(convert(t, small_network()), 2, '--calibrate is missing')


@claim
def a_network_without_codebook_gives_features(t):
    tensors = small_network()
    del tensors['codebook']
    made(t, tensors, '--calibrate', speech(t))
    same(t.voq('encode', '--features', '-m', 'net.voq', 'speech/0.wav', '-o', 'a.npy').code, 0)
    holds(b"(100, 4)" in t.read('a.npy')[:128], 'shape')
    fails(t.voq('encode', '-m', 'net.voq', 'speech/0.wav'), 2, '--features')


@claim
def a_stride_of_two_gives_one_unit_for_two_frames(t):
    result = made(t, small_network(), '--calibrate', speech(t), spec=SPEC.replace(';', ' stride 2;', 1))
    share = float(re.search(r'([\d.]+) % of the units differ', result.err)[1])
    holds(share < 20, result.err)
    same(len(units(t.voq('encode', '-m', 'net.voq', 'speech/0.wav').out)), 50, 'units')


@claim
def units_of_networks_that_differ_in_anything_do_not_correspond(t):
    made(t, small_network(), steps=[(0, .05)])
    os.rename(t.path('net.voq'), t.path('old.voq'))
    for name, part in ('std', 'normalisations'), ('mean', 'normalisations'), ('layers.2.bias', 'encoders'):
        tensors = small_network()
        shape, values = tensors[name]
        tensors[name] = shape, [value + 1 for value in values]
        made(t, tensors, steps=[(0, .05)])
        fails(t.voq('info', 'old.voq', 'net.voq'), 2, part)
    made(t, small_network(), steps=[(0, .06)])
    fails(t.voq('info', 'old.voq', 'net.voq'), 2, 'encoders')


@claim
def weights_that_fit_no_integers_are_named(t):
    tensors = small_network()
    shape, values = tensors['layers.1.bias_hh_l0']
    tensors['layers.1.bias_hh_l0'] = shape, values[:-1] + [1e30]
    fails(convert(t, tensors, steps=[(0, .05)]), 3, 'net.safetensors: layer 2', 'row 14', 'bias')
    tensors['layers.0.weight'] = (6, 40, 3), [0.] * 720
    tensors['layers.0.bias'] = (6,), [-1.] * 6
    fails(convert(t, tensors, '--calibrate', speech(t)), 3, 'net.safetensors: layer 1',
          'no output is above 0')


@claim
def residual_codebooks_are_kept(t):
    tensors = small_network()
    tensors['codebook'] = array_of(random.Random(1), 2, 8, 4)
    made(t, tensors, '--calibrate', speech(t))
    same(json.loads(t.voq('info', '--json', 'net.voq').out)['codebooks'], 2)


@claim
def what_does_not_fit_the_description_is_named(t):
    def with_tensor(name, value):
        tensors = small_network()
        tensors.pop(name, None)
        return {**tensors, **({name: value} if value else {})}

    def wrong(name, value, *words):
        fails(convert(t, with_tensor(name, value), steps=[(0, .05)]), 3, *words)

    draw = random.Random(1)
    wrong('layers.0.weight', None, "there is no tensor 'layers.0.weight'")
    wrong('layers.0.weight', array_of(draw, 6, 3, 40),
          "'layers.0.weight' is [6][3][40]; expected [6][40][3]")
    wrong('layers.1.bias_hh_l0', None, "there is no tensor 'layers.1.bias_hh_l0'")
    wrong('layers.1.bias_ih_l0', None, "there is no tensor 'layers.1.bias_ih_l0'")
    wrong('layers.1.weight_ih_l1', array_of(draw, 15, 5), "'layers.1.weight_ih_l1'", '--encoder')
    wrong('layers.1.weight_ih_l0_reverse', array_of(draw, 15, 6), '--encoder')
    wrong('layers.3.weight', array_of(draw, 4, 4), "'layers.3.weight'", '--encoder')
    wrong('layers.0.norm.weight', array_of(draw, 6), "'layers.0.norm.running_var'")
    wrong('layers.2.weight', ((4, 5), [float('nan')] * 20), "'layers.2.weight': element 0")
    wrong('codebook', array_of(draw, 8, 5), "'codebook' is [8][5]; expected [8][4]")
    wrong('codebook', array_of(draw, 0, 4), "'codebook'", '0 codewords')
    wrong('mean', array_of(draw, 39), "'mean' is [39]; expected [40]")
    wrong('mean', None, "'std' but no 'mean'")
    wrong('std', ((40,), [1.] * 39 + [0.]), "'std': element 39")
    wrong('std', ((40,), [1.] * 38 + [1e-42, 1.]), "'std': element 38")
    wrong('codebook', array_of(draw, 33, 2, 4), "'codebook'", '33 codebooks', 'at most 32')
    made(t, with_tensor('head.weight', array_of(draw, 40, 4)), steps=[(0, .05)])


@claim
def a_description_with_a_mistake_says_which_word(t):
    fails(convert(t, small_network(), spec='conv 6 3 rihgt 1; latent 4'), 2, 'layer 1', "'rihgt'")
    fails(convert(t, small_network(), spec='conv 6 3; gru 5'), 2, 'layer 2', 'latent')


@claim
def batch_norm_is_folded_into_the_convolution(t):
    plain, normed = small_network(), small_network()
    (shape, w), (_, b) = plain['layers.0.weight'], plain['layers.0.bias']
    scale = (4 + 1e-5) ** .5
    normed['layers.0.weight'] = shape, [x * scale for x in w]
    normed['layers.0.bias'] = (6,), [.25] * 6
    normed['layers.0.norm.weight'] = (6,), [1.] * 6
    normed['layers.0.norm.bias'] = (6,), b
    normed['layers.0.norm.running_mean'] = (6,), [.25] * 6
    normed['layers.0.norm.running_var'] = (6,), [4.] * 6
    speech(t)
    lines = []
    for tensors in (plain, normed):
        made(t, tensors, steps=[(0, .05)])
        lines.append(units(t.voq('encode', '-m', 'net.voq', 'speech/2.wav').out))
    differ = sum(a != b for a, b in zip(*lines))
    holds(differ <= len(lines[0]) // 50, f'{differ} units differ')


@claim
def features_may_come_from_a_model(t):
    tensors = small_network()
    dim = json.loads(t.voq('info', '--json', t.model).out)['dim']
    tensors['layers.0.weight'] = array_of(random.Random(2), 6, dim, 3)
    fails(convert(t, tensors, '--frontend', t.model, steps=[(0, .05)]), 2, "'mean' and 'std'")
    del tensors['mean'], tensors['std']
    made(t, tensors, '--frontend', t.model, '--calibrate', speech(t))
    same(len(units(t.voq('encode', '-m', 'net.voq', 'speech/0.wav').out)), 100, 'units')
    fails(convert(t, tensors, '--frontend', 'nothing', steps=[(0, .05)]), 2, 'nothing')


@claim
def speech_that_cannot_be_read_stops_before_a_model_is_written(t):
    speech(t)
    t.write('speech/bad.wav', b'RIFF')
    fails(convert(t, small_network(), '--calibrate', 'speech'), 3, 'bad.wav')
    fails(convert(t, small_network(), '--calibrate', 'nowhere'), 3, 'nowhere')
    t.write('empty.wav', wav(noise(10)))
    fails(convert(t, small_network(), '--calibrate', 'empty.wav'), 3, 'no frame')
    holds(not os.path.exists(t.path('net.voq')), 'a model is there')


@claim
def no_input_is_replaced_and_no_operand_is_ignored(t):
    speech(t)
    write(t.path('net.safetensors'), small_network())
    before = t.read('speech/1.wav')
    os.rename(t.path('speech/1.wav'), t.path('speech/1.voq'))
    os.symlink('1.voq', t.path('speech/1.wav'))
    arguments = ['convert', 'net.safetensors', '--encoder', SPEC, '--calibrate', 'speech']
    fails(t.voq(*arguments, '-o', 'speech/1.voq'), 2, 'is also an input')
    same(t.read('speech/1.voq'), before)
    t.write('list.txt', 'speech/0.wav\nspeech/1.voq\n')
    fails(t.voq('convert', 'net.safetensors', '--encoder', SPEC, '--calibrate', 'list.txt', '-o',
                'speech/1.voq'), 2, 'is also an input')
    same(t.read('speech/1.voq'), before)
    fails(t.voq(*arguments), 2, '-o NAME.voq')
    fails(t.voq(*arguments, '-o', 'a.npy'), 2, '-o NAME.voq')
    fails(t.voq(*arguments, '-o', 'a.voq', 'net.safetensors'), 2, 'only one network')
    fails(t.voq('convert', 'net.safetensors', '-o', 'a.voq'), 2, '--encoder is missing')


@claim
def an_option_that_is_not_about_networks_is_refused(t):
    write(t.path('net.safetensors'), small_network(), [(0, .05)])
    arguments = ['convert', 'net.safetensors', '--encoder', SPEC, '-o', 'net.voq']
    values = {'--format': 'npy', '--from': 'npy', '--npy-type': 'i8', '--npy-axes': 'tq'}
    about_networks = {'--encoder', '--calibrate', '--frontend', '--output', '--quiet'}
    for line in t.voq('convert', '--list-options').out.splitlines():
        _, option, argument, *_ = line.split('\t') + ['', '']
        if option.startswith('--') and option not in about_networks | {'--help', '--version',
                                                                       '--list-options'}:
            value = [values.get(option, '1')] if argument else []
            fails(t.voq(*arguments, option, *value), 2, option, 'no effect on a network')
    holds(not os.path.exists(t.path('net.voq')), 'a model is there')


class Tensor:
    """As much of PyTorch's tensor as the script of the manual uses."""

    def __init__(self, value):
        self.shape, self.values = value

    def cpu(self):
        return self

    contiguous = cpu


def script_of_the_manual():
    with open(os.path.join(SOURCE, 'tools/man/voq-convert.1.scd')) as file:
        return re.search(r'```\n(import torch\n.*?)\n```', file.read(), re.S)[1]


def stand_ins():
    """Modules torch and safetensors.torch without either of them."""
    torch, safetensors = types.ModuleType('torch'), types.ModuleType('safetensors.torch')
    torch.as_tensor = lambda value: value
    safetensors.save_file = lambda tensors, path: write(
        path, {name: (tensor.shape, tensor.values) for name, tensor in tensors.items()})
    return {'torch': torch, 'safetensors': types.ModuleType('safetensors'),
            'safetensors.torch': safetensors}


@claim
def the_script_of_the_manual_writes_what_is_read(t):
    tensors = {name: Tensor(value) for name, value in small_network().items()}
    layers = {name[7:]: value for name, value in tensors.items() if name.startswith('layers.')}
    network = types.SimpleNamespace(layers=types.SimpleNamespace(state_dict=lambda: layers))
    kept = dict(sys.modules)
    sys.modules.update(stand_ins())
    os.chdir(t.folder)
    try:
        exec(script_of_the_manual(), {'network': network, **{name: tensors[name] for name in
                                                            ('codebook', 'mean', 'std')}})
    finally:
        os.chdir('/')
        sys.modules.clear()
        sys.modules.update(kept)
    result = t.voq('convert', 'net.safetensors', '--encoder', SPEC, '--calibrate', speech(t),
                   '-o', 'script.voq')
    same(result.code, 0, result.err)
    made(t, small_network(), '--calibrate', 'speech')
    hashes = [json.loads(t.voq('info', '--json', name).out)['hash']
              for name in ('script.voq', 'net.voq')]
    same(hashes[0], hashes[1])


main()
