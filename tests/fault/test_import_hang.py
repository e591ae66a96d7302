#!/usr/bin/python3
# SPDX-License-Identifier: EUPL-1.2
"""What never answers: a pipe instead of a file, and a helper that waits at one and is stopped
besides.  The command line refuses, or ends when it is told to, and takes the helper with it;
nothing is there afterwards, and the next import works."""

import json
import os
import pathlib
import shutil
import signal
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / 'lib'))

from importing import check, ctl, finish, make_profile, start
from waiting import wait

DATA = pathlib.Path(__file__).resolve().parent.parent / 'data' / 'import'


def find_helpers(pid):
    """Those children that are the helper by now, and no longer a copy of their parent."""
    text = pathlib.Path(f'/proc/{pid}/task/{pid}/children').read_text()
    return [int(one) for one in text.split()
            if pathlib.Path(f'/proc/{one}/comm').read_text().startswith('allmende-gis')]


def is_alive(pid):
    try:
        return 'State:\tZ' not in pathlib.Path(f'/proc/{pid}/status').read_text()
    except FileNotFoundError:
        return False


def refuse_pipes(profile, folder):
    pipe = folder / 'liste.csv'
    os.mkfifo(pipe)
    for file in (pipe, folder):
        done = ctl(profile, 'import', file, '--kind', 'tree')
        check(f'{file.name} is refused', done.returncode == 1 and done.stdout == ''
              and 'no file but a folder, a pipe or a device' in done.stderr, done)


def stop_helper(profile, folder, by):
    """The helper waits for the table of the shapefile; then it cannot even end itself."""
    for ending in ('shp', 'shx'):
        shutil.copy(DATA / f'counts.{ending}', folder)
    os.mkfifo(folder / 'counts.dbf')
    running = start(profile, folder / 'counts.shp')
    helper = wait(lambda: find_helpers(running.pid), 'the helper')[0]
    os.kill(helper, signal.SIGSTOP)
    running.send_signal(by)
    out = running.communicate()[0]
    check(f'{by.name} ends it', running.returncode == -by and out == '', running.returncode)
    wait(lambda: not is_alive(helper), 'the helper to end')
    (folder / 'counts.dbf').unlink()


def main():
    with tempfile.TemporaryDirectory(prefix='allmende-hang-') as folder:
        folder = pathlib.Path(folder)
        profile = folder / 'profile'
        make_profile(profile)
        refuse_pipes(profile, folder)
        for by in (signal.SIGINT, signal.SIGKILL):
            stop_helper(profile, folder, by)
            check('nothing is there', ctl(profile, 'export', '--kind', 'tree').stdout == '')
        done = ctl(profile, 'import', DATA / 'good.csv', '--kind', 'tree')
        check('the next import works', done.returncode == 0 and json.loads(done.stdout)['new'] == 20,
              done.stderr)
    return finish('import-hang')


if __name__ == '__main__':
    sys.exit(main())
