# SPDX-License-Identifier: MIT
"""Shared by the tests of voq eval: a small corpus with phones and ABX items."""

import os
import shutil

from cli import SOURCE

DATA = os.path.join(SOURCE, 'tests', 'data')
NAMES = ['4406-16882-0036', '4406-16883-0023', '5652-19215-0010', '5652-19215-0032']


def two_speakers(t):
    """Writes four recordings of two speakers, their phones and the items made of those into c."""
    with open(os.path.join(DATA, 'phones.ctm')) as file:
        ctm = [line.split() for line in file if line.split()[0] in NAMES]
    for name in NAMES:
        shutil.copy(os.path.join(DATA, f'{name}.flac'), t.write(f'c/{name}.flac', ''))
    t.write('c/phones.ctm', ''.join(' '.join(f) + '\n' for f in ctm))
    items = ['#file onset offset #phone prev-phone next-phone speaker']
    for a, b, c in zip(ctm, ctm[1:], ctm[2:]):
        if a[0] == c[0] and 'SIL' not in (a[4], b[4], c[4]):
            items.append(f'{b[0]} {b[2]} {float(b[2]) + float(b[3]):.3f} {b[4]} {a[4][0]} '
                         f'{c[4][0]} {b[0][:4]}')
    t.write('c/phoneme.item', '\n'.join(items) + '\n')
