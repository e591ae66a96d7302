#!/usr/bin/python3
# SPDX-License-Identifier: EUPL-1.2
"""Login, logout, hello, tokens, and the founding of a server."""

import concurrent.futures
import json
import os
import pathlib
import socket
import subprocess
import tempfile

import hub


def test_login_and_out(server):
    token = server.login('chef', hub.desk_id(1))
    said = server.expect(200, 'POST', '/v1/hello', {'desk': hub.desk_id(1), 'program': 'test',
                                                    'protocol': 1}, token).json()
    assert said['server'] == server.made['server'] and said['epoch'] == server.epoch
    assert said['next'] == 1 and said['limits'] == {'body': 8388608, 'commands': 2000}
    assert [scope['scope'] for scope in said['scopes']] == ['system']
    assert set(said['roles']) == {'manager', 'operator', 'auditor', 'steward'}
    server.expect(204, 'POST', '/v1/logout', token=token)
    server.expect(401, 'POST', '/v1/hello', {'desk': hub.desk_id(1)}, token)


def test_unknown_and_wrong_look_alike(server):
    def fail(user):
        reply = server.expect(401, 'POST', '/v1/login', {
            'user': user, 'password': 'falsch falsch', 'desk': hub.desk_id(1), 'name': 'x'})
        return reply.body, {k: v for k, v in reply.headers.items() if k != 'date'}
    assert fail('chef') == fail('niemand')


def test_tries_are_slowed_down(server):
    ask = {'user': 'chef', 'password': 'falsch falsch', 'desk': hub.desk_id(1), 'name': 'x'}
    for _ in range(5):
        server.expect(401, 'POST', '/v1/login', ask)
    reply = server.expect(429, 'POST', '/v1/login', ask)
    assert int(reply.headers['retry-after']) >= 1
    # Never a lock-out.
    hub.wait(lambda: server.ask('POST', '/v1/login', {**ask, 'password': hub.PASSWORD}).status == 200,
             'the delay to end')


def test_a_crowd_logs_in(server):
    """At most 32 wait for a hash; the others are told to come back, and everybody gets in."""
    def login(n):
        tries = 0
        while True:
            reply = server.ask('POST', '/v1/login', {'user': 'chef', 'password': hub.PASSWORD,
                                                     'desk': hub.desk_id(n), 'name': 'x'})
            if reply.status == 200:
                return tries
            assert reply.status == 503 and 'retry-after' in reply.headers, reply.status
            tries += 1
    with concurrent.futures.ThreadPoolExecutor(60) as pool:
        tries = list(pool.map(login, range(1, 61)))
    assert sum(tries) > 0, 'nobody was ever told to come back'


def test_tokens_that_are_none(server):
    for token in ['', 'x', '0' * 64, '0' * 63 + 'g', '0' * 4000, 'ä']:
        server.expect(401, 'POST', '/v1/hello', {'desk': hub.desk_id(1)}, token or ' ')
    server.expect(401, 'POST', '/v1/hello', {'desk': hub.desk_id(1)},
                  headers=['Authorization: Basic Y2hlZjp4'])


def test_found_once():
    with tempfile.TemporaryDirectory(prefix='allmende-server-') as folder:
        data = pathlib.Path(folder, 'data')
        password = pathlib.Path(folder, 'password')

        def init(*words, text='', expect=0):
            done = subprocess.run([hub.ALLMENDED, *map(str, words)], input=text,
                                  capture_output=True, text=True)
            assert done.returncode == expect, (words, done.returncode, done.stderr)
            return done
        init('init', '--data', data, '--admin', 'chef', text='zu kurz\n', expect=2)
        init('init', '--data', data, '--admin', 'chef', text='', expect=1)
        init('init', '--data', data, '--admin', 'Chef', text=hub.PASSWORD, expect=2)
        init('init', '--data', data, expect=2)
        init('init', '--admin', 'chef', expect=2)
        init('init', '--data', data, '--admin', 'chef', '--listen', '127.0.0.1:0', expect=2)
        init('fly', '--data', data, expect=2)
        init(expect=2)
        init('serve', '--data', data, expect=1)
        password.write_text(hub.PASSWORD + '\n')
        said = json.loads(init('init', '--data', data, '--admin', 'chef', '--password-file',
                               password).stdout)
        assert set(said) == {'server', 'epoch'}
        init('init', '--data', data, '--admin', 'chef', text=hub.PASSWORD, expect=1)
        mode = (data / 'allmende.db').stat().st_mode & 0o777
        assert mode == 0o600 and data.stat().st_mode & 0o777 == 0o700, oct(mode)


def test_listens_on_this_machine_only(server):
    for address in ['0.0.0.0:0', '192.0.2.1:80', '[::]:0', ':80', 'localhost:80', '127.0.0.1',
                    '127.0.0.1:99999', '127.0.0.1:-1', '::1:80', 'unix:', '', '[127.0.0.1]:1']:
        done = subprocess.run([hub.ALLMENDED, 'serve', '--data', server.data, '--listen', address],
                              capture_output=True, text=True)
        assert done.returncode == 2 and address in done.stderr, (address, done.stderr)


def test_one_writer(server):
    done = subprocess.run([hub.ALLMENDED, 'serve', '--data', server.data, '--listen', '127.0.0.1:0'],
                          capture_output=True, text=True)
    assert done.returncode == 1 and f'in use by allmended (pid {server.process.pid})' in done.stderr


def test_unix_socket():
    long = 'x' * 80
    server = hub.Server(listen=[f'unix:DIR/{long}.sock'])
    try:
        # The client's path has the same limit; it goes through the folder as well.
        folder = os.open(server.folder, os.O_RDONLY)
        one = socket.socket(socket.AF_UNIX)
        one.connect(f'/proc/self/fd/{folder}/{long}.sock')
        one.sendall(b'GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n')
        with one.makefile('rb') as stream:
            assert hub.read_reply(stream).status == 200
        one.close()
        os.close(folder)
        # A killed one leaves its socket behind; the next one takes its place.
        server.stop(9)
        server.start()
        assert server.urls[0].endswith(f'{long}.sock')
    finally:
        server.close()


if __name__ == '__main__':
    hub.run(globals())
