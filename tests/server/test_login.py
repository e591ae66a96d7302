#!/usr/bin/python3
# SPDX-License-Identifier: EUPL-1.2
"""Login, logout, hello, tokens."""

import concurrent.futures

import hub


def test_login_and_out(server):
    token = server.login('chef', hub.desk_id(1))
    said = server.expect(200, 'POST', '/v1/hello', {'desk': hub.desk_id(1), 'program': 'test',
                                                    'protocol': 1}, token).json()
    assert said['server'] == server.made['server'] and said['epoch'] == server.epoch
    assert said['next'] == 1 and said['limits'] == {'body': 8388608, 'commands': 2000}
    assert [scope['scope'] for scope in said['scopes']] == ['system']
    assert set(said['roles']) == {'manager', 'operator', 'auditor', 'steward'}
    server.expect(204, 'POST', '/v1/logout', token=token)
    server.expect(401, 'POST', '/v1/hello', {'desk': hub.desk_id(1)}, token)


def test_unknown_and_wrong_look_alike(server):
    def fail(user):
        reply = server.expect(401, 'POST', '/v1/login', {
            'user': user, 'password': 'falsch falsch', 'desk': hub.desk_id(1), 'name': 'x'})
        return reply.body, {k: v for k, v in reply.headers.items() if k != 'date'}
    assert fail('chef') == fail('niemand')


def test_tries_are_slowed_down(server):
    ask = {'user': 'chef', 'password': 'falsch falsch', 'desk': hub.desk_id(1), 'name': 'x'}
    for _ in range(5):
        server.expect(401, 'POST', '/v1/login', ask)
    reply = server.expect(429, 'POST', '/v1/login', ask)
    assert int(reply.headers['retry-after']) >= 1
    # Never a lock-out.
    hub.wait(lambda: server.ask('POST', '/v1/login', {**ask, 'password': hub.PASSWORD}).status == 200,
             'the delay to end')


def test_a_crowd_logs_in(server):
    """At most 32 wait for a hash; the others are told to come back, and everybody gets in."""
    def login(n):
        tries = 0
        while True:
            reply = server.ask('POST', '/v1/login', {'user': 'chef', 'password': hub.PASSWORD,
                                                     'desk': hub.desk_id(n), 'name': 'x'})
            if reply.status == 200:
                return tries
            assert reply.status == 503 and 'retry-after' in reply.headers, reply.status
            tries += 1
    with concurrent.futures.ThreadPoolExecutor(60) as pool:
        tries = list(pool.map(login, range(1, 61)))
    assert sum(tries) > 0, 'nobody was ever told to come back'


def test_tokens_that_are_none(server):
    for token in ['', 'x', '0' * 64, '0' * 63 + 'g', '0' * 4000, 'ä']:
        server.expect(401, 'POST', '/v1/hello', {'desk': hub.desk_id(1)}, token or ' ')
    server.expect(401, 'POST', '/v1/hello', {'desk': hub.desk_id(1)},
                  headers=['Authorization: Basic Y2hlZjp4'])


if __name__ == '__main__':
    hub.run(globals())
