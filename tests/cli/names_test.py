# SPDX-License-Identifier: MIT
"""What utterances are called: speaker folders stay speaker folders, and no name leads out of OUT."""

import os

from cli import *

SPEECH = noise(3200)


def speakers(t):
    for name in ('in/eva/1.wav', 'in/bob/1.wav', 'in/bob/deep/2.wav'):
        t.write(name, wav(SPEECH))


def tree(t, folder):
    return sorted(os.path.relpath(os.path.join(path, leaf), t.path(folder))
                  for path, _, leaves in os.walk(t.path(folder)) for leaf in leaves)


@claim
def names_by_path_mirror_the_folders_of_the_speakers(t):
    speakers(t)
    for fmt, suffix in (('npy', 'npy'), ('textgrid', 'TextGrid')):
        r = t.encode('-f', fmt, '--names', 'path', '-o', fmt, 'in')
        same((r.code, r.err), (0, ''))
        same(tree(t, fmt), [f'bob/1.{suffix}', f'bob/deep/2.{suffix}', f'eva/1.{suffix}'])
    r = t.encode('--features', '--names', 'path', '-o', 'features', 'in')
    same((r.code, r.err, tree(t, 'features')),
         (0, '', ['bob/1.npy', 'bob/deep/2.npy', 'eva/1.npy']))


@claim
def a_mirrored_folder_is_read_back_with_its_names(t):
    speakers(t)
    units = t.encode('--names', 'path', 'in').out
    t.encode('-f', 'npy', '--names', 'path', '-o', 'npy', 'in')
    t.write('npy/.hidden.npy', 'no array')
    t.write('npy/.Trash/x.npy', 'no array')
    same(t.voq('convert', 'npy').out, units)
    r = t.voq('convert', '-q', '-f', 'textgrid', '--hop', '160', '--rate', '16000', '-o', 'tg',
              'npy')
    same((r.code, tree(t, 'tg')), (0, ['bob/1.TextGrid', 'bob/deep/2.TextGrid', 'eva/1.TextGrid']))
    same(t.voq('convert', '-q', '--hop', '160', '--rate', '16000', 'tg').out, units)
    t.encode('--features', '--names', 'path', '-o', 'features', 'in')
    r = t.voq('convert', '-q', '--features', '-f', 'npy', '-o', 'copy', 'features')
    same((r.code, tree(t, 'copy')), (0, tree(t, 'features')))


@claim
def no_name_leads_out_of_the_output_folder(t):
    t.write('in/a.wav', wav(SPEECH))
    for name in ('../x', '/x', 'a/../../x', 'a//x', '..', './x', 'x/', 'in/..'):
        t.write('m.jsonl', '{"path": "in/a.wav", "id": "%s"}\n' % name)
        r = t.encode('-f', 'npy', '--names', 'path', '-o', 'out', 'm.jsonl')
        fails(r, 3, 'in/a.wav: ', 'cannot be written as npy')
        same(tree(t, 'out'), [])
    same(t.names(), ['in', 'm.jsonl', 'out'])


@claim
def a_name_that_is_too_long_for_a_file_is_one_input_that_failed(t):
    t.write('a.wav', wav(SPEECH))
    longest = 'x' * (255 - len('.npy'))
    for name in (longest + 'x', 'd/' + longest + 'x', 'y' * 256 + '/e', 'z' * 5000):
        t.write('m.jsonl', ''.join('{"path": "a.wav", "id": "%s"}\n' % i for i in ('b', name, longest)))
        for what in ([], ['--features']):
            r = t.encode('-f', 'npy', '--names', 'path', '-o', 'out', *what, 'm.jsonl')
            fails(r, 3, 'a.wav: the name is too long for a file', '1 of 3 inputs failed')
            same(tree(t, 'out'), ['b.npy', longest + '.npy'])
    t.write('u.gslm', 'b|1 2\n%s|1 2\n' % (longest + 'x'))
    fails(t.voq('convert', '-q', '-f', 'npy', '-o', 'from-gslm', 'u.gslm'), 3, 'too long for a file')


@claim
def a_path_above_the_folder_is_named_by_what_is_below(t):
    t.write('up/a.wav', wav(SPEECH))
    os.mkdir(t.path('here'))
    r = t.voq('encode', '-q', '-m', t.model, '-f', 'npy', '--names', 'path', '-o', 'here/out',
              'here/../up/a.wav', t.path('up/a.wav'))
    same((r.code, len(tree(t, 'here/out')), t.names()), (0, 2, ['here', 'up']))


@claim
def a_file_in_the_way_of_a_folder_is_one_clear_message(t):
    speakers(t)
    t.write('out/eva', 'a file')
    r = t.encode('-f', 'npy', '--names', 'path', '-o', 'out', 'in')
    fails(r, 5, 'out/eva: the folder cannot be created: a file with this name exists')
    same(t.read('out/eva'), b'a file')


@claim
def a_slash_in_an_id_makes_a_folder_only_when_names_are_paths(t):
    t.write('a.wav', wav(SPEECH))
    t.write('m.jsonl', '{"path": "a.wav", "id": "s/1"}\n')
    fails(t.encode('-f', 'npy', '-o', 'flat', 'm.jsonl'), 3, "'/' at byte 1")
    same(t.encode('-f', 'npy', '--name-escape', '-o', 'flat', 'm.jsonl').code, 0)
    same(tree(t, 'flat'), ['s%2F1.npy'])
    same(t.encode('-f', 'npy', '--names', 'path', '-o', 'deep', 'm.jsonl').code, 0)
    same(tree(t, 'deep'), ['s/1.npy'])


@claim
def the_advice_for_equal_names_helps(t):
    speakers(t)
    fails(t.encode('in'), 2, 'use --names path')
    same(t.encode('--names', 'path', 'in').code, 0)
    fails(t.encode('--names', 'path', 'in/bob', 'in/eva'), 2, 'the folder above both')
    t.write('two/a.wav', wav(SPEECH))
    t.write('two/a.flac', wav(SPEECH))
    r = t.encode('two')
    fails(r, 2, 'leave one out, or rename one')
    holds('--names' not in r.err, 'that does not help')
    os.rename(t.path('two/a.flac'), t.path('two/b.flac'))
    same(t.encode('two').code, 0)


main()
