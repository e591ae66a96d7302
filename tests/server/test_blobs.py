#!/usr/bin/python3
# SPDX-License-Identifier: EUPL-1.2
"""Attached files: sent in parts, fetched by range, shown to whom a record shows them."""

import hashlib
import json
import os
import shutil
import socket
import subprocess

import hub

ALLMENDECTL = os.environ.get('ALLMENDECTL', 'allmendectl')
PART = 4 * 1024 * 1024
SHA = {'type': 'object', 'required': ['sha256', 'size'], 'properties': {
    'sha256': {'type': 'string'}, 'size': {'type': 'integer'}}}


def blob(size, seed=1):
    data = (hashlib.sha256(bytes([seed])).digest() * (size // 32 + 1))[:size]
    return data, hashlib.sha256(data).hexdigest()


def path(sha256):
    return f'/v1/blobs/{sha256}'


def put(server, status, sha256, offset, size, data, token):
    return server.expect(status, 'PUT', f'{path(sha256)}?offset={offset}&size={size}', data, token)


def send(server, data, sha256, token):
    for offset in range(0, max(len(data), 1), PART):
        part = data[offset:offset + PART]
        last = offset + len(part) == len(data)
        put(server, 201 if last else 202, sha256, offset, len(data), part, token)


def city(server):
    """Trees with an open and a personal picture, and a second scope; tokens by name."""
    tokens = server.city()
    schema = {**hub.TREE, 'properties': {
        **hub.TREE['properties'], 'photo': {**SHA, 'title': 'Foto'},
        'face': {**SHA, 'title': 'Gesicht', 'x-alm-class': 'personal'}}}
    server.push(tokens['chef'], hub.desk_id(90), 3, [
        {'op': 'upd', 'base': 1, 'id': hub.desk_id(901), 'set': {'schema': schema},
         'old': {'schema': hub.TREE}},
        {'op': 'new', 'base': 0, 'scope': 'system', 'kind': 'scope', 'id': hub.desk_id(903),
         'set': {'path': 'ksj/lampen', 'title': 'Lampen'}}])
    tokens['rita'] = server.add(tokens['chef'], 'rita', hub.desk_id(3),
                                [{'role': 'reader', 'scope': hub.BAEUME}])
    tokens['otto'] = server.add(tokens['chef'], 'otto', hub.desk_id(4),
                                [{'role': 'editor', 'scope': 'ksj/lampen'}])
    return tokens


def name_it(server, token, n, field, data, sha256, first=1):
    reply = server.push(token, hub.desk_id(1), first, [
        hub.new_tree(n, **{field: {'sha256': sha256, 'size': len(data)}})])
    assert reply.lines()[0]['r'] == 'ok', reply.body


def test_a_file_in_parts(server):
    tokens = city(server)
    data, sha256 = blob(2 * PART + 5)
    head = server.expect(404, 'HEAD', path(sha256), token=tokens['anna'])
    assert head.headers['upload-offset'] == '0'

    assert put(server, 202, sha256, 0, len(data), data[:PART], tokens['anna']).json() == {'offset': PART}
    head = server.expect(404, 'HEAD', path(sha256), token=tokens['anna'])
    assert head.headers['upload-offset'] == str(PART)
    server.expect(404, 'GET', path(sha256), token=tokens['anna'])
    assert put(server, 202, sha256, PART, len(data), data[PART:2 * PART],
               tokens['anna']).json() == {'offset': 2 * PART}
    put(server, 201, sha256, 2 * PART, len(data), data[2 * PART:], tokens['anna'])

    got = server.expect(200, 'GET', path(sha256), token=tokens['anna'])
    assert got.body == data and got.headers['etag'] == f'"{sha256}"'
    head = server.expect(200, 'HEAD', path(sha256), token=tokens['anna'])
    assert head.headers['content-length'] == str(len(data))
    where = server.data / 'blobs' / sha256[:2] / sha256
    assert where.read_bytes() == data
    assert where.stat().st_mode & 0o777 == 0o600
    assert where.parent.stat().st_mode & 0o777 == 0o700
    assert list((server.data / 'blobs' / 'parts').iterdir()) == []


def test_an_empty_file(server):
    tokens = city(server)
    data, sha256 = blob(0)
    put(server, 201, sha256, 0, 0, b'', tokens['anna'])
    assert server.expect(200, 'GET', path(sha256), token=tokens['anna']).body == b''


def test_each_request_may_be_repeated(server):
    tokens = city(server)
    data, sha256 = blob(PART + 7)
    put(server, 202, sha256, 0, len(data), data[:PART], tokens['anna'])
    again = put(server, 409, sha256, 0, len(data), data[:PART], tokens['anna'])
    assert again.json()['code'] == 'offset' and again.json()['offset'] == PART
    assert again.headers['upload-offset'] == str(PART)
    for _ in range(3):
        put(server, 201, sha256, PART, len(data), data[PART:], tokens['anna'])
    put(server, 201, sha256, 0, len(data), data[:PART], tokens['anna'])
    assert server.expect(200, 'GET', path(sha256), token=tokens['anna']).body == data


def test_a_wrong_offset(server):
    tokens = city(server)
    data, sha256 = blob(100)
    assert put(server, 409, sha256, 10, 100, data[10:], tokens['anna']).json()['offset'] == 0
    put(server, 202, sha256, 0, 100, data[:30], tokens['anna'])
    assert put(server, 409, sha256, 40, 100, data[40:], tokens['anna']).json()['offset'] == 30
    put(server, 201, sha256, 30, 100, data[30:], tokens['anna'])


def test_another_size_begins_again(server):
    tokens = city(server)
    data, sha256 = blob(100)
    put(server, 202, sha256, 0, 500, data + data, tokens['anna'])
    assert put(server, 409, sha256, 100, 100, b'', tokens['anna']).json()['offset'] == 0
    send(server, data, sha256, tokens['anna'])


def test_a_wrong_hash(server):
    tokens = city(server)
    data, sha256 = blob(100)
    reply = put(server, 422, sha256, 0, 100, data[:99] + b'x', tokens['anna'])
    assert reply.json()['code'] == 'wrong-hash'
    assert server.expect(404, 'HEAD', path(sha256), token=tokens['anna']).headers['upload-offset'] == '0'
    assert list((server.data / 'blobs' / 'parts').iterdir()) == []
    send(server, data, sha256, tokens['anna'])


def test_bad_requests(server):
    tokens = city(server)
    data, sha256 = blob(100)
    anna = tokens['anna']
    server.expect(401, 'GET', path(sha256))
    server.expect(401, 'PUT', f'{path(sha256)}?offset=0&size=100', data)
    server.expect(405, 'POST', path(sha256), data, anna)
    for name in ['abc', sha256.upper(), sha256 + '0', sha256[:-1] + 'g', '..']:
        server.expect(404, 'GET', path(name), token=anna)
        server.expect(404, 'PUT', f'{path(name)}?offset=0&size=100', data, anna)
    assert server.ask('GET', path('..%2f..%2fallmende.db'), token=anna).status in (400, 404)
    for query in ['', '?offset=0', '?size=100', '?offset=-1&size=100', '?offset=0&size=1e2',
                  '?offset=+0&size=100', '?offset=0&size=99', '?offset=101&size=100',
                  '?offset=0&size=99999999999999999999']:
        server.expect(400, 'PUT', path(sha256) + query, data, anna)
    reply = server.expect(413, 'PUT', f'{path(sha256)}?offset=0&size=536870913', data, anna)
    assert '512 MiB' in reply.json()['detail']
    reply = server.expect(413, 'PUT', f'{path(sha256)}?offset=0&size=9000000', b'x' * (PART + 1), anna)
    assert '4 MiB' in reply.json()['detail']
    assert not (server.data / 'blobs' / 'parts').exists()


def test_ranges(server):
    tokens = city(server)
    data, sha256 = blob(1000)
    send(server, data, sha256, tokens['anna'])

    def get(status, *headers):
        return server.expect(status, 'GET', path(sha256), token=tokens['anna'], headers=headers)

    reply = get(206, 'Range: bytes=600-')
    assert reply.body == data[600:] and reply.headers['content-range'] == 'bytes 600-999/1000'
    assert get(206, 'Range: bytes=10-19').body == data[10:20]
    assert get(206, 'Range: bytes=600-', f'If-Range: "{sha256}"').body == data[600:]
    assert get(200, 'Range: bytes=600-', 'If-Range: "other"').body == data
    get(416, 'Range: bytes=1000-')


def test_who_may_see_it(server):
    tokens = city(server)
    data, sha256 = blob(1000)
    send(server, data, sha256, tokens['anna'])
    for name in ['bert', 'rita', 'otto', 'chef']:
        server.expect(404, 'GET', path(sha256), token=tokens[name])

    name_it(server, tokens['anna'], 1, 'photo', data, sha256)
    for name in ['anna', 'bert', 'rita']:
        assert server.expect(200, 'GET', path(sha256), token=tokens[name]).body == data
    for name in ['otto', 'chef']:
        server.expect(404, 'GET', path(sha256), token=tokens[name])
        server.expect(404, 'HEAD', path(sha256), token=tokens[name])

    # Another picture in its place, or no tree any more: it is Anna's alone again.
    server.push(tokens['anna'], hub.desk_id(1), 2, [
        {'op': 'upd', 'base': 1, 'id': hub.desk_id(1001), 'set': {'photo': None},
         'old': {'photo': {'sha256': sha256, 'size': 1000}}}])
    server.expect(404, 'GET', path(sha256), token=tokens['bert'])
    server.expect(200, 'GET', path(sha256), token=tokens['anna'])


def test_a_deleted_record_shows_nothing(server):
    tokens = city(server)
    data, sha256 = blob(1000)
    send(server, data, sha256, tokens['anna'])
    name_it(server, tokens['anna'], 1, 'photo', data, sha256)
    server.expect(200, 'GET', path(sha256), token=tokens['bert'])
    server.push(tokens['anna'], hub.desk_id(1), 2, [
        {'op': 'del', 'base': 1, 'id': hub.desk_id(1001)}])
    server.expect(404, 'GET', path(sha256), token=tokens['bert'])


def test_a_masked_field_shows_nothing(server):
    tokens = city(server)
    data, sha256 = blob(1000)
    server.expect(200, 'PUT', '/v1/users/anna/grants', {'grants': [
        {'role': 'editor', 'scope': hub.BAEUME, 'classes': ['public', 'internal', 'personal']}]},
        tokens['chef'])
    send(server, data, sha256, tokens['anna'])
    name_it(server, tokens['anna'], 1, 'face', data, sha256)
    server.expect(404, 'GET', path(sha256), token=tokens['bert'])
    server.expect(200, 'PUT', '/v1/users/bert/grants', {'grants': [
        {'role': 'reader', 'scope': hub.BAEUME, 'classes': ['personal']}]}, tokens['chef'])
    assert server.expect(200, 'GET', path(sha256), token=tokens['bert']).body == data


def test_a_command_may_come_before_its_file(server):
    tokens = city(server)
    data, sha256 = blob(1000)
    name_it(server, tokens['anna'], 1, 'photo', data, sha256)
    server.expect(404, 'GET', path(sha256), token=tokens['bert'])
    send(server, data, sha256, tokens['anna'])
    assert server.expect(200, 'GET', path(sha256), token=tokens['bert']).body == data


def test_who_writes_nowhere_sends_nothing(server):
    tokens = city(server)
    data, sha256 = blob(100)
    put(server, 403, sha256, 0, 100, data, tokens['rita'])
    put(server, 201, sha256, 0, 100, data, tokens['chef'])   # steward of `system`
    head = server.expect(404, 'HEAD', path(sha256), token=tokens['rita'])
    assert 'upload-offset' not in head.headers


def test_knowing_the_name_is_not_having_it(server):
    tokens = city(server)
    data, sha256 = blob(100)
    send(server, data, sha256, tokens['anna'])
    # Otto claims that he has sent all of it but the end, or everything.
    assert put(server, 409, sha256, 100, 100, b'', tokens['otto']).json()['offset'] == 0
    assert put(server, 409, sha256, 99, 100, data[99:], tokens['otto']).json()['offset'] == 0
    server.expect(404, 'GET', path(sha256), token=tokens['otto'])
    # What he spoils is his own.
    put(server, 202, sha256, 0, 100, b'x', tokens['otto'])
    assert server.expect(200, 'GET', path(sha256), token=tokens['anna']).body == data
    put(server, 422, sha256, 1, 100, data[1:], tokens['otto'])
    # Who has it may have it.
    send(server, data, sha256, tokens['otto'])
    server.expect(200, 'GET', path(sha256), token=tokens['otto'])
    assert list((server.data / 'blobs' / 'parts').iterdir()) == []


def test_two_senders_do_not_meet(server):
    tokens = city(server)
    data, sha256 = blob(100)
    put(server, 202, sha256, 0, 100, data[:50], tokens['anna'])
    assert server.expect(404, 'HEAD', path(sha256), token=tokens['bert']).headers['upload-offset'] == '0'
    put(server, 202, sha256, 0, 100, data[:20], tokens['bert'])
    put(server, 201, sha256, 50, 100, data[50:], tokens['anna'])
    put(server, 201, sha256, 20, 100, data[20:], tokens['bert'])
    assert server.expect(200, 'GET', path(sha256), token=tokens['bert']).body == data


def test_what_no_record_names_is_bounded(server):
    tokens = city(server)
    huge = 400 << 20
    where = server.data / 'blobs' / 'parts'
    _, first = blob(10, 1)
    put(server, 202, first, 0, huge, b'x', tokens['anna'])
    # Parts that take no room on the disk, and count all the same.
    for n in range(5):
        _, sha256 = blob(10, 10 + n)
        with open(where / f'{sha256}.anna.part', 'wb') as part:
            part.truncate(huge)
    reply = put(server, 429, first, 1, huge, b'x', tokens['anna'])
    assert reply.json()['code'] == 'quota' and int(reply.headers['retry-after']) > 0
    put(server, 202, first, 0, huge, b'x', tokens['bert'])
    os.unlink(where / f'{sha256}.anna.part')
    put(server, 202, first, 1, huge, b'x', tokens['anna'])


def test_killed_in_the_middle_of_a_part(server):
    tokens = city(server)
    data, sha256 = blob(3 * PART)
    put(server, 202, sha256, 0, len(data), data[:PART], tokens['anna'])
    head = (f'PUT {path(sha256)}?offset={PART}&size={len(data)} HTTP/1.1\r\nHost: localhost\r\n'
            f'Authorization: Bearer {tokens["anna"]}\r\nContent-Length: {PART}\r\n\r\n').encode()
    with server.connect() as connection:
        connection.sendall(head + data[PART:PART + 1000])
        server.stop(9)
    server.start()
    offset = int(server.expect(404, 'HEAD', path(sha256), token=tokens['anna']).headers['upload-offset'])
    assert offset == PART
    for _ in range(2):
        server.stop(9)
        server.start()
        put(server, 202 if offset < 2 * PART else 201, sha256, offset, len(data),
            data[offset:offset + PART], tokens['anna'])
        offset += PART
    server.stop(9)
    server.start()
    assert server.expect(200, 'GET', path(sha256), token=tokens['anna']).body == data


def test_killed_while_it_is_fetched(server):
    tokens = city(server)
    data, sha256 = blob(3 * PART)
    send(server, data, sha256, tokens['anna'])
    head = (f'GET {path(sha256)} HTTP/1.1\r\nHost: localhost\r\n'
            f'Authorization: Bearer {tokens["anna"]}\r\n\r\n').encode()
    with server.connect() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
        connection.sendall(head)
        with connection.makefile('rb') as stream:
            while stream.readline() != b'\r\n':
                pass
            got = stream.read(100000)
            server.stop(9)
    assert got == data[:100000]
    server.start()
    rest = server.expect(206, 'GET', path(sha256), token=tokens['anna'],
                         headers=[f'Range: bytes={len(got)}-', f'If-Range: "{sha256}"'])
    assert got + rest.body == data


def test_a_part_left_whole_is_taken(server):
    """As a kill between the last byte and the answer leaves it."""
    tokens = city(server)
    data, sha256 = blob(100)
    put(server, 202, sha256, 0, 100, data[:99], tokens['anna'])
    server.stop(9)
    with open(server.data / 'blobs' / 'parts' / f'{sha256}.anna.part', 'ab') as part:
        part.write(data[99:])
    server.start()
    assert server.expect(404, 'HEAD', path(sha256), token=tokens['anna']).headers['upload-offset'] == '100'
    put(server, 201, sha256, 100, 100, b'', tokens['anna'])
    assert server.expect(200, 'GET', path(sha256), token=tokens['anna']).body == data


def verify(server, code, *words):
    done = subprocess.run([ALLMENDECTL, 'verify', *(words or ('--data', server.data))],
                          capture_output=True, text=True)
    assert done.returncode == code, done.stdout + done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_verify_and_backup(server):
    tokens = city(server)
    data, sha256 = blob(1000)
    _, missing = blob(1000, 2)
    send(server, data, sha256, tokens['anna'])
    name_it(server, tokens['anna'], 1, 'photo', data, sha256)
    assert verify(server, 0)[-1]['ok']
    name_it(server, tokens['anna'], 2, 'photo', data, missing, first=2)
    found = verify(server, 1)
    assert found[0]['place'] == f'blobs/{missing}' and 'is missing' in found[0]['finding'], found

    copy = server.folder / 'copy'
    subprocess.run([ALLMENDECTL, 'backup', '--data', server.data, '--to', copy], check=True,
                   capture_output=True)
    where = server.data / 'blobs' / sha256[:2] / sha256
    assert (copy / 'blobs' / sha256[:2] / sha256).stat().st_ino == where.stat().st_ino
    found = verify(server, 1, '--backup', copy)
    assert [f['place'] for f in found[:-1]] == [f'blobs/{missing}'], found
    shutil.rmtree(copy)

    where.write_bytes(data[1:])
    places = [f['finding'] for f in verify(server, 1)[:-1]]
    assert len(places) == 2 and any('something else' in place for place in places), places


if __name__ == '__main__':
    hub.run(globals())
