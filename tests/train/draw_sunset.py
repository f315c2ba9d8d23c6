#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Draws sunset.npy, the image of the colour palette in README.md: pixels, float32 [64 * 48][3].

    tests/train/draw_sunset.py > tests/train/sunset.npy
"""
import array
import math
import random
import struct
import sys

WIDTH, HEIGHT, HORIZON = 64, 48, 30
grain = random.Random(1)


def mix(a, b, t):
    return [x + (y - x) * min(1, max(0, t)) for x, y in zip(a, b)]


def colour(x, y):
    if y > HORIZON + 9 + 4 * math.sin(x / 9):
        return [24, 30, 22]                                                     # the shore
    if y >= HORIZON:
        glitter = math.exp(-((x - 40) / 5) ** 2) * (y % 2)
        return mix(mix([150, 90, 80], [30, 45, 80], (y - HORIZON) / 14), [255, 210, 120], glitter)
    if math.hypot(x - 40, y - 22) < 6:
        return [255, 225, 130]                                                  # the sun
    return mix([70, 80, 140], [250, 150, 80], y / HORIZON)


def main():
    pixels = array.array('f', [round(min(255, max(0, part + grain.gauss(0, 3))))
                               for y in range(HEIGHT) for x in range(WIDTH) for part in colour(x, y)])
    header = f"{{'descr': '<f4', 'fortran_order': False, 'shape': ({WIDTH * HEIGHT}, 3), }}".ljust(117) + '\n'
    sys.stdout.buffer.write(b'\x93NUMPY\x01\x00' + struct.pack('<H', len(header)) + header.encode()
                            + pixels.tobytes())


main()
