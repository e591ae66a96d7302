#!/usr/bin/python3
# SPDX-License-Identifier: EUPL-1.2
"""allmendectl user …, desk …, audit against a real server, as a manager would type them."""

import json
import os
import subprocess

import hub

ALLMENDECTL = os.environ.get('ALLMENDECTL', 'allmendectl')
ENV = {**os.environ, 'DBUS_SESSION_BUS_ADDRESS': 'disabled:', 'XDG_RUNTIME_DIR': '/nonexistent'}


def ctl(server, *words, text='', expect=0, profile='chef'):
    done = subprocess.run([ALLMENDECTL, '--profile', str(server.folder / profile), *words],
                          input=text, capture_output=True, text=True, env=ENV)
    assert done.returncode == expect, (words, done.returncode, done.stdout, done.stderr)
    if expect != 0:
        assert done.stderr.startswith('allmendectl: '), done.stderr
        return done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def login(server, user='chef'):
    ctl(server, 'init', '--server', server.urls[0], profile=user)
    ctl(server, 'login', user, '--password-file', '-', text=hub.PASSWORD + '\n', profile=user)


def test_accounts(server):
    login(server)
    added = ctl(server, 'user', 'add', 'anna', '--title', 'Anna Beispiel', '--password-file', '-',
                text=hub.PASSWORD)
    assert added == [{'name': 'anna', 'title': 'Anna Beispiel', 'enabled': True, 'grants': []}]
    assert [user['name'] for user in ctl(server, 'user', 'list')] == ['anna', 'chef']
    server.login('anna', hub.desk_id(1))
    assert ctl(server, 'user', 'disable', 'anna')[0]['enabled'] is False
    server.expect(401, 'POST', '/v1/login', {'user': 'anna', 'password': hub.PASSWORD,
                                             'desk': hub.desk_id(1), 'name': 'x'})
    assert ctl(server, 'user', 'enable', 'anna')[0]['enabled'] is True
    password = server.folder / 'password'
    password.write_text('ein ganz anderes Wort\n')
    ctl(server, 'user', 'password', 'anna', '--password-file', str(password))
    server.login('anna', hub.desk_id(1), 'ein ganz anderes Wort')


def test_grants(server):
    login(server)
    ctl(server, 'user', 'add', 'anna', '--password-file', '-', text=hub.PASSWORD)
    one = ctl(server, 'user', 'grant', 'anna', 'editor', 'ksj/baeume')[0]['grants']
    assert one == [{'role': 'editor', 'scope': 'ksj/baeume', 'classes': ['public', 'internal']}]
    two = ctl(server, 'user', 'grant', 'anna', 'reader', 'ksj/*', '--classes', 'public,personal',
              '--until', '2099-12-31')[0]['grants']
    assert {'role': 'reader', 'scope': 'ksj/*', 'classes': ['public', 'personal'],
            'until': '2100-01-01T00:00:00Z'} in two and len(two) == 2
    # The same role in the same scope again is a change, not a second one.
    three = ctl(server, 'user', 'grant', 'anna', 'reader', 'ksj/*')[0]['grants']
    assert {'role': 'reader', 'scope': 'ksj/*', 'classes': ['public', 'internal']} in three
    assert len(three) == 2
    assert ctl(server, 'user', 'revoke', 'anna', 'editor', 'ksj/baeume')[0]['grants'] == [
        {'role': 'reader', 'scope': 'ksj/*', 'classes': ['public', 'internal']}]
    ctl(server, 'user', 'revoke', 'anna', 'editor', 'ksj/baeume', expect=1)
    ctl(server, 'user', 'grant', 'anna', 'king', 'ksj/*', expect=1)
    ctl(server, 'user', 'grant', 'niemand', 'reader', 'ksj/*', expect=1)
    ctl(server, 'user', 'grant', 'anna', 'reader', expect=2)


def test_area(server):
    login(server)
    ctl(server, 'user', 'add', 'anna', '--password-file', '-', text=hub.PASSWORD)
    ring = [[11, 50], [12, 50], [12, 51], [11, 51], [11, 50]]
    west = {'type': 'Feature', 'properties': {'name': 'West'},
            'geometry': {'type': 'Polygon', 'coordinates': [ring]}}
    file = server.folder / 'west.geojson'
    file.write_text(json.dumps(west))
    given = ctl(server, 'user', 'grant', 'anna', 'editor', 'ksj/*', '--area', str(file),
                '--from', '2099-01-01')[0]['grants']
    assert given == [{'role': 'editor', 'scope': 'ksj/*', 'classes': ['public', 'internal'],
                      'from': '2099-01-01T00:00:00Z', 'area': west['geometry']}]
    assert ctl(server, 'user', 'list')[0]['grants'] == given
    # Another grant leaves it as it is; several polygons become one area.
    ctl(server, 'user', 'grant', 'anna', 'reader', 'sst/*')
    assert given[0] in ctl(server, 'user', 'list')[0]['grants']
    file.write_text(json.dumps({'type': 'FeatureCollection', 'features': [west, west]}))
    given = ctl(server, 'user', 'grant', 'anna', 'editor', 'ksj/*', '--area', str(file))[0]['grants']
    assert {'role': 'editor', 'scope': 'ksj/*', 'classes': ['public', 'internal'],
            'area': {'type': 'MultiPolygon', 'coordinates': [[ring], [ring]]}} in given
    for bad in ({'type': 'Point', 'coordinates': [11, 50]}, {'type': 'FeatureCollection',
                'features': []}, {'type': 'Feature', 'geometry': None}, [], {}):
        file.write_text(json.dumps(bad))
        said = ctl(server, 'user', 'grant', 'anna', 'editor', 'ksj/*', '--area', str(file), expect=1)
        assert 'west.geojson' in said and 'polygon' in said, said
    file.write_text('no json')
    ctl(server, 'user', 'grant', 'anna', 'editor', 'ksj/*', '--area', str(file), expect=1)
    ctl(server, 'user', 'grant', 'anna', 'editor', 'ksj/*', '--area', '/nowhere', expect=1)
    # The server has the last word.
    file.write_text(json.dumps({'type': 'Polygon', 'coordinates': [ring[:-1]]}))
    assert 'ring' in ctl(server, 'user', 'grant', 'anna', 'editor', 'ksj/*', '--area', str(file),
                         expect=1)
    file.write_text(json.dumps(west))
    assert 'changes nothing' in ctl(server, 'user', 'grant', 'anna', 'reader', 'ksj/*', '--area',
                                    str(file), expect=1)


def test_desks_and_audit(server):
    login(server)
    ctl(server, 'user', 'add', 'anna', '--password-file', '-', text=hub.PASSWORD)
    login(server, 'anna')
    desks = ctl(server, 'desk', 'list')
    assert {desk['user'] for desk in desks} == {'anna', 'chef'}
    anna = next(desk['desk'] for desk in desks if desk['user'] == 'anna')
    # Nobody but a manager and an auditor.
    assert 'may not' in ctl(server, 'user', 'list', profile='anna', expect=1)
    ctl(server, 'audit', profile='anna', expect=1)
    assert ctl(server, 'desk', 'revoke', anna) == [{'desk': anna, 'state': 'revoked'}]
    ctl(server, 'user', 'list', profile='anna', expect=1)
    ctl(server, 'desk', 'revoke', 'x', expect=2)
    lines = ctl(server, 'audit')
    assert [line['i'] for line in lines] == list(range(1, len(lines) + 1))
    assert lines[-1]['action'] == 'desk-revoke' and lines[-1]['subject'] == anna
    assert ctl(server, 'audit', '--after', str(len(lines) - 1)) == lines[-1:]


def test_without_a_server(server):
    ctl(server, 'init', profile='alone')
    assert 'server' in ctl(server, 'user', 'list', profile='alone', expect=1)
    ctl(server, 'user', 'list', profile='nowhere', expect=1)
    login(server)
    server.stop()
    ctl(server, 'user', 'list', expect=1)


if __name__ == '__main__':
    hub.run(globals())
