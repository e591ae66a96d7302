#!/usr/bin/python3
# SPDX-License-Identifier: EUPL-1.2
"""allmendectl merge and model check, as a script calls them.

usage: test-cli-record.py ALLMENDECTL MODELS
"""

import json
import pathlib
import subprocess
import sys
import tempfile

PROGRAM, MODELS = sys.argv[1], pathlib.Path(sys.argv[2])
TESTS = []


def test(function):
    TESTS.append(function)
    return function


def run(*words, text=''):
    done = subprocess.run([PROGRAM, *map(str, words)], input=text.encode(), capture_output=True,
                          check=False)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def schema(properties, **more):
    return {'$id': 'https://a.example/collections/thing/schema', 'type': 'object',
            'properties': properties, **more}


def write(folder, name, value):
    path = folder / name
    path.write_text(value if isinstance(value, str) else json.dumps(value))
    return path


@test
def good_models_answer_a_line(folder):
    files = sorted(MODELS.glob('*.json'))
    code, out, err = run('model', 'check', *files)
    assert (code, err) == (0, ''), err
    lines = [json.loads(line) for line in out.splitlines()]
    assert [line['name'] for line in lines] == [f.stem for f in files]
    tree = next(line for line in lines if line['name'] == 'tree')
    assert tree == {'file': str(MODELS / 'tree.json'), 'name': 'tree', 'ok': True,
                    'fields': len(json.loads((MODELS / 'tree.json').read_text())['properties'])}


@test
def a_model_may_come_with_its_name(folder):
    path = write(folder, 'm.json', {'name': 'other', 'schema': {'type': 'object',
                                                               'properties': {}}})
    code, out, err = run('model', 'check', path)
    assert (code, err) == (0, '')
    assert json.loads(out)['name'] == 'other'


@test
def each_fault_is_told_with_file_and_place(folder):
    bad = write(folder, 'bad.json', schema({'height': {'type': 'number', 'minimum': 2, 'maximum': 1},
                                            'x': {}}))
    good = write(folder, 'good.json', schema({'height': {'type': 'number'}}))
    code, out, err = run('model', 'check', bad, good)
    assert code == 1
    assert [json.loads(line)['file'] for line in out.splitlines()] == [str(good)]
    lines = err.splitlines()
    assert len(lines) == 2, err
    assert lines[0].startswith(f'allmendectl: {bad}: /properties/height: '), err
    assert lines[1].startswith(f'allmendectl: {bad}: /properties/x: '), err


@test
def a_bad_file_is_refused(folder):
    cases = [('no.json', '{"a":1,"a":2}', 'doubled key "a"'), ('text.json', 'tree', 'byte 1'),
             ('id.json', '{"type":"object","properties":{}}', '/$id: '),
             ('latin.json', None, 'not UTF-8'), ('large.json', ' ' * 1100000, 'larger than')]
    for name, text, reason in cases:
        path = folder / name
        path.write_bytes(b'{"\xe4":1}' if text is None else text.encode())
        code, out, err = run('model', 'check', path)
        assert (code, out) == (1, ''), name
        assert err.startswith(f'allmendectl: {path}: ') and reason in err, err
    code, out, err = run('model', 'check', folder / 'missing.json')
    assert (code, out) == (1, '') and 'missing.json: ' in err


@test
def wrong_calls_say_how(folder):
    for words in (['model', 'check'], ['model', 'check', '--strict', 'a'], ['merge'],
                  ['merge', '--model'], ['merge', 'a', 'b', '--model', 'c']):
        code, out, err = run(*words)
        assert (code, out) == (2, ''), words
        assert 'usage: allmendectl ' in err


def merge(folder, triple, properties=None):
    model = write(folder, 'model.json', schema(properties or {
        'name': {'type': 'string'}, 'tags': {'type': 'array', 'x-alm-merge': 'set'},
        'count': {'type': 'number', 'x-alm-merge': 'counter'}}))
    code, out, err = run('merge', '--model', model, text=json.dumps(triple))
    assert (code, err) == (0, ''), err
    return json.loads(out)


@test
def a_merge_tells_fields_and_conflicts(folder):
    triple = {'base': {'name': 'a', 'tags': ['x'], 'count': 1},
              'theirs': {'name': 'b', 'tags': ['x', 'y'], 'count': 3, 'more': 7},
              'mine': {'name': 'c', 'tags': [], 'count': 2}}
    assert merge(folder, triple) == {
        'fields': {'name': 'b', 'tags': ['y'], 'count': 4, 'more': 7},
        'conflicts': [{'field': 'name', 'base': 'a', 'theirs': 'b', 'mine': 'c'}]}


@test
def null_or_absent_takes_a_field_away(folder):
    base = {'name': 'a', 'count': 1}
    for mine in ({'count': 1}, {'count': 1, 'name': None}):
        assert merge(folder, {'base': base, 'theirs': base, 'mine': mine}) == {
            'fields': {'count': 1}, 'conflicts': []}
    assert merge(folder, {'base': base, 'theirs': {'name': 'b', 'count': None}, 'mine': {}}) == {
        'fields': {'name': 'b'},
        'conflicts': [{'field': 'name', 'base': 'a', 'theirs': 'b', 'mine': None}]}


@test
def a_part_is_named(folder):
    said = merge(folder, {'base': {'x': {'a': {'b': 1}}}, 'theirs': {'x': {'a': {'b': 2}}},
                          'mine': {'x': {'a': {'b': 3}}}},
                 {'x': {'type': 'object', 'x-alm-merge': 'json'}})
    assert said['conflicts'] == [{'field': 'x', 'part': {'path': '/a/b'}, 'base': 1, 'theirs': 2,
                                  'mine': 3}]


@test
def triples_may_come_a_line_each_or_from_a_file(folder):
    model = write(folder, 'model.json', schema({'name': {'type': 'string'}}))
    triple = {'base': {}, 'theirs': {}, 'mine': {'name': 'a'}}
    two = json.dumps(triple) + '\n' + json.dumps(triple) + '\n'
    code, out, err = run('merge', '-', '--model', model, text=two)
    assert (code, err) == (0, '') and len(out.splitlines()) == 2
    pretty = write(folder, 'triple.json', json.dumps(triple, indent=2))
    code, out, err = run('merge', pretty, '--model', model)
    assert (code, out) == (0, '{"conflicts":[],"fields":{"name":"a"}}\n')


@test
def bad_triples_are_refused_with_their_line(folder):
    model = write(folder, 'model.json', schema({'name': {'type': 'string'}}))
    good = '{"base":{},"theirs":{},"mine":{}}\n'
    cases = [('', 'empty'), ('[]', 'an object'), ('{"base":{},"theirs":{}}', 'mine has to be'),
             ('{"base":[],"theirs":{},"mine":{}}', 'base has to be'),
             ('{"base":{},"theirs":{},"mine":{},"ours":{}}', 'unknown member "ours"'),
             (good + '{"base":{},"theirs":{},"mine":{"a":1,"a":2}}', 'line 2: doubled key "a"'),
             (good + good + 'x', 'line 3: ')]
    for text, reason in cases:
        code, _, err = run('merge', '--model', model, text=text)
        assert code == 1, text
        assert err.startswith('allmendectl: merge: ') and reason in err, err
    code, out, err = run('merge', '--model', folder / 'missing.json', text=good)
    assert (code, out) == (1, '')


def main():
    failed = 0
    print(f'1..{len(TESTS)}')
    for number, function in enumerate(TESTS, 1):
        name = function.__name__.replace('_', '-')
        with tempfile.TemporaryDirectory() as folder:
            try:
                function(pathlib.Path(folder))
                print(f'ok {number} {name}')
            except Exception as error:  # whatever it is, it is a failed test
                failed += 1
                print(f'not ok {number} {name}\n# {type(error).__name__}: {error}')
    sys.exit(failed > 0)


main()
