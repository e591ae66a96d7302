# SPDX-License-Identifier: EUPL-1.2
"""What the tests of an import that is broken off share: the command line, and what was found."""

import os
import pathlib
import subprocess
import sys

CTL = pathlib.Path(os.environ['ALM_BUILD'], 'src', 'cli', 'allmendectl')

passed = failed = 0


def check(what, ok, detail=''):
    global passed, failed
    passed += ok
    failed += not ok
    if not ok:
        print(f'FAILED {what}: {detail}', flush=True)


def finish(name):
    """The exit status, after a line with the counts."""
    print(f'{name}: {passed} passed, {failed} failed')
    return failed > 0


def ctl(profile, *words):
    return subprocess.run([str(CTL), *map(str, words), '--profile', str(profile)],
                          capture_output=True, text=True)


def make_profile(profile):
    for words in (('init',), ('model', 'add', 'tree')):
        done = ctl(profile, *words)
        if done.returncode != 0:
            sys.exit(done.stderr)


def start(profile, file, *more):
    """The import of a list of trees, running."""
    return subprocess.Popen([str(CTL), 'import', str(file), '--kind', 'tree', *more, '--profile',
                             str(profile)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
