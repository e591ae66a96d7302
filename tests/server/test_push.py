#!/usr/bin/python3
# SPDX-License-Identifier: EUPL-1.2
"""Pushes over the wire: repeats, refusals in the middle, packed bodies, many at once."""

import concurrent.futures
import json
import subprocess

import hub

ANNA, BERT = hub.desk_id(1), hub.desk_id(2)


def zstd(data, *words):
    return subprocess.run(['zstd', '-q', '-c', *words], input=data, capture_output=True,
                          check=True).stdout


def test_the_same_answer_byte_for_byte(server):
    tokens = server.city()
    commands = [hub.new_tree(1), hub.new_tree(2, year=3), hub.new_tree(3)]
    one = server.push(tokens['anna'], ANNA, 1, commands)
    assert [line.get('r') for line in one.lines()] == ['ok', 'refused', 'ok', None]
    assert one.lines()[-1] == {'next': 4}
    server.stop()
    server.start()
    assert server.push(tokens['anna'], ANNA, 1, commands).body == one.body


def test_a_torn_body_is_nothing(server):
    tokens = server.city()
    head = json.dumps({'desk': ANNA, 'epoch': server.epoch, 'first': 1}) + '\n'
    line = json.dumps({'n': 1, 'cid': '0' * 16, **hub.new_tree(1)}) + '\n'
    for tail in [line[:-10], line + '{"n":2', line + '\n', line + line]:
        reply = server.expect(400, 'POST', '/v1/push', head + tail, tokens['anna'])
        assert 'Line' in reply.json()['detail']
    assert server.push(tokens['anna'], ANNA, 1, [hub.new_tree(1)]).lines()[0]['r'] == 'ok'


def test_traps_of_json(server):
    """What other readers take differently is no JSON here, or refused by name."""
    tokens = server.city()
    head = json.dumps({'desk': ANNA, 'epoch': server.epoch, 'first': 1}) + '\n'
    rest = (f'"op":"new","base":0,"scope":"{hub.BAEUME}","kind":"tree","id":"{hub.desk_id(5)}",'
            '"set":{"species":"x",%s}}')
    broken = ['"a":1,"a":2', "'a':1", '"a":01', '"a":0x1', '"a":+1', '"a":NaN', '"a":1,', '/*c*/"a":1',
              '"a":' + '[' * 100000, '"a":"\t"', '"a":tru', '"a":1}{"b":2']
    for what in broken:
        body = head + '{"n":1,"cid":"' + '0' * 16 + '",' + rest % what + '\n'
        reply = server.expect(400, 'POST', '/v1/push', body, tokens['anna'])
        assert 'Line 2' in reply.json()['detail'], what
    refused = ['"year":9223372036854775808', '"year":1e999', '"species2":"\\u0000"',
               '"species2":"\\ud800"', '"year":true', '"year":"1990"', '"year":1990.5']
    for n, what in enumerate(refused, 1):
        body = (json.dumps({'desk': ANNA, 'epoch': server.epoch, 'first': n}) + '\n'
                + '{"n":%d,"cid":"%016d",' % (n, n) + rest % what + '\n')
        said = server.expect(200, 'POST', '/v1/push', body, tokens['anna']).lines()[0]
        assert said['r'] == 'refused' and said['code'] in ('bad-value', 'bad-text'), (what, said)


def test_packed(server):
    tokens = server.city()
    head = json.dumps({'desk': ANNA, 'epoch': server.epoch, 'first': 1}) + '\n'
    lines = ''.join(json.dumps({'n': i, 'cid': f'{i:016x}', **hub.new_tree(i)}) + '\n'
                    for i in range(1, 501))
    reply = server.expect(200, 'POST', '/v1/push', zstd((head + lines).encode()), tokens['anna'],
                          ['Content-Encoding: zstd', 'Accept-Encoding: zstd'])
    assert reply.headers['content-encoding'] == 'zstd'
    said = zstd(reply.body, '-d').decode().splitlines()
    assert len(said) == 501 and json.loads(said[-1]) == {'next': 501}
    plain = server.expect(200, 'POST', '/v1/feed', {'epoch': server.epoch, 'cursors': {hub.BAEUME: 0}},
                          tokens['bert'])
    packed = server.expect(200, 'POST', '/v1/feed', {'epoch': server.epoch,
                                                     'cursors': {hub.BAEUME: 0}},
                           tokens['bert'], ['Accept-Encoding: gzip, zstd'])
    assert zstd(packed.body, '-d') == plain.body and 'content-encoding' not in plain.headers


def test_packed_and_bad(server):
    """A bomb, a torn one, and what is none: nothing of them is applied, no memory is lost."""
    tokens = server.city()
    headers = ['Content-Encoding: zstd']
    bomb = zstd(b' ' * (2 ** 30), '-1')
    assert len(bomb) < 200_000
    server.expect(413, 'POST', '/v1/push', bomb, tokens['anna'], headers)
    good = zstd(b'{}')
    for data in [good[:-1], b'', b'x', b'{}', good + b'x', b'\x28\xb5\x2f\xfd' + b'\xff' * 100]:
        server.expect(400, 'POST', '/v1/push', data, tokens['anna'], headers)
    with open(f'/proc/{server.process.pid}/status') as status:
        high = int(next(line for line in status if line.startswith('VmHWM')).split()[1])
    assert high < 300 * 1024, high


def test_a_stranger_is_not_listened_to(server):
    server.expect(401, 'POST', '/v1/push', b'[' * 1000000, '0' * 64)


def test_many_desks_at_once(server):
    """Twenty desks push into one scope: no version is given twice, none is left out."""
    tokens = server.city()
    more = [server.add(tokens['chef'], f'user{n}', hub.desk_id(10 + n),
                       [{'role': 'editor', 'scope': hub.BAEUME}]) for n in range(6)]

    def push(who):
        seqs = []
        for i in range(20):
            said = server.push(more[who], hub.desk_id(10 + who), i * 3 + 1,
                               [hub.new_tree(who * 1000 + i * 3 + k) for k in range(3)])
            seqs += [line['seq'] for line in said.lines()[:-1]]
        return seqs
    with concurrent.futures.ThreadPoolExecutor(6) as pool:
        seqs = sorted(sum(pool.map(push, range(6)), []))
    assert seqs == list(range(1, 361))


def test_merge_and_conflict(server):
    tokens = server.city()
    server.push(tokens['anna'], ANNA, 1, [hub.new_tree(1, year=1990, visits=1)])
    tree = hub.desk_id(1001)
    server.push(tokens['bert'], BERT, 1, [
        {'op': 'upd', 'base': 1, 'id': tree, 'set': {'year': 1991, 'visits': 2},
         'old': {'year': 1990, 'visits': 1}}])
    said = server.push(tokens['anna'], ANNA, 2, [
        {'op': 'upd', 'base': 1, 'id': tree, 'set': {'year': 1992, 'visits': 4},
         'old': {'year': 1990, 'visits': 1}}]).lines()[0]
    assert said['r'] == 'conflict' and said['conflicts'][0]['field'] == 'year', said
    feed = server.feed(tokens['bert'], {hub.BAEUME: 0})
    conflict = next(line for line in feed[:-1] if line['k'] == 'conflict')
    shown = next(line for line in feed[:-1] if line['k'] == 'tree')
    assert shown['f'] == {'species': 'Linde', 'year': 1991, 'visits': 5}
    assert (conflict['f']['base'], conflict['f']['theirs'], conflict['f']['mine']) == (1990, 1991, 1992)
    server.push(tokens['bert'], BERT, 2, [
        {'op': 'resolve', 'base': shown['v'], 'id': tree, 'conflict': conflict['id'],
         'set': {'year': 1992}, 'old': {'year': 1991}}])
    feed = server.feed(tokens['anna'], {hub.BAEUME: feed[-1]['cursors'][hub.BAEUME]})
    assert {line['k']: line['f'].get('state') for line in feed[:-1]} == {'tree': None,
                                                                        'conflict': 'resolved'}


if __name__ == '__main__':
    hub.run(globals())
