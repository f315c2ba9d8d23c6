# SPDX-License-Identifier: MIT
"""voq train with a transform that is learned, and a training that is killed and goes on."""

import hashlib
import json
import os
import random
import subprocess
import time

from cli import VOQ, claim, fails, holds, main, noise, same, wav
from trainer import clouds, codewords, npy, speech, train, trained


# ---- transforms

def look_ahead(t, model):
    result = t.voq('info', '--json', model)
    return json.loads(result.out)['look_ahead']


@claim
def discriminants_of_clusters_become_part_of_the_model(t):
    corpus = speech(t)
    options = ['-k', '10', '--lda', '6', '--left', '3', '--right', '2', '--rounds', '2']
    model = trained(t, *options, '-j', '1', corpus)
    same(len(codewords(model)[0]), 6, 'dimensions')
    holds(b'XFRM' in model and b'NORM' in model, 'no transform, or no normalisation')
    same(look_ahead(t, 'a.voq'), 120 + 2 * 160, 'look-ahead')
    for change in (['-j', '3'], ['--cpu', 'scalar']):
        holds(trained(t, *options, *change, corpus, output='b.voq') == model, f'{change} matters')
    holds(trained(t, *options, '--classes', '7', corpus, output='b.voq') != model,
          'the number of classes does not matter')


@claim
def discriminants_are_learned_from_warped_speech_too(t):
    corpus = speech(t)
    options = ['-k', '5', '--lda', '4', '--rounds', '1']
    model = trained(t, *options, corpus)
    holds(b'warp=1.5\n' in model, 'the warp is not named')
    holds(trained(t, *options, '--warp', '1.5', corpus, output='b.voq') == model, 'no default')
    plain = trained(t, *options, '--warp', '1', corpus, output='b.voq')
    holds(b'warp=' not in plain, 'a warp of 1 is named')
    same(look_ahead(t, 'b.voq'), look_ahead(t, 'a.voq'), 'look-ahead')
    facts = [json.loads(t.voq('info', '--json', name).out) for name in ('a.voq', 'b.voq')]
    same(facts[0]['frontend'], facts[1]['frontend'], 'front end')
    holds(facts[0]['hash'] != facts[1]['hash'], 'warping does not matter')
    fails(train(t, '-o', 'b.voq', '--lda', '4', '--warp', '0.5', corpus), 2, '--warp')


@claim
def principal_components_and_normalisations_too(t):
    corpus = speech(t)
    model = trained(t, '-k', '5', '--pca', '4', '--whiten', '--left', '0', '--right', '0', corpus)
    same(len(codewords(model)[0]), 4, 'dimensions')
    for kind in ('mean', 'variance', 'global'):
        model = trained(t, '-k', '5', '--normalise', kind, corpus)
        holds(b'NORM' in model and b'XFRM' not in model, kind)
        same(len(codewords(model)[0]), 39, 'dimensions')
    holds(b'NORM' not in trained(t, '-k', '5', corpus), 'plain training normalises')


@claim
def from_the_same_codewords_the_order_of_the_corpus_does_not_matter(t):
    """Sums have no order; only the choice of first codewords looks at frames one after the other."""
    corpus = speech(t)
    t.write('start.npy', npy(clouds(8, 4, 8), 4))
    files = sorted(os.path.join(folder, name) for folder, _, names in os.walk(t.path(corpus))
                   for name in names)
    holds(len(files) > 3, 'too few files for another order')
    for kind in (['--pca', '4'], ['--pca', '4', '--normalise', 'global']):
        options = [*kind, '--init', 'start.npy', '--iterations', '5']
        model = trained(t, *options, '-j', '1', *files)
        for jobs, order in (('1', files[::-1]), ('3', files[1:] + files[:1]), ('7', files)):
            holds(trained(t, *options, '-j', jobs, *order, output='b.voq') == model,
                  f'{kind} on {jobs} threads in the order {order}')


@claim
def labels_can_be_the_classes(t):
    corpus = speech(t)
    lines = [f's{i % 2}-{i} 1 {j / 4:.2f} 0.25 {"ABCDE"[(i + j) % 5]}\n'
             for i in range(4) for j in range(4 * (i + 2))]
    t.write('phones.ctm', ''.join(lines))
    options = ['-k', '5', '--lda', '3', '--labels', 'phones.ctm']
    model = trained(t, *options, corpus)
    same(len(codewords(model)[0]), 3, 'dimensions')
    holds(b'labels_sha256=' in model, 'the labels are not named')
    t.write('phones.ctm', 'someone-else 1 0 1 P\n')
    fails(train(t, '-o', 'b.voq', *options, corpus), 3, 'no frame has a label')


@claim
def the_model_names_the_labels_by_their_content(t):
    """Or nobody could tell which alignment a model was made with."""
    def named(labels):
        model = trained(t, '-k', '5', '--lda', '3', '--labels', labels, corpus)
        return model.split(b'labels_sha256=')[1].split(b'\n')[0].decode()

    def text_grid(i, shift):
        found = ''.join(f'{j / 4}\n{(j + 1) / 4}\n"{"ABCDE"[(i + j + shift) % 5]}"\n' for j in range(8))
        t.write(f'grids/s{i % 2}-{i}.TextGrid', 'File type = "ooTextFile"\nObject class = "TextGrid"\n\n'
                f'0\n2\n<exists>\n1\n"IntervalTier"\n"phones"\n0\n2\n8\n{found}')

    corpus = speech(t)
    ctm = ''.join(f's{i % 2}-{i} 1 {j / 4:.2f} 0.25 {"ABCDE"[(i + j) % 5]}\n'
                  for i in range(4) for j in range(8))
    t.write('phones.ctm', ctm)
    same(named('phones.ctm'), hashlib.sha256(ctm.encode()).hexdigest(), 'a file')
    for i in range(4):
        text_grid(i, 0)
    first = named('grids')
    same(named('grids'), first, 'the same folder')
    text_grid(3, 1)
    holds(named('grids') != first, 'another alignment has the same name')


@claim
def transforms_are_refused_where_they_make_no_sense(t):
    t.write('a.npy', npy(clouds(50, 3, 2), 3))
    fails(train(t, '-o', 'a.voq', '--pca', '2', 'a.npy'), 2, 'vectors')
    fails(train(t, '-o', 'a.voq', '--pca', '2', '--lda', '2', 'a.npy'), 2, '--pca and --lda')
    fails(train(t, '-o', 'a.voq', '--labels', 'x', 'a.npy'), 2, '--labels needs --lda')
    fails(train(t, '-k', '5', '-o', 'a.voq', '--lda', '5', speech(t)), 2, '5 dimensions')
    fails(train(t, '-k', '5', '-o', 'a.voq', '--pca', '999', speech(t)), 2, '999 dimensions')


# ---- being killed

def survives_being_killed(t, *options):
    corpus = speech(t, 6)
    options = [*options, '--tolerance', '0', '-q']
    began = time.monotonic()
    whole = trained(t, *options, corpus)
    takes = time.monotonic() - began
    draw = random.Random(11)
    n_killed = 0
    for round in range(5):
        for attempt in range(100):
            process = subprocess.Popen(
                [VOQ, 'train', *options, '--checkpoint', 'state', '--resume', '-o', 'b.voq',
                 corpus],
                cwd=t.folder, stderr=subprocess.DEVNULL, start_new_session=True)
            try:
                process.wait(timeout=draw.uniform(0, takes) * (1 + attempt / 4))
                break
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
                n_killed += 1
        same(process.returncode, 0, 'exit code')
        holds(t.read('b.voq') == whole, f'round {round} ends in other bytes')
        holds(not os.path.exists(t.path('state')), 'the checkpoint is still there')
        os.remove(t.path('b.voq'))
    holds(n_killed > 0, 'nothing was ever killed')


@claim
def a_killed_training_goes_on_to_the_same_bytes(t):
    survives_being_killed(t, '-k', '60', '--codebooks', '2', '--iterations', '40')


@claim
def a_killed_training_of_discriminants_too(t):
    survives_being_killed(t, '-k', '20', '--lda', '5', '--rounds', '2', '--iterations', '30')


def stopped_early(t, corpus):
    """Leaves a checkpoint behind."""
    process = subprocess.Popen([VOQ, 'train', '-k', '60', '--tolerance', '0', '--iterations',
                                '1000000', '--checkpoint', 'state', '-o', 'b.voq', corpus],
                               cwd=t.folder, stderr=subprocess.DEVNULL)
    while process.poll() is None and not os.path.exists(t.path('state')):
        time.sleep(0.001)
    process.kill()
    process.wait()


@claim
def a_checkpoint_of_something_else_is_refused(t):
    corpus = speech(t)
    stopped_early(t, corpus)
    before = t.read('state')
    again = ['-k', '60', '--tolerance', '0', '--checkpoint', 'state', '-o', 'b.voq', corpus]
    fails(train(t, *again), 2, 'state: the checkpoint already exists', '--resume')
    fails(train(t, '--resume', '--seed', '2', *again), 2, 'state', 'other options')
    t.write('corpus/s1/s1-8.wav', wav(noise(9000, seed=8)))
    fails(train(t, '--resume', '--iterations', '1000000', *again), 2, 'another corpus')
    holds(t.read('state') == before, 'the checkpoint was touched')
    t.write('state', before[:-5])
    fails(train(t, '--resume', *again), 2, 'state: is not a checkpoint')
    t.write('state', 'voq encoder run\n')
    result = train(t, '--resume', *again)
    fails(result, 2, 'state: is not a checkpoint', 'delete this one')
    holds('give a .voq file' not in result.err, f'advice for models: {result.err}')
    trained(t, '-k', '4', corpus, output='state')
    fails(train(t, '--resume', *again), 2, 'state: is a model, not a checkpoint')


main()
