#!/usr/bin/python3
# SPDX-License-Identifier: EUPL-1.2
"""Two desks and a server, as people use them."""

import sqlite3

import hub
from desks import Desk, new, prepare, tree, upd


def test_what_one_writes_offline_the_other_sees(server):
    _, anna, bert = prepare(server)
    server.stop()
    anna.edit(new(1, year=1950), new(2), upd(1, year=1951))
    assert anna.status()['waiting'] == 3
    said = anna.sync(code=1)
    assert said['state'] == 'waiting' and said['waiting'] == 3, said

    server.listen = [f'127.0.0.1:{server.port}']
    server.start()
    said = anna.sync()
    assert said == {**said, 'sent': 3, 'ok': 3, 'waiting': 0, 'state': 'in-sync'}, said
    bert.sync()
    assert bert.fields(1) == {'species': 'Linde', 'year': 1951}
    assert bert.export() == anna.export()
    assert anna.status()['waiting'] == 0


def test_a_token_of_yesterday_is_replaced(server):
    """As if a day had gone by: the file gets another token, and the last one ends."""
    _, anna, _ = prepare(server)
    anna.sync()
    file = anna.profile / 'token'
    first = file.read_text()
    age(server)
    anna.sync()
    second = file.read_text()
    assert second != first and len(second) == len(first) and file.stat().st_mode & 0o777 == 0o600

    # Killed before the new one was stored: the last one still counts, and another is given.
    file.write_text(first)
    anna.sync()
    third = file.read_text()
    assert third not in (first, second)
    anna.edit(new(1))
    assert anna.sync()['ok'] == 1
    assert file.read_text() == third
    server.expect(401, 'POST', '/v1/feed', {'epoch': server.epoch, 'cursors': {}}, second)
    tokens = sql(server, "SELECT count(*) FROM tokens WHERE since < 0")
    assert tokens == [(1,)], tokens


def sql(server, text):
    """In the server's file, while nobody else has it."""
    server.stop()
    db = sqlite3.connect(server.data / 'allmende.db')
    rows = list(db.execute(text))
    db.commit()
    db.close()
    server.listen = [f'127.0.0.1:{server.port}']
    server.start()
    return rows


def age(server):
    sql(server, 'UPDATE tokens SET since = 0 WHERE since > 0')


def test_different_fields_of_one_record_are_merged(server):
    _, anna, bert = prepare(server)
    anna.edit(new(1))
    anna.sync()
    bert.sync()
    anna.edit(upd(1, year=1950))
    bert.edit(upd(1, species='Eiche'), {'op': 'upd', 'id': tree(1), 'add': {'visits': 2}})
    anna.edit({'op': 'upd', 'id': tree(1), 'add': {'visits': 3}})
    anna.sync()
    said = bert.sync()
    assert said['conflict'] == 0, said
    anna.sync()
    for desk in (anna, bert):
        assert desk.fields(1) == {'species': 'Eiche', 'year': 1950, 'visits': 5}, desk.fields(1)
        assert desk.conflicts() == []


def test_the_same_field_is_a_question_and_is_answered(server):
    _, anna, bert = prepare(server)
    anna.edit(new(1, year=1950))
    anna.sync()
    bert.sync()
    anna.edit(upd(1, year=1960))
    bert.edit(upd(1, year=1970, species='Ahorn'))      # the species is taken all the same
    anna.sync()
    said = bert.sync()
    assert said['conflict'] == 1, said

    question, = bert.conflicts()
    assert question == {**question, 'id': tree(1), 'field': 'year', 'why': 'value', 'base': 1950,
                        'theirs': 1960, 'mine': 1970, 'theirs_user': 'anna', 'mine_user': 'bert',
                        'state': 'open'}
    assert bert.fields(1) == {**bert.fields(1), 'year': 1960, 'species': 'Ahorn'}
    assert bert.status()['conflicts'] == 1

    anna.sync()
    assert anna.conflicts()[0]['conflict'] == question['conflict']
    bert.say('resolve', question['conflict'], '--take', 'mine')
    assert bert.fields(1)['year'] == 1970
    assert bert.conflicts() == [], 'answered here at once'
    bert.sync()
    anna.sync()
    for desk in (anna, bert):
        assert desk.fields(1)['year'] == 1970
        assert desk.conflicts() == []
    bert.say('resolve', question['conflict'], '--take', 'theirs', code=1)


def test_the_history_tells_who_did_what_with_and_without_the_server(server):
    _, anna, bert = prepare(server)
    anna.edit(new(1))
    anna.sync()
    bert.sync()
    bert.edit(upd(1, species='Eiche'))
    bert.sync()
    anna.sync()
    anna.edit(upd(1, year=1950))
    history = anna.say('history', tree(1))
    assert [(entry['user'], entry['op'], entry.get('state')) for entry in history] == [
        ('anna', 'new', None), ('bert', 'upd', None), ('anna', 'upd', 'waiting')], history
    assert history[1]['set'] == {'species': 'Eiche'}, history

    server.stop()
    history = anna.say('history', tree(1))
    assert [(entry['user'], entry['state']) for entry in history] == [
        ('anna', 'acked'), ('anna', 'waiting')], history


def test_a_question_about_a_deletion(server):
    _, anna, bert = prepare(server)
    anna.edit(new(1), new(2))
    anna.sync()
    bert.sync()
    anna.edit(upd(1, year=1960), {'op': 'del', 'id': tree(2)})
    bert.edit({'op': 'del', 'id': tree(1)}, upd(2, year=1970))
    anna.sync()
    assert bert.sync()['conflict'] == 2
    why = {question['id']: question for question in bert.conflicts()}
    assert why[tree(1)]['why'] == 'edited' and why[tree(2)]['why'] == 'deleted'
    assert all(question['theirs_user'] == 'anna' for question in why.values()), why
    assert set(bert.export()) == {tree(1), tree(2)}

    # Both are deleted after all.
    bert.say('resolve', why[tree(1)]['conflict'], '--take', 'mine')
    bert.say('resolve', why[tree(2)]['conflict'], '--take', 'theirs')
    bert.sync()
    anna.sync()
    assert anna.export() == {} and bert.export() == {}
    assert anna.conflicts() == []


def test_a_refused_edit_is_kept_and_blocks_nothing(server):
    admin, anna, bert = prepare(server)
    server.push(admin, hub.desk_id(90), 3, [
        {'op': 'new', 'base': 0, 'scope': 'system', 'kind': 'scope', 'id': hub.desk_id(903),
         'set': {'path': 'ksj/wiesen', 'title': 'Wiesen'}}])
    both = [{'role': 'editor', 'scope': hub.BAEUME}, {'role': 'editor', 'scope': 'ksj/wiesen'}]
    server.expect(200, 'PUT', '/v1/users/anna/grants', {'grants': both}, admin)
    anna.sync()
    anna.edit({**new(1), 'scope': 'ksj/wiesen'}, new(2), {**new(3), 'scope': 'ksj/wiesen'})
    anna.sync()
    anna.edit(upd(1, year=1950), upd(2, year=1950))
    server.expect(200, 'PUT', '/v1/users/anna/grants', {'grants': both[:1]}, admin)

    said = anna.sync()
    assert said == {**said, 'sent': 2, 'ok': 1, 'refused': 1, 'waiting': 0}, said
    refused, = anna.say('queue', '--refused')
    assert refused['id'] == tree(1) and refused['code'] == 'unknown-record', refused
    assert set(anna.export()) == {tree(2)}, 'what may not be read is gone'
    assert [line['scope'] for line in anna.say('scopes')] == [hub.BAEUME, 'system']
    bert.sync()
    assert bert.fields(2)['year'] == 1950


def test_undo_travels_like_any_edit(server):
    _, anna, bert = prepare(server)
    anna.edit(new(1, year=1950))
    anna.sync()
    n = anna.edit(upd(1, year=1960))[0]['n']
    anna.sync()
    anna.say('undo', '--n', str(n))
    anna.sync()
    bert.sync()
    assert bert.fields(1)['year'] == 1950


def test_what_others_did_is_undone_and_a_state_comes_back(server):
    _, anna, bert = prepare(server)
    anna.edit(new(1, year=1910))
    anna.sync()
    bert.sync()
    bert.edit(upd(1, species='Eiche', year=1912))
    bert.edit({'op': 'del', 'id': tree(1)})
    bert.sync()
    anna.sync()
    made, changed, deleted = [entry['seq'] for entry in anna.say('history', tree(1))]

    # Both are bert's: the server says what they were.
    undo = ('undo', '--id', tree(1), '--seq')
    assert anna.say(*undo, str(deleted)) == [{'undone': 1, 'left': 0}]
    assert anna.fields(1) == {'species': 'Eiche', 'year': 1912}
    assert anna.say(*undo, str(changed)) == [{'undone': 1, 'left': 0}]
    assert anna.fields(1) == {'species': 'Linde', 'year': 1910}
    assert anna.say(*undo, str(changed)) == [{'undone': 0, 'left': 0}]
    assert 'no version 4711' in anna.run(*undo, '4711').stderr

    # It travels as any edit does; what bert changes now is not undone over his head.
    anna.sync()
    bert.sync()
    assert bert.fields(1) == {'species': 'Linde', 'year': 1910}
    bert.edit(upd(1, year=1914))
    bert.sync()
    anna.sync()
    mine = anna.say('history', tree(1))[-2]['seq']
    refused = anna.run(*undo, str(mine))
    assert refused.returncode == 1
    assert refused.stderr == "allmendectl: undo: field 'year' has been changed since by bert\n"

    # To how it was after bert's change; deleted as it was then; and back by Ctrl+Z's way.
    to = ('undo', '--id', tree(1), '--to')
    assert anna.say(*to, str(changed)) == [{'undone': 1, 'left': 0}]
    assert anna.fields(1) == {'species': 'Eiche', 'year': 1912}
    assert anna.say(*to, str(changed)) == [{'undone': 0, 'left': 0}]
    assert anna.say(*to, str(deleted)) == [{'undone': 1, 'left': 0}]
    assert anna.say('get', tree(1))[0]['deleted'] is True
    assert anna.say(*to, str(made)) == [{'undone': 1, 'left': 0}]
    assert anna.fields(1) == {'species': 'Linde', 'year': 1910}
    assert anna.sync()['refused'] == 0
    bert.sync()
    assert bert.fields(1) == {'species': 'Linde', 'year': 1910}

    # Without the server only the own entries can be undone, and it is said why.
    server.stop()
    bert.edit(upd(1, year=1920))
    assert bert.run(*undo, str(made)).returncode == 1
    assert bert.run(*to, str(changed)).returncode == 1
    assert bert.run('undo', '--id', tree(1), '--seq', '1', '--to', '2').returncode == 2


def test_a_desk_that_follows_sees_it_at_once(server):
    _, anna, bert = prepare(server)
    follower = bert.start('sync', '--follow', '--timeout', str(hub.LIMIT_S))
    anna.edit(new(1))
    anna.sync()
    assert '"pulled":1' in follower.stdout.readline()
    follower.terminate()
    assert follower.wait(hub.LIMIT_S) == 0
    follower.communicate()
    assert bert.fields(1) == {'species': 'Linde'}


def test_logins_and_whose_profile_it_is(server):
    _, anna, bert = prepare(server)
    assert (anna.profile / 'token').stat().st_mode & 0o777 == 0o600
    wrong = anna.run('login', 'anna', '--password-file', '-', text='falsch geraten\n')
    assert wrong.returncode == 1 and 'wrong name or password' in wrong.stderr, wrong.stderr
    other = anna.run('login', 'bert', '--password-file', '-', text=hub.PASSWORD + '\n')
    assert other.returncode == 1 and 'belongs to anna' in other.stderr, other.stderr

    anna.say('logout')
    assert not (anna.profile / 'token').exists()
    out = anna.run('sync')
    assert out.returncode == 1 and 'not logged in' in out.stderr, out.stderr
    anna.edit(new(1))
    anna.login()
    assert anna.sync()['sent'] == 1


def test_another_server_is_not_touched(server):
    _, anna, bert = prepare(server)
    anna.edit(new(1))
    other = hub.Server()
    try:
        other.city()
        anna.say('login', 'anna', '--server', other.urls[0], '--password-file', '-',
                 text=hub.PASSWORD + '\n')
        said = anna.run('sync')
        assert said.returncode == 1 and 'another server' in said.stderr, said.stderr
        assert anna.status()['waiting'] == 1
    finally:
        other.close()
    anna.login()
    assert anna.sync()['ok'] == 1


def test_unsubscribed_scopes_leave_the_desk(server):
    _, anna, bert = prepare(server)
    anna.edit(new(1))
    anna.sync()
    bert.sync()
    bert.say('unsubscribe', hub.BAEUME)
    assert bert.export() == {}
    bert.sync()
    assert bert.export() == {}
    bert.say('subscribe', hub.BAEUME)
    bert.sync()
    assert bert.export() == anna.export()


if __name__ == '__main__':
    hub.run(globals())
