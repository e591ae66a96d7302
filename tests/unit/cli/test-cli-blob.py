#!/usr/bin/python3
# SPDX-License-Identifier: EUPL-1.2
"""Attached files as a script has them: blob put, get, list, and what verify and status say of them.

usage: test-cli-blob.py ALLMENDECTL
"""

import hashlib
import json
import pathlib
import subprocess
import sys
import tempfile

PROGRAM = str(pathlib.Path(sys.argv[1]).resolve())
MODEL = {'name': 'tree', 'schema': {'type': 'object', 'title': 'Baum', 'properties': {
    'photo': {'type': 'object', 'title': 'Foto', 'required': ['sha256', 'size'], 'properties': {
        'sha256': {'type': 'string'}, 'size': {'type': 'integer'}, 'name': {'type': 'string'},
        'type': {'type': 'string'}}, 'additionalProperties': False}}}}
DATA = bytes(range(256)) * 1000
SHA256 = hashlib.sha256(DATA).hexdigest()


class Desk:
    def __init__(self, folder):
        self.folder, self.profile = folder, folder / 'profile'
        self.picture = folder / 'picture.jpg'
        self.picture.write_bytes(DATA)

    def run(self, *words, text=''):
        done = subprocess.run([PROGRAM, '--profile', self.profile, *words], input=text.encode(),
                              capture_output=True, check=False)
        return done.returncode, done.stdout, done.stderr.decode()

    def say(self, *words, text='', code=0):
        done, out, err = self.run(*words, text=text)
        assert done == code, f'{words}: {done} {out} {err}'
        return [json.loads(line) for line in out.splitlines()]

    def refuse(self, part, *words):
        code, _, err = self.run(*words)
        assert code == 1 and part in err, f'{words}: {code} {err}'

    def name(self, sha256, size, scope='ksj/baeume'):
        (self.folder / 'tree.json').write_text(json.dumps(MODEL))
        self.say('model', 'add', str(self.folder / 'tree.json'))
        line = {'op': 'new', 'scope': scope, 'kind': 'tree',
                'set': {'photo': {'sha256': sha256, 'size': size}}}
        return self.say('edit', '-', text=json.dumps(line) + '\n')[0]


def states(desk):
    return {blob['sha256']: blob['state'] for blob in desk.say('blob', 'list')}


def test_in_and_out(desk):
    put = desk.say('blob', 'put', desk.picture)
    assert put == [{'sha256': SHA256, 'size': len(DATA), 'type': 'image/jpeg'}], put
    assert desk.say('blob', 'put', desk.picture) == put
    assert desk.say('blob', 'list') == [{**put[0], 'state': 'local'}]
    code, out, _ = desk.run('blob', 'get', SHA256)
    assert code == 0 and out == DATA
    target = desk.folder / 'copy'
    target.write_text('old')
    desk.say('blob', 'get', SHA256, '-o', target)
    assert target.read_bytes() == DATA


def test_what_cannot_be(desk):
    desk.say('init')
    desk.refuse('No such file', 'blob', 'put', '/nowhere')
    desk.refuse('is no file', 'blob', 'put', '/')
    desk.refuse('is no SHA-256', 'blob', 'get', 'abc')
    desk.refuse('no record names', 'blob', 'get', SHA256)
    assert desk.run('blob', 'put')[0] == 2 and desk.run('blob', 'get')[0] == 2
    assert desk.run('blob', 'list', 'x')[0] == 2
    assert desk.say('blob', 'list') == []


def test_a_record_names_it(desk):
    desk.say('blob', 'put', desk.picture)
    desk.name(SHA256, len(DATA))
    assert states(desk) == {SHA256: 'waiting'}
    assert desk.say('status')[0]['blobs_waiting'] == 1


def test_a_record_names_what_is_not_here(desk):
    desk.name(SHA256, len(DATA))
    assert states(desk) == {SHA256: 'wanted'}
    desk.refuse('the next sync fetches it', 'blob', 'get', SHA256)
    desk.say('blob', 'put', desk.picture)
    assert states(desk) == {SHA256: 'waiting'}


def test_a_large_one_is_fetched_when_it_is_asked_for(desk):
    desk.name(SHA256, 17 << 20)
    assert states(desk) == {SHA256: 'remote'} and desk.say('status')[0]['blobs_waiting'] == 0
    desk.refuse('the next sync fetches it', 'blob', 'get', SHA256)
    assert states(desk) == {SHA256: 'wanted'} and desk.say('status')[0]['blobs_waiting'] == 1


def test_values_that_name_no_file(desk):
    desk.name(SHA256, len(DATA))
    for photo in [{'sha256': 'abc', 'size': 1}, {'sha256': SHA256, 'size': 600 << 20},
                  {'sha256': SHA256}]:
        line = {'op': 'new', 'scope': 'ksj/baeume', 'kind': 'tree', 'set': {'photo': photo}}
        code, _, err = desk.run('edit', '-', text=json.dumps(line) + '\n')
        assert code == 1 and "field 'photo'" in err, err


def test_verify(desk):
    desk.say('blob', 'put', desk.picture)
    desk.name(SHA256, len(DATA))
    assert desk.say('verify')[-1]['ok']
    where = desk.profile / 'blobs' / SHA256[:2] / SHA256
    where.write_bytes(DATA[1:])
    found = desk.say('verify', code=1)
    assert found[0]['place'] == f'blobs/{SHA256}' and 'something else' in found[0]['finding'], found
    where.unlink()
    found = desk.say('verify', code=1)
    assert 'has not been sent' in found[0]['finding'], found


def test_what_is_only_on_the_server_is_no_problem(desk):
    desk.name(SHA256, len(DATA))
    assert desk.say('verify')[-1]['ok']


def main():
    failed = 0
    for name, case in list(globals().items()):
        if name.startswith('test_'):
            with tempfile.TemporaryDirectory(prefix='allmende-blob-') as folder:
                try:
                    case(Desk(pathlib.Path(folder)))
                    print('ok', name)
                except AssertionError as error:
                    failed += 1
                    print('not ok', name, error)
    return failed > 0


if __name__ == '__main__':
    sys.exit(main())
