#!/usr/bin/python3
# SPDX-License-Identifier: EUPL-1.2
"""Requests that are none: malformed, huge, torn, smuggled.  Each gets its 4xx, none is carried out,
and the server lives and its memory stays small."""

import json
import os
import resource
import socket

import hub

MIB = 1024 * 1024


def lives(server):
    assert server.expect(200, 'GET', '/healthz').json() == {'status': 'ok'}


def memory_kb(server):
    with open(f'/proc/{server.process.pid}/status') as status:
        return int(next(line for line in status if line.startswith('VmHWM')).split()[1])


def ask_raw(server, data, end=True):
    """The first answer and what else came, to bytes that may be sent while it is written."""
    with server.connect() as connection:
        connection.sendall(data)
        if end:
            connection.shutdown(socket.SHUT_WR)
        with connection.makefile('rb') as stream:
            return hub.read_reply(stream), stream.read()


def refused(server, status, data, end=True):
    """@data gets @status and one problem, and nothing after it."""
    reply, rest = ask_raw(server, data, end)
    assert reply is not None, data[:80]
    assert reply.status == status, (data[:80], reply.status, reply.body)
    assert reply.headers['content-type'] == 'application/problem+json', data[:80]
    assert reply.headers['connection'] == 'close' and rest == b'', (data[:80], rest)
    problem = reply.json()
    assert problem['status'] == status and problem['code'] and problem['detail'], problem


HOST = b'Host: x\r\n'
GET = b'GET / HTTP/1.1\r\n'
END = b'\r\n'


def test_malformed(server):
    """What is no HTTP at all.  Nobody waits for more than shows it."""
    for data in [b'\r\n\r\n', b'\n\n', b' \r\n\r\n', b'GET\r\n\r\n', b'GET /\r\n\r\n',
                 b'GET / HTTP/9.9\r\n' + HOST + END, b'GET / HTTP/1.2\r\n' + HOST + END,
                 b'GET / HTTP/1.1 \r\n' + HOST + END, b'GET  / HTTP/1.1\r\n' + HOST + END,
                 b'GET\t/ HTTP/1.1\r\n' + HOST + END, b'GET / http/1.1\r\n' + HOST + END,
                 b'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', b'OPTIONS * HTTP/1.1\r\n' + HOST + END,
                 b'CONNECT x:80 HTTP/1.1\r\n' + HOST + END, b'G(T / HTTP/1.1\r\n' + HOST + END,
                 b'\x00\x01\x02', b'\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', b'\xff' * 9000,
                 b'GET x HTTP/1.1\r\n' + HOST + END, b'GET http://[ HTTP/1.1\r\n' + HOST + END,
                 b'GET https://x/ HTTP/1.1\r\n' + HOST + END, b'GET /#x HTTP/1.1\r\n' + HOST + END,
                 b'GET /%zz HTTP/1.1\r\n' + HOST + END, b'GET /% HTTP/1.1\r\n' + HOST + END,
                 b'GET /\xc3\xb6 HTTP/1.1\r\n' + HOST + END, b'GET /<x> HTTP/1.1\r\n' + HOST + END,
                 GET + END, GET + b'Host\r\n\r\n', GET + b'Host:\r\n\r\n',
                 GET + b'Host: a/b\r\n\r\n', GET + b'Host: a@b\r\n\r\n',
                 GET + b'Host: x:99999\r\n\r\n', GET + b'Host: [::x]\r\n\r\n',
                 GET + HOST + b': y\r\n\r\n', GET + HOST + b'A b: y\r\n\r\n',
                 GET + HOST + b'A : y\r\n\r\n', GET + HOST + b'A: y\r\n folded\r\n\r\n',
                 GET + b' Host: x\r\n\r\n', GET + HOST + b'A: y\rB: z\r\n\r\n',
                 GET + HOST + b'A: y\nB: z\r\n\r\n', GET + HOST + b'A: y\r\n\n',
                 GET + HOST + b'A: \x00\r\n\r\n', GET + HOST + b'A: \x7f\r\n\r\n']:
        refused(server, 400, data, end=b'\n' not in data)
    lives(server)


def test_what_the_city_does_not_know(server):
    """Sound HTTP, which the server proper answers."""
    for status, data in [(404, GET + HOST + END), (404, b'GET / HTTP/1.0\r\n\r\n'),
                         (404, b'GET http://x.example:80/y?z=%20 HTTP/1.1\r\n' + HOST + END),
                         (404, GET + b'Host: [2001:db8::1]:80\r\n\r\n'),
                         (404, GET + HOST + b'A:\xe4\t b \r\nB:\r\n\r\n'),
                         (405, b'FLY /v1/feed HTTP/1.1\r\n' + HOST + END),
                         (400, b'GET /%ff HTTP/1.1\r\n' + HOST + END),
                         (400, b'GET /%00 HTTP/1.1\r\n' + HOST + END),
                         (417, GET + HOST + b'Expect: flowers\r\n\r\n')]:
        reply, rest = ask_raw(server, data, end=False)
        assert reply.status == status and rest == b'', (data, reply.status, rest)
    lives(server)


def test_sizes(server):
    """Each limit, and one byte or header more."""
    path = b'/' + b'a' * 8191
    fill = 32768 - len(GET + HOST + b'A: \r\n' + END)
    many = b'X: y\r\n' * 99
    for status, data in [(404, b'GET ' + path + b' HTTP/1.1\r\n' + HOST + END),
                         (414, b'GET ' + path + b'a HTTP/1.1\r\n' + HOST + END),
                         (404, GET + HOST + b'A: ' + b'a' * fill + b'\r\n' + END),
                         (431, GET + HOST + b'A: ' + b'a' * (fill + 1) + b'\r\n' + END),
                         (404, GET + HOST + many + END), (431, GET + HOST + many + b'X: y\r\n')]:
        if status == 404:
            assert ask_raw(server, data)[0].status == 404, data[:40]
        else:
            refused(server, status, data)
    for status, data in [(431, GET + HOST + b'X: yyyyyyyyyy\r\n' * 70000 + END),
                         (431, GET + HOST + b'X: ' + b'y' * MIB + END + END),
                         (414, b'GET /' + b'a' * MIB + b' HTTP/1.1\r\n' + HOST + END),
                         (414, b'GET /' + b'a' * (16 * MIB)), (400, b'x' * MIB)]:
        refused(server, status, data)
    lives(server)


def test_byte_by_byte(server):
    """A request is the same one, however it was cut."""
    body = b'5\r\n{"a":\r\n2\r\n1}\r\n0\r\n\r\n'
    data = b'POST /v1/feed HTTP/1.1\r\n' + HOST + b'Transfer-Encoding: chunked\r\n\r\n' + body
    with server.connect() as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for i in range(len(data)):
            connection.sendall(data[i:i + 1])
        with connection.makefile('rb') as stream:
            assert hub.read_reply(stream).status == 401


def test_a_head_that_is_cut_is_not_carried_out(server):
    token = server.login('chef', hub.desk_id(90))
    head = (b'POST /v1/logout HTTP/1.1\r\n' + HOST + f'Authorization: Bearer {token}\r\n'.encode())
    for length in (10, 24, 33, len(head) - 1, len(head)):
        refused(server, 400, head[:length])
    refused(server, 400, head + b'\r')
    server.expect(200, 'GET', '/v1/users', token=token)
    assert ask_raw(server, head + END)[0].status in (200, 204)
    server.expect(401, 'GET', '/v1/users', token=token)


def test_a_body_that_is_cut_is_not_carried_out(server):
    """Whole lines of a push, whose end is missing or no end."""
    tokens = server.city()
    lines = [{'desk': hub.desk_id(1), 'epoch': server.epoch, 'first': 1},
             {'n': 1, 'cid': '1' * 16, **hub.new_tree(1)}]
    body = ''.join(json.dumps(line) + '\n' for line in lines).encode()
    head = (b'POST /v1/push HTTP/1.1\r\n' + HOST
            + f'Authorization: Bearer {tokens["anna"]}\r\n'.encode())
    chunk = b'%x\r\n' % len(body) + body + b'\r\n'
    coded = head + b'Transfer-Encoding: chunked\r\n\r\n'
    for data in [head + b'Content-Length: %d\r\n\r\n' % (len(body) + 1) + body,
                 coded + chunk, coded + chunk + b'0', coded + chunk + b'0\r\n',
                 coded + chunk + b'0\r\n\r']:
        refused(server, 400, data)
    for end in [b'zz\r\n\r\n', b'\r\n\r\n', b'-1\r\n\r\n', b'0x0\r\n\r\n', b' 0\r\n\r\n',
                b'0 \r\n\r\n', b'0\n\n', b'0\r\n\n', b'0\rx', b'000000000\r\n\r\n',
                b'0\r\nTrailer: x\r\n\r\n', b'0;' + b'x' * 100 + b'\r\n\r\n', b'0;\n\r\n\r\n']:
        refused(server, 400, coded + chunk + end, end=False)
    refused(server, 400, coded + b'%x\r\n' % (len(body) - 1) + body + b'\r\n0\r\n\r\n', end=False)
    assert server.feed(tokens['bert'], {hub.BAEUME: 0})[:-1] == []
    reply, _ = ask_raw(server, coded + chunk + b'0;x="y"\r\n\r\n', end=False)
    assert reply.status == 200 and reply.lines()[0]['r'] == 'ok', reply.body
    assert len(server.feed(tokens['bert'], {hub.BAEUME: 0})) == 2


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
                 head + b'Content-Length: 2\r\ncontent-length: 2\r\n\r\n{}',
                 head + b'Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
                 head + b'Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n',
                 head + b'Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n',
                 head + b'Transfer-Encoding:\r\n\r\n0\r\n\r\n',
                 b'POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
                 head + b'Host: y\r\nContent-Length: 2\r\n\r\n{}',
                 head + b'Content-Length: +2\r\n\r\n{}',
                 head + b'Content-Length: -2\r\n\r\n{}',
                 head + b'Content-Length: 2, 2\r\n\r\n{}',
                 head + b'Content-Length: 2 2\r\n\r\n{}',
                 head + b'Content-Length:\r\n\r\n{}',
                 head + b'Content-Length: 0x2\r\n\r\n{}']:
        refused(server, 400, data + b'GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n')
    refused(server, 413, head + b'Content-Length: ' + b'9' * 40 + b'\r\n\r\n')
    lives(server)


def test_one_request_to_a_connection(server):
    """What is sent behind a request is nobody's, however much it looks like one."""
    inner = b'GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n'
    for first in [b'GET / HTTP/1.1\r\nHost: x\r\n\r\n',
                  b'GET / HTTP/1.1\r\nHost: x\r\nConnection: keep-alive\r\n\r\n',
                  b'GET /a/%2e%2e/b HTTP/1.1\r\nHost: x\r\n\r\n',
                  b'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}',
                  b'POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n']:
        reply, rest = ask_raw(server, first + inner * 1000, end=False)
        assert reply.status in (400, 404) and rest == b'', (first, reply.status, rest)
    lives(server)


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


def test_no_descriptors_left(server):
    """Those who came first are served, those behind them wait for their turn."""
    used = len(os.listdir(f'/proc/{server.process.pid}/fd'))
    resource.prlimit(server.process.pid, resource.RLIMIT_NOFILE, (used + 20, used + 20))
    idle = [server.connect() for _ in range(60)]
    with server.connect() as last, last.makefile('rb') as stream:
        last.sendall(b'GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n')
        for one in idle:
            one.close()
        assert hub.read_reply(stream).status == 200
    lives(server)


if __name__ == '__main__':
    hub.run(globals())
