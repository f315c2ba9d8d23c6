# SPDX-License-Identifier: MIT
"""The same speech in every container of PCM, whose headers may state any length; and the answer of
voq encode, which must be one for a file and a pipe."""

import struct

from cli import holds, noise, same

RATE = 16000
SPEECH = noise(8000, seed=5)
LITTLE = SPEECH.tobytes()
BIG = struct.pack('>8000h', *SPEECH)

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
NO_LENGTH = 'the header states no length; read to the end'


def pages(data):
    """The pages of an Ogg file."""
    found, at = [], 0
    while at < len(data):
        n = data[at + 26]
        end = at + 27 + n + sum(data[at + 27:at + 27 + n])
        found.append(data[at:end])
        at = end
    return found


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
