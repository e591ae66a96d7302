#!/usr/bin/python3
# SPDX-License-Identifier: EUPL-1.2
"""The server's disk is dead: last night's backup, and the day's work from the desks."""

import json
import os
import pathlib
import subprocess

import hub
import test_erase
from desks import ALLMENDECTL, new, prepare, tree, upd


def ctl(*words, code=0):
    done = subprocess.run([ALLMENDECTL, *map(str, words)], capture_output=True, text=True,
                          timeout=hub.LIMIT_S)
    assert done.returncode == code, f'{words}: {done.returncode} {done.stdout} {done.stderr}'
    return [json.loads(line) for line in done.stdout.splitlines()]


def backup(server, name='night'):
    """Beside the server that goes on."""
    to = server.folder / name
    said, = ctl('backup', '--data', server.data, '--to', to)
    manifest = json.loads((to / 'manifest.json').read_text())
    assert manifest['heads'] == said['heads'] and manifest['counts']['records'] > 0, manifest
    assert ctl('verify', '--backup', to)[-1]['ok']
    return to


def restore(server, source, data=None, *words, code=0):
    done = subprocess.run([hub.ALLMENDED, 'restore', '--from', source, '--data',
                           data or server.data, *words], capture_output=True, text=True,
                          timeout=hub.LIMIT_S)
    assert done.returncode == code, f'{done.returncode} {done.stdout} {done.stderr}'
    return json.loads(done.stdout) if code == 0 else done.stderr


def lose_disk_and_restore(server, source, *words):
    server.stop()
    server.data = server.folder / f'from-{source.name}-{len(list(server.folder.iterdir()))}'
    epoch = restore(server, source, None, *words)['epoch']
    server.listen = [f'127.0.0.1:{server.port}']
    server.start()
    assert server.epoch == epoch
    assert ctl('verify', '--data', server.data)[-1]['ok']


def settle(*desks):
    """Until nobody has anything to tell any more."""
    for _ in range(3):
        for desk in desks:
            desk.sync()


def test_the_day_comes_back_from_the_desks(server):
    admin, anna, bert = prepare(server)
    anna.edit(new(1, year=1950), new(2, visits=1))
    anna.sync()
    bert.sync()
    night = backup(server)

    # The day: both work, one on what the other has made, and somebody deletes.
    anna.edit(new(3, visits=5), upd(1, year=1951))
    anna.sync()
    bert.sync()
    bert.edit(upd(3, year=1900), {'op': 'upd', 'id': tree(2), 'add': {'visits': 2}}, new(4))
    bert.sync()
    anna.sync()
    anna.edit({'op': 'del', 'id': tree(4)}, {'op': 'upd', 'id': tree(2), 'add': {'visits': 4}})
    anna.sync()
    bert.sync()
    evening = anna.export()
    assert evening == bert.export() and tree(4) not in evening

    # Who made record 3 comes last: nobody has to try again by hand.
    lose_disk_and_restore(server, night)
    bert.sync()
    assert tree(3) not in bert.export()
    assert bert.status()['stray'] > 0
    settle(anna, bert)
    for desk in (anna, bert):
        status = desk.status()
        assert status == {**status, 'waiting': 0, 'refused': 0}, status
        assert all(scope['digest'] == 'equal' for scope in status['scopes']
                   if scope['scope'] != 'local'), status
    assert anna.export() == bert.export()
    now = anna.export()
    assert now[tree(3)]['fields'] == evening[tree(3)]['fields'], now
    assert now[tree(1)]['fields'] == {'species': 'Linde', 'year': 1951}
    assert now[tree(2)]['fields']['visits'] == 7, now[tree(2)]
    # The deletion saw a version that is lost: it is a question, or it is done.
    assert tree(4) not in now or anna.conflicts(), now

    token = server.login('chef', hub.desk_id(90))
    lines = server.expect(200, 'GET', '/v1/audit', token=token).lines()
    assert [line for line in lines if line['action'] == 'restore'], lines


def test_what_only_one_desk_still_knows(server):
    _, anna, bert = prepare(server)
    night = backup(server)
    anna.edit(new(1), new(2, year=1950))
    anna.sync()
    bert.sync()

    # The computer of who made it is gone, too.
    lose_disk_and_restore(server, night)
    bert.sync()
    assert bert.export() == {} and bert.status()['stray'] == 2, bert.status()
    assert bert.say('rescue', '--scope', 'no/such') == [{'rescued': 0, 'left': 0}]
    assert bert.say('rescue') == [{'rescued': 2, 'left': 0}]
    said = bert.sync()
    assert said == {**said, 'sent': 2, 'ok': 2, 'state': 'in-sync'}, said
    assert bert.status()['stray'] == 0
    assert bert.fields(2) == {'species': 'Linde', 'year': 1950}
    # It turns up again, with the same records: that is no second copy of them.
    settle(anna, bert)
    assert set(anna.export()) == {tree(1), tree(2)} and anna.export() == bert.export()
    assert anna.status()['stray'] == 0 and anna.status()['refused'] == 0


def test_two_restores_while_a_desk_is_away(server):
    _, anna, bert = prepare(server)
    anna.edit(new(1))
    anna.sync()
    bert.sync()
    old = backup(server, 'old')
    anna.edit(new(2))
    anna.sync()
    bert.sync()
    newer = backup(server, 'newer')
    bert.edit(new(3, year=1960))
    bert.sync()

    lose_disk_and_restore(server, newer)
    anna.edit(upd(1, year=1990))
    anna.sync()
    lose_disk_and_restore(server, old)
    settle(bert, anna)
    for desk in (anna, bert):
        assert set(desk.export()) == {tree(1), tree(2), tree(3)}, desk.export()
        assert desk.fields(1)['year'] == 1990
        status = desk.status()
        assert status == {**status, 'waiting': 0, 'refused': 0, 'stray': 0}, status


def test_a_scope_that_was_made_after_the_backup(server):
    admin, anna, bert = prepare(server, [{'role': 'editor', 'scope': 'ksj/*'}])
    night = backup(server)
    scope = [{'op': 'new', 'base': 0, 'scope': 'system', 'kind': 'scope', 'id': hub.desk_id(903),
              'set': {'path': 'ksj/neu', 'title': 'Neu'}}]
    server.push(admin, hub.desk_id(90), 3, scope)
    anna.sync()
    bert.sync()
    anna.edit({**new(1), 'scope': 'ksj/neu'})
    anna.sync()
    bert.sync()

    lose_disk_and_restore(server, night)
    anna.sync()
    bert.sync()
    assert anna.export() == {} and bert.status()['stray'] >= 1
    server.push(admin, hub.desk_id(90), 3, scope)
    settle(bert, anna)
    assert anna.fields(1) == {'species': 'Linde'} and anna.export() == bert.export()
    for desk in (anna, bert):
        status = desk.status()
        assert status == {**status, 'waiting': 0, 'refused': 0, 'stray': 0}, status


def test_what_was_erased_since_stays_away(server):
    word = test_erase.WORDS['erased']
    _, anna, bert, chef = test_erase.city(server)
    anna.edit(new(1, name=word + '1', year=1950), new(2, name=word + '2'))
    anna.sync()
    bert.sync()
    test_erase.erase(chef, 2)
    early = (server.data / 'erased.ndjson').read_text()
    night = backup(server)
    anna.edit(new(3, name=word + '3', year=1960))
    anna.sync()
    bert.sync()
    for number in (1, 3):
        test_erase.erase(chef, number, 'name')
    # One of them has heard of it before the disk dies, the other has not.
    anna.sync()
    assert test_erase.found(night, word) and test_erase.found(bert.profile, word)
    listed = (server.data / 'erased.ndjson').read_text()
    lines = listed.splitlines(keepends=True)
    assert listed.startswith(early) and len(lines) == 3, listed
    # A copy that lacks what the backup knows will do.
    copy = server.folder / 'list'
    copy.write_text(''.join(lines[1:]) + '{"at":"torn')

    lose_disk_and_restore(server, night, '--erasures', copy)
    assert test_erase.found(server.data, word) == []
    assert (server.data / 'erased.ndjson').read_text() == listed
    settle(bert, anna, chef)
    settle(bert, anna, chef)
    for place in (server.data, anna.profile, bert.profile, chef.profile):
        assert test_erase.found(place, word) == [], place
    for desk in (anna, bert):
        assert desk.fields(1) == {'species': 'Linde', 'year': 1950}, desk.fields(1)
        assert desk.fields(3) == {'species': 'Linde', 'year': 1960}, desk.fields(3)
    assert anna.export() == bert.export()
    # The auditor's desk has handed in its own once more: they are told like any.
    told = chef.say('erasures')
    assert all(one['open'] == [] and one['confirmed'] == 2 for one in told), told
    listed = (server.data / 'erased.ndjson').read_text()
    assert len(told) == listed.count('\n') >= 3
    # Once more with the same list: nothing is erased twice.
    lose_disk_and_restore(server, backup(server, 'later'), '--erasures', copy)
    assert len(chef.say('erasures')) == len(told)
    assert (server.data / 'erased.ndjson').read_text() == listed


def test_a_list_that_is_none_leaves_nothing(server):
    prepare(server)
    night = backup(server)
    to = server.folder / 'new'
    good = json.dumps({'at': '2027-01-15T08:00:00Z', 'fields': ['name'], 'id': tree(1), 'seq': 3,
                       'reason': 'verlangt', 'scope': hub.BAEUME, 'user': 'chef'}) + '\n'
    lists = server.folder / 'list'
    for text, reason in ((good + 'no JSON\n', f'{lists}: line 2: '),
                         (good * 2 + '{"id":1}\n', f'{lists}: line 3: not a line about an erasure')):
        lists.write_text(text)
        complaint = restore(server, night, to, '--erasures', lists, code=1)
        assert complaint.startswith(f'allmended: restore: {reason}'), complaint
        assert not to.exists(), list(to.rglob('*'))
    complaint = restore(server, night, to, '--erasures', server.folder / 'none', code=1)
    assert str(server.folder / 'none') in complaint and not to.exists(), complaint
    # Where a restore was broken off its folder is cleared: the list must not lie there.
    to.mkdir()
    (to / 'restore.part').mkdir()
    (to / 'erased.ndjson').write_text(good)
    complaint = restore(server, night, to, '--erasures', to / 'erased.ndjson', code=1)
    assert 'move it elsewhere' in complaint and (to / 'erased.ndjson').read_text() == good
    usage = subprocess.run([hub.ALLMENDED, 'serve', '--data', to, '--erasures', lists],
                           capture_output=True, text=True)
    assert usage.returncode == 2 and '--erasures FILE' in usage.stderr, usage.stderr


def test_what_cannot_be_restored(server):
    prepare(server)
    night = backup(server)
    for data, source, reason in (
            (server.data, night, 'there is a server in this folder'),
            (server.folder, night, 'a backup is restored into an empty folder'),
            (server.folder / 'new', server.folder, 'no backup of Allmende'),
            (pathlib.Path('/proc/nowhere'), night, '/proc/nowhere')):
        complaint = restore(server, source, data, code=1)
        assert complaint.startswith('allmended: restore: ') and reason in complaint, complaint
    (night / 'allmende.db').write_bytes(b'\0' * 8192)
    complaint = restore(server, night, server.folder / 'new', code=1)
    assert 'the backup is damaged: allmende.db' in complaint, complaint
    assert not (server.folder / 'new').exists()
    assert ctl('verify', '--backup', night, code=1)[-1]['ok'] is False
    done = subprocess.run([hub.ALLMENDED, 'restore', '--data', server.folder / 'new'],
                          capture_output=True, text=True)
    assert done.returncode == 2 and 'usage' in done.stderr


def test_a_full_disk_leaves_nothing(server):
    prepare(server)
    night = backup(server)
    to = server.folder / 'new'
    size = (night / 'allmende.db').stat().st_size
    # No file may grow to that size: as a full disk says it, in the middle of the copy.
    done = subprocess.run(['prlimit', f'--fsize={size // 2}', hub.ALLMENDED, 'restore', '--from',
                           night, '--data', to], capture_output=True, text=True,
                          preexec_fn=lambda: __import__('signal').signal(25, 1))
    assert done.returncode == 1, (done.returncode, done.stderr)
    assert 'allmended: restore: ' in done.stderr and str(to) in done.stderr, done.stderr
    assert not to.exists(), os.listdir(to)
    assert restore(server, night, to)['epoch']


if __name__ == '__main__':
    hub.run({name: case for name, case in globals().items() if name != 'test_erase'})
