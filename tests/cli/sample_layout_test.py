# SPDX-License-Identifier: MIT
"""Samples in containers that are wider than they are, or whose header makes no sense: read at the
wrong place, they would be noise, and no unit would tell."""

import array
import random

from cli import claim, holds, main, noise, same, wav
from containers import LITTLE, NO_LENGTH, SPEECH, both, fmt, riff, says


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


main()
