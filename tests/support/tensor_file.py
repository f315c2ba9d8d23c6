# SPDX-License-Identifier: MIT
"""Writes and reads safetensors with nothing but the standard library."""

import array
import json
import struct


def write(path, tensors, steps=()):
    """float32, but for the steps, which are float64."""
    header, data = {}, []
    offset = 0
    for name, (shape, values) in tensors.items():
        data.append(array.array('f', values).tobytes())
        header[name] = {'dtype': 'F32', 'shape': list(shape),
                        'data_offsets': [offset, offset + len(data[-1])]}
        offset += len(data[-1])
    for layer, step in steps:
        data.append(struct.pack('<d', step))
        header[f'layers.{layer}.step'] = {'dtype': 'F64', 'shape': [],
                                          'data_offsets': [offset, offset + 8]}
        offset += 8
    text = json.dumps(header).encode()
    text += b' ' * (-len(text) % 8)
    with open(path, 'wb') as file:
        file.write(struct.pack('<Q', len(text)) + text + b''.join(data))


def span(data, name):
    """Where a tensor begins and ends in the bytes of a file."""
    size, = struct.unpack_from('<Q', data)
    return [8 + size + at for at in json.loads(data[8:8 + size])[name]['data_offsets']]
