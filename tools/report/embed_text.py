# SPDX-License-Identifier: MIT
"""embed_text.py HEADER OUT.c NAME=FILE...: text files as strings of C."""
import json
import sys

header, out, *files = sys.argv[1:]
with open(out, 'w', encoding='ascii') as c:
    c.write(f'/* SPDX-License-Identifier: MIT */\n#include "{header}"\n')
    for name, path in (item.split('=', 1) for item in files):
        with open(path, encoding='ascii') as file:
            lines = [line for line in file if 'SPDX-License' not in line]
        c.write(f'\nconst char {name}[] =\n' + ''.join(f'    {json.dumps(line)}\n' for line in lines) + '    "";\n')
