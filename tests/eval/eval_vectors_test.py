# SPDX-License-Identifier: MIT
"""voq eval --json equals an independent implementation (make_metric_vectors.py) to 1e-9, every number."""

import json
import os

from cli import *

VECTORS = os.path.join(SOURCE, 'tests', 'eval', 'vectors')


def differences(got, expected, where=''):
    """The places where what was said differs from what was expected; more may be said."""
    if isinstance(expected, dict):
        for key, value in expected.items():
            if key not in got:
                yield f'{where}/{key} is missing'
            else:
                yield from differences(got[key], value, f'{where}/{key}')
    elif isinstance(expected, (int, float)) and isinstance(got, (int, float)):
        if abs(got - expected) > 1e-9 * max(1, abs(expected)):
            yield f'{where} is {got}, expected {expected}'
    elif got != expected:
        yield f'{where} is {got}, expected {expected}'


def paths(arguments, folder):
    """Arguments that name a file of the vectors get its path."""
    return [os.path.join(folder, a) if os.path.exists(os.path.join(folder, a)) else a
            for a in arguments]


def add_claim(name):
    def equals(t):
        with open(os.path.join(VECTORS, name)) as file:
            case = json.load(file)
        result = t.voq('eval', '--json', '--quiet', *paths(case['arguments'], VECTORS))
        same((result.code, result.err), (0, ''), 'exit code and stderr')
        found = list(differences(json.loads(result.out), case['expected']))
        holds(not found, '; '.join(found[:5]))
    equals.__name__ = f'{name[:-5].replace("-", "_")}_equals_the_independent_implementation'
    claim(equals)


for entry in sorted(os.listdir(VECTORS)):
    if entry.endswith('.json'):
        add_claim(entry)

main()
