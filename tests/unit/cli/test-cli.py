#!/usr/bin/python3
# SPDX-License-Identifier: EUPL-1.2
"""The frame of allmendectl: which command, which profile, which exit code, which words.

usage: test-cli.py ALLMENDECTL
"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile

PROGRAM = str(pathlib.Path(sys.argv[1]).resolve())
TESTS = []


def test(function):
    TESTS.append(function)
    return function


def run(*words, folder, **more):
    env = {k: v for k, v in os.environ.items() if k not in ('ALLMENDE_PROFILE', 'XDG_DATA_HOME')}
    done = subprocess.run([PROGRAM, *map(str, words)], input=b'', capture_output=True, check=False,
                          cwd=folder, env={**env, 'HOME': str(folder), **more})
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def profile_of(answer):
    code, out, err = answer
    assert (code, err) == (0, ''), answer
    return pathlib.Path(json.loads(out)['profile'])


@test
def what_is_no_command_is_listed(folder):
    for words in ((), ('nothing',), ('model',), ('model', 'nothing'), ('--', 'status'), ('',)):
        code, out, err = run(*words, folder=folder)
        assert (code, out) == (2, ''), (words, code, out)
        if words:
            assert err.startswith(f'allmendectl: {words[0]}: no such command\n'), err
        assert 'usage: allmendectl [--profile DIR] COMMAND' in err, err
        assert '\n  model check FILE…\n' in err and '\n  sync ' in err, err
    assert list(folder.iterdir()) == []


@test
def who_asks_for_help_gets_it(folder):
    code, out, err = run('--help', folder=folder)
    assert (code, err) == (0, ''), (code, err)
    assert out.startswith('usage: allmendectl [--profile DIR] COMMAND'), out
    assert '\n  status\n' in out and '\n  sync [--follow]' in out, out
    assert list(folder.iterdir()) == []


@test
def a_wrong_word_is_told_with_its_place(folder):
    for words, place in ((('status', 'x'), 'status'), (('get',), 'get'),
                         (('model', 'check'), 'model check'), (('edit', '--bogus'), 'edit'),
                         (('edit', '-c'), 'edit'), (('init', 'x'), 'init'),
                         (('sync', '--timeout', 'x'), 'sync'), (('resolve', 'x'), 'resolve'),
                         (('queue', 'dismiss', 'x'), 'queue dismiss'), (('undo',), 'undo')):
        code, out, err = run(*words, folder=folder)
        assert (code, out) == (2, ''), (words, code, out)
        first, second = err.splitlines()[:2]
        assert first.startswith(f'allmendectl: {place}: '), err
        assert second.startswith(f'usage: allmendectl {place}'), err
    assert list(folder.iterdir()) == []


@test
def what_is_refused_is_told_in_one_line(folder):
    code, out, err = run('status', '--profile', folder / 'none', folder=folder)
    assert (code, out) == (1, '')
    assert err == f'allmendectl: status: {folder}/none: there is no such folder\n', err
    assert list(folder.iterdir()) == []


@test
def the_profile_may_stand_anywhere(folder):
    for words in (('--profile', folder / 'a', 'init', '--title', 'A'),
                  ('init', '--profile', folder / 'a', '--title', 'A'),
                  ('init', '--title=A', f'--profile={folder}/a')):
        assert profile_of(run(*words, folder=folder)) == folder / 'a'
    # Between the words of one command, too; the last one counts.
    code, out, err = run('model', '--profile', folder / 'b', 'list', '--profile', folder / 'a',
                         folder=folder)
    assert (code, out, err) == (0, '', ''), err
    assert [p.name for p in folder.iterdir()] == ['a']


@test
def a_profile_without_a_folder_is_no_option(folder):
    code, out, err = run('status', '--profile', folder=folder)
    assert (code, out) == (2, ''), out
    code, out, err = run('init', '--profile=', folder=folder)
    assert (code, out) == (1, ''), out
    assert err.startswith('allmendectl: init: '), err
    assert list(folder.iterdir()) == []


@test
def without_the_option_the_environment_tells(folder):
    given = {'ALLMENDE_PROFILE': str(folder / 'given'), 'XDG_DATA_HOME': str(folder / 'data')}
    assert profile_of(run('init', '--profile', folder / 'said', folder=folder,
                          **given)) == folder / 'said'
    assert profile_of(run('init', folder=folder, **given)) == folder / 'given'
    del given['ALLMENDE_PROFILE']
    assert profile_of(run('init', folder=folder, **given)) == folder / 'data/allmende/profile'
    assert profile_of(run('init', folder=folder)) == folder / '.local/share/allmende/profile'


@test
def options_stand_before_and_after_the_words(folder):
    line = json.dumps({'op': 'new', 'scope': 'local', 'kind': 'tree', 'set': {}})
    run('model', 'add', 'tree', '--profile', 'p', folder=folder)
    (folder / 'lines').write_text(line + '\n')
    for words in (('--atomic', 'lines'), ('lines', '--atomic')):
        code, out, err = run('edit', *words, '--profile', 'p', folder=folder)
        assert (code, err) == (0, ''), err
        assert json.loads(out)['line'] == 1
    # Behind "--" everything is a word.
    code, out, err = run('edit', '--profile', 'p', '--', '--atomic', folder=folder)
    assert code == 1 and '--atomic' in err, (code, err)
    code, out, err = run('get', '--profile', 'p', '--', '--profile', 'q', folder=folder)
    assert code == 1 and "'--profile' is no id" in err and "'q' is no id" in err, (code, err)


@test
def output_is_utf8_whatever_the_locale(folder):
    title = 'Größe – ½ m²'
    run('model', 'add', 'tree', '--profile', 'p', folder=folder)
    for locale in ('C', 'C.UTF-8', 'de_DE.UTF-8'):
        code, out, err = run('edit', '-c', json.dumps(
            {'op': 'new', 'scope': 'local', 'kind': 'tree', 'set': {'number': title}},
            ensure_ascii=False), '--profile', 'p', folder=folder, LC_ALL=locale)
        assert (code, err) == (0, ''), (locale, err)
        code, out, err = run('get', json.loads(out)['id'], '--profile', 'p', folder=folder,
                             LC_ALL=locale)
        assert (code, err) == (0, ''), (locale, err)
        assert f'"number":"{title}"' in out, (locale, out)


def main():
    print(f'1..{len(TESTS)}')
    failed = 0
    for number, function in enumerate(TESTS, 1):
        with tempfile.TemporaryDirectory() as folder:
            try:
                function(pathlib.Path(folder).resolve())
                print(f'ok {number} {function.__name__}')
            except Exception as error:
                failed = 1
                print(f'not ok {number} {function.__name__}')
                print(f'# {type(error).__name__}: {error}'.replace('\n', '\n# '))
    return failed


if __name__ == '__main__':
    sys.exit(main())
