# SPDX-License-Identifier: EUPL-1.2
"""A city with a server, and desks in the states that its staff meet."""

import contextlib
import re
import shutil
import sqlite3
import subprocess

import desks
import hub
from town import Town


class TownDesk(desks.Desk):
    def login(self):
        self.say('login', self.user, '--server', self.server.urls[0], '--password-file', '-',
                 text='kranichfurt-uebung\n')
        self.sync()


class City:
    # A button of each sentence that tells what is to be done, German and English.
    words = re.compile('Entscheiden|Decide|Anmelden …|Sign in …')

    def __init__(self, town):
        self.server = hub.Server(found=False)
        Town.ctl('town', 'install', str(town), '--data', str(self.server.data))
        self.server.start()
        self.server.listen = [f'127.0.0.1:{self.server.port}']
        self.anna, self.bert = [TownDesk(self.server, user) for user in ('erfassung', 'pruefung')]
        self.copies = self.n_empty = 0
        self.quarrel()
        self.forbid()
        self.server.stop()

    def quarrel(self):
        """Questions of each kind: a value, a place, a change and a deletion both ways."""
        trees = [line['id'] for line in self.anna.say('export', '--kind', 'tree')][:4]

        def upd(record, **fields):
            return {'op': 'upd', 'id': record, 'set': fields}

        def remove(record):
            return {'op': 'del', 'id': record}
        self.anna.edit(upd(trees[0], vitality=4, genus='Tilia'), upd(trees[1], vitality=3),
                       remove(trees[2]), upd(trees[3], height=12.5))
        self.bert.edit(upd(trees[0], vitality=2, genus='Acer'), remove(trees[1]),
                       upd(trees[2], vitality=1, height=9))
        self.anna.sync()
        self.bert.sync()

    def forbid(self):
        """What was changed while one was still allowed to comes too late; the other manages."""
        trees = [line['id'] for line in self.bert.say('export', '--kind', 'tree')][10:12]
        self.bert.edit(*[{'op': 'upd', 'id': tree, 'set': {'vitality': 3}} for tree in trees])
        self.server.stop()
        with contextlib.closing(sqlite3.connect(self.server.data / 'allmende.db')) as db, db:
            db.execute("UPDATE grants SET role = 'reader' WHERE name = 'pruefung'")
            db.executemany("INSERT INTO grants (name, role, scope, classes, from_, until)"
                           " VALUES ('erfassung', ?, '*', 3, 0, 0)",
                           [('manager',), ('auditor',)])
        self.server.start()
        self.anna.sync()
        self.bert.sync()
        self.bert.edit({'op': 'new', 'kind': 'tree', 'scope': 'local', 'set': {'number': 'N 1'}})

    @contextlib.contextmanager
    def running(self):
        self.server.start()
        try:
            yield
        finally:
            self.server.stop()

    def copy(self, profile):
        self.copies += 1
        path = self.server.folder / f'copy-{self.copies}'
        shutil.copytree(profile, path)
        return str(path)

    def busy(self):
        return self.copy(self.bert.profile)

    @contextlib.contextmanager
    def restored(self):
        """The server comes back from a backup; a workplace knows what was done since."""
        folder, data = self.server.folder, self.server.data
        night, again = folder / 'night', folder / 'again'
        Town.ctl('backup', '--data', str(data), '--to', str(night))
        with self.running():
            one, other = [line['id'] for line in self.anna.say('export', '--kind', 'tree')][20:22]
            tree = self.anna.say('get', one)[0]
            fields = tree['fields']
            self.anna.edit({'op': 'upd', 'id': one, 'set': {'vitality': 1, 'height': 17.5}},
                           {'op': 'upd', 'id': other, 'set': {'height': 3.25}},
                           {'op': 'new', 'scope': tree['scope'], 'kind': 'tree', 'set': {
                               **{name: fields[name] for name in fields if name != 'number'},
                               'number': '4711'}})
            self.anna.sync()
            self.bert.sync()
        path = self.copy(self.bert.profile)
        subprocess.run([hub.ALLMENDED, 'restore', '--from', night, '--data', again], check=True,
                       capture_output=True)
        self.server.data = again
        try:
            with self.running():
                Town.ctl('sync', '--profile', path)
                yield path
        finally:
            self.server.data = data
            shutil.rmtree(again)
            shutil.rmtree(night)

    def managing(self):
        """Erfassung looks after the accounts, too."""
        return self.copy(self.anna.profile)

    def signed_out(self):
        path = self.copy(self.anna.profile)
        for name in ('token',):
            (self.server.folder / path / name).unlink()
        return path

    def empty(self):
        """Where somebody begins without a server."""
        self.n_empty += 1
        path = str(self.server.folder / f'empty-{self.n_empty}')
        Town.ctl('init', '--profile', path)
        for kind in ('tree', 'playground', 'lamp'):
            Town.ctl('model', 'add', kind, '--profile', path)
        return path

    def close(self):
        for desk in (self.anna, self.bert):
            desk.close()
        if self.server.process is None:
            self.server.start()
        self.server.close()
