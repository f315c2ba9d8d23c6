# SPDX-License-Identifier: MIT
"""The length of a recording, as its header states it and as it is: nothing is lost without a word,
and a file and a pipe of the same bytes get one answer."""

import array
import random
import struct

from cli import claim, fails, holds, main, noise, same, sanitized, units, wav

RATE = 16000
SPEECH = noise(8000, seed=5)
LITTLE = SPEECH.tobytes()
BIG = struct.pack('>8000h', *SPEECH)
NO_LENGTH = 'the header states no length; read to the end'

PCM_GUID = bytes.fromhex('0100000000001000800000aa00389b71')
W64 = {name: name + bytes.fromhex(rest) for name, rest in (
    (b'riff', '2e91cf11a5d628db04c10000'), (b'wave', 'f3acd3118cd100c04f8edb8a'),
    (b'fmt ', 'f3acd3118cd100c04f8edb8a'), (b'data', 'f3acd3118cd100c04f8edb8a'))}


def fmt(channels=1, bits=16, block=None, tag=1, valid=None, per_second=None):
    block = channels * (bits + 7) // 8 if block is None else block
    plain = struct.pack('<HHIIHH', tag if valid is None else 0xfffe, channels, RATE,
                        RATE * block if per_second is None else per_second, block, bits)
    return plain if valid is None else plain + struct.pack('<HHI', 22, valid, 0) + PCM_GUID


def chunk(name, data, size=None):
    return name + struct.pack('<I', len(data) if size is None else size) + data


def riff(data, stated=None, description=None, whole=None, behind=b''):
    body = b'WAVE' + chunk(b'fmt ', description or fmt()) + chunk(b'data', data, stated) + behind
    return b'RIFF' + struct.pack('<I', len(body) if whole is None else whole) + body


def wavex(data, stated=None):
    return riff(data, stated, fmt(valid=16))


def rf64(data, stated=None, magic=b'RF64', narrow=0xffffffff):
    stated = len(data) if stated is None else stated
    ds64 = struct.pack('<QQQI', 72 + stated & 2**64 - 1, stated, stated // 2, 0)
    return (magic + b'\xff\xff\xff\xffWAVE' + chunk(b'ds64', ds64) + chunk(b'fmt ', fmt()) +
            chunk(b'data', data, narrow))


def bw64(data, stated=None):
    return rf64(data, stated, b'BW64')


def w64(data, stated=None):
    size = (len(data) if stated is None else stated) + 24 & 2**64 - 1
    head = W64[b'fmt '] + struct.pack('<Q', 40) + fmt() + W64[b'data'] + struct.pack('<Q', size)
    return (W64[b'riff'] + struct.pack('<Q', 40 + len(head) + len(data)) + W64[b'wave'] + head +
            data)


def aiff(data, stated=None, kind=b'AIFF', codec=b''):
    size = (len(data) if stated is None else stated) + 8 & 2**32 - 1
    common = struct.pack('>HIH', 1, max(0, size // 2 - 4), 16) + bytes.fromhex('400cfa00000000000000') + codec
    body = kind + b'COMM' + struct.pack('>I', len(common)) + common
    body += b'SSND' + struct.pack('>III', size, 0, 0) + data
    return b'FORM' + struct.pack('>I', len(body)) + body


def aifc(data, stated=None):
    return aiff(data, stated, b'AIFC', b'NONE\0\0')


def aifc_little(data, stated=None):
    return aiff(data, stated, b'AIFC', b'sowt\0\0')


def au(data, stated=None):
    return b'.snd' + struct.pack('>5I', 24, len(data) if stated is None else stated, 3, RATE, 1) + data


def caf(data, stated=None):
    size = (len(data) if stated is None else stated) + 4 & 2**64 - 1
    return (b'caff\0\1\0\0desc' + struct.pack('>Qd4s5I', 32, RATE, b'lpcm', 0, 2, 1, 1, 16) +
            b'data' + struct.pack('>QI', size, 0) + data)


def caf_unknown(data, stated=None):
    """-1, the size that CAF has for this."""
    return caf(data, -5 if stated == 0 else stated)


CONTAINERS = ((riff, LITTLE), (wavex, LITTLE), (rf64, LITTLE), (bw64, LITTLE), (w64, LITTLE),
              (aiff, BIG), (aifc, BIG), (aifc_little, LITTLE), (au, BIG), (caf, BIG),
              (caf_unknown, BIG))
PLACEHOLDERS = (0, 0x7f000000, 0x7fff0000, 0x7fffff00, 0x7ffff000, 0x7fffffff, 0x7fffffff - 36,
                0x80000000, 0xffff0000, 0xffffffff, 0xffffffff - 8, 0xffffffff - 36,
                0xffffffff - 44, 0xffffffd7, 1000000000, 2000000000, 2000000000 - 36)
WIDE = (2**63 - 1, 2**63 - 25, 2**64 - 1, 2**64 - 25, 0x7fffffffffff0000)
PLAUSIBLE = (len(LITTLE) + 2, 2 * len(LITTLE), 123456790, 1234567890, 2012345678, 3123456790)


STEP = 5 if sanitized() else 1  # every container with every fifth length, shifted by one


def both(t, data):
    """The answer for the bytes as a file and from a pipe, which must be one."""
    path = t.write('stdin', data)
    file, pipe = t.encode(path), t.encode('-', stdin=data)
    same(pipe.code, file.code, f'exit code of the pipe ({pipe.err!r}, {file.err!r})')
    same(pipe.err, file.err.replace(path, 'stdin'), 'stderr of the pipe')
    same(pipe.out, file.out, 'units of the pipe')
    return file


def says(result, code, text):
    same(result.code, code, f'exit code (stderr {result.err!r})')
    same(result.err.count('\n'), 1 if text else 0, f'lines of {result.err!r}')
    holds(text in result.err, f'{result.err!r} does not say {text!r}')


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


def packed(samples, width, shift, order='little'):
    return b''.join((x << shift).to_bytes(width, order, signed=True) for x in samples)


def both_samples(t, data, text):
    got = both(t, data)
    says(got, 0, text)
    return got.out


@claim
def samples_in_wider_containers_are_found_where_they_stand(t):
    draw = random.Random(9)
    fine = [x * 256 + draw.randrange(256) for x in SPEECH]
    expected = {16: both_samples(t, riff(LITTLE), ''),
                24: both_samples(t, riff(packed(fine, 3, 0), None, fmt(bits=24)), '')}
    for bits, samples in ((16, SPEECH), (24, fine)):
        for valid in (None, bits):
            for low in (True, False):
                data = packed(samples, 4, 0 if low else 32 - bits)
                got = both_samples(t, riff(data, None, fmt(bits=bits, block=4, valid=valid)),
                                   f'found in the {"low" if low else "high"} ones')
                same(got, expected[bits], f'units of {bits} bits, valid {valid}, low {low}')
    for low in (True, False):
        data = packed(fine, 4, 0 if low else 8)
        got = both_samples(t, riff(data, None, fmt(bits=32, valid=24)),
                           f'found in the {"low" if low else "high"} ones')
        same(got, expected[24], f'units of 24 valid bits, low {low}')


@claim
def samples_in_wider_containers_may_have_several_channels(t):
    other = noise(8000, seed=6)
    pairs = array.array('h', [x for pair in zip(SPEECH, other) for x in pair])
    expected = both_samples(t, wav(pairs, channels=2), '')
    for shift in (0, 16):
        data = packed(pairs, 4, shift)
        got = both_samples(t, riff(data, None, fmt(2, 16, 8)), 'found in the')
        same(got, expected, 'units')
    data = packed([x * 256 for x in pairs], 4, 0)
    same(both_samples(t, riff(data, None, fmt(2, 24, 8)), 'low'), expected, 'units')


@claim
def silence_first_is_decided_by_the_header(t):
    quiet = [0] * 5000
    low, high = packed(quiet + list(SPEECH), 4, 8), packed(quiet + list(SPEECH), 4, 16)
    whole = both_samples(t, riff(packed(quiet + list(SPEECH), 2, 0)), '')
    same(both_samples(t, riff(low, None, fmt(bits=24, block=4)), 'low'), whole, 'units')
    same(both_samples(t, riff(high, None, fmt(bits=24, block=4, valid=24)), 'high'), whole, 'units')
    silence = packed([0] * 8000, 4, 0)
    both_samples(t, riff(silence, None, fmt(bits=24, block=4)), 'low')
    both_samples(t, riff(silence, None, fmt(bits=24, block=4, valid=24)), 'high')


@claim
def a_container_that_is_all_in_use_is_read_as_its_whole_width(t):
    wide = [x * 65536 + 12345 for x in SPEECH]
    expected = both_samples(t, riff(packed(wide, 4, 0), None, fmt(bits=32)), '')
    got = both_samples(t, riff(packed(wide, 4, 0), None, fmt(bits=24, block=4)), 'all of which')
    same(got, expected, 'units')


@claim
def blocks_that_make_no_sense_are_read_as_what_the_bits_need(t):
    expected = both_samples(t, riff(LITTLE), '')
    for block in (0, 1, 3, 4, 5, 8, 100):
        got = both_samples(t, riff(LITTLE, None, fmt(block=block, per_second=32000)), 'blocks of 2')
        same(got, expected, f'units, blocks of {block}')


@claim
def wider_containers_may_lack_a_length_too(t):
    expected = both_samples(t, riff(LITTLE), '')
    for stated in (0, 0xffffffff, 2000000000):
        got = both(t, riff(packed(SPEECH, 4, 8), stated, fmt(bits=24, block=4)))
        same(got.code, 0, 'exit code')
        holds(NO_LENGTH in got.err and 'low' in got.err, got.err)
        same(got.out, expected, 'units')


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
