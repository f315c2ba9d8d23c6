# SPDX-License-Identifier: MIT
"""The length of a recording, as its header states it and as it is: nothing is lost without a word,
and a file and a pipe of the same bytes get one answer."""

import random
import struct

from cli import claim, fails, holds, main, same, sanitized, units
from containers import (BIG, CONTAINERS, LITTLE, NO_LENGTH, RATE, SPEECH, aiff, both, bw64, caf, chunk, fmt,
                        rf64, riff, says, w64)

PLACEHOLDERS = (0, 0x7f000000, 0x7fff0000, 0x7fffff00, 0x7ffff000, 0x7fffffff, 0x7fffffff - 36,
                0x80000000, 0xffff0000, 0xffffffff, 0xffffffff - 8, 0xffffffff - 36,
                0xffffffff - 44, 0xffffffd7, 1000000000, 2000000000, 2000000000 - 36)
WIDE = (2**63 - 1, 2**63 - 25, 2**64 - 1, 2**64 - 25, 0x7fffffffffff0000)
PLAUSIBLE = (len(LITTLE) + 2, 2 * len(LITTLE), 123456790, 1234567890, 2012345678, 3123456790)
STEP = 5 if sanitized() else 1  # every container with every fifth length, shifted by one


@claim
def a_length_that_nobody_knew_is_none(t):
    for number, (container, data) in enumerate(CONTAINERS):
        whole = both(t, container(data))
        says(whole, 0, '')
        holds(len(whole.out) > 100, 'the healthy file has units')
        wide = WIDE if container in (rf64, bw64, w64, caf) else ()
        for stated in (PLACEHOLDERS + wide)[number % STEP::STEP]:
            got = both(t, container(data, stated))
            try:
                says(got, 0, NO_LENGTH)
                same(got.out, whole.out, 'units')
            except AssertionError as error:
                raise AssertionError(f'{container.__name__}, {stated:#x}: {error}')


@claim
def a_length_that_is_not_reached_is_a_loss(t):
    for container, data in CONTAINERS:
        whole = both(t, container(data))
        for stated in PLAUSIBLE:
            got = both(t, container(data, stated))
            try:
                says(got, 3, 'cut short or damaged: only 8000 of ')
                same(got.out, whole.out, 'units')
            except AssertionError as error:
                raise AssertionError(f'{container.__name__}, {stated}: {error}')


@claim
def any_two_lengths_of_a_wav_get_one_answer_from_file_and_pipe(t):
    draw = random.Random(3)
    sizes = [0, 1, 44, len(LITTLE), len(LITTLE) + 36, 2**31, 2**32 - 1, 2000000000, 4096]
    for _ in range(60):
        stated = draw.choice(sizes) + draw.choice((-44, -36, -8, -1, 0, 0, 1, 2, 36)) & 2**32 - 1
        whole = draw.choice(sizes)
        cut = draw.choice((0, 0, 1, 2, 5000))
        data = riff(LITTLE, stated, whole=whole)
        got = both(t, data[:len(data) - cut])
        holds(got.code in (0, 3), got.err)
        holds(got.code == 0 or stated not in PLACEHOLDERS, f'{stated:#x}: {got.err}')


@claim
def a_wav_that_was_never_closed_is_read_whatever_its_whole_states(t):
    whole = both(t, riff(LITTLE))
    for size in (0, 36, 0xffffffff, len(LITTLE) + 36, 0x7ffff024):
        got = both(t, riff(LITTLE, 0, whole=size))
        says(got, 0, NO_LENGTH)
        same(got.out, whole.out, 'units')
    for narrow, stated in ((0, None), (0xffffffff, None), (len(LITTLE), 0), (len(LITTLE), 7)):
        got = both(t, rf64(LITTLE, stated, narrow=narrow))
        says(got, 0, '')
        same(got.out, whole.out, 'units')
    says(both(t, rf64(LITTLE, 0, narrow=0)), 0, NO_LENGTH)


@claim
def a_compressed_wav_that_was_never_closed_is_read(t):
    law = bytes(random.Random(1).randrange(256) for _ in range(9000))
    for description in (fmt(bits=8, tag=7), fmt(bits=8, tag=6)):
        whole = both(t, riff(law, None, description))
        says(whole, 0, '')
        for stated in (0, 0xffffffff, 0x7ffff000, 2000000000):
            got = both(t, riff(law, stated, description))
            says(got, 0, NO_LENGTH)
            same(got.out, whole.out, 'units')
        says(both(t, riff(law, 10000, description)), 3, '9000 of 10000')
    adpcm = struct.pack('<HHIIHHHH', 17, 1, RATE, 8000, 256, 4, 2, 505)
    block = struct.pack('<hBB', 0, 30, 0) + law[:252]
    whole = both(t, riff(20 * block, None, adpcm))
    says(whole, 0, '')
    got = both(t, riff(20 * block, 0, adpcm))
    says(got, 0, NO_LENGTH)
    same(got.out, whole.out, 'units')
    for left in (20 * 256, 20 * 256 - 1, 100, 0):
        says(both(t, riff((20 * block)[:left], 40 * 256, adpcm)), 3, 'cut short or damaged')


TAGS = {
    'ID3v1': b'TAG' + bytes(125),
    'ID3v2': b'ID3\4\0\0\0\0\1\0' + b'TIT2' + bytes(124),
    'APEv2': (b'APETAGEX' + struct.pack('<4IQ', 2000, 40, 1, 0xa0000000, 0) + b'8 bytes.' +
              b'APETAGEX' + struct.pack('<4IQ', 2000, 40, 1, 0x80000000, 0)),
    'APEv1': b'8 bytes.' + b'APETAGEX' + struct.pack('<4IQ', 1000, 40, 1, 0, 0),
    'Lyrics3': b'LYRICSBEGININD0000200000' + b'26LYRICS200',
    'zeros': bytes(5000),
    'a zero': b'\0',
}
CHUNKS = {
    'LIST': chunk(b'LIST', b'INFOISFT' + struct.pack('<I', 6) + b'Lavf59'),
    'id3 ': chunk(b'id3 ', b'ID3\4\0\0\0\0\0\0'),
    'bext': chunk(b'bext', bytes(602)),
    'cue, smpl, JUNK': chunk(b'cue ', bytes(28)) + chunk(b'smpl', bytes(36)) + chunk(b'JUNK', b'x' * 9),
    'chunk and tag': chunk(b'LIST', b'INFO') + b'TAG' + bytes(125),
}


@claim
def what_stands_behind_the_audio_and_is_not_audio_is_no_matter(t):
    for name, tag in TAGS.items():
        for container, data in CONTAINERS[:-1]:
            whole = both(t, container(data))
            got = both(t, container(data) + tag)
            try:
                says(got, 0, '')
                same(got.out, whole.out, 'units')
            except AssertionError as error:
                raise AssertionError(f'{container.__name__}, {name}: {error}')
    whole = both(t, riff(LITTLE))
    for name, more in CHUNKS.items():
        for data in (riff(LITTLE, behind=more), riff(LITTLE) + more,
                     riff(LITTLE + b'\0', len(LITTLE) + 1, behind=b'\0' + more)):
            got = both(t, data)
            says(got, 0, '')
            same(got.out, whole.out, f'units before {name}')
    says(both(t, riff(b'', behind=CHUNKS['LIST'])), 0, '')


@claim
def a_recording_behind_a_recording_is_told_with_its_place(t):
    whole = both(t, riff(LITTLE))
    for more in (riff(LITTLE), riff(LITTLE, 0), rf64(LITTLE), aiff(BIG), b'fLaC' + bytes(50)):
        got = both(t, riff(LITTLE) + more)
        says(got, 3, f'byte {len(riff(LITTLE))}: ')
        same(got.out, whole.out, 'units')
    for name, more in CHUNKS.items():
        first = riff(LITTLE, behind=more)
        says(both(t, first + riff(LITTLE)), 3, f'byte {len(first)}: ')
    for container, data in CONTAINERS[:-1]:
        first = container(data)
        says(both(t, first + first), 3, f'byte {len(first)}: ')
    fails(t.encode('--strict', t.write('two.wav', riff(LITTLE) + riff(LITTLE))), 3, 'byte 16044')


@claim
def a_recording_behind_one_without_a_length_is_told_too(t):
    whole = both(t, riff(LITTLE))
    for stated in (0, 0xffffffff, 0x7ffff000, 2000000000):
        for more in (riff(LITTLE), riff(LITTLE, 0), rf64(LITTLE)):
            first = riff(LITTLE, stated)
            got = both(t, first + more)
            same(got.code, 3, 'exit code')
            holds(f'byte {len(first)}: ' in got.err and NO_LENGTH in got.err, got.err)
            same(got.out, whole.out, 'units')
    for container, data in CONTAINERS[4:]:
        first = container(data, 0)
        got = both(t, first + first)
        same(got.code, 3, f'exit code of {container.__name__}')
        holds(f'byte {len(first)}: ' in got.err and NO_LENGTH in got.err, got.err)
        same(got.out, both(t, first).out, f'units of {container.__name__}')
    for part in (b'RIFF', b'RIFF1234WA', b'RIFF1234wave', b'xR', b'RIFFRIFF1234'):
        says(both(t, riff(LITTLE + part, 0)), 0, NO_LENGTH)


@claim
def audio_behind_the_stated_end_is_told_in_every_container(t):
    for container, data in CONTAINERS[:-1]:
        for stated in (8000, 15998):
            got = both(t, container(data, stated))
            place = len(container(b'')) + stated
            try:
                says(got, 3, f'byte {place}: ')
            except AssertionError as error:
                raise AssertionError(f'{container.__name__}, {stated}: {error}')


@claim
def a_pipe_behind_whose_audio_a_lot_follows_gets_the_answer_of_the_file(t):
    big = chunk(b'JUNK', bytes(5 << 20))
    says(both(t, riff(LITTLE, behind=big)), 0, '')
    says(both(t, riff(LITTLE, behind=big) + b'?' * 100), 3, f'byte {len(riff(LITTLE)) + len(big)}: ')


@claim
def training_and_evaluation_fail_where_audio_is_lost(t):
    t.write('in/a.wav', riff(LITTLE) + riff(LITTLE))
    t.write('in/b.wav', riff(LITTLE, 2000000000))
    t.write('in/c.wav', riff(LITTLE))
    for result in (t.voq('train', '-o', t.path('out.voq'), '--codes', '4', t.path('in')),
                   t.voq('eval', t.model, t.path('in'))):
        same(result.code, 3, f'exit code ({result.err})')
        holds('a.wav: byte 16044' in result.err, result.err)
        holds('b.wav: cut' not in result.err and 'c.wav:' not in result.err, result.err)
    holds(units(t.encode(t.path('in/b.wav')).out), 'b.wav has units')


@claim
def what_is_good_to_know_of_a_file_is_told_once_by_train_and_eval_too(t):
    low = b''.join(struct.pack('<i', v << 8) for v in SPEECH)
    t.write('c/open.wav', riff(LITTLE, 0, whole=0))
    t.write('c/wide.wav', riff(low, description=fmt(bits=24, block=4)))
    said = {}
    for command, arguments in {
            'encode': ['-m', t.model, 'c'],
            'train': ['-k', '2', '--lda', '1', '-o', 'b.voq', 'c'],
            'eval': [t.model, 'c'], 'two': [t.model, 'b.voq', 'c']}.items():
        r = t.voq({'two': 'eval'}.get(command, command), *arguments)
        same(r.code, 0, f'exit code of {command} ({r.err})')
        said[command] = sorted(line for line in r.err.splitlines() if 'warning: c/' in line)
        same(r.err.count(NO_LENGTH), 1, command)
    same(len(said['encode']), 2, said['encode'])
    for command in 'train', 'eval', 'two':
        same(said[command], said['encode'], command)


main()
