#!/usr/bin/python3
# SPDX-License-Identifier: EUPL-1.2
"""A profile is copied, comes back from its own backup, or is lost."""

import shutil

import hub
from desks import Desk, copy, new, prepare, tree, upd


def in_step(*desks):
    for _ in range(2):
        for desk in desks:
            desk.sync()
    first = desks[0].export()
    for desk in desks:
        status = desk.status()
        assert status == {**status, 'waiting': 0, 'refused': 0}, status
        assert desk.export() == first
    return first


def test_both_copies_go_on(server):
    admin, anna, bert = prepare(server)
    anna.edit(new(1, visits=1))
    anna.sync()
    # Shared by both, and sent once by each.
    anna.edit({'op': 'upd', 'id': tree(1), 'add': {'visits': 10}})
    other = copy(anna)
    anna.edit(new(2))
    other.edit(new(3), upd(1, year=1950), {'op': 'upd', 'id': tree(1), 'add': {'visits': 100}})
    anna.sync()
    done = other.run('sync')
    assert done.returncode == 0 and 'a desk of its own now' in done.stderr, done
    assert other.status()['desk'] != anna.status()['desk']
    now = in_step(anna, other, bert)
    assert set(now) == {tree(1), tree(2), tree(3)}
    assert now[tree(1)]['fields'] == {'species': 'Linde', 'visits': 111, 'year': 1950}, now
    assert other.conflicts() == []

    # From now on they are two.
    anna.edit(upd(1, year=1960))
    other.edit(upd(3, year=1961))
    assert 'own now' not in other.run('sync').stderr
    in_step(anna, other, bert)
    lines = server.expect(200, 'GET', '/v1/desks', token=admin).lines()
    assert len([line for line in lines if line['user'] == 'anna']) == 3, lines
    audit = server.expect(200, 'GET', '/v1/audit', token=admin).lines()
    assert [line for line in audit if line['action'] == 'desk-fork'
            and line['subject'] == other.status()['desk']
            and line['detail'] == anna.status()['desk']], audit


def test_what_was_sent_before_is_nobody_elses(server):
    """A deletion by who has changed the record himself, before he was somebody else."""
    _, anna, bert = prepare(server)
    anna.edit(new(1))
    anna.sync()
    other = copy(anna)
    anna.edit(new(2))
    anna.sync()
    other.edit(upd(1, year=1950))
    other.sync()
    again = copy(other, 'again')
    other.edit(upd(1, species='Eiche'), {'op': 'del', 'id': tree(1)})
    again.edit(new(3))
    again.sync()
    other.sync()
    assert tree(1) not in in_step(anna, other, again, bert)
    assert other.conflicts() == []


def test_a_profile_from_its_own_backup(server):
    _, anna, bert = prepare(server)
    anna.edit(new(1))
    anna.sync()
    anna.say('backup', '--to', str(anna.folder / 'saved'))
    anna.edit(new(2), new(3))
    anna.sync()
    shutil.rmtree(anna.profile)
    shutil.copytree(anna.folder / 'saved', anna.profile)
    anna.login()                       # the token is in no backup
    anna.edit(new(4))
    anna.sync()
    assert set(in_step(anna, bert)) == {tree(n) for n in (1, 2, 3, 4)}


def test_killed_between_any_two_steps(server):
    """The token for the new name is not heard, or not kept: the old one leads there again."""
    _, anna, bert = prepare(server)
    token = (anna.profile / 'token').read_text()
    other = copy(anna)
    anna.edit(new(1))
    anna.sync()
    other.edit(new(2))
    other.sync()
    (other.profile / 'token').write_text(token)    # as if it had died before it kept the new one
    other.edit(new(3))
    done = other.run('sync')
    # It has sent under its name already, so nobody else gets it: once more, another name.
    assert done.returncode == 0, done
    assert set(in_step(anna, other, bert)) == {tree(1), tree(2), tree(3)}

    # Before anything was sent it is the same name again.
    third = copy(anna, 'third')
    third.edit(new(4))
    anna.edit(new(5))
    anna.sync()
    server.stop()
    assert third.run('sync').returncode == 1
    server.listen = [f'127.0.0.1:{server.port}']
    server.start()
    third.sync()
    in_step(anna, other, third, bert)


def test_a_lost_desk_is_wiped(server):
    admin, anna, bert = prepare(server)
    chef = Desk.__new__(Desk)
    chef.server, chef.user = server, 'chef'
    chef.folder = anna.folder / 'chef'
    chef.profile = chef.folder / 'profile'
    chef.login()
    anna.edit(new(1, species='Geheimnis'))
    anna.sync()
    anna.edit(new(2, species='Ungesendet'))
    lost = anna.status()['desk']
    done = chef.run('desk', 'revoke', lost, '--lost')
    assert done.returncode == 2 and 'that it has not sent yet' in done.stderr, done
    assert chef.say('desk', 'revoke', lost, '--lost', '--confirm') == [{'desk': lost,
                                                                       'state': 'lost'}]
    line, = [line for line in chef.say('desk', 'list') if line['desk'] == lost]
    assert line['state'] == 'lost' and 'wiped' not in line, line

    # With its token nobody reads anything, and nobody sends.
    token = (anna.profile / 'token').read_text()
    for method, path, body in (('POST', '/v1/feed', {'epoch': server.epoch, 'cursors': {}}),
                               ('GET', '/v1/desks', None),
                               ('POST', '/v1/push', {'desk': lost, 'epoch': server.epoch,
                                                     'first': 1})):
        reply = server.expect(410, method, path, body, token).json()
        assert reply['code'] == 'desk-lost', reply
    server.expect(410, 'POST', '/v1/login', {'user': 'anna', 'password': hub.PASSWORD,
                                             'desk': lost, 'name': 'x'})

    done = anna.run('sync')
    assert done.returncode == 1 and 'reported lost' in done.stderr, done
    status = anna.status()
    assert status == {**status, 'server': None, 'user': None, 'waiting': 0, 'scopes': []}, status
    assert status['desk'] != lost
    assert not (anna.profile / 'token').exists()
    for path in anna.profile.rglob('*'):
        if path.is_file():
            for word in (b'Geheimnis', b'Ungesendet', b'Linde', b'baeume', b'anna'):
                assert word not in path.read_bytes(), (path, word)
    assert anna.say('verify')[-1]['ok']

    line, = [line for line in chef.say('desk', 'list') if line['desk'] == lost]
    assert line['state'] == 'wiped' and line['wiped'] >= line['lost'], line
    actions = [line['action'] for line in chef.say('audit')]
    assert actions.index('desk-lost') < actions.index('desk-wiped')

    # It turns up again, as a new one.
    anna.login()
    anna.sync()
    assert anna.fields(1) == {'species': 'Geheimnis'}
    assert set(anna.export()) == {tree(1)}


def test_each_copy_of_a_lost_desk_is_wiped(server):
    admin, anna, _ = prepare(server)
    anna.edit(new(1, species='Geheimnis'))
    anna.sync()
    others = [copy(anna, name) for name in ('one', 'two')]
    desk = anna.status()['desk']
    server.expect(204, 'DELETE', f'/v1/desks/{desk}?lost=1', token=admin)
    for one, words in (others[0], []), (anna, ['--follow']), (others[1], []):
        done = one.run('sync', *words)
        assert done.returncode == 1 and 'reported lost' in done.stderr, done
        assert one.status()['scopes'] == [] and not (one.profile / 'token').exists()
        assert b'Geheimnis' not in (one.profile / 'profile.db').read_bytes()


def test_called_off(server):
    admin, anna, _ = prepare(server)
    desk = anna.status()['desk']
    server.expect(204, 'DELETE', f'/v1/desks/{desk}?lost=1', token=admin)
    server.expect(400, 'DELETE', f'/v1/desks/{desk}?lost=2', token=admin)
    server.expect(204, 'DELETE', f'/v1/desks/{desk}', token=admin)
    anna.edit(new(1))
    assert anna.run('sync').returncode == 1
    assert anna.status()['waiting'] == 1
    anna.login()
    anna.sync()
    assert anna.status()['waiting'] == 0


if __name__ == '__main__':
    hub.run(globals())
