# SPDX-License-Identifier: MIT
"""What voq train --encoder cannot learn from is refused before it learns, not hours later."""

import array
import json
import random
import struct

from cli import claim, fails, holds, main, noise, same, wav
from tensor_file import span
from trainer import npy, train

LAYERS = ['--encoder', 'conv 8 1; latent 3', '--epochs', '1']


def vectors(n, dim, scale=1.0):
    draw = random.Random(3)
    return npy([[draw.gauss(0, scale) for _ in range(dim)] for _ in range(n)], dim)


def refused(t, code, words, *options, **how):
    """One line, before the first epoch, and no model."""
    result = train(t, *LAYERS, '-o', 'refused.voq', *options, **how)
    fails(result, code, *words)
    same(len(result.err.splitlines()), 1, f'lines of {result.err!r}')
    holds('refused.voq' not in t.names(), 'there is a model')


@claim
def vectors_that_no_encoder_takes_are_refused(t):
    t.write('wide.npy', vectors(20, 1025))
    t.write('most.npy', vectors(20, 1024))
    refused(t, 2, ['1025', '1024'], '-k', '4', 'wide.npy')
    same(train(t, *LAYERS, '-q', '-k', '4', '-o', 'a.voq', 'most.npy').code, 0, '1024 dimensions')


@claim
def more_codes_than_latents_are_refused(t):
    t.write('x.npy', vectors(50, 4))
    t.write('a.wav', wav(noise(16000)))
    refused(t, 3, ['50 latents', '51 codes', '-k'], '-k', '51', 'x.npy')
    refused(t, 3, ['100 latents', '101 codes'], '-k', '101', 'a.wav')
    refused(t, 2, ['-k 20001', '20000'], '-k', '20001', 'x.npy')
    same(train(t, *LAYERS, '-q', '-k', '50', '-o', 'a.voq', 'x.npy').code, 0, 'a code per latent')


@claim
def vectors_of_tiny_values_are_constant_not_an_error(t):
    t.write('x.npy', npy([[i % 7, 1e-30 * i] for i in range(60)], 2))
    result = train(t, *LAYERS, '-q', '-k', '4', '-o', 'a.voq', 'x.npy')
    same((result.code, result.err), (0, ''), 'exit code and stderr')


@claim
def labels_outside_the_audio_are_none(t):
    for name in 'ab':
        t.write(f'{name}.wav', wav(noise(16000)))
    t.write('late.ctm', 'a 1 50 1 X\nb 1 60 1 Y\n')
    t.write('half.ctm', 'a 1 0 .5 X\nb 1 60 1 Y\n')
    t.write('late.gslm', 'a|' + ' '.join('3' * 99) + '\n')
    refused(t, 3, ['outside the audio', "'a'"], '-k', '4', '--labels', 'late.ctm', 'a.wav', 'b.wav')
    result = train(t, *LAYERS, '-k', '4', '-o', 'a.voq', '--labels', 'half.ctm', 'a.wav', 'b.wav')
    fails(result, 0, '1 utterances have no labels')
    result = train(t, *LAYERS, '-k', '4', '-o', 'a.voq', '--labels', 'late.ctm', '--labels',
                   'late.gslm', 'a.wav', 'b.wav')
    fails(result, 0, '1 utterances have no labels')


@claim
def a_file_without_units_is_refused_by_its_name(t):
    t.write('a.wav', wav(noise(16000)))
    t.write('dev.gslm', 'a|1 2\n')
    for name, text in ('e.km', ''), ('e.gslm', ''), ('e.jsonl', ''), ('no.gslm', 'a|\n'):
        t.write(name, text)
        refused(t, 3, [name, 'no units'], '-k', '4', '--labels', name, 'a.wav')
    refused(t, 3, ['--dev', 'e.km', 'no units'], '-k', '4', '--labels', 'dev.gslm', '--dev',
            'a.wav', '--dev-labels', 'e.km', 'a.wav')


@claim
def other_speech_of_the_same_name_is_told(t):
    """It would learn the labels of the first, without a sign."""
    t.write('one/a.wav', wav(noise(16000)))
    t.write('two/a.wav', wav(noise(16000, seed=2)))
    t.write('copy/a.wav', wav(noise(16000)))
    t.write('a.ctm', 'a 1 0 .5 X\na 1 .5 .5 Y\n')
    t.write('a.gslm', 'a|' + ' '.join('3' * 99) + '\n')
    t.write('a.km', ' '.join('3' * 99) + '\n' + ' '.join('4' * 99) + '\n')
    for options, told in [(['--labels', 'a.ctm', 'one', 'two'], True),
                          (['--labels', 'a.gslm', 'one', '--also', 'two'], True),
                          (['--labels', 'a.ctm', 'one', 'copy'], False),
                          (['--labels', 'a.km', 'one', 'two'], False)]:
        result = train(t, *LAYERS, '-k', '4', '-o', 'a.voq', *options)
        fails(result, 0)
        same('two/a.wav: has the same name as one/a.wav' in result.err, told, f'{options}')


@claim
def labels_of_another_corpus_are_told_beside_those_of_this_one(t):
    """Else the second file of labels has no effect, and hours later the model is a poor one."""
    t.write('a.wav', wav(noise(16000)))
    t.write('a.ctm', 'a 1 0 1 X\n')
    t.write('late.ctm', 'a 1 50 1 X\n')
    t.write('other.gslm', 'b|1 2 3\n')
    for name in 'late.ctm', 'other.gslm':
        result = train(t, *LAYERS, '-k', '4', '-o', 'a.voq', '--labels', 'a.ctm', '--labels', name,
                       'a.wav')
        fails(result, 0, f'{name}: labels no frame', "'a'", 'accuracy 1.000, no labels')
        holds('a.ctm: labels no' not in result.err, f'a.ctm: {result.err}')


@claim
def labels_and_weights_from_a_pipe_are_refused(t):
    """The model would state the hash of nothing, and --resume would take any other labels."""
    t.write('a.wav', wav(noise(16000)))
    t.write('a.ctm', 'a 1 0 1 X\n')
    phones = {'stdin': t.read('a.ctm')}
    for name in '/dev/stdin', '-':
        refused(t, 3, [name, 'more than once'], '-k', '4', '--labels', name, 'a.wav', **phones)
        refused(t, 3, ['more than once'], '-k', '4', '--labels', 'a.ctm', '--init', name, 'a.wav',
                stdin=b'')
    result = train(t, '--lda', '2', '--labels', '/dev/stdin', '-k', '4', '-o', 'refused.voq',
                   'a.wav', **phones)
    fails(result, 3, '/dev/stdin', 'more than once')


@claim
def a_corpus_of_which_nothing_can_be_read_is_refused(t):
    t.write('a.wav', wav(noise(16000)))
    for option, words in ('--also', '--also nowhere'), ('--noise', '--noise nowhere'):
        result = train(t, *LAYERS, '-k', '4', '-o', 'refused.voq', option, 'nowhere', 'a.wav')
        fails(result, 3, 'nowhere: cannot be opened', words)
        holds('refused.voq' not in t.names(), f'{option} had no effect')
    result = train(t, *LAYERS, '-k', '4', '-o', 'refused.voq', '--also', 'a.wav', 'nowhere')
    fails(result, 3, 'no frames')


@claim
def labels_of_any_bytes_become_labels_of_units(t):
    """A CTM in Latin-1, or a long label, must not cost the model at the end of the training."""
    t.write('a.wav', wav(noise(16000)))
    for label, expected in [(b'\xe9', '?'), ('\u0259' * 99, '\u0259' * 31), ('\U0001f600' * 16, '\U0001f600' * 15),
                            ('\x9b1m', '?1m'), ('a' * 99, 'a' * 62), ('\u0259', '\u0259')]:
        label = label if isinstance(label, bytes) else label.encode()
        t.write('p.ctm', b'a 1 0 1 ' + label + b'\n')
        result = train(t, *LAYERS, '-q', '-k', '4', '-o', 'a.voq', '--labels', 'p.ctm', 'a.wav')
        same((result.code, result.err), (0, ''), f'labels {label}')
        found = json.loads(t.voq('info', '--json', 'a.voq').out)['labels']
        same({unit['label'] for unit in found} - {''}, {expected}, f'labels {label}')


def changed(t, weights, name, position, value):
    """The file with another value in a tensor."""
    data = bytearray(t.read(weights))
    struct.pack_into('<f', data, span(data, name)[0] + 4 * position, value)
    t.write('changed', bytes(data))
    return 'changed'


@claim
def weights_that_do_not_fit_are_refused_with_what_decides_it(t):
    for name in 'ab':
        t.write(f'{name}.wav', wav(noise(16000)))
    t.write('two.ctm', 'a 1 0 .5 X\na 1 .5 .5 Y\n')
    t.write('three.ctm', 'a 1 0 .5 X\na 1 .5 .3 Y\na 1 .8 .2 Z\n')
    t.write('speakers', 'a one\nb two\n')
    t.write('x.npy', vectors(50, 4))
    phones = ['-k', '4', '--labels', 'two.ctm']
    speech = ['-k', '4', '--speakers', 'speakers', 'a.wav', 'b.wav']
    for name, options in ('phones', [*phones, 'a.wav']), ('speech', speech):
        same(train(t, *LAYERS, '-q', '-o', 'a.voq', '--weights', name, *options).code, 0, name)
    refused(t, 3, ['phones', 'heads.0', '--labels'], '--init', 'phones', '-k', '4', '--labels',
            'three.ctm', 'a.wav')
    refused(t, 3, ['speech', 'decoder.1.speakers', 'as many speakers'], '--init', 'speech', '-k',
            '4', 'a.wav')
    refused(t, 3, ['phones', 'mean', 'same kind'], '--init', 'phones', '-k', '4', 'x.npy')
    refused(t, 3, ['phones', 'layers.0.weight', 'same --encoder'], '--encoder',
            'conv 9 1; latent 3', '--init', 'phones', *phones, 'a.wav')
    for name, value, words in [('layers.0.norm.running_var', -1, 'element 3 is below 0'),
                               ('std', -1, 'element 3 is not above 0'),
                               ('std', 1e-42, 'dimension 3'),
                               ('mean', float('nan'), 'element 3 is not finite')]:
        refused(t, 3, [words], '--init', changed(t, 'phones', name, 3, value), *phones, 'a.wav')


@claim
def speech_whose_features_overflow_is_named(t):
    """Else a user has to search a folder of thousands for it."""
    t.write('corpus/a.wav', wav(noise(16000)))
    t.write('corpus/loud.wav', wav(array.array('f', [1e30] * 16000), kind=3))
    refused(t, 3, ['corpus/loud.wav', 'overflows'], '-k', '4', 'corpus')


@claim
def vectors_too_large_for_a_model_are_refused(t):
    """The deviation fits a float, its square does not."""
    t.write('x.npy', vectors(50, 4, scale=1e30))
    refused(t, 3, ['dimension 0', 'scale it'], '-k', '4', 'x.npy')


@claim
def texts_that_a_model_cannot_store_are_refused(t):
    t.write('x.npy', vectors(50, 4))
    for option in '--name', '--corpus-name', '--licence':
        refused(t, 2, [option, 'UTF-8'], '-k', '4', option, b'\xff', 'x.npy')


@claim
def vectors_have_no_hop_of_labels(t):
    t.write('x.npy', vectors(50, 4))
    t.write('x.gslm', 'x|' + ' '.join('12' * 25) + '\n')
    labels = ['-k', '4', '--labels', 'x.gslm', 'x.npy']
    refused(t, 2, ['--labels-hop', 'vectors'], '--labels-hop', '320', *labels)
    same(train(t, *LAYERS, '-q', '-o', 'a.voq', *labels).code, 0, 'without it')


@claim
def units_that_do_not_fit_the_audio_are_told(t):
    """Units of 20 ms that are read as units of 10 ms label the wrong half of every recording."""
    t.write('a.wav', wav(noise(16000 * 4)))
    t.write('a.km', ' '.join(str(i % 9) for i in range(199)) + '\n')
    t.write('x.npy', vectors(50, 4))
    t.write('x.gslm', 'x|' + ' '.join('12' * 10) + '\n')
    options = ['-k', '4', '-o', 'a.voq', '--labels', 'a.km', 'a.wav']
    fails(train(t, *LAYERS, *options), 0, 'warning: a.km', '50 %', '--labels-hop')
    right = train(t, *LAYERS, '--labels-hop', '320', *options)
    fails(right, 0)
    holds('warning' not in right.err, f'the right hop: {right.err}')
    result = train(t, *LAYERS, '-k', '4', '-o', 'a.voq', '--labels', 'x.gslm', 'x.npy')
    fails(result, 0, 'x.gslm', '40 %', 'one unit per vector')


@claim
def an_encoder_is_trained_by_one_rank(t):
    """Else every rank would write the same model, log and checkpoint."""
    t.write('x.npy', vectors(50, 4))
    for variable in 'OMPI_COMM_WORLD_SIZE', 'PMI_SIZE', 'MV2_COMM_WORLD_SIZE':
        refused(t, 2, ['MPI', variable], '-k', '4', 'x.npy', env=t.environment(**{variable: '2'}))
        one = train(t, *LAYERS, '-q', '-k', '4', '-o', 'a.voq', 'x.npy',
                    env=t.environment(**{variable: '1'}))
        same(one.code, 0, 'one rank')


main()
