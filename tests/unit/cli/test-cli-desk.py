#!/usr/bin/python3
# SPDX-License-Identifier: EUPL-1.2
"""A profile from the command line: what is printed, and how it ends.

usage: test-cli-desk.py ALLMENDECTL
"""

import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile

CTL = sys.argv[1]
POINT = {'type': 'Point', 'coordinates': [11.586, 50.927]}


class Profile:
    def __init__(self, folder):
        self.folder = folder

    def run(self, *words, stdin=''):
        """Returns (exit code, lines as values, stderr)."""
        done = subprocess.run([CTL, *words, '--profile', str(self.folder)], input=stdin,
                              capture_output=True, text=True, check=False)
        return done.returncode, [json.loads(line) for line in done.stdout.splitlines()], done.stderr

    def ok(self, *words, stdin=''):
        code, lines, err = self.run(*words, stdin=stdin)
        assert code == 0, (words, code, err)
        return lines

    def refused(self, *words, stdin='', says='', code=1):
        got, lines, err = self.run(*words, stdin=stdin)
        assert got == code, (words, got, err)
        assert says in err, (words, err)
        return lines

    def edit(self, **line):
        return self.ok('edit', '-c', json.dumps(line))[0]


def new_profile(folder):
    profile = Profile(pathlib.Path(folder) / 'profile')
    assert set(profile.ok('init', '--title', 'Probe')[0]) == {'profile', 'desk'}
    assert profile.ok('model', 'add', 'tree')[0]['new'] is True
    return profile


def test_edit_and_get(folder):
    p = new_profile(folder)
    first = p.edit(op='new', scope='ksj/baeume', kind='tree', set={'number': '1', 'geometry': POINT})
    assert first['line'] == 1 and first['n'] == 2, first      # the model was number 1
    same = p.edit(op='upd', id=first['id'], set={'number': '1'})
    assert same['same'] is True and 'n' not in same, same
    local = p.edit(op='new', kind='tree', set={'number': '2'})
    assert 'n' not in local, local
    row = p.ok('get', first['id'])[0]
    assert row['fields'] == {'number': '1', 'geometry': POINT}, row
    assert row['deleted'] is False and row['ver'] == 0, row
    assert p.edit(op='del', id=first['id'])['n'] == 3
    assert p.ok('get', first['id'])[0]['deleted'] is True
    p.refused('get', '00000000-0000-0000-0000-000000000000', says='there is no record')


def test_a_bad_line(folder):
    p = new_profile(folder)
    lines = '\n'.join(['{"op":"new","kind":"tree","set":{"number":"1"}}', '',
                       '{"op":"new","kind":"tree","set":{"height":100}}',
                       '{"op":"new","kind":"tree","set":{"number":"3"}}'])
    done = p.refused('edit', stdin=lines, says="allmendectl: edit: line 3: field 'height': ")
    assert [line['line'] for line in done] == [1], done       # what was before it stays
    assert not p.refused('edit', '--atomic', stdin=lines, says='edit: line 3')
    assert len(p.ok('export', '--scope', 'local', '--kind', 'tree')) == 1
    for line, says in [('{"op":"new","op":"x"}', 'doubled key "op"'), ('[]', 'not an object'),
                       ('{"op":"fly"}', "unknown op 'fly'"), ('{"op":"upd"}', "'id' is missing"),
                       ('{"op":"upd","id":"7"}', "'7' is no id"), ('{"op":"new"}', "'kind'"),
                       ('{"op":"new","kind":"tree","colour":1}', "'colour' is not known"),
                       ('{"op":"new","kind":"boat"}', "'boat' has no model"), ('{', 'line 1: ')]:
        p.refused('edit', '-c', line, says=says)
    p.refused('edit', 'a', 'b', code=2, says='usage: allmendectl edit')
    p.refused('edit', '--colour', code=2)


def test_import_and_export(folder):
    p = new_profile(folder)
    lines = ''.join(json.dumps({'kind': 'tree', 'scope': 'ksj/baeume', 'fields': {'number': str(i)}})
                    + '\n' for i in range(20))
    done = p.ok('import', '-', stdin=lines)[0]
    assert (done['new'], done['changed'], done['same']) == (20, 0, 0), done
    out = pathlib.Path(folder) / 'out.ndjson'
    assert p.ok('export', '-o', str(out)) == []
    text = out.read_text()
    rows = [json.loads(line) for line in text.splitlines()]
    assert len(rows) == 20 and [r['id'] for r in rows] == sorted(r['id'] for r in rows)
    assert all(set(r) == {'id', 'kind', 'scope', 'fields'} for r in rows)

    # Another profile takes it over and gives it back, byte for byte.
    with tempfile.TemporaryDirectory() as other_folder:
        other = new_profile(other_folder)
        assert other.ok('import', str(out))[0]['new'] == 20
        again = pathlib.Path(other_folder) / 'again.ndjson'
        other.ok('export', '-o', str(again))
        assert again.read_text() == text
        assert other.ok('import', str(out))[0]['same'] == 20

    bad = lines + json.dumps({'kind': 'tree', 'scope': 'ksj/neu', 'fields': {'height': -1}}) + '\n'
    p.refused('import', '-', stdin=bad, says="import: line 21: field 'height': ")
    assert len(p.ok('export')) == 20
    dry = p.ok('import', '-', '--dry-run', stdin=lines)[0]
    assert dry['new'] == 20 and len(p.ok('export')) == 20

    undone = p.ok('undo', '--import', done['import'])
    assert undone[-1] == {'undone': 20, 'left': 0}, undone
    assert p.ok('export') == []
    assert len(p.ok('export', '--deleted')) == 20


def test_undo_queue_and_status(folder):
    p = new_profile(folder)
    row = p.edit(op='new', scope='ksj/baeume', kind='tree', set={'number': '1'})
    p.edit(op='upd', id=row['id'], set={'number': '2'})
    p.edit(op='upd', id=row['id'], set={'number': '3'})
    p.refused('undo', '--n', '3', says="field 'number' has been changed since by")
    assert p.ok('undo', '--n', '4')[-1] == {'undone': 1, 'left': 0}
    assert p.ok('get', row['id'])[0]['fields'] == {'number': '2'}
    assert [h['op'] for h in p.ok('history', row['id'])] == ['new', 'upd', 'upd', 'upd']
    assert [q['n'] for q in p.ok('queue')] == [1, 2, 3, 4, 5]
    assert p.ok('queue', '--refused') == [] and p.ok('conflicts') == []
    p.refused('queue', 'dismiss', '2', says='no refused command 2')
    p.refused('undo', code=2)
    status = p.ok('status')[0]
    assert status['waiting'] == 5 and status['server'] is None, status
    assert {s['scope']: s['records'] for s in status['scopes']}['ksj/baeume'] == 1, status


def test_move_out_of_local(folder):
    p = new_profile(folder)
    row = p.edit(op='new', kind='tree', set={'number': '1'})
    assert p.ok('export') == []
    assert p.ok('move', '--from', 'local', '--to', 'ksj/baeume', row['id'])[0] == {'moved': 1}
    assert [r['id'] for r in p.ok('export')] == [row['id']]
    p.refused('move', '--from', 'local', '--to', 'ksj/x', row['id'], says='not in scope local')


def test_backup_and_verify(folder):
    p = new_profile(folder)
    p.edit(op='new', scope='ksj/baeume', kind='tree', set={'number': '1'})
    assert p.ok('verify')[-1]['ok'] is True
    copy = pathlib.Path(folder) / 'copy'
    assert p.ok('backup', '--to', str(copy))[0]['files'] == 1
    p.refused('backup', '--to', str(copy), says='exists already')
    assert p.ok('verify', '--backup', str(copy))[-1]['ok'] is True
    with open(copy / 'profile.db', 'ab') as file:
        file.write(b'x')
    assert p.refused('verify', '--backup', str(copy))[-1]['problems'] == 1
    assert Profile(copy).ok('export') == p.ok('export')


def test_one_writer_many_readers(folder):
    p = new_profile(folder)
    holder = subprocess.Popen([CTL, 'edit', '--profile', str(p.folder)], stdin=subprocess.PIPE,
                              stdout=subprocess.PIPE, text=True)
    holder.stdin.write('{"op":"new","kind":"tree","scope":"ksj/baeume","set":{"number":"1"}}\n')
    holder.stdin.flush()
    told = json.loads(holder.stdout.readline())               # it holds the lock now
    p.refused('edit', '-c', '{"op":"new","kind":"tree"}',
              says=f'in use by allmendectl (pid {holder.pid})')
    assert p.ok('get', told['id'])[0]['fields'] == {'number': '1'}
    # What was told is there, whatever happens to who told it.
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    assert len(p.ok('export')) == 1
    p.edit(op='upd', id=told['id'], set={'number': '2'})


def test_no_profile(folder):
    p = Profile(pathlib.Path(folder) / 'none')
    for command in (['status'], ['export'], ['get', '00000000-0000-0000-0000-000000000000'],
                    ['queue'], ['verify']):
        p.refused(*command, says='there is no such profile')
    assert not p.folder.exists()
    (pathlib.Path(folder) / 'file').write_text('x')
    Profile(pathlib.Path(folder) / 'file').refused('init', says='file')


TESTS = [value for name, value in sorted(globals().items()) if name.startswith('test_')]


def main():
    print(f'1..{len(TESTS)}')
    failed = 0
    os.environ['LC_ALL'] = 'C.UTF-8'
    for number, test in enumerate(TESTS, 1):
        with tempfile.TemporaryDirectory(prefix='allmende-test-') as folder:
            try:
                test(folder)
                print(f'ok {number} - {test.__name__}', flush=True)
            except Exception as error:  # pylint: disable=broad-except
                failed += 1
                print(f'not ok {number} - {test.__name__}: {error!r}', flush=True)
    return failed > 0


if __name__ == '__main__':
    sys.exit(main())
