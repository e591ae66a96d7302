# SPDX-License-Identifier: EUPL-1.2
"""The small training town as a profile: built once per test program, copied for each case."""

import os
import pathlib
import shutil
import subprocess
import tempfile

ALLMENDE = os.environ.get('ALLMENDE', 'allmende')
ALLMENDECTL = os.environ.get('ALLMENDECTL', 'allmendectl')


class Town:
    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix='allmende-town-'))
        self.profile = self.folder / 'profile'
        self.ctl('town', 'generate', '--size', 'small', '--out', str(self.folder / 'town'))
        self.ctl('town', 'install', str(self.folder / 'town'), '--profile', str(self.profile))
        self.copies = 0

    @staticmethod
    def ctl(*words):
        done = subprocess.run([ALLMENDECTL, *words], capture_output=True, text=True)
        assert done.returncode == 0, f'{words}: {done.stderr}'
        return done.stdout

    def copy(self):
        """A profile of its own, as a path."""
        self.copies += 1
        path = self.folder / f'copy-{self.copies}'
        shutil.copytree(self.profile, path)
        return str(path)

    def remove(self):
        shutil.rmtree(self.folder)
