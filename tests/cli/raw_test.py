# SPDX-License-Identifier: MIT
"""Audio without a header: what cannot be a sample is named, from a file as from a pipe."""

from cli import claim, fails, holds, main, noise, same, units

SPEECH = noise(8000, seed=5).tobytes()


def both(t, data, *options):
    """The result of a pipe, which is that of the file."""
    t.write('stdin.raw', data)
    raw = ('--raw', 's16le', '--rate', '16000', *options)
    file = t.voq('encode', '-m', t.model, *raw, t.path('stdin.raw'))
    pipe = t.voq('encode', '-m', t.model, *raw, '-', stdin=data)
    same((file.code, file.out), (pipe.code, pipe.out), 'exit code and units')
    same(file.err.replace(t.path('stdin.raw'), 'stdin'), pipe.err, 'messages')
    return pipe


@claim
def raw_audio_that_ends_inside_a_frame_keeps_its_units_and_is_told(t):
    whole = both(t, SPEECH)
    same(whole.code, 0, whole.err)
    for channels, left in ((1, 1), (2, 1), (2, 2), (2, 3), (3, 5)):
        block = 2 * channels
        data = SPEECH[:len(SPEECH) // block * block]
        cut = both(t, data + SPEECH[:left], '--channels', str(channels))
        fails(cut, 3, f'byte {len(data)}: ', 'inside a frame', '--channels')
        same(cut.out, both(t, data, '--channels', str(channels)).out, 'units')
    holds(units(whole.out), whole.out)


@claim
def raw_audio_of_less_than_a_frame_is_told(t):
    fails(both(t, b'x'), 3, 'byte 0: ', 'inside a frame')


main()
