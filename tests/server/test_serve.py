#!/usr/bin/python3
# SPDX-License-Identifier: EUPL-1.2
"""allmended as a command: init, serve, where it listens, one writer."""

import json
import os
import pathlib
import socket
import subprocess
import tempfile

import hub


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
        missing = init('serve', '--data', data, expect=1).stderr
        assert missing == f'allmended: serve: {data}: there is no such folder\n', missing
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
