#!/usr/bin/python3
# SPDX-License-Identifier: EUPL-1.2
"""The commands about a profile, as a script calls them: init, status, edit, get, history, undo,
queue, conflicts, move, models, and two writers at once.

usage: test-cli-desk.py ALLMENDECTL
"""

import contextlib
import json
import os
import pathlib
import sqlite3
import subprocess
import sys
import tempfile

PROGRAM = str(pathlib.Path(sys.argv[1]).resolve())
SCOPE = 'ksj/baeume'
TESTS = []


def test(function):
    TESTS.append(function)
    return function


def an_id(number):
    return f'01931f2e-7c1a-7e3b-9d41-{number:012x}'


def new(tree, scope=SCOPE, **fields):
    return {'op': 'new', 'scope': scope, 'kind': 'tree', 'id': an_id(tree), 'set': fields}


class Desk:
    def __init__(self, folder):
        self.profile = folder / 'profile'

    def words(self, *words):
        return [PROGRAM, '--profile', str(self.profile), *map(str, words)]

    def run(self, *words, text=''):
        done = subprocess.run(self.words(*words), input=text.encode(), capture_output=True,
                              check=False)
        return done.returncode, done.stdout.decode(), done.stderr.decode()

    def say(self, *words, text=''):
        """The lines that a call answers which must work."""
        code, out, err = self.run(*words, text=text)
        assert (code, err) == (0, ''), (words, code, err)
        return [json.loads(line) for line in out.splitlines()]

    def refuse(self, *words, text=''):
        """The reason of a call that must be refused."""
        code, out, err = self.run(*words, text=text)
        assert code == 1 and err.startswith('allmendectl: '), (words, code, out, err)
        return err.removeprefix('allmendectl: ').rstrip('\n')

    def edit(self, *lines, more=()):
        return self.say('edit', *more, text=''.join(json.dumps(line) + '\n' for line in lines))

    def fields(self, number):
        return self.say('get', an_id(number))[0]['fields']


@test
def a_profile_is_made_once(desk):
    first = desk.say('init', '--title', 'Straßenbäume')[0]
    again = desk.say('init')[0]
    assert first == again == {'profile': str(desk.profile), 'desk': first['desk']}
    status = desk.say('status')[0]
    assert status['desk'] == first['desk'] and status['profile'] == str(desk.profile)
    assert set(status) == {'profile', 'desk', 'fault', 'server', 'user', 'epoch', 'waiting', 'refused',
                           'conflicts', 'stray', 'blobs_waiting', 'last_contact', 'scopes'}
    assert (status['waiting'], status['server'], status['last_contact']) == (0, None, None)
    assert status['fault'] is None


@test
def reading_makes_no_profile(desk):
    for words in (('status',), ('get', an_id(1)), ('export',), ('queue',), ('conflicts',),
                  ('model', 'list'), ('scopes',)):
        assert 'no such folder' in desk.refuse(*words), words
    assert not desk.profile.exists()


@test
def a_line_in_is_a_line_out(desk):
    desk.say('model', 'add', 'tree')
    answers = desk.edit(new(1, number='1'), {'op': 'upd', 'id': an_id(1), 'set': {'number': '2'}},
                        {'op': 'upd', 'id': an_id(1), 'set': {'number': '2'}},
                        {'op': 'del', 'id': an_id(1)}, {'op': 'undel', 'id': an_id(1)})
    n = answers[0]['n']
    assert answers == [{'line': 1, 'id': an_id(1), 'n': n}, {'line': 2, 'id': an_id(1), 'n': n + 1},
                       {'line': 3, 'id': an_id(1), 'same': True},
                       {'line': 4, 'id': an_id(1), 'n': n + 2},
                       {'line': 5, 'id': an_id(1), 'n': n + 3}]
    assert desk.say('get', an_id(1)) == [{'id': an_id(1), 'scope': SCOPE, 'kind': 'tree', 'ver': 0,
                                          'fields': {'number': '2'}, 'deleted': False}]
    # Texts of -c come first, then a file, if one is named.
    answers = desk.say('edit', '-c', json.dumps(new(2)), '-c', json.dumps(new(3)))
    assert [a['id'] for a in answers] == [an_id(2), an_id(3)]


@test
def each_line_is_on_disk_before_its_answer(desk):
    desk.say('model', 'add', 'tree')
    with subprocess.Popen(desk.words('edit'), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE) as writer:
        writer.stdin.write(json.dumps(new(1, number='1')).encode() + b'\n')
        writer.stdin.flush()
        assert json.loads(writer.stdout.readline())['id'] == an_id(1)
        # While it writes, others read, and nobody else writes.
        assert desk.fields(1) == {'number': '1'}
        for words in (('edit', '-c', json.dumps(new(2))), ('model', 'add', 'lamp'),
                      ('undo', '--n', '1')):
            reason = desk.refuse(*words)
            assert 'in use by' in reason and str(writer.pid) in reason, reason
        writer.kill()
        writer.wait()
    assert desk.fields(1) == {'number': '1'}
    assert desk.edit(new(2))[0]['id'] == an_id(2)


@test
def a_bad_line_is_named_and_ends_it(desk):
    desk.say('model', 'add', 'tree')
    upd = {'op': 'upd', 'id': an_id(1), 'set': {}}
    cases = [('x', 'line 2: '), ('[]', 'not an object'), ('{"op":"new"}', "'kind' is missing"),
             ('{}', "'op' is missing"), ('{"op":"resolve"}', "unknown op 'resolve'"),
             ('{"op":"erase"}', "unknown op 'erase'"), ('{"op":"upd"}', "'id' is missing"),
             ('{"op":"upd","id":"1"}', "'1' is no id"), ('{"op":1}', "'op' is not a text"),
             ('{"op":"upd","id":"%s","set":[]}' % an_id(1), "'set' is not an object"),
             (json.dumps({**upd, 'base': 0}), "'base' is not known here"),
             (json.dumps({**upd, 'scope': SCOPE}), "scope does not change"),
             (json.dumps({'op': 'del', 'id': an_id(1), 'set': {}}), "'del' changes no fields"),
             (json.dumps({**upd, 'set': {'planted': 'gestern'}}), "'planted'"),
             (json.dumps({**upd, 'id': an_id(99)}), an_id(99)),
             ('{"op":"upd","op":"upd"}', 'op')]
    for number, (text, reason) in enumerate(cases, 1):
        lines = json.dumps(new(number, number='1')), text, json.dumps(new(1000))
        code, out, err = desk.run('edit', text='\n'.join(lines) + '\n')
        assert code == 1, text
        assert err.startswith('allmendectl: edit: line 2: ') and reason in err, err
        # The line before it stays, none after it was looked at.
        assert [json.loads(line)['line'] for line in out.splitlines()] == [1]
        assert desk.fields(number) == {'number': '1'}
        assert an_id(1000) in desk.refuse('get', an_id(1000))


@test
def atomic_is_all_or_nothing(desk):
    desk.say('model', 'add', 'tree')
    lines = ''.join(json.dumps(new(i)) + '\n' for i in range(5))
    bad = json.dumps({'op': 'del', 'id': an_id(99)}) + '\n'
    assert desk.refuse('edit', '--atomic', text=lines + bad).startswith('edit: line 6: ')
    assert desk.say('export') == []
    assert len(desk.say('edit', '--atomic', text=lines)) == 5
    assert len(desk.say('export')) == 5


@test
def add_and_drop_follow_set(desk):
    desk.say('model', 'add', 'tree')
    model = {'name': 'thing', 'schema': {'type': 'object', 'title': 'Ding', 'properties': {
        'n': {'type': 'integer', 'x-alm-merge': 'counter'},
        's': {'type': 'array', 'items': {'type': 'string'}, 'x-alm-merge': 'set'}}}}
    path = desk.profile.parent / 'thing.json'
    path.write_text(json.dumps(model))
    desk.say('model', 'add', path)
    desk.edit({**new(1, n=5, s=['a', 'b']), 'kind': 'thing'},
              {'op': 'upd', 'id': an_id(1), 'add': {'n': 3, 's': ['c', 'a']}, 'drop': {'s': ['b']}})
    assert desk.fields(1) == {'n': 8, 's': ['a', 'c']}


@test
def get_answers_what_it_can(desk):
    desk.say('model', 'add', 'tree')
    desk.edit(new(1), {'op': 'del', 'id': an_id(1)})
    code, out, err = desk.run('get', an_id(2), an_id(1), 'x')
    assert code == 1
    assert [json.loads(line)['deleted'] for line in out.splitlines()] == [True]
    assert err.splitlines() == [f'allmendectl: get: there is no record {an_id(2)}',
                                "allmendectl: get: 'x' is no id"]


@test
def what_was_done_is_told_and_undone(desk):
    desk.say('model', 'add', 'tree')
    n = desk.edit(new(1, number='1'), {'op': 'upd', 'id': an_id(1), 'set': {'number': '2'}})[1]['n']
    history = desk.say('history', an_id(1))
    assert [(e['op'], e['set'], e.get('old')) for e in history] == [
        ('new', {'number': '1'}, None), ('upd', {'number': '2'}, {'number': '1'})]
    assert desk.say('undo', '--n', n) == [{'undone': 1, 'left': 0}]
    assert desk.fields(1) == {'number': '1'}
    assert f'no command {n + 50}' in desk.refuse('undo', '--n', n + 50)


@test
def a_later_value_is_not_undone(desk):
    desk.say('model', 'add', 'tree')
    answers = desk.edit(new(1, number='1'), {'op': 'upd', 'id': an_id(1), 'set': {'number': '2'}},
                        {'op': 'upd', 'id': an_id(1), 'set': {'number': '3'}})
    assert "field 'number' has been changed since" in desk.refuse('undo', '--n', answers[1]['n'])
    assert desk.fields(1) == {'number': '3'}


@test
def the_queue_shows_what_waits(desk):
    desk.say('model', 'add', 'tree')
    answers = desk.edit(new(1), {'op': 'del', 'id': an_id(1)})
    queue = desk.say('queue')[-2:]
    assert queue == [{'n': answers[0]['n'], 'id': an_id(1), 'op': 'new', 'state': 'waiting'},
                     {'n': answers[1]['n'], 'id': an_id(1), 'op': 'del', 'state': 'waiting'}]
    assert desk.say('status')[0]['waiting'] == len(desk.say('queue'))
    assert desk.say('queue', '--refused') == desk.say('conflicts', '--all') == []
    assert 'no refused command' in desk.refuse('queue', 'dismiss', answers[0]['n'])


@test
def local_records_become_real_ones(desk):
    desk.say('model', 'add', 'tree')
    desk.edit(new(1, 'local', number='1'), new(2, 'local', number='2'), new(3, number='3'))
    assert [r['id'] for r in desk.say('export')] == [an_id(3)]
    assert desk.say('move', '--from', 'local', '--to', SCOPE, an_id(1)) == [{'moved': 1}]
    assert desk.say('get', an_id(1))[0]['scope'] == SCOPE
    assert desk.say('get', an_id(2))[0]['scope'] == 'local'
    assert desk.say('move', '--from', 'local', '--to', SCOPE) == [{'moved': 1}]
    assert [r['id'] for r in desk.say('export')] == [an_id(1), an_id(2), an_id(3)]
    assert desk.run('move', '--from', SCOPE, '--to', 'local')[0] == 2


@test
def models_come_from_files_and_from_the_house(desk):
    assert desk.say('model', 'add', 'tree')[0]['new'] is True
    assert desk.say('model', 'add', 'tree')[0].get('new') is not True
    (line,) = desk.say('model', 'list')
    assert (line['name'], line['title'], line['records']) == ('tree', 'Baum', 0)
    assert "'nothing'" in desk.refuse('model', 'add', 'nothing')
    path = desk.profile.parent / 'bad.json'
    path.write_text('{"name":"bad","schema":{"type":"object","properties":{"a":{"type":"x"}}}}')
    assert '/properties/a: type' in desk.refuse('model', 'add', path)
    assert len(desk.say('model', 'list')) == 1


def spoil(desk, name):
    """The root of a table or index becomes garbage."""
    path = desk.profile / 'profile.db'
    with contextlib.closing(sqlite3.connect(f'file:{path}?mode=ro', uri=True)) as database:
        page, = database.execute('SELECT rootpage FROM sqlite_schema WHERE name = ?',
                                 (name,)).fetchone()
    with path.open('r+b') as file:
        file.seek((page - 1) * 4096)
        file.write(b'\xee' * 4096)


def partly(desk, *words, text=''):
    """What a call answers that tells of the damage and does not end as if all were well."""
    code, out, err = desk.run(*words, text=text)
    place = ' '.join(words[:2] if words[0] in ('model', 'map') else words[:1])
    told = [line for line in err.splitlines() if line.startswith('allmendectl: ')]
    assert code == 1, (words, code, out, err)
    assert told and told[0].startswith(f'allmendectl: {place}: the profile is damaged: '), told
    assert 'malformed' in told[0], told
    return [json.loads(line) for line in out.splitlines()]


@test
def what_a_damaged_profile_answers_is_not_the_whole(desk):
    desk.say('model', 'add', 'tree')
    desk.edit(new(1, number='1'))
    spoil(desk, 'sqlite_autoindex_names_1')
    status = partly(desk, 'status')[0]
    assert 'malformed' in status['fault'] and 'scopes' not in status, status
    assert partly(desk, 'get', an_id(1))[0]['fields'] == {'number': '1'}
    assert len(partly(desk, 'queue')) == 2
    assert partly(desk, 'model', 'list') == []
    assert partly(desk, 'select', '--count') == [{'count': 0}]
    assert partly(desk, 'due') == partly(desk, 'scopes') == []
    partly(desk, 'map', 'render', '--bbox', '11,50,12,51', '--size', '64x64', '-o',
           desk.profile / 'map.png')
    partly(desk, 'measure', text='{"type":"LineString","coordinates":[[11,50],[11,50.001]]}\n')
    assert partly(desk, 'edit', '-c', json.dumps(new(2))) == []


@contextlib.contextmanager
def unwritable(desk):
    """The profile's folder without the right to write; it is so for root, too."""
    runner = [] if os.geteuid() else ['setpriv', '--bounding-set=-dac_override,-dac_read_search']
    desk.profile.chmod(0o500)
    try:
        yield runner
    finally:
        desk.profile.chmod(0o700)


@test
def a_folder_that_cannot_be_written_is_told_with_its_reason(desk):
    desk.say('model', 'add', 'tree')
    desk.edit(new(1))
    before = sorted(desk.profile.iterdir())
    with unwritable(desk) as runner:
        for words in (('status',), ('export',), ('verify',), ('get', an_id(1)), ('init',),
                      ('edit', '-c', json.dumps(new(2))), ('verify', '--data', desk.profile),
                      ('backup', '--to', desk.profile.parent / 'copy')):
            done = subprocess.run(runner + desk.words(*words), capture_output=True, check=False)
            err = done.stderr.decode()
            assert (done.returncode, done.stdout) == (1, b''), (words, done)
            assert err.startswith(f'allmendectl: {words[0]}: {desk.profile}: this folder cannot '
                                  'be written to (Permission denied), and '), (words, err)
            assert err.endswith(', or copy it to a folder of your own\n'), (words, err)
    assert sorted(desk.profile.iterdir()) == before
    assert desk.fields(1) == {}


def main():
    print(f'1..{len(TESTS)}')
    failed = 0
    for number, function in enumerate(TESTS, 1):
        name = function.__name__.replace('_', '-')
        with tempfile.TemporaryDirectory() as folder:
            try:
                function(Desk(pathlib.Path(folder).resolve()))
                print(f'ok {number} {name}')
            except Exception as error:  # whatever it is, it is a failed test
                failed += 1
                print(f'not ok {number} {name}')
                print(f'# {type(error).__name__}: {error}'.replace('\n', '\n# '))
    sys.exit(failed > 0)


main()
