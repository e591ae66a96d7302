#!/usr/bin/python3
# SPDX-License-Identifier: EUPL-1.2
"""What was sent and no record names goes after a week; what a record names or once named stays."""

import hashlib
import os
import sqlite3
import time

import hub
import test_blobs

WEEK_S = 8 * 24 * 3600


def make_old(server):
    """All that was sent, and all parts, as of a week ago; with the server stopped."""
    with sqlite3.connect(server.data / 'allmende.db') as db:
        db.execute('UPDATE uploads SET at = at - ?', (WEEK_S * 1_000_000,))
    db.close()
    for part in (server.data / 'blobs' / 'parts').iterdir():
        os.utime(part, (time.time() - WEEK_S,) * 2)


def send(server, token, n):
    data = f'picture {n}'.encode()
    sha256 = hashlib.sha256(data).hexdigest()
    test_blobs.send(server, data, sha256, token)
    return data, sha256


def is_here(server, sha256):
    return (server.data / 'blobs' / sha256[:2] / sha256).exists()


def test_what_nobody_wants_goes(server):
    tokens = test_blobs.city(server)
    anna = tokens['anna']
    named, named_sha = send(server, anna, 1)
    once, once_sha = send(server, anna, 2)
    _, unnamed_sha = send(server, anna, 3)
    test_blobs.name_it(server, anna, 1, 'photo', named, named_sha)
    test_blobs.name_it(server, anna, 2, 'photo', once, once_sha, first=2)
    server.push(anna, hub.desk_id(1), 3, [
        {'op': 'upd', 'base': 2, 'id': hub.desk_id(1002), 'set': {'photo': None},
         'old': {'photo': {'sha256': once_sha, 'size': len(once)}}}])
    _, part_sha = test_blobs.blob(100)
    test_blobs.put(server, 202, part_sha, 0, 100, b'x', anna)

    server.stop()
    server.start()
    assert all(is_here(server, sha256) for sha256 in [named_sha, once_sha, unnamed_sha])
    assert server.expect(404, 'HEAD', test_blobs.path(part_sha), token=anna).headers['upload-offset'] == '1'

    server.stop()
    make_old(server)
    server.start()
    hub.wait(lambda: not is_here(server, unnamed_sha), 'the sweep')
    server.expect(404, 'GET', test_blobs.path(unnamed_sha), token=anna)
    assert server.expect(404, 'HEAD', test_blobs.path(part_sha), token=anna).headers['upload-offset'] == '0'
    assert is_here(server, named_sha) and is_here(server, once_sha)
    assert server.expect(200, 'GET', test_blobs.path(once_sha), token=anna).body == once


def test_who_sends_it_again_keeps_it(server):
    tokens = test_blobs.city(server)
    _, sha256 = send(server, tokens['anna'], 1)
    _, gone = send(server, tokens['anna'], 2)
    server.stop()
    make_old(server)
    with sqlite3.connect(server.data / 'allmende.db') as db:
        db.execute("INSERT INTO uploads VALUES (?, 'bert', 9, ?)", (sha256, int(time.time() * 1e6)))
    db.close()
    server.start()
    hub.wait(lambda: not is_here(server, gone), 'the sweep')
    assert is_here(server, sha256)


if __name__ == '__main__':
    hub.run({name: case for name, case in globals().items() if name != 'test_blobs'})
