#!/usr/bin/python3
# SPDX-License-Identifier: EUPL-1.2
"""Killed under load: what was acknowledged is there, nothing is there twice."""

import json
import random
import signal
import socket
import sqlite3
import threading

import hub

ROUNDS = 25
DESKS = 3


class Desk(threading.Thread):
    """Pushes without end, takes up where it was cut off, as a desk does."""

    def __init__(self, server, token, number):
        super().__init__()
        self.server, self.token, self.desk = server, token, hub.desk_id(number)
        self.number = number
        self.outcomes = {}      # n → the line that was acknowledged
        self.next = 1
        self.ended = False
        self.trouble = None
        self.progress = threading.Event()

    def commands(self, first):
        return [hub.new_tree(self.number * 100000 + first + i) if (first + i) % 3 else
                {'op': 'upd', 'base': 1, 'id': hub.desk_id(1000 + self.number * 100000 + first + i - 1),
                 'set': {'visits': first + i}, 'old': {}} for i in range(random.randint(1, 40))]

    def run(self):
        random.seed(self.number)
        sent = []
        while not self.ended:
            if not sent:
                sent = self.commands(self.next)
            try:
                reply = self.server.push(self.token, self.desk, self.next, sent)
                *lines, last = reply.body.decode().splitlines()
            except (OSError, AssertionError, ValueError, IndexError):
                # Cut off: the same again, until somebody answers.
                self.server.up.wait(hub.LIMIT_S)
                continue
            for i, line in enumerate(lines):
                n = self.next + i
                if self.outcomes.setdefault(n, line) != line:
                    self.trouble = f'{n}: {self.outcomes[n]} became {line}'
            if json.loads(last)['next'] != self.next + len(sent):
                self.trouble = last
            self.next += len(sent)
            sent = []
            self.progress.set()


def check(server, desks):
    """The file itself, with nothing of ours in between.

    The desks go on pushing meanwhile: what they were told is noted first, and everything is
    read from one state of the file.
    """
    told = {desk: dict(desk.outcomes) for desk in desks}
    database = sqlite3.connect(f'file:{server.data}/allmende.db?mode=ro', uri=True,
                               isolation_level=None)
    database.execute('BEGIN')
    assert database.execute('PRAGMA integrity_check').fetchone() == ('ok',)
    for desk in desks:
        kept = dict(database.execute('SELECT n, line FROM outcomes WHERE hex(desk) = ?',
                                     (desk.desk.replace('-', '').upper(),)))
        for n, line in told[desk].items():
            assert kept.get(n) == line, f'desk {desk.number}: {n} was acknowledged and is lost'
        assert sorted(kept) == list(range(1, len(kept) + 1))
        applied = database.execute('SELECT count (*), count (DISTINCT n) FROM history'
                                   ' WHERE hex(desk) = ?',
                                   (desk.desk.replace('-', '').upper(),)).fetchone()
        said = sum(1 for line in kept.values() if '"r":"ok"' in line or '"r":"merged"' in line)
        assert applied == (said, said), (applied, said)
    (gaps,) = database.execute('SELECT max (seq) - count (*) FROM history AS h JOIN names AS s'
                               ' ON h.scope = s.i WHERE s.name = ?', (hub.BAEUME,)).fetchone()
    assert gaps == 0
    database.close()


def test_killed_under_load(server):
    tokens = server.city()
    editor = [{'role': 'editor', 'scope': hub.BAEUME}]
    server.up = threading.Event()
    server.up.set()
    desks = [Desk(server, server.add(tokens['chef'], f'user{n}', hub.desk_id(10 + n), editor), 10 + n)
             for n in range(DESKS)]
    server.listen = [f'127.0.0.1:{server.port}']
    for desk in desks:
        desk.start()
    try:
        for _ in range(ROUNDS):
            for desk in desks:
                desk.progress.clear()
            assert desks[0].progress.wait(hub.LIMIT_S) or desks[0].trouble
            # In the middle of whatever it is doing just now.
            server.up.clear()
            server.stop(signal.SIGKILL)
            server.start()
            server.up.set()
            check(server, desks)
    finally:
        for desk in desks:
            desk.ended = True
        server.up.set()
        for desk in desks:
            desk.join()
    assert not [desk.trouble for desk in desks if desk.trouble]
    assert sum(len(desk.outcomes) for desk in desks) > ROUNDS * 10
    check(server, desks)
    digest = server.feed(tokens['anna'], {hub.BAEUME: 0}, max=1)[-1]
    assert digest['more'] is True


def test_a_stop_is_orderly(server):
    """SIGTERM in the middle of pushes: each is answered or not begun, exit 0, log folded in."""
    tokens = server.city()
    answered = []

    def push(i):
        try:
            answered.append(server.push(tokens['anna'], hub.desk_id(1), i, [hub.new_tree(i)]).lines()[0])
        except (OSError, AssertionError):
            pass
    for i in range(1, 10):
        push(i)
    late = threading.Thread(target=push, args=(10,))
    late.start()
    assert server.stop() == 0
    late.join()
    assert not (server.data / 'allmende.db-wal').exists()
    server.start()
    said = server.expect(200, 'POST', '/v1/hello', {'desk': hub.desk_id(1)}, tokens['anna']).json()
    assert said['next'] == len(answered) + 1


def test_a_client_that_never_reads(server):
    """Answers that nobody takes do not stop the others."""
    tokens = server.city()
    server.push(tokens['anna'], hub.desk_id(1), 1, [hub.new_tree(i) for i in range(1, 1001)])
    body = json.dumps({'epoch': server.epoch, 'cursors': {hub.BAEUME: 0}}).encode()
    deaf = []
    for _ in range(30):
        one = socket.socket()
        one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        one.connect(('127.0.0.1', server.port))
        one.sendall(f'POST /v1/feed HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {tokens["bert"]}\r\n'
                    f'Content-Length: {len(body)}\r\n\r\n'.encode() + body)
        deaf.append(one)
    assert len(server.feed(tokens['bert'], {hub.BAEUME: 990})) == 11
    for one in deaf:
        one.close()


if __name__ == '__main__':
    hub.run(globals())
