#!/usr/bin/python3
# SPDX-License-Identifier: EUPL-1.2
"""Accounts, grants, desks and the audit trail over the wire."""

import hub


def test_users(server):
    tokens = server.city()
    users = server.expect(200, 'GET', '/v1/users', token=tokens['chef']).lines()
    assert [user['name'] for user in users] == ['anna', 'bert', 'chef']
    assert users[0]['grants'] == [{'role': 'editor', 'scope': hub.BAEUME,
                                   'classes': ['public', 'internal']}]
    server.expect(403, 'GET', '/v1/users', token=tokens['anna'])
    server.expect(409, 'POST', '/v1/users', {'name': 'anna', 'password': hub.PASSWORD}, tokens['chef'])
    server.expect(400, 'POST', '/v1/users', {'name': 'carl', 'password': 'kurz'}, tokens['chef'])
    server.expect(404, 'PATCH', '/v1/users/carl', {'enabled': False}, tokens['chef'])
    server.expect(400, 'PATCH', '/v1/users/anna', b'no json', tokens['chef'])


def test_the_last_manager_stays(server):
    """Nobody could let a city in again whose last administrator is out."""
    chef = server.city()['chef']
    manager = [{'role': 'manager', 'scope': '*'}]
    others = [{'role': 'auditor', 'scope': '*'}]
    for method, path, body in (
            ('PATCH', '/v1/users/chef', {'enabled': False}),
            ('PUT', '/v1/users/chef/grants', {'grants': others}),
            ('PUT', '/v1/users/chef/grants', {'grants': [{**manager[0], 'until': '2099-01-01'}]})):
        reply = server.expect(409, method, path, body, chef).json()
        assert reply['code'] == 'last-manager' and 'chef' in reply['detail'], reply
    server.expect(200, 'PATCH', '/v1/users/chef', {'title': 'Die Chefin'}, chef)

    # One who ends some day, or cannot log in, does not count.
    server.expect(200, 'PUT', '/v1/users/anna/grants',
                  {'grants': [{**manager[0], 'until': '2099-01-01'}]}, chef)
    server.expect(200, 'PUT', '/v1/users/bert/grants', {'grants': manager}, chef)
    server.expect(200, 'PATCH', '/v1/users/bert', {'enabled': False}, chef)
    server.expect(409, 'PATCH', '/v1/users/chef', {'enabled': False}, chef)
    server.expect(200, 'PATCH', '/v1/users/bert', {'enabled': True}, chef)
    server.expect(200, 'PUT', '/v1/users/chef/grants', {'grants': others}, chef)


def test_password(server):
    tokens = server.city()
    server.expect(200, 'PATCH', '/v1/users/anna', {'password': 'ein ganz anderes Wort'}, tokens['chef'])
    server.expect(401, 'POST', '/v1/hello', {'desk': hub.desk_id(1)}, tokens['anna'])
    server.expect(401, 'POST', '/v1/login', {'user': 'anna', 'password': hub.PASSWORD,
                                             'desk': hub.desk_id(1), 'name': 'x'})
    server.login('anna', hub.desk_id(1), 'ein ganz anderes Wort')


def test_rights_hold_at_once(server):
    tokens = server.city()
    server.push(tokens['anna'], hub.desk_id(1), 1, [hub.new_tree(1)])
    server.expect(200, 'PUT', '/v1/users/anna/grants',
                  {'grants': [{'role': 'reader', 'scope': 'ksj/*'}]}, tokens['chef'])
    said = server.push(tokens['anna'], hub.desk_id(1), 2, [hub.new_tree(2)]).lines()[0]
    assert said['r'] == 'refused' and said['code'] == 'forbidden'
    assert len(server.feed(tokens['anna'], {hub.BAEUME: 0})) == 2


def test_masks(server):
    """The marker word of a masked field is in no answer, whatever is asked."""
    tokens = server.city()
    secret = server.add(tokens['chef'], 'petra', hub.desk_id(7),
                        [{'role': 'editor', 'scope': hub.BAEUME,
                          'classes': ['public', 'internal', 'personal']}])
    server.push(tokens['anna'], hub.desk_id(1), 1, [hub.new_tree(1)])
    said = server.push(secret, hub.desk_id(7), 1, [
        {'op': 'upd', 'base': 1, 'id': hub.desk_id(1001), 'set': {'owner': 'MARKERWORT'}, 'old': {}}])
    assert said.lines()[0]['r'] == 'ok'
    assert server.feed(secret, {hub.BAEUME: 0})[0]['f']['owner'] == 'MARKERWORT'
    for token in tokens.values():
        for method, path, body in [
                ('POST', '/v1/feed', {'epoch': server.epoch, 'cursors': {hub.BAEUME: 0, 'system': 0}}),
                ('GET', f'/v1/records/{hub.desk_id(1001)}/history', None),
                ('GET', '/v1/users', None), ('GET', '/v1/audit', None), ('GET', '/v1/desks', None)]:
            assert b'MARKERWORT' not in server.ask(method, path, body, token).body, path


def test_desks(server):
    tokens = server.city()
    desks = server.expect(200, 'GET', '/v1/desks', token=tokens['chef']).lines()
    assert {desk['user'] for desk in desks} == {'anna', 'bert', 'chef'}
    copy = server.expect(201, 'POST', '/v1/desks', {'desk': hub.desk_id(50), 'name': 'Kopie'},
                         tokens['anna']).json()['token']
    assert server.push(copy, hub.desk_id(50), 1, [hub.new_tree(1)]).lines()[-1] == {'next': 2}
    server.expect(204, 'DELETE', f'/v1/desks/{hub.desk_id(50)}', token=tokens['chef'])
    server.expect(401, 'POST', '/v1/hello', {'desk': hub.desk_id(50)}, copy)
    server.expect(200, 'POST', '/v1/hello', {'desk': hub.desk_id(1)}, tokens['anna'])


def test_a_manager_of_a_part_holds_that_part_only(server):
    """Who may not give a right takes over nobody who has it: by no password, by no desk."""
    tokens = server.city()
    part = server.add(tokens['chef'], 'meike', hub.desk_id(5),
                      [{'role': 'manager', 'scope': 'ksj/*'}])
    server.add(tokens['chef'], 'wolf', hub.desk_id(6), [{'role': 'reader', 'scope': 'werke/*'}])
    server.add(tokens['chef'], 'rolf', hub.desk_id(7), [{'role': 'reader', 'scope': hub.BAEUME},
                                                       {'role': 'reader', 'scope': 'werke/*'}])
    server.add(tokens['chef'], 'alma', hub.desk_id(8), [{'role': 'auditor', 'scope': 'ksj/*'}])
    server.add(tokens['chef'], 'otto', hub.desk_id(9), [])
    other = {'password': 'ein ganz anderes Wort'}
    for user, number in [('wolf', 6), ('rolf', 7), ('alma', 8), ('otto', 9), ('chef', 90)]:
        desk = f'/v1/desks/{hub.desk_id(number)}'
        server.expect(403, 'PATCH', f'/v1/users/{user}', other, part)
        server.expect(403, 'PATCH', f'/v1/users/{user}', {'enabled': False}, part)
        server.expect(403, 'DELETE', desk, token=part)
        server.expect(403, 'DELETE', desk + '?lost=1', token=part)
    # Her own people, somebody new once he has his rights, and herself.
    server.expect(200, 'PATCH', '/v1/users/anna', other, part)
    server.expect(204, 'DELETE', f'/v1/desks/{hub.desk_id(2)}?lost=1', token=part)
    server.expect(201, 'POST', '/v1/users', {'name': 'neu', 'password': hub.PASSWORD}, part)
    server.expect(403, 'PATCH', '/v1/users/neu', other, part)
    server.expect(200, 'PUT', '/v1/users/neu/grants',
                  {'grants': [{'role': 'reader', 'scope': hub.BAEUME}]}, part)
    server.expect(200, 'PATCH', '/v1/users/neu', other, part)
    server.expect(200, 'PATCH', '/v1/users/meike', {'title': 'Meike'}, part)
    # Who manages everything may.
    server.expect(200, 'PATCH', '/v1/users/otto', other, tokens['chef'])
    server.expect(204, 'DELETE', f'/v1/desks/{hub.desk_id(8)}', token=tokens['chef'])


def test_audit(server):
    tokens = server.city()
    lines = server.expect(200, 'GET', '/v1/audit', token=tokens['chef']).lines()
    assert [line['i'] for line in lines] == list(range(1, len(lines) + 1))
    assert [line['action'] for line in lines][:3] == ['init', 'login', 'user-add']
    rest = server.expect(200, 'GET', '/v1/audit?after=3', token=tokens['chef']).lines()
    assert rest == lines[3:]
    server.expect(403, 'GET', '/v1/audit', token=tokens['anna'])


if __name__ == '__main__':
    hub.run(globals())
