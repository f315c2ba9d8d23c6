# SPDX-License-Identifier: MIT
"""voq train --encoder, from recordings to a model. A user whose model depended on the machine, or
whose killed run could not continue, would lose hours."""

import hashlib
import json
import os
import random
import signal
import struct
import subprocess
import time

from cli import SOURCE, VOQ, Skip, claim, fails, holds, main, same, wav
from tensor_file import span
from trainer import npy, sections, train, trained

DATA = os.path.join(SOURCE, 'tests', 'data')
SMALL = ['--encoder', 'conv 12 3 right 1; gru 8; latent 6', '-k', '8', '--batch', '500']
PHONES = ['--labels', os.path.join(DATA, 'phones.ctm')]
STRIDED = ('conv 20 5 right 2; conv 12 3 stride 2 right 1; gru 8; conv 12 3 dilation 2 right 1; '
           'latent 6')
PINNED = {  # SHA-256 of weights and model
    'labels': '3fc67fca42f6d396dc61fd8443e896d4bd25afd6af03b97c55940652a496de11',
    'vqvae': '9e90bfa087a9ce0ffc1379bbe8772db11dadf53800f14bbaab8cf784e8546006'}
READ = os.path.join(SOURCE, '../shared/data/librispeech-dev')


def speech():
    return [os.path.join(DATA, name) for name in sorted(os.listdir(DATA)) if name.endswith('.flac')]


def log(t, name='log'):
    return [json.loads(line) for line in t.read(name).decode().splitlines()]


@claim
def labels_train_a_model_and_every_epoch_is_reported(t):
    trained(t, *SMALL, *PHONES, '--epochs', '5', '--log', 'log', '--dev', speech()[0], *speech())
    lines = log(t)
    same([line['epoch'] for line in lines], [1, 2, 3, 4, 5], 'epochs')
    holds(lines[-1]['loss'] < lines[0]['loss'], f'the loss did not fall: {lines}')
    holds(lines[0]['codebooks'] == [] and lines[-1]['codebooks'][0]['used'] > 4, f'codes: {lines}')
    holds(lines[0]['dev_pnmi'] is None and lines[-1]['dev_pnmi'] > 0, f'dev: {lines}')
    holds(0 < lines[-1]['heads'][0]['accuracy'] <= 1, f'accuracy: {lines}')
    head = next(line for line in lines if line['codebooks'])['heads'][0]
    holds(head['cross_entropy_of_codewords'] > .8 * head['cross_entropy'],
          f'the epoch in which quantization begins counts only steps with codewords: {head}')


def links(t, folder, paths):
    os.mkdir(t.path(folder))
    for path in paths:
        os.symlink(path, os.path.join(t.path(folder), os.path.basename(path)))


@claim
def the_model_is_as_good_on_other_speech_as_its_training_printed(t):
    if not os.path.exists(READ):
        raise Skip('../shared/data is not here')
    paths = sorted(os.path.join(READ, speaker, name) for speaker in ('4406', '5652')
                   for name in os.listdir(os.path.join(READ, speaker)))
    links(t, 'corpus', paths[::3])
    links(t, 'dev', paths[1::6])
    phones = os.path.join(READ, 'phones.ctm')
    for layers in ['conv 24 5 right 2; gru 16; conv 24 3 dilation 2 right 1; latent 12',
                   'conv 24 5 right 2; conv 24 3 stride 2 right 1; gru 16; '
                   'conv 24 3 dilation 2 right 1; latent 12']:
        trained(t, '--encoder', layers, '-k', '32', '--labels', phones, '--epochs', '4', '--batch',
                '2000', '--learning-rate', '.01', '--dev', 'dev', '--log', 'log', 'corpus')
        printed = log(t)[-1]['dev_pnmi']
        same(t.voq('encode', '-m', 'a.voq', '-f', 'jsonl', '-o', 'u.jsonl', 'dev').code, 0, 'encode')
        result = t.voq('eval', '--units', 'u.jsonl', '--phones', phones, '--json')
        measured = json.loads(result.out)['all']['pnmi']
        holds(printed > .2, f'{layers}: PNMI {printed}')
        holds(abs(measured - printed) < .01, f'{layers}: PNMI {measured}, but {printed} was printed')


@claim
def features_enter_the_network_with_a_deviation_of_about_one(t):
    model = trained(t, *SMALL, *PHONES, '--epochs', '1', *speech())
    norm = next(data for kind, _, data in sections(model) if kind == b'NORM')
    scale = struct.unpack('<40f', norm[-160:])
    holds(all(.1 < s < .8 for s in scale), f'log-mel of speech deviates by 2 to 5 nats: {scale}')


@claim
def the_same_speech_gives_the_same_file_on_any_number_of_threads(t):
    one = trained(t, *SMALL, *PHONES, '--epochs', '3', '-j', '1', *speech())
    three = trained(t, *SMALL, *PHONES, '--epochs', '3', '-j', '3', *speech(), output='b.voq')
    holds(one == three, 'the models differ')
    other = trained(t, *SMALL, *PHONES, '--epochs', '3', '--seed', '2', *speech(), output='c.voq')
    holds(one != other, 'the seed has no effect')


@claim
def a_small_training_has_the_same_bits_on_every_machine(t):
    """Of FLAC at the rate of the model. No change of the code may change them unnoticed."""
    links(t, 'noise', speech()[:1])
    for objective, options in [('labels', ['-k', '12', *PHONES, '--noise', 'noise']),
                               ('vqvae', ['-k', '6', '--codebooks', '2'])]:
        model = trained(t, '--encoder', STRIDED, '--batch', '500', '--epochs', '6', *options,
                        '--weights', 'net', *speech()[1:])
        learned = b''.join(data for kind, _, data in sections(model)
                           if kind in (b'NORM', b'ENCD', b'CDBK', b'LABL'))
        same(hashlib.sha256(t.read('net') + learned).hexdigest(), PINNED[objective], objective)


@claim
def a_killed_training_continues_to_the_same_file(t):
    options = [*SMALL, *PHONES, '--epochs', '8', '-q', *speech()]
    whole = trained(t, *options)
    process = subprocess.Popen([VOQ, 'train', '-o', 'b.voq', '--checkpoint', 'state', *options],
                               cwd=t.folder, stderr=subprocess.PIPE)
    while process.poll() is None and not os.path.exists(t.path('state')):
        time.sleep(0.001)
    process.send_signal(signal.SIGKILL)
    process.wait()
    holds(not os.path.exists(t.path('b.voq')), 'the killed training had ended')
    fails(train(t, '-o', 'b.voq', '--checkpoint', 'state', *options), 2, '--resume')
    resumed = trained(t, '--checkpoint', 'state', '--resume', *options, output='b.voq')
    holds(resumed == whole, 'the resumed training made another model')
    holds(not os.path.exists(t.path('state')), 'the checkpoint was left behind')


def killed(t, *options):
    """Starts a training with a checkpoint after every step, and kills it within the second epoch."""
    versions = set()
    process = subprocess.Popen([VOQ, 'train', '-o', 'b.voq', '--checkpoint', 'state',
                                '--checkpoint-every', '0', *options], cwd=t.folder,
                               stderr=subprocess.PIPE)
    while process.poll() is None and len(versions) < 4:
        if os.path.exists(t.path('log')) and t.read('log'):
            versions.add(os.stat(t.path('state')).st_mtime_ns)
        time.sleep(.001)
    process.kill()
    process.wait()
    holds(not os.path.exists(t.path('b.voq')), 'the killed training had ended')


@claim
def a_training_killed_within_an_epoch_continues_to_the_same_file_and_log(t):
    draw = random.Random(5)
    t.write('x.npy', npy([[draw.gauss(0, 1) for _ in range(3)] for _ in range(2000)], 3))
    options = ['--encoder', 'conv 8 1; latent 4', '-k', '8', '--batch', '10', '--epochs', '2',
               '-q', '--log', 'log', 'x.npy']
    whole = trained(t, *options)
    lines = t.read('log')
    os.remove(t.path('log'))
    killed(t, *options)
    part = t.read('log')
    holds(part == lines[:len(part)] and part.count(b'\n') == 1, f'log when killed: {part}')
    t.write('log', part + b'{"epoch": 2, "st')  # killed while it wrote
    resumed = trained(t, '--checkpoint', 'state', '--resume', *options, output='b.voq')
    holds(resumed == whole, 'the resumed training made another model')
    same(t.read('log').decode(), lines.decode(), 'log')


@claim
def a_checkpoint_of_other_options_or_a_damaged_one_is_refused(t):
    options = [*SMALL, *PHONES, '-q', '--checkpoint', 'state', '--resume', *speech()]
    process = subprocess.Popen([VOQ, 'train', '-o', 'b.voq', '--epochs', '50', *options],
                               cwd=t.folder, stderr=subprocess.PIPE)
    while process.poll() is None and not os.path.exists(t.path('state')):
        time.sleep(0.001)
    process.kill()
    process.wait()
    os.remove(t.path('state.lock'))
    state = t.read('state')
    for other in '--epochs 51', '--epochs 50 --seed 2', '--epochs 50 --codebook loss':
        fails(train(t, '-o', 'b.voq', *other.split(), *options), 2, 'state', 'other options')
    for at in 20, 100, len(state) - 40, len(state) - 1:
        t.write('state', state[:at] + bytes([state[at] ^ 1]) + state[at + 1:])
        fails(train(t, '-o', 'b.voq', '--epochs', '50', *options), 2, 'state')
    t.write('state', state[:-1])
    fails(train(t, '-o', 'b.voq', '--epochs', '50', *options), 2, 'state', 'damaged')


@claim
def any_vectors_train_a_vqvae(t):
    draw = random.Random(3)
    centre = [[draw.gauss(0, 1) for _ in range(5)] for _ in range(6)]
    rows = [[x + draw.gauss(0, .05) for x in centre[i % 6]] for i in range(3000)]
    t.write('x.npy', npy(rows, 5))
    models = set()
    for rule in [], ['--codebook', 'ema'], ['--codebook', 'loss']:
        models.add(trained(t, '--encoder', 'conv 16 1; latent 4', '-k', '6', '--epochs', '30',
                           '--batch', '100', '--log', 'log', *rule, 'x.npy'))
        last = log(t)[-1]
        same(last['codebooks'][0]['used'], 6, f'codes in use {rule}')
        holds(last['reconstruction'] < .3, f'the clouds were not found {rule}: {last}')
    same(len(models), 2, 'kinds of models')


@claim
def residual_codebooks_reconstruct_better_than_one(t):
    draw = random.Random(4)
    t.write('x.npy', npy([[draw.gauss(0, 1) for _ in range(4)] for _ in range(2000)], 4))
    errors = []
    for n in '1', '3':
        trained(t, '--encoder', 'conv 16 1; latent 4', '-k', '8', '--codebooks', n, '--epochs',
                '25', '--batch', '100', '--log', 'log', 'x.npy')
        errors.append(log(t)[-1]['reconstruction'])
    last = log(t)[-1]
    level = [codebook['commitment'] for codebook in last['codebooks']]
    holds(level == sorted(level, reverse=True), f'what the levels leave: {level}')
    holds(abs(sum(level) - last['commitment']) < 1e-9, f'sum of the levels: {last}')
    holds(errors[1] < .7 * errors[0], f'errors with 1 and 3 codebooks: {errors}')


@claim
def a_long_recording_is_one_utterance(t):
    """Audio of more than 131 s is learned in parts, but a model states what its corpus was."""
    t.write('long.wav', wav(bytes(2 * 16000 * 135)))
    result = train(t, '--encoder', 'conv 2 1; latent 2', '-k', '1', '--epochs', '1', '-q',
                   '--json', '-o', 'a.voq', 'long.wav', *speech())
    same(result.code, 0, f'exit code (stderr {result.err!r})')
    same(json.loads(result.out)['utterances'], 1 + len(speech()), 'utterances')
    provenance = json.loads(t.voq('info', '--json', 'a.voq').out)['provenance']
    same(provenance['corpus_utterances'], str(1 + len(speech())), 'utterances in the model')


@claim
def the_line_of_an_epoch_is_whole_with_the_most_codebooks(t):
    """PNMI stands at its end, and a user stops a training by it."""
    result = train(t, *SMALL, '--codebooks', '16', '--epochs', '2', '--dev', speech()[0],
                   '--dev-labels', PHONES[1], '-o', 'a.voq', *speech())
    last = next(line for line in result.err.splitlines() if 'epoch 2' in line)
    same(last.count(' restarts'), 16, f'codebooks in {last!r}')
    holds('dev PNMI 0.' in last, f'no PNMI in {last!r}')


@claim
def weights_that_cannot_be_written_do_not_cost_the_model(t):
    if not os.path.exists('/dev/full'):
        raise Skip('/dev/full is not here')
    options = [*SMALL, *PHONES, '--epochs', '1', '-q', *speech()]
    model = trained(t, *options)
    result = train(t, '--weights', '/dev/full', '-o', 'b.voq', *options)
    fails(result, 5, '/dev/full')
    holds(t.read('b.voq') == model, 'the model differs from that of a run without --weights')


@claim
def the_units_of_another_tokenizer_are_labels_too(t):
    t.encode('-m', os.path.join(SOURCE, 'models', 'lda-500.voq'), '-o', 'teacher.gslm', *speech())
    trained(t, *SMALL, '--labels', 'teacher.gslm', '--labels', PHONES[1] + ':.5', '--epochs', '4',
            '--log', 'log', *speech())
    first, last = log(t)[0], log(t)[-1]
    same(len(last['heads']), 2, 'heads')
    for before, after in zip(first['heads'], last['heads']):
        holds(after['cross_entropy'] < before['cross_entropy'], f'no head learned: {log(t)}')


@claim
def labels_may_shape_latents_without_their_codewords(t):
    t.encode('-m', os.path.join(SOURCE, 'models', 'lda-500.voq'), '-o', 'teacher.gslm', *speech())
    trained(t, *SMALL, *PHONES, '--labels', 'teacher.gslm:.5:0', '--log', 'log', *speech())
    phones, teacher = log(t)[-1]['heads']
    holds(phones['cross_entropy_of_codewords'] > 0, f'phones of codewords: {phones}')
    same(teacher['cross_entropy_of_codewords'], None, 'labels of codewords that have no weight')
    holds(teacher['cross_entropy'] < log(t)[0]['heads'][1]['cross_entropy'], 'latents learned none')
    for text in 'teacher.gslm:0', 'teacher.gslm:.5:-1', 'teacher.gslm:0:1':
        fails(train(t, *SMALL, '--labels', text, '-o', 'b.voq', *speech()), 2, text, 'above 0')


@claim
def a_training_that_diverges_names_the_last_good_state(t):
    t.write('rare.ctm', '5652-19215-0032 1 0 .3 A\n')
    options = [*SMALL[:-2], '--batch', '60', *PHONES, '--labels', 'rare.ctm:1e300', '--seed', '4',
               '-q', '-o', 'b.voq', *speech()]
    fails(train(t, *options), 2, 'diverged', '--learning-rate')
    keep = ['--checkpoint', 'state', '--checkpoint-every', '0']
    result = train(t, *keep, *options)
    fails(result, 2, 'diverged', 'state holds the last good state', 'no other rate', 'delete it')
    same(len(result.err.splitlines()), 1, f'lines of {result.err!r}')
    holds(not os.path.exists(t.path('b.voq')), 'there is a model')
    lower = ['--learning-rate', '1e-4', *keep]
    fails(train(t, *lower, '--resume', *options), 2, 'state', 'other options')
    os.remove(t.path('state'))
    options[options.index('rare.ctm:1e300')] = 'rare.ctm'
    same(train(t, *lower, *options).code, 0, 'the training that began again')


@claim
def a_training_whose_network_dies_names_the_rate_and_the_last_good_state(t):
    """Of a rate that is too high: all latents are equal, or a layer is always 0 at the end."""
    draw = random.Random(6)
    t.write('x.npy', npy([[draw.gauss(0, 1) for _ in range(5)] for _ in range(500)], 5))
    options = ['--encoder', 'conv 1 1; conv 1 1; latent 4', '-k', '8', '--epochs', '100',
               '--batch', '100', '--checkpoint', 'state', '-q', '-o', 'b.voq', 'x.npy']
    for seed, code, words in ('6', 3, 'different vectors'), ('2', 2, 'integers'):
        result = train(t, '--learning-rate', '1', '--seed', seed, *options)
        fails(result, code, words, '--learning-rate', 'state holds the last good state')
        same(len(result.err.splitlines()), 1, f'lines of {result.err!r}')
        os.remove(t.path('state'))
        same(train(t, '--learning-rate', '1e-3', '--seed', seed, *options).code, 0, 'a lower one')


@claim
def a_name_that_is_wrong_is_refused_before_the_corpus_is_read(t):
    t.write('bad.wav', 'no audio')
    for code, options in [(5, '--log nowhere/log'), (3, '--init nowhere/net'),
                          (3, '--labels nowhere/ctm'),
                          (3, '--dev bad.wav --dev-labels nowhere/ctm')]:
        result = train(t, *SMALL, *options.split(), '-o', 'b.voq', 'bad.wav')
        fails(result, code, options.split()[-1])
        same(len(result.err.splitlines()), 1, f'lines of {result.err!r}')


@claim
def weights_start_another_training_and_can_be_averaged(t):
    trained(t, *SMALL, *PHONES, '--epochs', '60', '--weights', 'a.safetensors', *speech())
    more = [*SMALL, *PHONES, '--epochs', '1', '--learning-rate', '1e-9', '--log', 'log']
    trained(t, *more, *speech())
    fresh = log(t)[-1]['loss']
    trained(t, *more, '--init', 'a.safetensors', *speech())
    started = log(t)[-1]['loss']
    holds(started < .9 * fresh, f'--init had no effect: {started} after {fresh}')
    trained(t, *more, '--init', 'a.safetensors', '--init', 'a.safetensors', *speech())
    holds(abs(log(t)[-1]['loss'] - started) < 1e-6, 'the mean of equal weights differs')
    none = [*SMALL, *PHONES, '--epochs', '0', '--init', 'a.safetensors']
    holds(trained(t, *none, *speech()) == trained(t, *none, *speech()), 'no epochs')
    fails(train(t, '--encoder', 'conv 13 3 right 1; gru 8; latent 6', *PHONES, '--init',
                'a.safetensors', '-o', 'b.voq', *speech()), 3, 'a.safetensors', 'layers.0.weight')


@claim
def weights_that_only_some_files_have_are_the_mean_of_those(t):
    """A head is not blended with the random weights of one that has just begun."""
    def head(name):
        data = t.read(name)
        begin, end = span(data, 'heads.0.0.weight')
        return data[begin:end]

    for name, labels in ('labels', PHONES), ('none', []):
        trained(t, *SMALL, *labels, '--epochs', '1', '--weights', name, *speech())
    for order in ['none', 'labels'], ['labels', 'none', 'labels']:
        files = [word for name in order for word in ('--init', name)]
        trained(t, *SMALL, *PHONES, *files, '--epochs', '0', '--weights', 'mean', *speech())
        same(head('mean'), head('labels'), f'head of {order}')


@claim
def the_codebook_takes_part_early_where_weights_are_given(t):
    trained(t, *SMALL, *PHONES, '--epochs', '2', '--weights', 'a.safetensors', '--log', 'log',
            *speech())
    same([line['commitment'] is not None for line in log(t)], [False, True], 'new weights')
    trained(t, *SMALL, *PHONES, '--epochs', '2', '--init', 'a.safetensors', '--log', 'log',
            *speech())
    same([line['commitment'] is not None for line in log(t)], [True, True], 'weights given')


@claim
def a_network_that_is_trained_further_sees_the_features_it_knows(t):
    def norm(model):
        return next(data for kind, _, data in sections(model) if kind == b'NORM')

    base = trained(t, *SMALL, *PHONES, '--epochs', '1', '--weights', 'a.safetensors', *speech())
    other = [*SMALL, *PHONES, '--epochs', '0', speech()[0]]
    holds(norm(trained(t, *other)) != norm(base), 'the corpora do not differ')
    same(norm(trained(t, *other, '--init', 'a.safetensors')), norm(base), 'mean and scale')


@claim
def what_cannot_be_trained_is_refused_in_one_line(t):
    t.write('x.npy', npy([[1, 2]] * 20, 2))
    phones = PHONES[1]
    for options, words in [
            (['--encoder', 'gru 8', *speech()], ['latent']),
            (['--encoder', 'default', '--lda', '30', *speech()], ['--lda']),
            (['--epochs', '3', *speech()], ['--epochs', '--encoder']),
            (['--encoder', 'default', '--objective', 'labels', *speech()], ['--labels']),
            (['--encoder', 'default', '--consistency', '1', *speech()], ['--noise']),
            (['--encoder', 'default', '--also', 'x.npy:2', *speech()], ['x.npy:2', 'share']),
            (['--encoder', 'default', '--also', 'x.npy', *speech()], ['one kind']),
            (['--encoder', 'default', '--noise', DATA, 'x.npy'], ['--noise']),
            (['--encoder', 'default', '--labels', phones, '--log', phones, *speech()], [phones])]:
        result = train(t, '-o', 'b.voq', *options)
        fails(result, 2, *words)
        same(len(result.err.splitlines()), 1, f'lines of {result.err!r}')
    fails(train(t, '-o', 'b.voq', '--encoder', 'default', '--labels', 'missing.ctm', *speech()), 3,
          'missing.ctm')
    for option, words in ('--noise', '--noise x.npy'), ('--dev', '--dev: none of the speech'):
        result = train(t, '-o', 'b.voq', *SMALL, *PHONES, '--epochs', '1', option, 'x.npy', *speech())
        fails(result, 3, words)
        holds(not os.path.exists(t.path('b.voq')), f'{option} had no effect')
    t.write('short.wav', wav(bytes(200)))
    for stride in '1', '4':
        layers = f'conv 4 3 stride {stride}; latent 2'
        fails(train(t, '-o', 'b.voq', '--encoder', layers, '-k', '4', '-q', 'short.wav'), 3,
              'too few')


main()
