#!/usr/bin/python3
# SPDX-License-Identifier: EUPL-1.2
"""Erasing, and what nobody may find: words looked for in every byte that is kept."""

import json
import pathlib
import signal
import sqlite3

import hub
import test_blobs
from desks import Desk, copy, new, prepare, tree, upd

ALL = ['public', 'internal', 'confidential', 'personal']
WORDS = {'erased': 'Quittenbaum', 'masked': 'Rhabarberfeld', 'foreign': 'Stachelbeere',
         'former': 'Tollkirsche', 'kept': 'Ulmenallee'}
FRUIT = {**hub.TREE, 'x-alm-label': '{name} {species}',
         'properties': {**hub.TREE['properties'],
                        'name': {'type': 'string', 'title': 'Name'}}}


def grants(classes=None, scopes=(hub.BAEUME,)):
    return [{'role': 'editor', 'scope': scope, **({'classes': classes} if classes else {})}
            for scope in scopes]


def found(folder, word):
    """The files below @folder that hold @word, as it is written or as the search folds it."""
    needles = [word.encode(), word.lower().encode()]
    return [str(path) for path in folder.rglob('*')
            if path.is_file() and any(needle in path.read_bytes() for needle in needles)]


def city(server, classes=ALL):
    """Desks of anna and bert, and of the auditor, who reads nothing; trees have names."""
    admin, anna, bert = prepare(server, grants(classes))
    server.push(admin, hub.desk_id(90), 3, [
        {'op': 'upd', 'base': 0, 'id': hub.desk_id(901), 'set': {'schema': FRUIT},
         'old': {'schema': hub.TREE}},
        {'op': 'new', 'base': 0, 'scope': 'system', 'kind': 'scope', 'id': hub.desk_id(903),
         'set': {'path': 'ksj/wiesen', 'title': 'Wiesen'}}])
    chef = Desk(server, 'chef')
    for desk in (anna, bert, chef):
        desk.sync()
    return admin, anna, bert, chef


def erase(desk, number, *fields):
    words = [word for field in fields for word in ('--field', field)]
    said, = desk.say('erase', tree(number), *words, '--reason', 'auf Verlangen')
    assert said['id'] == tree(number) and said['n'] > 0, said
    done = desk.sync()
    assert done['refused'] == 0 and done['waiting'] == 0, done


def test_a_word_goes_from_the_server_and_from_every_desk(server):
    word = WORDS['erased']
    _, anna, bert, chef = city(server)
    anna.edit(new(1, name=word, owner=word + '1'), upd(1, owner=word + '2', year=1950))
    anna.sync()
    bert.sync()
    anna.edit(upd(1, owner=word + '3'))
    bert.edit(upd(1, owner=word + '4'))
    anna.sync()
    assert bert.sync()['conflict'] == 1
    anna.sync()
    bert.edit(upd(1, owner=word + '5', year=1960))      # still waits when the news comes
    for place in (anna.profile, bert.profile, server.data):
        assert found(place, word), place

    erase(chef, 1, 'name', 'owner')
    hub.wait(lambda: not found(server.data, word), 'the server wipes its files')
    said, = chef.say('erasures')
    assert said == {**said, 'id': tree(1), 'fields': ['name', 'owner'], 'confirmed': 0}, said
    assert len(said['open']) == 2 and all(desk['seen'] for desk in said['open']), said

    anna.sync()
    assert found(anna.profile, word) == []
    said, = chef.say('erasures')
    assert said['confirmed'] == 1 and len(said['open']) == 1, said
    bert.sync()
    assert found(bert.profile, word) == []
    assert found(server.data, word) == []
    said, = chef.say('erasures')
    assert said['confirmed'] == 2 and said['open'] == [], said

    anna.sync()
    for desk in (anna, bert):
        assert desk.fields(1) == {'species': 'Linde', 'year': 1960}, desk.fields(1)
        assert desk.conflicts() == []
    assert anna.export() == bert.export()
    for desk in (anna, bert, chef):
        assert desk.say('verify')[-1]['ok'], desk.user
    kinds = [line['action'] for line in chef.say('audit')]
    assert kinds.count('erase') == 1 and kinds.count('erase-confirmed') == 2, kinds
    assert found(chef.profile, word) == [] and found(server.folder, word) == []


def test_a_whole_record_goes_and_stays_away(server):
    word = WORDS['erased']
    _, anna, bert, chef = city(server)
    anna.edit(new(1, name=word))
    anna.sync()
    bert.sync()
    server.stop()
    bert.edit(upd(1, name=word + '2', year=1960))
    server.listen = [f'127.0.0.1:{server.port}']
    server.start()
    erase(chef, 1)
    assert bert.sync()['refused'] == 1
    assert bert.say('queue', '--refused')[0]['code'] == 'erased'
    anna.sync()
    for desk in (anna, bert):
        assert desk.export() == {}
        assert found(desk.profile, word) == []
    assert found(server.data, word) == []


def test_who_comes_later_and_who_was_away(server):
    word = WORDS['erased']
    admin, anna, bert, chef = city(server)
    anna.edit(new(1, name=word))
    anna.sync()
    bert.sync()
    erase(chef, 1, 'name')
    # Weeks later: other edits lie over it.
    anna.sync()
    for year in range(1950, 1960):
        anna.edit(upd(1, year=year))
        anna.sync()
    bert.sync()
    assert found(bert.profile, word) == []
    server.expect(201, 'POST', '/v1/users', {'name': 'carl', 'title': 'Carl',
                                             'password': hub.PASSWORD}, admin)
    server.expect(200, 'PUT', '/v1/users/carl/grants', {'grants': grants(ALL)}, admin)
    carl = Desk(server, 'carl')
    carl.sync()
    assert carl.fields(1) == {'species': 'Linde', 'year': 1959}
    said, = chef.say('erasures')
    assert said['confirmed'] == 2 and said['open'] == [], said
    # A new value may be written by who knows of it.
    carl.edit(upd(1, name=WORDS['kept']))
    carl.sync()
    bert.sync()
    assert bert.fields(1)['name'] == WORDS['kept']


def test_a_desk_that_has_lost_the_scope_takes_it_over_too(server):
    word = WORDS['erased']
    admin, anna, bert, chef = city(server)
    bert.edit(new(1, name=word))
    bert.sync()
    anna.sync()
    server.expect(200, 'PUT', '/v1/users/bert/grants', {'grants': []}, admin)
    erase(chef, 1, 'name')
    bert.sync()
    anna.sync()
    assert found(bert.profile, word) == [] and found(anna.profile, word) == []
    assert chef.say('erasures')[0]['confirmed'] == 2


def test_a_copy_of_a_profile_takes_it_over_too(server):
    """It was made before the right to read the scope ended, and comes back after it."""
    word = WORDS['erased']
    admin, anna, bert, chef = city(server)
    bert.edit(new(1, name=word))
    bert.sync()
    other = copy(bert)
    bert.edit(new(2))
    bert.sync()
    other.edit(new(3))
    server.expect(200, 'PUT', '/v1/users/bert/grants', {'grants': []}, admin)
    bert.sync()
    erase(chef, 1, 'name')
    for desk in (anna, bert):
        desk.sync()
    assert found(other.profile, word)
    for _ in range(2):
        other.sync()
    assert found(other.profile, word) == []
    said, = chef.say('erasures')
    assert said['confirmed'] == 3 and said['open'] == [], said


def test_a_lost_desk_owes_nothing_once_it_is_wiped(server):
    admin, anna, bert, chef = city(server)
    anna.edit(new(1, name=WORDS['erased']), new(2, name=WORDS['erased']))
    anna.sync()
    bert.sync()
    erase(chef, 1, 'name')
    server.expect(204, 'DELETE', f'/v1/desks/{bert.status()["desk"]}?lost=1', token=admin)
    anna.sync()
    said, = chef.say('erasures')
    assert said['confirmed'] == 1 and len(said['open']) == 1, said
    bert.sync(code=1)
    erase(chef, 2, 'name')
    anna.sync()
    first, second = chef.say('erasures')
    assert first['confirmed'] == 2 and first['open'] == [], first
    assert second['confirmed'] == 1 and second['open'] == [], second


def test_what_is_masked_or_foreign_never_comes(server):
    admin, anna, bert, chef = city(server)
    server.expect(200, 'PUT', '/v1/users/anna/grants',
                  {'grants': grants(ALL, (hub.BAEUME, 'ksj/wiesen'))}, admin)
    server.expect(200, 'PUT', '/v1/users/bert/grants', {'grants': grants()}, admin)
    anna.sync()
    anna.edit(new(1, owner=WORDS['masked'], name=WORDS['kept']),
              {**new(2, name=WORDS['foreign']), 'scope': 'ksj/wiesen'})
    anna.sync()
    bert.sync()
    bert.edit(upd(1, year=1950))
    bert.sync()
    for place in (bert.profile, chef.profile):
        assert found(place, WORDS['masked']) == [] and found(place, WORDS['foreign']) == []
    assert found(bert.profile, WORDS['kept']) and not found(chef.profile, WORDS['kept'])


def test_what_may_not_be_seen_any_more_goes(server):
    admin, anna, bert, _ = city(server)
    everything = grants(ALL, (hub.BAEUME, 'ksj/wiesen'))
    for user in ('anna', 'bert'):
        server.expect(200, 'PUT', f'/v1/users/{user}/grants', {'grants': everything}, admin)
    anna.sync()
    anna.edit(new(1, owner=WORDS['masked'], name=WORDS['former']), upd(1, name=WORDS['kept']),
              {**new(2, name=WORDS['foreign']), 'scope': 'ksj/wiesen'})
    anna.sync()
    bert.sync()
    for word in ('masked', 'foreign', 'kept'):
        assert found(bert.profile, WORDS[word]), word
    server.expect(200, 'PUT', '/v1/users/bert/grants', {'grants': grants()}, admin)
    bert.sync()
    for word in ('masked', 'foreign', 'former'):
        assert found(bert.profile, WORDS[word]) == [], word
    assert bert.fields(1) == {'species': 'Linde', 'name': WORDS['kept']}
    server.expect(200, 'PUT', '/v1/users/bert/grants', {'grants': []}, admin)
    bert.sync()
    assert found(bert.profile, WORDS['kept']) == []


def test_the_desk_says_who_may_not(server):
    _, anna, _, chef = city(server)
    anna.edit(new(1, owner=WORDS['erased']))
    anna.sync()
    no = anna.run('erase', tree(1), '--reason', 'x')
    assert no.returncode == 1 and 'only an auditor may erase in ksj/baeume' in no.stderr, no.stderr
    assert anna.say('queue') == []
    usage = chef.run('erase', tree(1))
    assert usage.returncode == 2 and '--reason' in usage.stderr, usage.stderr
    wrong = chef.run('erase', tree(1), '--field', 'No Field', '--reason', 'x')
    assert wrong.returncode == 1 and 'no name of a field' in wrong.stderr, wrong.stderr
    no = anna.run('erasures')
    assert no.returncode == 1, no.stderr
    # The server sees what the auditor's desk cannot: that the reason tells it.
    chef.say('erase', tree(1), '--field', 'owner', '--reason', f'wegen {WORDS["erased"]}')
    assert chef.sync()['refused'] == 1
    assert server.data.joinpath('erased.ndjson').exists() is False


def test_killed_between_the_erasure_and_the_cleaning(server):
    word = WORDS['erased']
    _, anna, _, chef = city(server)
    anna.edit(new(1, name=word))
    anna.sync()
    # A reader beside it, as a backup is, keeps the log from being cut off.
    reader = sqlite3.connect(f'file:{server.data / "allmende.db"}?mode=ro', uri=True)
    reader.execute('BEGIN')
    reader.execute('SELECT count(*) FROM records').fetchone()
    erase(chef, 1, 'name')
    assert found(server.data, word), 'the reader still needs it'
    listed = [json.loads(line) for line in (server.data / 'erased.ndjson').read_text().splitlines()]
    assert [(line['id'], line['fields'], line['scope']) for line in listed] == [
        (tree(1), ['name'], hub.BAEUME)], listed
    server.stop(signal.SIGKILL)
    reader.close()
    assert found(server.data, word)
    server.listen = [f'127.0.0.1:{server.port}']
    server.start()
    hub.wait(lambda: not found(server.data, word), 'the next start goes on')


def test_a_reader_is_waited_for(server):
    word = WORDS['erased']
    _, anna, _, chef = city(server)
    anna.edit(new(1, name=word))
    anna.sync()
    reader = sqlite3.connect(f'file:{server.data / "allmende.db"}?mode=ro', uri=True)
    reader.execute('BEGIN')
    reader.execute('SELECT count(*) FROM records').fetchone()
    erase(chef, 1, 'name')
    # It still takes edits.
    anna.edit(new(2))
    assert anna.sync()['ok'] == 1
    reader.close()
    hub.wait(lambda: not found(server.data, word), 'it tries again')


def picture(desk, word):
    """What a record says that names an attached file with @word in it."""
    file = desk.folder / 'picture'
    file.write_bytes(b'\x89PNG ' + word.encode() * 50)
    said, = desk.say('blob', 'put', str(file))
    file.unlink()
    return {'sha256': said['sha256'], 'size': said['size']}


def album(server):
    """Desks of anna, bert and the auditor; trees have photos."""
    test_blobs.city(server)
    trio = [Desk(server, user) for user in ('anna', 'bert', 'chef')]
    for desk in trio:
        desk.sync()
    return trio


def test_an_attached_file_goes_with_its_field_and_its_record(server):
    erased, kept, former = WORDS['erased'], WORDS['kept'], WORDS['former']
    anna, bert, chef = album(server)
    shared, only, past = (picture(anna, word) for word in (kept, erased, former))
    anna.edit(new(1, photo=shared), new(2, photo=shared), new(3, photo=past))
    anna.sync()
    anna.edit(upd(1, photo=only), upd(3, photo=only, year=1950))
    for desk in (anna, bert):
        desk.sync()
    for word in (erased, kept, former):
        assert found(server.data, word), word
    for desk in (anna, bert):
        assert found(desk.profile, erased) and found(desk.profile, kept)

    # Another record names it still.
    erase(chef, 1, 'photo')
    for desk in (anna, bert):
        desk.sync()
    for place in (server.data, anna.profile, bert.profile):
        assert found(place, erased) and found(place, kept), place

    # Its last record: what it named now, and what it named before.
    erase(chef, 3)
    hub.wait(lambda: not found(server.data, erased), 'the server wipes its files')
    assert found(server.data, former) == [] and found(server.data, kept)
    for desk in (anna, bert):
        desk.sync()
        assert found(desk.profile, erased) == [] and found(desk.profile, former) == []
        assert found(desk.profile, kept) and desk.fields(2)['photo'] == shared
        assert desk.say('verify')[-1]['ok'], desk.say('verify')
    assert all(one['open'] == [] for one in chef.say('erasures'))
    assert chef.run('verify', '--data', str(server.data)).returncode == 0


def test_the_only_copy_of_what_was_erased_goes_too(server):
    word = WORDS['erased']
    anna, bert, chef = album(server)
    anna.edit(new(1, year=1950))
    anna.sync()
    bert.sync()
    bert.edit(upd(1, photo=picture(bert, word), species='Eiche'))
    erase(chef, 1, 'photo')
    assert found(bert.profile, word)
    bert.sync()
    hub.wait(lambda: not found(bert.profile, word), 'its desk wipes its files')
    anna.sync()
    assert anna.fields(1) == bert.fields(1) == {'species': 'Eiche', 'year': 1950}
    for place in (server.data, anna.profile, bert.profile):
        assert found(place, word) == [], place


def test_the_next_start_takes_away_the_file_too(server):
    word = WORDS['erased']
    anna, _, chef = album(server)
    anna.edit(new(1, photo=picture(anna, word)))
    anna.sync()
    name, = (path for path in found(server.data, word))
    erase(chef, 1, 'photo')
    hub.wait(lambda: not found(server.data, word), 'the server wipes its files')
    server.stop(signal.SIGKILL)
    # As if it had been killed between the erasure and the wipe.
    pathlib.Path(name).write_text(word)
    with sqlite3.connect(server.data / 'allmende.db') as db:
        db.execute("INSERT OR REPLACE INTO info (name, value) VALUES ('wipe', '1')")
        db.execute('INSERT INTO blob_refs SELECT ?, id FROM erased LIMIT 1',
                   (pathlib.Path(name).name,))
    db.close()
    server.listen = [f'127.0.0.1:{server.port}']
    server.start()
    hub.wait(lambda: not found(server.data, word), 'the next start goes on')


if __name__ == '__main__':
    hub.run({name: case for name, case in globals().items() if name != 'test_blobs'})
