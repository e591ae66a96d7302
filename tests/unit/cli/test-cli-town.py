#!/usr/bin/python3
# SPDX-License-Identifier: EUPL-1.2
"""allmendectl town, as a script calls it: the same bytes always, damage found, installed or refused.

usage: test-cli-town.py ALLMENDECTL DIGESTS
With --write as third word the file of digests is written anew (after a wanted change of the town).
"""

import hashlib
import json
import pathlib
import shutil
import sqlite3
import subprocess
import sys
import tempfile

PROGRAM, DIGESTS = sys.argv[1], pathlib.Path(sys.argv[2])
TESTS = []


def test(function):
    TESTS.append(function)
    return function


def run(*words):
    done = subprocess.run([PROGRAM, *map(str, words)], capture_output=True, check=False)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def generate(folder, *words):
    code, out, err = run('town', 'generate', '--out', folder, *words)
    assert (code, err) == (0, ''), err
    return json.loads(out)


def fingerprint(folder):
    """Over all data files; without the models, which have tests of their own."""
    total = hashlib.sha256()
    for path in ('records.ndjson', 'names.json', 'mistakes.json', 'tables/population.csv',
                 'import/stadtwerke-leuchten.csv'):
        for line in (folder / path).read_bytes().splitlines(keepends=True):
            if b'"kind":"model"' not in line:
                total.update(line)
    return total.hexdigest()


def written_digests():
    return dict(line.split() for line in DIGESTS.read_text().splitlines())


@test
def two_runs_and_any_threads_make_the_same_bytes(folder):
    one = generate(folder / 'one', '--size', 'small', '--threads', 1)
    two = generate(folder / 'two', '--size', 'small', '--threads', 8, '--seed', 1)
    other = generate(folder / 'other', '--size', 'small', '--seed', 2, '--only', 'data')
    assert one['digest'] == two['digest'] != other['digest']
    assert one['pictures_digest'] == two['pictures_digest'] != ''
    assert other['pictures_digest'] == '' and other['tiles'] == 0
    for path in ('records.ndjson', 'manifest.json', 'basemap.mbtiles'):
        assert (folder / 'one' / path).read_bytes() == (folder / 'two' / path).read_bytes(), path
    manifest = json.loads((folder / 'one/manifest.json').read_text())
    assert manifest['digest'] == one['digest'] and manifest['today'].startswith('2026-07-15')
    assert manifest['extent'] == [364000, 6050000, 370000, 6055000]


@test
def the_town_is_the_written_one(folder):
    for size in ('small', 'full'):
        generate(folder / size, '--size', size, '--only', 'data')
        assert fingerprint(folder / size) == written_digests()[size], size


@test
def records_are_sorted_and_good(folder):
    for seed in range(1, 6):
        town = folder / str(seed)
        generate(town, '--size', 'small', '--seed', seed, '--only', 'data')
        code, out, err = run('town', 'check', town)
        assert (code, err) == (0, ''), out + err
        summary = json.loads(out)
        assert summary['findings'] == 0 and summary['records'] > 5000
        lines = (town / 'records.ndjson').read_text().splitlines()
        keys = [(r['kind'], r['id']) for r in map(json.loads, lines)]
        assert keys == sorted(keys) and len(keys) == summary['records']


def put_hash_right(town):
    manifest = json.loads((town / 'manifest.json').read_text())
    for entry in manifest['files']:
        if entry['path'] == 'records.ndjson':
            data = (town / 'records.ndjson').read_bytes()
            entry['sha256'] = hashlib.sha256(data).hexdigest()
    (town / 'manifest.json').write_text(json.dumps(manifest))


def tampered(folder, change):
    """A copy of the town with its records changed and its hash put right."""
    town = folder / 'tampered'
    shutil.rmtree(town, ignore_errors=True)
    shutil.copytree(folder / 'town', town)
    records = [json.loads(line) for line in (town / 'records.ndjson').read_text().splitlines()]
    change(records)
    text = ''.join(json.dumps(r, ensure_ascii=False, separators=(',', ':'), sort_keys=True) + '\n'
                   for r in records)
    (town / 'records.ndjson').write_text(text)
    put_hash_right(town)
    return run('town', 'check', town)


@test
def check_finds_what_is_wrong(folder):
    generate(folder / 'town', '--size', 'small', '--only', 'data')

    def of(records, kind):
        return next(r for r in records if r['kind'] == kind)

    def away(records):
        of(records, 'lamp')['fields']['geometry']['coordinates'][0] = 7.2

    def alien(records):
        of(records, 'tree')['fields']['vitality'] = 9

    def orphan(records):
        of(records, 'play-device')['fields']['playground'] = '00000000-0000-8000-8000-000000000000'

    def backwards(records):
        tree = of(records, 'tree')['fields']
        tree['planted'], tree['felled'] = '1990', '1980'

    def disorder(records):
        records[0], records[1] = records[1], records[0]

    def mended(records):
        mistake = json.loads((folder / 'town/mistakes.json').read_text())[0]
        record = next(r for r in records if r['id'] == mistake['record'])
        record['fields'][mistake['field']] = mistake['right']

    def short(records):
        records.remove(of(records, 'furniture'))

    cases = [(away, 'lies outside'), (alien, 'vitality: '), (orphan, 'is not there'),
             (backwards, 'ends before'), (disorder, 'not in order'),
             (mended, 'is not wrong any more'), (short, 'counts are not')]
    code, out, _ = tampered(folder, lambda records: None)
    assert code == 0, out
    for change, reason in cases:
        code, out, err = tampered(folder, change)
        assert code == 1 and reason in out, (reason, out, err)

    (folder / 'town/names.json').write_text('{}')
    code, out, _ = run('town', 'check', folder / 'town')
    assert code == 1 and '"names.json","reason":"is not what the manifest says"' in out, out


@test
def a_profile_is_installed_and_real_data_are_not_touched(folder):
    generate(folder / 'town', '--size', 'small')
    profile = folder / 'profile'
    code, out, err = run('town', 'install', folder / 'town', '--profile', profile)
    assert (code, err) == (0, ''), err
    records = json.loads(out)['records']
    assert records == len((folder / 'town/records.ndjson').read_text().splitlines())
    mark = json.loads((profile / 'training.json').read_text())
    assert mark['size'] == 'small' and mark['seed'] == 1
    assert (profile / 'town/basemap.mbtiles').exists() and (profile / 'town/names.json').exists()
    with sqlite3.connect(profile / 'profile.db') as db:
        assert db.execute('SELECT count(*) FROM records').fetchone()[0] == records
        assert db.execute('SELECT count(*) FROM commands').fetchone()[0] == 0
        assert db.execute('SELECT count(*) FROM v_tree').fetchone()[0] == 2000
    db.close()

    assert run('town', 'install', folder / 'town', '--profile', profile)[0] == 0
    (folder / 'password').write_text('a little secret 26\n')
    code, out, err = run('--profile', profile, 'login', 'erfassung', '--server',
                         'http://127.0.0.1:1', '--password-file', folder / 'password')
    assert code == 1 and out == '' and 'this profile is the training town' in err, err
    (profile / 'training.json').unlink()
    before = (profile / 'profile.db').read_bytes()
    code, out, err = run('town', 'install', folder / 'town', '--profile', profile)
    assert code == 1 and out == '' and 'real data' in err, err
    assert (profile / 'profile.db').read_bytes() == before


@test
def a_server_is_installed_once(folder):
    generate(folder / 'town', '--size', 'small', '--only', 'data')
    data = folder / 'data'
    (folder / 'password').write_text('a little secret 26\n')
    code, out, err = run('town', 'install', folder / 'town', '--data', data, '--password-file',
                         folder / 'password')
    assert (code, err) == (0, ''), err
    with sqlite3.connect(data / 'allmende.db') as db:
        names = {row[0] for row in db.execute('SELECT name FROM accounts')}
        grants = set(db.execute('SELECT name, role, scope FROM grants'))
    db.close()
    assert {'erfassung', 'pruefung'} <= names, names
    assert {('erfassung', 'editor', 'uebung/*'), ('pruefung', 'reviewer', 'uebung/*')} <= grants, \
        grants
    code, out, err = run('town', 'install', folder / 'town', '--data', data)
    assert code == 1 and 'are there already' in err, err
    (folder / 'password').write_text('short\n')
    code, out, err = run('town', 'install', folder / 'town', '--data', folder / 'other',
                         '--password-file', folder / 'password')
    assert code == 1 and out == '' and not (folder / 'other/allmende.db').exists(), err


@test
def a_broken_folder_leaves_nothing_behind(folder):
    generate(folder / 'town', '--size', 'small', '--only', 'data')
    records = folder / 'town/records.ndjson'
    records.write_bytes(records.read_bytes()[:-10])
    code, out, err = run('town', 'install', folder / 'town', '--profile', folder / 'whole')
    assert code == 1 and 'records.ndjson: is not what the manifest says' in err, err
    put_hash_right(folder / 'town')
    for option, name in (('--profile', 'profile'), ('--data', 'data')):
        code, out, err = run('town', 'install', folder / 'town', option, folder / name)
        assert code == 1 and out == '' and 'ends in the middle' in err, err
        left = [p for p in (folder / name).glob('*') if p.name != 'lock'] \
            if (folder / name).exists() else []
        assert not left, left


@test
def a_failure_in_the_end_leaves_no_half_a_profile(folder):
    generate(folder / 'town', '--size', 'small', '--only', 'data')
    profile = folder / 'profile'
    profile.mkdir()
    (profile / 'town').write_text('in the way of the folder')
    code, out, err = run('town', 'install', folder / 'town', '--profile', profile)
    assert code == 1 and out == '' and err != ''
    assert {p.name for p in profile.iterdir()} <= {'town', 'lock'}, list(profile.iterdir())


@test
def bad_arguments_are_refused(folder):
    (folder / 'full').mkdir()
    (folder / 'full/x').write_text('')
    for words, code in ((['generate'], 2), (['generate', '--out', folder / 'a', '--size', 'huge'], 2),
                        (['generate', '--out', folder / 'a', '--only', 'sheep'], 2),
                        (['generate', '--out', folder / 'a', '--seed', '-1'], 2),
                        (['generate', '--out', folder / 'a', '--threads', '99'], 2),
                        (['generate', '--out', folder / 'full'], 1), (['check'], 2),
                        (['check', folder / 'none'], 1), (['install'], 2),
                        (['install', folder / 'none', '--data', folder / 'd'], 1)):
        got, out, err = run('town', *words)
        assert (got, out) == (code, '') and err.startswith('allmendectl: '), (words, got, err)
    assert not (folder / 'a').exists()


def write_digests():
    with tempfile.TemporaryDirectory() as name:
        lines = []
        for size in ('small', 'full'):
            town = pathlib.Path(name) / size
            generate(town, '--size', size, '--only', 'data')
            lines.append(f'{size} {fingerprint(town)}\n')
    DIGESTS.write_text(''.join(lines))


def main():
    if '--write' in sys.argv:
        write_digests()
        return 0
    failed = 0
    print(f'1..{len(TESTS)}')
    for number, function in enumerate(TESTS, 1):
        with tempfile.TemporaryDirectory() as name:
            try:
                function(pathlib.Path(name))
                print(f'ok {number} - {function.__name__}', flush=True)
            except Exception as error:   # noqa: each failure is told, the others go on
                failed += 1
                print(f'not ok {number} - {function.__name__}\n# {error!r}'.replace('\n', '\n# '),
                      flush=True)
    return failed > 0


if __name__ == '__main__':
    sys.exit(main())
