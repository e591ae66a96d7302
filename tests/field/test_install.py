#!/usr/bin/python3
# SPDX-License-Identifier: EUPL-1.2
"""The product as it will stand: installed into an empty folder, and used from there alone.

usage: test_install.py BUILD     Prints `field: N passed, M failed`.
"""

import json
import pathlib
import shutil
import subprocess
import sys
import tempfile

BUILD = pathlib.Path(sys.argv[1])
FEATURE = {'type': 'Feature', 'properties': {'number': 'B-1', 'species': 'Tilia cordata'},
           'geometry': {'type': 'Point', 'coordinates': [11.586, 50.927]}}


class Installed:
    """An installed tree, and a home that has nothing of ours."""

    def __init__(self, folder):
        self.folder = folder
        self.root = folder / 'root'
        subprocess.run(['meson', 'install', '-C', BUILD, '--no-rebuild', '--quiet',
                        '--destdir', self.root], check=True, capture_output=True)
        self.bin = next(self.root.glob('**/bin/allmendectl')).parent
        self.env = {'PATH': '/usr/bin:/bin', 'HOME': str(folder), 'LC_ALL': 'C.UTF-8',
                    'DBUS_SESSION_BUS_ADDRESS': 'none'}

    def find(self, pattern):
        return sorted(self.root.glob(f'**/{pattern}'))

    def run(self, program, *words):
        return subprocess.run([self.bin / program, *map(str, words)], env=self.env, cwd='/',
                              capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=120)

    def ctl(self, *words):
        done = self.run('allmendectl', '--profile', self.folder / 'profile', *words)
        assert done.returncode == 0, (words, done.returncode, done.stderr)
        return [json.loads(line) for line in done.stdout.splitlines()]


def test_everything_is_there(it):
    for name in ('bin/allmende', 'bin/allmended', 'bin/allmendectl', 'allmende/allmende-gis',
                 'models/tree.json', 'nginx/allmende.conf', 'system/allmended.service',
                 'applications/de.jena.Allmende.desktop', 'metainfo/de.jena.Allmende.metainfo.xml',
                 'locale/de/LC_MESSAGES/allmende.mo', 'scalable/apps/de.jena.Allmende.svg'):
        assert it.find(name), f'{name} is not installed'


def test_the_shipped_models_are_found_by_name(it):
    it.ctl('init')
    said = it.ctl('model', 'add', 'tree')
    assert said[0].get('new') is True, said


def test_a_foreign_file_goes_through_the_installed_helper(it):
    path = it.folder / 'trees.geojson'
    path.write_text(json.dumps({'type': 'FeatureCollection', 'features': [FEATURE]}))
    said = it.ctl('import', path, '--kind', 'tree')[0]
    assert (said['new'], said['placed']) == (1, 1), said
    there = it.ctl('export', '--kind', 'tree', '--scope', 'local')
    assert [r['fields']['number'] for r in there] == ['B-1'], there


def test_the_server_starts_and_a_desk_reaches_it(it):
    data, word = it.folder / 'data', it.folder / 'word'
    word.write_text('ein langes Passwort\n')
    done = it.run('allmended', 'init', '--data', data, '--admin', 'leitung',
                  '--password-file', word)
    assert done.returncode == 0, done.stderr
    server = subprocess.Popen([it.bin / 'allmended', 'serve', '--data', data,
                               '--listen', '127.0.0.1:0'], env=it.env, stdout=subprocess.PIPE,
                              text=True)
    try:
        url = json.loads(server.stdout.readline())['listening'][0]
        it.ctl('login', 'leitung', '--server', url, '--password-file', word)
        assert it.ctl('sync')[0]['state'] == 'in-sync'
    finally:
        server.terminate()
        assert server.wait(20) == 0


def main():
    tests = [(n, f) for n, f in globals().items() if n.startswith('test_')]
    failed = 0
    folder = pathlib.Path(tempfile.mkdtemp(prefix='allmende-install-'))
    try:
        it = Installed(folder)
        for name, test in tests:
            try:
                test(it)
                print(f'ok - {name[5:].replace("_", " ")}')
            except Exception as error:   # a test that breaks is a test that failed
                failed += 1
                print(f'not ok - {name[5:].replace("_", " ")}: {error!r}'[:1500])
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(f'field: {len(tests) - failed} passed, {failed} failed')
    return failed > 0


if __name__ == '__main__':
    sys.exit(main())
