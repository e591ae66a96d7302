# SPDX-License-Identifier: EUPL-1.2
"""A real allmended in a folder of its own, and raw requests to it.

A test file has functions test_…(server) and ends with `hub.run (globals ())`; each case
gets its own server where it asks for one by the name of its parameter.
"""

import inspect
import json
import os
import pathlib
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import traceback
import uuid

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / 'lib'))

import waiting

LIMIT_S, wait = waiting.LIMIT_S, waiting.wait
PASSWORD = 'ein langes Passwort'
ALLMENDED = os.environ.get('ALLMENDED', 'allmended')
BAEUME = 'ksj/baeume'

TREE = {
    'type': 'object', 'title': 'Baum', 'required': ['species'], 'properties': {
        'species': {'type': 'string', 'title': 'Art'},
        'year': {'type': 'integer', 'title': 'Jahr', 'minimum': 1500, 'maximum': 2100},
        'visits': {'type': 'integer', 'title': 'Besuche', 'x-alm-merge': 'counter'},
        'owner': {'type': 'string', 'title': 'Eigner', 'x-alm-class': 'personal'}}}


class Reply:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    def json(self):
        return json.loads(self.body)

    def lines(self):
        return [json.loads(line) for line in self.body.decode().splitlines()]


def desk_id(n):
    return f'00000000-0000-7000-8000-{n:012d}'


def read_reply(stream, method='GET'):
    """One HTTP answer from a file of a socket; None where the connection was closed."""
    line = stream.readline()
    if not line:
        return None
    status = int(line.split()[1])
    headers = {}
    while (line := stream.readline()) not in (b'\r\n', b'\n', b''):
        name, value = line.decode('latin-1').split(':', 1)
        headers[name.strip().lower()] = value.strip()
    if status == 100:
        return read_reply(stream, method)
    length = int(headers.get('content-length', 0))
    body = b'' if method == 'HEAD' or status in (204, 304) else stream.read(length)
    return Reply(status, headers, body)


class Server:
    def __init__(self, listen=None, options=(), found=True):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix='allmende-server-'))
        self.data = self.folder / 'data'
        self.listen = listen or ['127.0.0.1:0']
        self.options = options
        self.process = None
        if found:
            made = subprocess.run([ALLMENDED, 'init', '--data', self.data, '--admin', 'chef'],
                                  input=PASSWORD + '\n', capture_output=True, text=True)
            assert made.returncode == 0, made.stderr
            self.made = json.loads(made.stdout)
            self.start()

    def start(self):
        words = [ALLMENDED, 'serve', '--data', self.data, *self.options]
        for address in self.listen:
            words += ['--listen', address.replace('DIR', str(self.folder))]
        self.process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        first = self.process.stdout.readline()
        assert first, self.process.stderr.read().decode()
        self.said = json.loads(first)
        self.epoch = self.said['epoch']
        self.urls = self.said['listening']
        if self.urls[0].startswith('http://127.'):
            self.port = int(self.urls[0].rsplit(':', 1)[1])

    def stop(self, number=signal.SIGTERM):
        """Ends it; its exit code."""
        if self.process is None:
            return None
        self.process.send_signal(number)
        code = self.process.wait(LIMIT_S)
        self.complaints = self.process.stderr.read().decode()
        self.process.stdout.close()
        self.process.stderr.close()
        self.process = None
        return code

    def close(self):
        code = self.stop()
        shutil.rmtree(self.folder)
        assert code in (0, None), f'exit {code}: {self.complaints}'

    def connect(self):
        if self.urls[0].startswith('unix:'):
            one = socket.socket(socket.AF_UNIX)
            one.settimeout(LIMIT_S)
            one.connect(self.urls[0][5:])
            return one
        return socket.create_connection(('127.0.0.1', self.port), LIMIT_S)

    def raw(self, data):
        """Sends bytes as they are; the answer, or None if there is none."""
        with self.connect() as connection:
            try:
                connection.sendall(data)
            except (BrokenPipeError, ConnectionResetError):
                pass
            try:
                with connection.makefile('rb') as stream:
                    return read_reply(stream)
            except ConnectionResetError:
                return None

    def ask(self, method, path, body=None, token=None, headers=()):
        if body is not None and not isinstance(body, bytes):
            body = (body if isinstance(body, str) else json.dumps(body)).encode()
        lines = [f'{method} {path} HTTP/1.1', 'Host: localhost', *headers]
        if token:
            lines.append(f'Authorization: Bearer {token}')
        if body is not None:
            lines.append(f'Content-Length: {len(body)}')
        lines.append('Connection: close')
        with self.connect() as connection:
            connection.sendall('\r\n'.join(lines + ['', '']).encode() + (body or b''))
            with connection.makefile('rb') as stream:
                reply = read_reply(stream, method)
        assert reply is not None, f'no answer to {method} {path}'
        return reply

    def expect(self, status, method, path, body=None, token=None, headers=()):
        reply = self.ask(method, path, body, token, headers)
        assert reply.status == status, f'{method} {path}: {reply.status} {reply.body[:300]}'
        return reply

    def login(self, user, desk, password=PASSWORD):
        return self.expect(200, 'POST', '/v1/login', {'user': user, 'password': password,
                                                      'desk': desk, 'name': 'Rechner'}).json()['token']

    def add(self, admin, user, desk, grants):
        self.expect(201, 'POST', '/v1/users', {'name': user, 'title': user.title(),
                                               'password': PASSWORD}, admin)
        self.expect(200, 'PUT', f'/v1/users/{user}/grants', {'grants': grants}, admin)
        return self.login(user, desk)

    def push(self, token, desk, first, commands, status=200):
        """Commands are dicts without n and cid, or whole lines."""
        lines = [json.dumps({'desk': desk, 'epoch': self.epoch, 'first': first})]
        for i, command in enumerate(commands):
            lines.append(json.dumps({'n': first + i, 'cid': f'{first + i:016x}', **command}))
        return self.expect(status, 'POST', '/v1/push', '\n'.join(lines) + '\n', token)

    def feed(self, token, cursors, wait=0, **more):
        return self.expect(200, 'POST', '/v1/feed', {'epoch': self.epoch, 'cursors': cursors,
                                                     'wait': wait, **more}, token).lines()

    def city(self):
        """A model, a scope, an administrator and two editors: tokens by name."""
        admin = self.login('chef', desk_id(90))
        self.push(admin, desk_id(90), 1, [
            {'op': 'new', 'base': 0, 'scope': 'system', 'kind': 'model', 'id': desk_id(901),
             'set': {'name': 'tree', 'schema': TREE}},
            {'op': 'new', 'base': 0, 'scope': 'system', 'kind': 'scope', 'id': desk_id(902),
             'set': {'path': BAEUME, 'title': 'Bäume'}}])
        editor = [{'role': 'editor', 'scope': BAEUME}]
        return {'chef': admin, 'anna': self.add(admin, 'anna', desk_id(1), editor),
                'bert': self.add(admin, 'bert', desk_id(2), editor)}


def new_tree(n, **fields):
    return {'op': 'new', 'base': 0, 'scope': BAEUME, 'kind': 'tree', 'id': desk_id(1000 + n),
            'set': {'species': 'Linde', **fields}}


def run(names):
    """Runs the cases in the order they stand; prints the suite's line."""
    passed = failed = 0
    for name, case in [(n, f) for n, f in names.items() if n.startswith('test_')]:
        server = None
        try:
            if 'server' in inspect.signature(case).parameters:
                server = Server()
                case(server)
                server.close()
                server = None
            else:
                case()
            passed += 1
            print(f'ok {name}', flush=True)
        except Exception:
            failed += 1
            traceback.print_exc(file=sys.stdout)
            print(f'failed {name}', flush=True)
            if server is not None:
                server.stop(signal.SIGKILL)
                print(server.complaints)
                shutil.rmtree(server.folder, ignore_errors=True)
    print(f'server: {passed} passed, {failed} failed')
    sys.exit(failed > 0)
