#!/usr/bin/python3
# SPDX-License-Identifier: EUPL-1.2
"""A pack over the wire: made in the background, offered by hello, fetched in parts; a desk
takes it in slices, says how far it is, and may be killed in between."""

import json
import re
import signal
import subprocess

import desks
import hub

RECORDS = 20000


def fill(server, token):
    for first in range(1, RECORDS + 1, 2000):
        server.push(token, hub.desk_id(1), first, [hub.new_tree(first + i) for i in range(2000)])


def offered(server, token):
    said = server.expect(200, 'POST', '/v1/hello', {'desk': hub.desk_id(2)}, token).json()
    return next(scope for scope in said['scopes'] if scope['scope'] == hub.BAEUME).get('pack')


def test_pack(server):
    tokens = server.city()
    path = f'/v1/pack?scope={hub.BAEUME}'
    assert server.expect(404, 'GET', path, token=tokens['bert']).json()['code'] == 'no-pack'
    fill(server, tokens['anna'])
    pack = hub.wait(lambda: offered(server, tokens['bert']), 'the pack')

    whole = server.expect(200, 'GET', path, token=tokens['bert'])
    assert whole.headers['etag'] == pack['etag'] and len(whole.body) == pack['bytes']
    assert whole.headers['content-type'] == 'application/zstd'
    assert 'content-encoding' not in whole.headers
    lines = subprocess.run(['zstd', '-q', '-d', '-c'], input=whole.body, capture_output=True,
                           check=True).stdout.splitlines()
    head, end = json.loads(lines[0]), json.loads(lines[-1])
    assert head['records'] == end['end'] == len(lines) - 2 and head['seq'] == pack['seq']
    assert end['digest']['n'] == head['records']

    # The rest of it, and of another one: that is the whole.
    half = pack['bytes'] // 2
    rest = server.expect(206, 'GET', path, token=tokens['bert'],
                         headers=[f'Range: bytes={half}-', f'If-Range: {pack["etag"]}'])
    assert whole.body[half:] == rest.body
    other = server.expect(200, 'GET', path, token=tokens['bert'],
                          headers=[f'Range: bytes={half}-', 'If-Range: "another"'])
    assert other.body == whole.body

    server.expect(404, 'GET', path, token=tokens['chef'])
    server.expect(401, 'GET', path)

    # It is there after a restart, without being made anew.
    server.stop()
    server.start()
    assert offered(server, tokens['bert']) == pack


def take_and_kill(desk):
    """Begins a first copy and kills the desk as soon as it has said that a part is there."""
    process = desk.start('sync')
    first = process.stderr.readline()
    process.send_signal(signal.SIGKILL)
    process.communicate()
    return first


def test_a_desk_says_how_far_it_is_and_may_be_killed(server):
    tokens = server.city()
    fill(server, tokens['anna'])
    hub.wait(lambda: offered(server, tokens['bert']), 'the pack')

    desk = desks.Desk(server, 'bert')
    assert take_and_kill(desk) == 'allmendectl: sync: ksj/baeume: 3000 of 20000 records\n'
    here = {scope['scope']: scope['records'] for scope in desk.say('scopes')}
    assert here[hub.BAEUME] in range(3000, RECORDS + 1), here
    desk.edit(desks.upd(1, year=1950), desks.new(RECORDS + 1))

    done = desk.run('sync')
    assert done.returncode == 0, done.stderr
    # It takes it from the beginning: the cursor was at 0, unless it was all there.
    said = re.findall(r'^allmendectl: sync: ksj/baeume: (\d+) of 20000 records', done.stderr, re.M)
    assert said[-1:] in ([], ['20000']) and said == sorted(said, key=int), done.stderr
    assert json.loads(done.stdout)['sent'] == 2, done.stdout
    scopes = {scope['scope']: scope for scope in desk.status()['scopes']}
    assert scopes[hub.BAEUME]['records'] == RECORDS + 1, scopes
    assert scopes[hub.BAEUME]['digest'] == 'equal', scopes
    assert desk.fields(1) == {'species': 'Linde', 'year': 1950}
    desk.say('verify', '--profile', str(desk.profile))
    desk.close()


if __name__ == '__main__':
    hub.run(globals())
