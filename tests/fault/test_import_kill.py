#!/usr/bin/python3
# SPDX-License-Identifier: EUPL-1.2
"""kill -9 at random moments of an import: all of it is there, or nothing, and the
next import works.  ROUNDS (default 24) and SEED choose how often and when.  Kills
at each single write are in test-import-faults and test-many-faults."""

import json
import os
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time

from importing import check, ctl, finish, make_profile, start

ROUNDS = int(os.environ.get('ROUNDS', '24'))
SEED = os.environ.get('SEED', '17')
ROWS = 5500   # so many are indexed afterwards


def count(profile, kind):
    done = ctl(profile, 'export', '--kind', kind, '--scope', 'a/b')
    if done.returncode != 0:
        return -1
    return len(done.stdout.splitlines())


def make_file(path):
    lines = ['Baumnummer;Straße;Lon;Lat']
    lines += [f'{i};Grüner Weg;{11.55 + i * 1e-5:.6f};{50.9 + i * 1e-5:.6f}' for i in range(ROWS)]
    path.write_text('\n'.join(lines) + '\n', encoding='utf-8')


def main():
    dice = random.Random(SEED)
    with tempfile.TemporaryDirectory(prefix='allmende-kill-') as folder:
        folder = pathlib.Path(folder)
        file, fresh = folder / 'liste.csv', folder / 'fresh'
        make_file(file)
        make_profile(fresh)

        # How long an undisturbed one takes says where to strike.
        profile = folder / 'whole'
        shutil.copytree(fresh, profile)
        began = time.monotonic()
        done = start(profile, file, '--scope', 'a/b')
        out, err = done.communicate()
        whole = time.monotonic() - began
        check('undisturbed', done.returncode == 0 and json.loads(out)['new'] == ROWS, err)

        killed = 0
        for number in range(ROUNDS):
            profile = folder / f'round-{number}'
            shutil.copytree(fresh, profile)
            child = start(profile, file, '--scope', 'a/b')
            try:
                child.wait(timeout=whole * dice.uniform(0.05, 1.0))
            except subprocess.TimeoutExpired:
                child.send_signal(signal.SIGKILL)
                killed += 1
            out = child.communicate()[0]
            said = child.returncode == 0
            trees, imports = count(profile, 'tree'), count(profile, 'import')
            check(f'round {number}: all or nothing', (trees, imports) in ((0, 0), (ROWS, 1)),
                  (trees, imports))
            check(f'round {number}: what was said is true', not said or trees == ROWS, trees)
            if trees == 0 and number % 3 == 0:
                again = ctl(profile, 'import', file, '--kind', 'tree', '--scope', 'a/b')
                check(f'round {number}: the next import works', again.returncode == 0
                      and json.loads(again.stdout)['new'] == ROWS, again.stderr)
            shutil.rmtree(profile)
        check('somebody was killed', killed > 0 or ROUNDS == 0, killed)
        left = [p for p in pathlib.Path(tempfile.gettempdir()).glob('allmende-??????')
                if p.is_file() and p.stat().st_mtime > time.time() - 600]
        check('no temporary file is left', not left, left)
    return finish(f'import-kill with SEED={SEED}')


if __name__ == '__main__':
    sys.exit(main())
