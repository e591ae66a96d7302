#!/usr/bin/python3
# SPDX-License-Identifier: EUPL-1.2
"""The feed: long poll, many who wait, rights that change meanwhile, history."""

import concurrent.futures
import json
import time

import hub

ANNA, BERT = hub.desk_id(1), hub.desk_id(2)


def start_poll(server, token, cursors, wait=30):
    """Sends the request; the connection, on which the answer will come."""
    body = json.dumps({'epoch': server.epoch, 'cursors': cursors, 'wait': wait}).encode()
    connection = server.connect()
    connection.sendall(f'POST /v1/feed HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n'
                       f'Content-Length: {len(body)}\r\n\r\n'.encode() + body)
    return connection


def end_poll(connection):
    with connection, connection.makefile('rb') as stream:
        reply = hub.read_reply(stream)
    assert reply.status == 200, reply.body
    return reply.lines()


def test_news_wakes(server):
    tokens = server.city()
    waiting = [start_poll(server, tokens['bert'], {hub.BAEUME: 0}) for _ in range(50)]
    other = start_poll(server, tokens['bert'], {'system': 2})
    server.push(tokens['anna'], ANNA, 1, [hub.new_tree(1)])
    for connection in waiting:
        lines = end_poll(connection)
        assert lines[0]['id'] == hub.desk_id(1001) and lines[-1]['cursors'] == {hub.BAEUME: 1}
    # Who waits for another scope goes on waiting.
    other.setblocking(False)
    try:
        assert other.recv(1) != b'', 'hung up'
        raise AssertionError('woken for nothing')
    except BlockingIOError:
        other.close()


def test_nothing_is_missed_in_between(server):
    """Pushes and polls race; each poll that starts behind finds what is there at once."""
    tokens = server.city()
    seen = []

    def follow():
        cursor = 0
        while cursor < 60:
            lines = end_poll(start_poll(server, tokens['bert'], {hub.BAEUME: cursor}))
            seen.extend(line['v'] for line in lines[:-1])
            cursor = lines[-1]['cursors'][hub.BAEUME]
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        done = pool.submit(follow)
        for i in range(1, 61):
            server.push(tokens['anna'], ANNA, i, [hub.new_tree(i)])
        done.result(hub.LIMIT_S)
    assert seen == list(range(1, 61)), seen


def test_the_time_runs_out(server):
    tokens = server.city()
    lines = end_poll(start_poll(server, tokens['bert'], {hub.BAEUME: 0}, wait=1))
    assert len(lines) == 1 and lines[0]['more'] is False


def test_rights_wake_too(server):
    tokens = server.city()
    before = end_poll(start_poll(server, tokens['bert'], {hub.BAEUME: 0}, wait=0))[-1]['rights']
    waiting = start_poll(server, tokens['bert'], {hub.BAEUME: 0})
    server.expect(200, 'PUT', '/v1/users/bert/grants', {'grants': []}, tokens['chef'])
    lines = end_poll(waiting)
    assert lines[-1]['rights'] != before and lines[-1]['cursors'] == {}


def test_who_is_thrown_out_hears_so(server):
    tokens = server.city()
    waiting = start_poll(server, tokens['bert'], {hub.BAEUME: 0})
    server.expect(200, 'PATCH', '/v1/users/bert', {'enabled': False}, tokens['chef'])
    with waiting, waiting.makefile('rb') as stream:
        assert hub.read_reply(stream).status == 401


def test_clients_that_leave(server):
    """A hundred polls are given up, and the server still answers the next ones."""
    tokens = server.city()
    for connection in [start_poll(server, tokens['bert'], {hub.BAEUME: 0}) for _ in range(100)]:
        connection.close()
    server.push(tokens['anna'], ANNA, 1, [hub.new_tree(1)])
    assert len(server.feed(tokens['bert'], {hub.BAEUME: 0})) == 2


def test_stopping_answers_who_waits(server):
    tokens = server.city()
    waiting = start_poll(server, tokens['bert'], {hub.BAEUME: 0})
    server.feed(tokens['bert'], {hub.BAEUME: 0})
    began = time.monotonic()
    assert server.stop() == 0
    assert len(end_poll(waiting)) == 1
    assert time.monotonic() - began < hub.LIMIT_S


def test_digests_agree(server):
    tokens = server.city()
    server.push(tokens['anna'], ANNA, 1, [hub.new_tree(i, year=1900 + i) for i in range(1, 40)])
    server.push(tokens['bert'], BERT, 1, [
        {'op': 'del', 'base': 1, 'id': hub.desk_id(1001)},
        {'op': 'upd', 'base': 2, 'id': hub.desk_id(1002), 'set': {'year': None},
         'old': {'year': 1902}}])
    digest = server.feed(tokens['anna'], {hub.BAEUME: 0})[-1]['digest'][hub.BAEUME]
    assert digest['n'] == 38 and digest['seq'] == 41
    server.stop()
    server.start()
    assert server.feed(tokens['bert'], {hub.BAEUME: 41})[-1]['digest'][hub.BAEUME] == digest


def test_history(server):
    tokens = server.city()
    server.push(tokens['anna'], ANNA, 1, [
        hub.new_tree(1, year=1990),
        {'op': 'upd', 'base': 1, 'id': hub.desk_id(1001), 'set': {'year': 1991},
         'old': {'year': 1990}, 'at': '2026-11-23T08:12:00Z'}])
    path = f'/v1/records/{hub.desk_id(1001)}/history'
    lines = server.expect(200, 'GET', path, token=tokens['bert']).lines()
    assert [line['seq'] for line in lines] == [1, 2]
    assert lines[1]['set'] == {'year': 1991} and lines[1]['old'] == {'year': 1990}
    assert lines[1]['at'] == '2026-11-23T08:12:00Z' and lines[1]['user'] == 'anna'
    server.expect(404, 'GET', path, token=tokens['chef'])   # runs the server, sees no data
    server.expect(404, 'GET', '/v1/records/x/history', token=tokens['bert'])


if __name__ == '__main__':
    hub.run(globals())
