# SPDX-License-Identifier: EUPL-1.2
"""Real desks: allmendectl with profiles of their own, beside a real allmended."""

import json
import os
import pathlib
import shutil
import subprocess
import tempfile

import hub

ALLMENDECTL = os.environ.get('ALLMENDECTL', 'allmendectl')
# No key ring: the token lies in the profile.
ENVIRONMENT = {**os.environ, 'LC_ALL': 'C.UTF-8', 'DBUS_SESSION_BUS_ADDRESS': 'none'}


class Desk:
    def __init__(self, server, user):
        self.server, self.user = server, user
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix='allmende-desk-'))
        self.profile = self.folder / 'profile'
        self.login()

    def login(self):
        self.say('login', self.user, '--server', self.server.urls[0], '--password-file', '-',
                 text=hub.PASSWORD + '\n')

    def words(self, *words):
        return [ALLMENDECTL, '--profile', str(self.profile), *words]

    def run(self, *words, text=''):
        return subprocess.run(self.words(*words), input=text, capture_output=True, text=True,
                              env=ENVIRONMENT, timeout=hub.LIMIT_S)

    def start(self, *words):
        return subprocess.Popen(self.words(*words), stdin=subprocess.PIPE, env=ENVIRONMENT,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def say(self, *words, text='', code=0):
        """Its lines of JSON; it must end with @code."""
        done = self.run(*words, text=text)
        assert done.returncode == code, f'{words}: {done.returncode} {done.stdout} {done.stderr}'
        return [json.loads(line) for line in done.stdout.splitlines()]

    def edit(self, *lines):
        return self.say('edit', '-', text=''.join(json.dumps(line) + '\n' for line in lines))

    def sync(self, code=0):
        return self.say('sync', '--timeout', str(hub.LIMIT_S), code=code)[0]

    def export(self):
        return {line['id']: line for line in self.say('export')}

    def fields(self, number):
        return self.say('get', tree(number))[0]['fields']

    def conflicts(self):
        return self.say('conflicts')

    def status(self):
        return self.say('status')[0]

    def close(self):
        shutil.rmtree(self.folder)


def copy(desk, name='copy'):
    """The same profile once more, token and all."""
    other = Desk.__new__(Desk)
    other.server, other.user = desk.server, desk.user
    other.folder = desk.folder / name
    other.profile = other.folder / 'profile'
    shutil.copytree(desk.profile, other.profile)
    return other


def tree(number):
    return hub.desk_id(1000 + number)


def new(number, **fields):
    return {'op': 'new', 'scope': hub.BAEUME, 'kind': 'tree', 'id': tree(number),
            'set': {'species': 'Linde', **fields}}


def upd(number, **fields):
    return {'op': 'upd', 'id': tree(number), 'set': fields}


def prepare(server, grants=None):
    """The city, and desks of anna and bert that are in step with it."""
    server.city()
    admin = server.login('chef', hub.desk_id(90))
    for user in ('anna', 'bert'):
        server.expect(200, 'PUT', f'/v1/users/{user}/grants',
                      {'grants': grants or [{'role': 'editor', 'scope': hub.BAEUME}]}, admin)
    pair = Desk(server, 'anna'), Desk(server, 'bert')
    for desk in pair:
        desk.sync()
    return admin, *pair
