# SPDX-License-Identifier: MIT
"""voq train on real files: what a user gets, and what happens when something is wrong."""

import array
import fcntl
import json
import os
import pty
import random
import re
import resource
import shutil
import struct
import subprocess
import sys
import termios
import time

from cli import SOURCE, VOQ, Skip, claim, fails, holds, main, noise, same, sanitized, wav
from trainer import clouds, codewords, npy, speech, summary, train, trained


DATA = os.path.join(SOURCE, 'tests', 'data')


# ---- the plain case

@claim
def a_folder_of_speech_becomes_a_model(t):
    for name in os.listdir(DATA):
        if name.endswith('.flac'):
            shutil.copy(os.path.join(DATA, name), t.path(name))
    result = train(t, '-k', '16', '-o', 'a.voq', '.')
    same(result.code, 0, f'exit code (stderr {result.err!r})')
    same(result.out, '', 'stdout')
    for word in ('distortion', 'perplexity', '16 of 16 codes used', 'a.voq: model hubert-16'):
        holds(word in result.err, f'{result.err!r} does not say {word!r}')
    same(len(codewords(t.read('a.voq'))), 16, 'number of codewords')
    same(len(codewords(t.read('a.voq'))[0]), 39, 'dimensions')


@claim
def threads_instruction_sets_memory_and_places_change_nothing(t):
    corpus = speech(t)
    shutil.copytree(corpus, t.path('elsewhere/with another name'))
    first = trained(t, '-k', '20', '--seed', '3', '-j', '1', corpus)
    for arguments in (['-j', '2'], ['-j', '5', '--cpu', 'scalar'], ['--memory', '0'],
                      ['--cache-dir', t.folder]):
        holds(trained(t, '-k', '20', '--seed', '3', *arguments, corpus, output='b.voq') == first,
              f'{arguments} gives another file')
    holds(trained(t, '-k', '20', '--seed', '3', t.path('elsewhere/with another name'),
                  output='c.voq') == first, 'a copy of the corpus gives another file')
    holds(codewords(trained(t, '-k', '20', '--seed', '4', corpus)) != codewords(first),
          'another seed gives the same codewords')


@claim
def the_summary_is_for_programs_too(t):
    said = summary(t, '-k', '8', '--iterations', '3', '--tolerance', '0', speech(t))
    same(said['utterances'], 4, 'utterances')
    same(said['frames'], 200 + 300 + 400 + 500, 'frames')
    same(said['codes'], 8, 'codes')
    same(said['codebooks'][0]['iterations'], 3, 'iterations')
    same(said['codebooks'][0]['stop'], 'iterations', 'why it stopped')
    holds(1 < said['codebooks'][0]['perplexity'] <= 8, 'perplexity')


@claim
def a_terminal_of_80_columns_shows_how_it_goes(t):
    x = noise(240000)
    t.write('x.npy', npy([x[i:i + 8] for i in range(0, len(x), 8)], 8))
    pid, terminal = pty.fork()
    if pid == 0:
        os.chdir(t.folder)
        os.execve(VOQ, [VOQ, 'train', '-k', '1000', '-o', 'a.voq', '--tolerance', '0', '--time', '1',
                        'x.npy'], t.environment(TERM='xterm'))
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack('HHHH', 24, 80, 0, 0))
    seen = b''
    try:
        while data := os.read(terminal, 65536):
            seen += data
    except OSError:
        pass  # the terminal is gone with the process
    os.close(terminal)
    same(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), 0, f'exit code ({seen!r})')
    holds(re.search(rb'%  codebook #\d+: distortion [0-9.e+]+, perplexity \d+, \d+ used .* left',
                    seen), f'{seen!r} does not tell distortion, perplexity, codes used, time left')


@claim
def what_the_model_says_of_its_origin_names_no_place(t):
    model = trained(t, '-k', '8', '--corpus-name', 'four noises', '--licence', 'CC0', speech(t))
    for word in (b'corpus=four noises', b'licence=CC0', b'seed=1', b'corpus_sha256=', b'codes=8'):
        holds(word in model, f'{word} is not in the model')
    holds(t.folder.encode() not in model and b'corpus/' not in model, 'a path is in the model')


@claim
def a_front_end_can_be_chosen(t):
    model = trained(t, '-k', '4', '--profile', 'kaldi-fbank', '--set', 'num_mel_bins=40', speech(t))
    same(len(codewords(model)[0]), 40, 'dimensions')
    fails(train(t, '-k', '4', '-o', 'b.voq', '--set', 'num_mel_bins=none', 'corpus'), 2,
          'num_mel_bins')
    fails(train(t, '-k', '4', '-o', 'b.voq', '--profile', 'mfcc', 'corpus'), 2, '--profile mfcc')


# ---- vectors

@claim
def the_palette_of_an_image_is_found(t):
    palette = [[0, 0, 0], [255, 255, 255], [200, 30, 40], [20, 90, 220], [240, 200, 60]]
    draw = random.Random(5)
    t.write('pixels.npy', npy([draw.choice(palette) for _ in range(3000)], 3))
    found = sorted(list(c) for c in codewords(trained(t, '-k', '5', 'pixels.npy')))
    same(found, sorted([float(x) for x in c] for c in palette), 'palette')


@claim
def wide_vectors_of_several_files_train_as_well(t):
    rows = clouds(1500, 768, 12)
    t.write('a.npy', npy(rows[:700], 768))
    t.write('b.npy', npy(rows[700:], 768, '<f8'))
    said = summary(t, '-k', '12', 'a.npy', 'b.npy')
    same(said['frames'], 1500, 'frames')
    holds(said['codebooks'][0]['distortion'] < 768, 'clouds of +-1 are not found')


@claim
def the_lengths_beside_huberts_features_are_its_utterances(t):
    t.write('train_0_1.npy', npy(clouds(300, 4, 3), 4))
    t.write('train_0_1.len', '100\n150\n0\n50\n')
    said = summary(t, '-k', '3', 'train_0_1.npy')
    same((said['utterances'], said['frames']), (3, 300), 'utterances, frames')
    fails(train(t, '-o', 'a.voq', '-k', '3', '--cap-speaker', '9', 'train_0_1.npy'), 2, 'speaker')
    t.write('train_0_1.len', '100\n150\n')
    fails(train(t, '-o', 'a.voq', '-k', '3', '-q', 'train_0_1.npy'), 3,
          'train_0_1.npy: 300 frames, but the lengths in train_0_1.len sum to 250')


@claim
def two_thousand_codes_of_768_dimensions_train_and_quantize(t):
    """HuBERT's shape. From given codewords: to seed so many takes half a minute."""
    if sanitized():
        raise Skip('minutes under a sanitizer; the other claims have run the same code')
    rows = clouds(2500, 768, 2000)
    t.write('x.npy', npy(rows, 768))
    t.write('start.npy', npy(rows[:2000], 768))
    options = ['--init', 'start.npy', '--iterations', '2', 'x.npy']
    model = trained(t, *options, '-j', '1')
    same((len(codewords(model)), len(codewords(model)[0])), (2000, 768), 'shape of the codebook')
    holds(trained(t, *options, '-j', '2', '--cpu', 'scalar', output='b.voq') == model,
          'threads or the instruction set matter')
    result = t.voq('encode', '-q', '-m', 'a.voq', 'x.npy')
    same(result.code, 0, f'exit code (stderr {result.err!r})')
    same(result.out, 'x|' + ' '.join(str(i % 2000) for i in range(2500)) + '\n', 'units')


@claim
def a_nan_is_named_by_file_frame_and_dimension(t):
    rows = clouds(50, 3, 2)
    rows[7][1] = float('nan')
    t.write('bad.npy', npy(rows, 3))
    fails(train(t, '-k', '2', '-o', 'a.voq', 'bad.npy'), 3, 'bad.npy', 'frame 7', 'dim')
    holds(not os.path.exists(t.path('a.voq')), 'a model was written')


@claim
def audio_and_vectors_do_not_mix(t):
    t.write('a.npy', npy(clouds(50, 39, 2), 39))
    fails(train(t, '-k', '2', '-o', 'a.voq', speech(t), 'a.npy'), 2, 'audio and vectors')


# ---- what can be wrong with a corpus

@claim
def no_speech_at_all_is_said(t):
    os.mkdir(t.path('empty'))
    t.write('other/notes.txt', 'no speech')
    t.write('short/a.wav', wav(noise(70)))
    for folder in ('empty', 'other', 'short'):
        fails(train(t, '-k', '2', '-o', 'a.voq', folder), 3)
        holds(not os.path.exists(t.path('a.voq')), 'a model was written')


@claim
def fewer_frames_than_codes_are_refused(t):
    fails(train(t, '-k', '100000', '-o', 'a.voq', speech(t)), 3,
          '1400 frames are too few for 100000 codes')


@claim
def silence_has_no_codebook(t):
    t.write('a.wav', wav(array.array('h', bytes(64000))))
    fails(train(t, '-k', '4', '-o', 'a.voq', 'a.wav'), 3, 'only 1 different vectors')


@claim
def a_corrupt_file_is_skipped_and_reported(t):
    corpus = speech(t)
    good = trained(t, '-k', '8', corpus)
    t.write('corpus/s1/s1-9.flac', b'fLaC' + bytes(500))
    result = train(t, '-k', '8', '-o', 'b.voq', corpus)
    fails(result, 3, 's1-9.flac', '1 of 5 inputs failed')
    holds(t.read('b.voq') == good, 'the others train another model')


@claim
def samples_that_are_no_numbers_are_told_and_count_as_zero(t):
    x = array.array('f', [v / 32768 for v in noise(32000)])
    x[777] = 0
    t.write('zero/a.wav', wav(x, kind=3))
    x[777] = float('nan')
    t.write('nan/a.wav', wav(x, kind=3))
    result = train(t, '-k', '4', '-o', 'a.voq', 'nan')
    same(result.code, 0, 'exit code')
    holds('nan/a.wav: 1 samples are NaN or infinite, read as 0' in result.err, result.err)
    holds(trained(t, '-k', '4', 'zero', output='b.voq') == t.read('a.voq'), 'NaN is not 0')


# ---- what can be wrong with the disk

@claim
def an_output_that_cannot_be_written_is_found_before_training(t):
    start = time.monotonic()
    fails(train(t, '-k', '8', '-o', 'nowhere/a.voq', '/'), 5, 'nowhere/a.voq')
    fails(train(t, '-k', '8', '-o', 'a.voq', '--checkpoint', 'nowhere/state', '/'), 5,
          'nowhere/state')
    same(t.names(), [], 'files left')
    holds(time.monotonic() - start < 20, 'the corpus was read first')


@claim
def a_full_disk_is_said_and_leaves_nothing(t):
    def limit():
        resource.setrlimit(resource.RLIMIT_FSIZE, (20000, 20000))
    corpus = speech(t)
    fails(train(t, '-k', '8', '-o', 'a.voq', '--cache-dir', '.', corpus, before=limit), 5,
          'cache file cannot grow')
    same(t.names(), ['corpus'], 'files left')


@claim
def a_model_can_go_to_standard_output(t):
    corpus = speech(t)
    model = trained(t, '-k', '8', corpus)
    result = subprocess.run([VOQ, 'train', '-k', '8', '-o', '-', '-q', corpus], cwd=t.folder,
                            capture_output=True, check=True)
    holds(result.stdout == model, 'standard output differs from the file')


# ---- choosing frames

@claim
def frames_of_a_speaker_can_be_capped(t):
    said = summary(t, '-k', '8', '--cap-speaker', '250', speech(t))
    same((said['frames_seen'], said['frames']), (1400, 500), 'frames')
    t.write('who', 's0-0 a\ns0-2 b\ns1-1 c\ns1-3 d\n')
    said = summary(t, '-k', '8', '--cap-speaker', '250', '--speakers', 'who', 'corpus')
    same(said['frames'], 200 + 250 + 250 + 250, 'frames')


@claim
def a_random_choice_of_frames_depends_on_the_seed_alone(t):
    corpus = speech(t)
    same(summary(t, '-k', '8', '--frames', '300', corpus)['frames'], 300, 'frames')
    one = trained(t, '-k', '8', '--frames', '300', '-j', '1', corpus)
    holds(trained(t, '-k', '8', '--frames', '300', '-j', '3', corpus) == one, 'threads matter')
    fails(train(t, '-o', 'a.voq', '--frames', '5', '--cap-speaker', '5', corpus), 2, 'cannot be combined')


# ---- several codebooks, old codebooks

@claim
def a_second_codebook_codes_what_the_first_left(t):
    said = summary(t, '-k', '8', '--codebooks', '2', speech(t))
    first, second = said['codebooks']
    holds(second['distortion'] < 0.8 * first['distortion'], f'{first} then {second}')


@claim
def units_keep_their_ids_when_training_goes_on(t):
    rows = clouds(4000, 6, 10)
    t.write('old.npy', npy(rows[:2000], 6))
    t.write('new.npy', npy([[x + 0.2 for x in row] for row in rows] + clouds(400, 6, 2, seed=9), 6))
    old = codewords(trained(t, '-k', '10', '--seed', '5', 'old.npy', output='old.voq'))
    new = codewords(trained(t, '-k', '12', '--init', 'old.voq', 'new.npy', output='new.voq'))
    same(len(new), 12, 'codes')
    for unit, codeword in enumerate(old):
        distance = [sum((a - b) ** 2 for a, b in zip(codeword, other)) for other in new]
        same(distance.index(min(distance)), unit, 'nearest new unit')
    fails(train(t, '-k', '5', '--init', 'old.voq', '-o', 'b.voq', 'new.npy'), 2,
          'old.voq has 10 codes', '-k 10')


@claim
def codewords_of_other_tools_are_a_start(t):
    rows = clouds(1000, 4, 3)
    t.write('x.npy', npy(rows, 4))
    t.write('centroids.npy', npy(rows[:3], 4))
    new = codewords(trained(t, '--init', 'centroids.npy', 'x.npy'))
    for unit in range(3):
        holds(sum((a - b) ** 2 for a, b in zip(new[unit], rows[unit])) < 16, f'unit {unit} moved')
    t.write('y.npy', npy(clouds(100, 5, 3), 5))
    fails(train(t, '--init', 'centroids.npy', '-o', 'b.voq', 'y.npy'), 2, '4 dimensions', 'have 5')


@claim
def mini_batches_alone_come_near_and_before_lloyd_are_a_start(t):
    t.write('x.npy', npy(clouds(9000, 8, 40), 8))
    alone = ['-k', '40', '--batches', '60', '--batch', '500', '--iterations', '0']
    said = summary(t, *alone, 'x.npy')['codebooks'][0]
    same((said['iterations'], said['stop']), (0, 'iterations'), 'how it stopped')
    start = summary(t, '-k', '40', '--iterations', '0', 'x.npy')['codebooks'][0]['distortion']
    holds(said['distortion'] < 0.8 * start, f'{said} is no better than the start, {start}')
    full = summary(t, '-k', '40', '--batches', '60', '--batch', '500', 'x.npy')['codebooks'][0]
    holds(full['distortion'] <= said['distortion'], 'Lloyd makes it worse')
    holds(trained(t, *alone, '-j', '1', 'x.npy') == trained(t, *alone, '-j', '4', 'x.npy'),
          'threads matter')


# ---- usage

@claim
def wrong_usage_is_explained(t):
    fails(train(t), 2, 'no corpus')
    fails(train(t, 'x'), 2, 'no output', '-o')
    fails(train(t, '-o', 'a.voq', '--resume', 'x'), 2, '--checkpoint')
    fails(train(t, '-o', 'a.voq', '-k', '0', 'x'), 2, '--codes 0')
    fails(train(t, '-o', '-', '--json', 'x'), 2, 'standard output')
    for name in 'missing.voq', 'missing.npy':
        result = train(t, '-o', 'a.voq', '--init', name, speech(t))
        fails(result, 2, name)
        same(result.err.count(name), 1, f'times that {result.err!r} names the file')
    fails(train(t, '-o', 'a.voq', 'missing-folder'), 3, 'missing-folder')


# ---- the log

def logged(t, *arguments):
    trained(t, '--log', 'log', *arguments)
    return [json.loads(line) for line in t.read('log').splitlines()]


@claim
def the_log_has_a_line_for_every_pass_over_the_frames(t):
    options = ['-k', '16', '--codebooks', '2', '--iterations', '3', '--tolerance', '0']
    lines = logged(t, *options, speech(t))
    same([(line['codebook'], line['iteration']) for line in lines],
         [(b, i) for b in (1, 2) for i in range(4)], 'codebooks and iterations')
    last = summary(t, *options, t.path('corpus'))['codebooks']
    for line, end in zip((lines[3], lines[7]), last):
        same([line[key] for key in ('distortion', 'perplexity', 'used', 'revived')],
             [end[key] for key in ('distortion', 'perplexity', 'used', 'revived')], 'last line')
        same(line['used'] + line['dead'], 16, 'used and dead codes')
    holds(lines[3]['distortion'] < lines[0]['distortion'], f'{lines} does not fall')


@claim
def a_log_is_neither_of_classes_nor_in_the_way_of_the_corpus(t):
    lines = logged(t, '-k', '4', '--lda', '2', '--classes', '9', '--iterations', '2', speech(t))
    same({line['codebook'] for line in lines}, {1}, 'codebooks')
    holds(all(line['used'] + line['dead'] == 4 for line in lines), f'classes in {lines}')
    fails(train(t, '-k', '4', '-o', 'b.voq', '--log', 'nowhere/log', speech(t)), 5, 'nowhere/log')
    same(t.names(), ['a.voq', 'corpus', 'log'], 'files')


@claim
def the_log_may_go_to_standard_output(t):
    """As the model may; a file of the name "-" is hard to delete."""
    for options in ['--encoder', 'conv 4 1; latent 3', '--epochs', '2'], ['--iterations', '2']:
        result = train(t, '-q', '-k', '4', '-o', 'a.voq', '--log', '-', *options, speech(t))
        same((result.code, result.err), (0, ''), 'exit code and stderr')
        holds(len([json.loads(line) for line in result.out.splitlines()]) > 1, result.out)
        holds('-' not in t.names(), 'there is a file of the name "-"')


main()
