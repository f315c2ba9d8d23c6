# SPDX-License-Identifier: MIT
"""Numbers in files do not know the locale: the golden bytes hold where the decimal point is a comma.
Arguments: golden_test, codebook_file_test, the folder of data. Makes a German locale by localedef;
without its sources (Debian: locales) a skip."""

import os
import subprocess
import sys
import tempfile

PROGRAMS, DATA = [os.path.abspath(path) for path in sys.argv[1:3]], sys.argv[3]


def main():
    print(f'1..{len(PROGRAMS)}')
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        environment = dict(os.environ, LOCPATH=folder, LC_ALL='de_DE.UTF-8', FORMATS_DATA=DATA)
        try:
            made = subprocess.run(['localedef', '-i', 'de_DE', '-f', 'UTF-8',
                                   os.path.join(folder, 'de_DE.UTF-8')], capture_output=True)
            why = made.stderr.decode().splitlines()[:1] if made.returncode > 1 else []
        except FileNotFoundError:
            why = ['no localedef']
        for number, program in enumerate(PROGRAMS, 1):
            name = os.path.basename(program) + '_holds_in_a_comma_locale'
            if why:
                print(f'ok {number} - {name} # SKIP {why[0]}')
                continue
            run = subprocess.run([program], env=environment, capture_output=True, text=True)
            took = 'decimal point of this run: 0,5' in run.stdout
            ok = run.returncode == 0 and took
            failed += not ok
            if not ok:
                print(f'# the locale took: {took}')
                for line in run.stdout.splitlines():
                    if not line.startswith('ok'):
                        print('#', line)
            print(f'{"" if ok else "not "}ok {number} - {name}')
    return failed > 0


sys.exit(main())
