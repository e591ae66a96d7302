#!/usr/bin/python3
# SPDX-License-Identifier: EUPL-1.2
"""Requests that are none: malformed, huge, torn, smuggled.  Each gets its 4xx or is hung up on,
and the server lives and its memory stays small."""

import errno
import json
import socket

import hub

MIB = 1024 * 1024


def lives(server):
    assert server.expect(200, 'GET', '/healthz').json() == {'status': 'ok'}


def memory_kb(server):
    with open(f'/proc/{server.process.pid}/status') as status:
        return int(next(line for line in status if line.startswith('VmHWM')).split()[1])


def test_malformed(server):
    """What is no HTTP at all."""
    for data in [b'\r\n\r\n', b'GET\r\n\r\n', b'GET / HTTP/9.9\r\n\r\n', b'\x00\x01\x02\r\n\r\n',
                 b'GET / HTTP/1.1\r\nHost\r\n\r\n', b'FLY /v1/feed HTTP/1.1\r\nHost: x\r\n\r\n',
                 b'GET http://[ HTTP/1.1\r\nHost: x\r\n\r\n', b'GET /%00 HTTP/1.1\r\nHost: x\r\n\r\n',
                 b'GET /%zz HTTP/1.1\r\nHost: x\r\n\r\n', b'GET /%ff HTTP/1.1\r\nHost: x\r\n\r\n',
                 b'GET ' + b'/a' * 50000 + b' HTTP/1.1\r\nHost: x\r\n\r\n',
                 b'OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n',
                 b'GET / HTTP/1.1\r\nHost: x\r\n' + b'X: y\r\n' * 20000 + b'\r\n']:
        with server.connect() as connection:
            try:
                connection.sendall(data)
                connection.shutdown(socket.SHUT_WR)
                with connection.makefile('rb') as stream:
                    reply = hub.read_reply(stream)
            except OSError as gone:
                # Hung up on; where that was sooner than our own end, there is nothing to end.
                assert gone.errno in (errno.ECONNRESET, errno.EPIPE, errno.ENOTCONN), gone
                reply = None
        assert reply is None or 400 <= reply.status < 500 or reply.status == 505, data[:60]
    lives(server)


def test_torn(server):
    """The client is gone in the middle, at each byte of a request."""
    whole = (b'POST /v1/feed HTTP/1.1\r\nHost: x\r\nContent-Length: 20\r\n\r\n'
             b'{"epoch":"x","cursor')
    for length in range(len(whole)):
        with server.connect() as connection:
            connection.sendall(whole[:length])
    lives(server)


def test_two_readings_of_one_length(server):
    """Framing that another reader would understand otherwise."""
    head = b'POST /v1/feed HTTP/1.1\r\nHost: x\r\n'
    for data in [head + b'Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
                 head + b'Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}',
                 head + b'Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}',
                 head + b'Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
                 head + b'Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n',
                 head + b'Host: y\r\nContent-Length: 2\r\n\r\n{}',
                 head + b'Content-Length: +2\r\n\r\n{}',
                 head + b'Content-Length: 0x2\r\n\r\n{}']:
        with server.connect() as connection:
            connection.sendall(data + b'GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n')
            connection.shutdown(socket.SHUT_WR)
            with connection.makefile('rb') as stream:
                everything = stream.read()
        assert everything.startswith((b'HTTP/1.1 400', b'HTTP/1.1 501')) or not everything, data
        assert b'"status":"ok"' not in everything, (data, everything)
    lives(server)


def test_nothing_is_smuggled(server):
    """A second request inside the body of the first is never answered."""
    inner = b'GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n'
    data = (b'POST /v1/feed HTTP/1.1\r\nHost: x\r\nContent-Length: 6\r\n'
            b'Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n' + inner)
    with server.connect() as connection:
        connection.sendall(data)
        with connection.makefile('rb') as stream:
            everything = stream.read()
    assert b'"status":"ok"' not in everything, everything


def test_announced_too_large(server):
    reply = server.raw(b'POST /v1/push HTTP/1.1\r\nHost: x\r\nContent-Length: 8388609\r\n\r\n'
                       + b' ' * 8388609)
    assert reply.status == 413, reply.status
    lives(server)


def test_who_asks_first_need_not_send(server):
    """Expect: 100-continue of a body that is too large is answered at once."""
    reply = server.raw(b'POST /v1/push HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999\r\n'
                       b'Expect: 100-continue\r\n\r\n')
    assert reply.status == 413, reply.status


def test_too_large_in_chunks(server):
    """Nobody says how long it will be: counted as it comes, and not kept."""
    before = memory_kb(server)
    with server.connect() as connection:
        connection.sendall(b'POST /v1/push HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n')
        chunk = b'100000\r\n' + b' ' * MIB + b'\r\n'
        for _ in range(48):
            connection.sendall(chunk)
        connection.sendall(b'0\r\n\r\n')
        with connection.makefile('rb') as stream:
            reply = hub.read_reply(stream)
    assert reply.status == 413, reply.status
    assert memory_kb(server) - before < 40 * 1024, memory_kb(server) - before
    lives(server)


def test_without_end(server):
    """A body that never ends loses its connection."""
    with server.connect() as connection:
        connection.sendall(b'POST /v1/push HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n')
        chunk = b'100000\r\n' + b' ' * MIB + b'\r\n'
        try:
            for _ in range(2000):
                connection.sendall(chunk)
            raise AssertionError('it took 2 GB')
        except (ConnectionResetError, BrokenPipeError):
            pass
    lives(server)


def test_many_at_once(server):
    """Hundreds of open connections that say nothing do not stop the next one."""
    idle = [server.connect() for _ in range(300)]
    for one in idle[::2]:
        one.sendall(b'POST /v1/feed HT')
    lives(server)
    for one in idle:
        one.close()
    lives(server)


def test_many_large_bodies_at_once(server):
    """Forty clients hold back the end of 8 MiB each: the server keeps 256 MiB and no more.
    On a slow machine some have used up its patience by then and are hung up on."""
    open_ones = []
    for _ in range(40):
        one = server.connect()
        open_ones.append(one)
        try:
            one.sendall(b'POST /v1/push HTTP/1.1\r\nHost: x\r\nContent-Length: 8388608\r\n\r\n'
                        + b' ' * (8 * MIB - 1))
        except (BrokenPipeError, ConnectionResetError):
            pass
    answers = []
    for one in open_ones:
        try:
            one.sendall(b' ')
            with one, one.makefile('rb') as stream:
                reply = hub.read_reply(stream)
            answers.append(reply.status if reply else None)
        except (BrokenPipeError, ConnectionResetError):
            answers.append(None)
    assert set(answers) <= {401, 503, None} and set(answers) != {401}, set(answers)
    assert memory_kb(server) < 450 * 1024, memory_kb(server)
    lives(server)


def test_unknown_coding(server):
    server.expect(415, 'POST', '/v1/feed', b'{}', headers=['Content-Encoding: gzip'])


def test_paths(server):
    for status, method, path in [(404, 'GET', '/'), (404, 'GET', '/v2/feed'), (405, 'GET', '/v1/feed'),
                                 (405, 'DELETE', '/v1/login'), (404, 'GET', '/v1/feed/..'),
                                 (404, 'GET', '/%2e%2e/%2e%2e/etc/passwd'), (404, 'GET', '/v1/login/'),
                                 (401, 'GET', '/v1/users'), (401, 'GET', '/v1/users?x=1')]:
        reply = server.expect(status, method, path)
        assert reply.headers['content-type'] == 'application/problem+json', path
        assert set(json.loads(reply.body)) >= {'status', 'code', 'detail'}


def test_head(server):
    reply = server.expect(200, 'HEAD', '/healthz')
    assert reply.body == b'' and reply.headers['content-length'] == '16'


def test_one_connection_many_requests(server):
    with server.connect() as connection, connection.makefile('rb') as stream:
        for _ in range(50):
            connection.sendall(b'GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n')
            assert hub.read_reply(stream).status == 200


if __name__ == '__main__':
    hub.run(globals())
