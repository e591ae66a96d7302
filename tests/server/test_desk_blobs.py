#!/usr/bin/python3
# SPDX-License-Identifier: EUPL-1.2
"""Pictures between real desks: sent and fetched beside the records, over a line that breaks, with
either side killed, and never said to be in step before they have arrived."""

import socket
import threading

import desks
import hub
import test_blobs

MIB = 1 << 20


class Line:
    """Between a desk and its server: carries so many bytes each way, then breaks."""

    def __init__(self, server):
        self.port, self.up, self.down = server.port, None, None
        self.carried = {'up': 0, 'down': 0}
        self.lock = threading.Lock()
        self.listener = socket.create_server(('127.0.0.1', 0))
        self.urls = [f'http://127.0.0.1:{self.listener.getsockname()[1]}']
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                desk, _ = self.listener.accept()
                far = socket.create_connection(('127.0.0.1', self.port), hub.LIMIT_S)
            except OSError:
                return
            for pair, way in ((desk, far), 'up'), ((far, desk), 'down'):
                threading.Thread(target=self.carry, args=(*pair, way), daemon=True).start()

    def take(self, way, size):
        with self.lock:
            left = getattr(self, way)
            if left is not None:
                size = min(size, left)
                setattr(self, way, left - size)
            self.carried[way] += size
            return size

    def carry(self, source, target, way):
        try:
            while data := source.recv(65536):
                size = self.take(way, len(data))
                target.sendall(data[:size])
                if size < len(data):
                    break
        except OSError:
            pass
        for one in source, target:
            try:
                one.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def close(self):
        self.listener.close()


def prepare(server, users=('anna', 'bert')):
    test_blobs.city(server)
    lines = [Line(server) for _ in users]
    pair = [desks.Desk(line, user) for line, user in zip(lines, users)]
    for desk in pair:
        desk.sync()
    return [*pair, *lines]


def picture(desk, size, seed=1):
    data, sha256 = test_blobs.blob(size, seed)
    file = desk.folder / 'picture'
    file.write_bytes(data)
    said = desk.say('blob', 'put', str(file))[0]
    assert said['sha256'] == sha256 and said['size'] == size
    return data, sha256


def name_it(desk, number, sha256, size):
    desk.edit(desks.new(number, photo={'sha256': sha256, 'size': size}))


def content(desk, sha256):
    return (desk.profile / 'blobs' / sha256[:2] / sha256).read_bytes()


def part_size(desk, sha256):
    part = desk.profile / 'blobs' / 'parts' / f'{sha256}.part'
    return part.stat().st_size if part.exists() else 0


def states(desk):
    return {blob['sha256']: blob['state'] for blob in desk.say('blob', 'list')}


def close(*things):
    for thing in things:
        thing.close()


def test_a_picture_reaches_the_other_desk(server):
    anna, bert, *lines = prepare(server)
    data, sha256 = picture(anna, 9 * MIB)
    name_it(anna, 1, sha256, len(data))
    said = anna.sync()
    assert said['state'] == 'in-sync' and said['blobs_waiting'] == 0, said
    assert states(anna) == {sha256: 'here'}
    said = bert.sync()
    assert said['state'] == 'in-sync', said
    assert content(bert, sha256) == data and states(bert) == {sha256: 'here'}
    assert anna.say('verify')[-1]['ok'] and bert.say('verify')[-1]['ok']
    # Nothing of it travels again.
    before = lines[1].carried['down']
    bert.sync()
    assert lines[1].carried['down'] - before < 10000
    close(anna, bert, *lines)


def test_what_zstd_marks_is_a_file_too(server):
    anna, bert, *lines = prepare(server)
    file = anna.folder / 'picture'
    file.write_bytes(b'\x28\xb5\x2f\xfd' + b'x' * 1000)
    sha256 = anna.say('blob', 'put', str(file))[0]['sha256']
    name_it(anna, 1, sha256, 1004)
    anna.sync()
    assert bert.sync()['state'] == 'in-sync'
    assert content(bert, sha256) == file.read_bytes()
    close(anna, bert, *lines)


def test_in_step_only_with_its_pictures(server):
    anna, bert, *lines = prepare(server)
    data, sha256 = test_blobs.blob(1000)
    name_it(anna, 1, sha256, len(data))          # … which is nowhere
    said = anna.sync()
    assert said['state'] == 'waiting' and said['blobs_waiting'] == 1, said
    assert anna.status()['blobs_waiting'] == 1
    said = bert.sync()
    assert said['state'] == 'waiting' and bert.fields(1)['photo']['sha256'] == sha256, said
    picture(anna, 1000)
    assert anna.sync()['state'] == 'in-sync' and bert.sync()['state'] == 'in-sync'
    assert content(bert, sha256) == data
    close(anna, bert, *lines)


def test_a_line_that_breaks_while_it_is_sent(server):
    anna, bert, *lines = prepare(server)
    data, sha256 = picture(anna, 14 * MIB)
    name_it(anna, 1, sha256, len(data))
    lines[0].up = 6 * MIB
    assert anna.say('sync', code=1)[0]['state'] == 'waiting'
    # The record is there all the same.
    bert.sync()
    assert bert.fields(1)['photo']['sha256'] == sha256
    lines[0].up = None
    before = lines[0].carried['up']
    assert anna.sync()['state'] == 'in-sync'
    assert lines[0].carried['up'] - before < 11 * MIB     # the first part was not sent again
    assert bert.sync()['state'] == 'in-sync' and content(bert, sha256) == data
    close(anna, bert, *lines)


def test_a_line_that_breaks_at_any_byte_while_it_is_fetched(server):
    anna, bert, *lines = prepare(server)
    data, sha256 = picture(anna, 3 * MIB)
    name_it(anna, 1, sha256, len(data))
    anna.sync()
    had = 0
    for carried in [5000, 700_000, 1_500_001]:
        lines[1].down = carried
        bert.run('sync')
        assert part_size(bert, sha256) >= had
        had = part_size(bert, sha256)
    assert 0 < had < len(data), had
    lines[1].down = None
    before = lines[1].carried['down']
    assert bert.sync()['state'] == 'in-sync'
    assert lines[1].carried['down'] - before < len(data) - had + 10000
    assert content(bert, sha256) == data
    close(anna, bert, *lines)


def test_a_wrong_part_is_thrown_away(server):
    anna, bert, *lines = prepare(server)
    data, sha256 = picture(anna, MIB)
    name_it(anna, 1, sha256, len(data))
    anna.sync()
    parts = bert.profile / 'blobs' / 'parts'
    parts.mkdir(parents=True)
    (parts / f'{sha256}.part').write_bytes(b'x' * 1000)
    assert bert.sync()['state'] == 'waiting'
    assert part_size(bert, sha256) == 0
    assert bert.sync()['state'] == 'in-sync' and content(bert, sha256) == data
    close(anna, bert, *lines)


def test_a_part_that_is_whole_is_not_fetched_again(server):
    anna, bert, *lines = prepare(server)
    data, sha256 = picture(anna, MIB)
    name_it(anna, 1, sha256, len(data))
    anna.sync()
    parts = bert.profile / 'blobs' / 'parts'
    parts.mkdir(parents=True)
    (parts / f'{sha256}.part').write_bytes(data)
    before = lines[1].carried['down']
    assert bert.sync()['state'] == 'in-sync' and content(bert, sha256) == data
    assert lines[1].carried['down'] - before < 20000
    close(anna, bert, *lines)


def test_a_damaged_file_is_not_sent(server):
    anna, bert, *lines = prepare(server)
    data, sha256 = picture(anna, MIB)
    name_it(anna, 1, sha256, len(data))
    (anna.profile / 'blobs' / sha256[:2] / sha256).write_bytes(data[:-1] + b'x')
    anna.run('sync')
    assert states(anna) == {sha256: 'wanted'}
    picture(anna, MIB)
    assert anna.sync()['state'] == 'in-sync'
    close(anna, bert, *lines)


def test_the_desk_is_killed(server):
    anna, bert, *lines = prepare(server)
    data, sha256 = picture(anna, 12 * MIB)
    name_it(anna, 1, sha256, len(data))
    for up in [5 * MIB, 5 * MIB]:
        lines[0].up = up
        before = lines[0].carried['up']
        process = anna.start('sync', '--follow')
        hub.wait(lambda: lines[0].carried['up'] - before >= up, 'some of it')
        process.kill()
        process.communicate()
    lines[0].up = None
    assert anna.sync()['state'] == 'in-sync'

    for _ in range(2):
        process = bert.start('sync', '--follow')
        had = part_size(bert, sha256)
        hub.wait(lambda: part_size(bert, sha256) > had or 'here' in states(bert).values(), 'some of it')
        process.kill()
        process.communicate()
    assert bert.sync()['state'] == 'in-sync' and content(bert, sha256) == data
    assert anna.say('verify')[-1]['ok'] and bert.say('verify')[-1]['ok']
    close(anna, bert, *lines)


def test_the_server_is_killed(server):
    anna, bert, *lines = prepare(server)
    data, sha256 = picture(anna, 12 * MIB)
    name_it(anna, 1, sha256, len(data))
    lines[0].up = 6 * MIB
    anna.run('sync')
    server.stop(9)
    server.start()
    for line in lines:
        line.port, line.up = server.port, None
    assert anna.sync()['state'] == 'in-sync'
    lines[1].down = 5 * MIB
    bert.run('sync')
    server.stop(9)
    server.start()
    for line in lines:
        line.port, line.down = server.port, None
    assert bert.sync()['state'] == 'in-sync' and content(bert, sha256) == data
    close(anna, bert, *lines)


def test_a_picture_that_fails_stops_neither_records_nor_other_pictures(server):
    anna, bert, *lines = prepare(server)
    lost, lost_sha = test_blobs.blob(10, 3)
    data, sha256 = picture(anna, 1000)
    name_it(anna, 1, lost_sha, len(lost))
    name_it(anna, 2, sha256, len(data))
    assert anna.sync()['blobs_waiting'] == 1
    anna.edit(desks.upd(1, year=1999))
    assert anna.sync()['ok'] == 1
    assert bert.sync()['blobs_waiting'] == 1
    assert content(bert, sha256) == data and bert.fields(1)['year'] == 1999
    close(anna, bert, *lines)


def test_a_following_desk_fetches_what_comes_later(server):
    anna, bert, *lines = prepare(server)
    process = bert.start('sync', '--follow')
    data, sha256 = picture(anna, MIB)
    name_it(anna, 1, sha256, len(data))
    anna.sync()
    hub.wait(lambda: (bert.profile / 'blobs' / sha256[:2] / sha256).exists(), 'the picture')
    process.terminate()
    process.communicate()
    assert content(bert, sha256) == data
    close(anna, bert, *lines)


def test_a_large_one_comes_when_it_is_asked_for(server):
    anna, bert, *lines = prepare(server)
    data, sha256 = picture(anna, 17 * MIB)
    name_it(anna, 1, sha256, len(data))
    anna.sync()
    assert bert.sync()['state'] == 'in-sync' and states(bert) == {sha256: 'remote'}
    bert.say('blob', 'get', sha256, code=1)
    assert bert.sync()['state'] == 'in-sync' and content(bert, sha256) == data
    close(anna, bert, *lines)


def test_what_one_may_not_see_any_more_leaves_the_disk(server):
    anna, bert, *lines = prepare(server)
    data, sha256 = picture(anna, 1000)
    name_it(anna, 1, sha256, len(data))
    anna.sync()
    bert.sync()
    admin = server.login('chef', hub.desk_id(90))
    server.expect(200, 'PUT', '/v1/users/bert/grants', {'grants': []}, admin)
    bert.sync()
    assert states(bert) == {}
    assert not (bert.profile / 'blobs' / sha256[:2] / sha256).exists()
    close(anna, bert, *lines)


if __name__ == '__main__':
    hub.run({name: case for name, case in globals().items() if name != 'test_blobs'})
