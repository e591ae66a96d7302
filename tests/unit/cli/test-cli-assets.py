#!/usr/bin/python3
# SPDX-License-Identifier: EUPL-1.2
"""allmendectl import, export, select, measure and due, as a script calls them.

usage: test-cli-assets.py ALLMENDECTL DATA
"""

import gzip
import io
import json
import math
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import zipfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / 'lib'))

from waiting import wait

PROGRAM, DATA = sys.argv[1], pathlib.Path(sys.argv[2])
TESTS = []


def test(function):
    TESTS.append(function)
    return function


def run(folder, *words, text=''):
    done = subprocess.run([PROGRAM, *map(str, words), '--profile', str(folder / 'profile')],
                          input=text.encode(), capture_output=True, check=False)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def good(folder, *words, text=''):
    code, out, err = run(folder, *words, text=text)
    assert (code, err) == (0, ''), (words, err)
    return [json.loads(line) for line in out.splitlines()]


def take_trees(folder):
    good(folder, 'model', 'add', 'tree')
    return good(folder, 'import', DATA / 'good.csv', '--kind', 'tree', '--scope', 'a/b')[0]


@test
def a_refused_file_says_nothing_on_stdout(folder):
    good(folder, 'model', 'add', 'tree')
    for name, code in (('many-rejected.csv', 1), ('formula.csv', 1), ('none.csv', 1)):
        done = run(folder, 'import', DATA / name, '--kind', 'tree')
        assert done[:2] == (code, ''), done
        assert done[2].startswith('allmendectl: '), done[2]
    assert 'row-too-short: 4' in run(folder, 'import', DATA / 'many-rejected.csv', '--kind',
                                     'tree')[2]
    assert run(folder, 'import', DATA / 'good.csv')[0] == 2
    assert run(folder, 'import', DATA / 'good.csv', '--kind', 'tree', '--formulas', 'run')[0] == 2
    assert run(folder, 'import', DATA / 'good.csv', '--kind', 'unicorn')[0] == 1


@test
def losses_and_formulas_can_be_accepted(folder):
    good(folder, 'model', 'add', 'tree')
    result = good(folder, 'import', DATA / 'many-rejected.csv', '--kind', 'tree',
                  '--accept-losses')[0]
    assert (result['rejected'], result['new']) == (4, 16)
    good(folder, 'import', DATA / 'formula.csv', '--kind', 'tree', '--formulas', 'text')


def area(*places):
    return {'type': 'Polygon', 'coordinates': [[*places, places[0]]]}


@test
def an_area_that_crosses_itself_is_told_of(folder):
    good(folder, 'model', 'add', 'playground')
    bow = area([11.58, 50.92], [11.59, 50.93], [11.59, 50.92], [11.58, 50.93])
    box = area([11.58, 50.92], [11.59, 50.92], [11.59, 50.93], [11.58, 50.93])
    issues = {issue['code']: issue for issue in good(
        folder, 'import', DATA / 'self-crossing.geojson', '--kind', 'playground')[0]['issues']}
    assert 'place-repaired' not in issues, issues
    issue = issues['geometry-repaired']
    assert (issue['count'], issue['lines']) == (1, [1]), issue
    assert issue['text'].startswith('The area crosses or touches itself and was rebuilt: '
                                    'Self-intersection[11.585'), issue

    # By hand it is refused, as in the window.
    def edit(**more):
        return run(folder, 'edit', '-c', json.dumps(more))
    new = {'op': 'new', 'kind': 'playground', 'scope': 'a/b'}
    code, out, err = edit(**new, set={'geometry': bow})
    assert (code, out) == (1, ''), out
    assert err.startswith("allmendectl: edit: line 1: field 'geometry': the boundary crosses or "
                          'touches itself at 11.585'), err
    code, out, err = edit(**new, set={'geometry': box})
    assert (code, err) == (0, ''), err
    ident = json.loads(out)['id']
    assert edit(op='upd', id=ident, set={'geometry': {
        'type': 'MultiPolygon', 'coordinates': [bow['coordinates']]}})[0] == 1
    # What is no area at all is the model's business.
    for value in (area([1, 'a']), {'type': 'Polygon', 'coordinates': 7}, {'type': 'Polygon'}):
        assert 'crosses' not in edit(op='upd', id=ident, set={'geometry': value})[2], value
    assert good(folder, 'get', ident)[0]['fields']['geometry'] == box


@test
def a_mapping_is_saved_and_used(folder):
    good(folder, 'model', 'add', 'tree')
    file = folder / 'mapping.json'
    first = good(folder, 'import', DATA / 'good.csv', '--kind', 'tree', '--save-mapping', file,
                 '--dry-run')[0]
    assert json.loads(file.read_text())['columns'] == {'Baumnummer': 'number'}
    second = good(folder, 'import', DATA / 'good.csv', '--kind', 'tree', '--mapping', file)[0]
    assert first['new'] == second['new'] == 20 and first['place'] == second['place']
    file.write_text('{"colums":{}}')
    assert run(folder, 'import', DATA / 'good.csv', '--kind', 'tree', '--mapping', file)[0] == 1


@test
def lines_of_our_own_go_their_own_way(folder):
    take_trees(folder)
    lines = run(folder, 'export', '--kind', 'tree')[1]
    file = folder / 'own.ndjson'
    file.write_text(lines)
    again = good(folder, 'import', file)[0]
    assert (again['new'], again['same']) == (0, 20), again


def read_trees(folder):
    return sorted((json.loads(line)['fields'] for line in
                   run(folder, 'export', '--kind', 'tree')[1].splitlines()),
                  key=lambda fields: int(fields['number']))


@test
def what_is_exported_can_be_imported_as_the_same(folder):
    take_trees(folder)
    before = read_trees(folder)
    for name, words in (('csv', []), ('csv', ['--crs', 'EPSG:25832']), ('gpkg', []),
                        ('geojson', [])):
        out = folder / f'out.{name}'
        good_export = run(folder, 'export', '--kind', 'tree', '--format', name, *words, '-o', out)
        assert good_export == (0, '', ''), good_export
        other = folder / ('other-' + '-'.join([name, *words]).replace(':', ''))
        other.mkdir()
        good(other, 'model', 'add', 'tree')
        result = good(other, 'import', out, '--kind', 'tree', '--scope', 'a/b')[0]
        assert (result['new'], result['placed']) == (20, 20), result
        for a, b in zip(before, read_trees(other)):
            assert a['number'] == b['number']
            for k in (0, 1):
                assert abs(a['geometry']['coordinates'][k]
                           - b['geometry']['coordinates'][k]) < 2e-8, name


@test
def what_is_due_is_listed_most_overdue_first(folder):
    good(folder, 'model', 'add', 'tree')
    good(folder, 'model', 'add', 'playground')

    def add(kind, **fields):
        line = json.dumps({'op': 'new', 'kind': kind, 'set': fields})
        return good(folder, 'edit', '-c', line)[0]['id']
    late = add('tree', number='1', last_inspection='2023-01-31', vitality=3)
    felled = add('tree', number='2', last_inspection='2010-01-31', felled='2020')
    soon = add('tree', number='3', last_inspection='2024-07-01')
    new = add('playground', name='Am Markt', last_visual='2026-06-14',
              last_operative='2026-06-14', last_main='2026-06-14')

    def due(*words):
        return [(line['id'], line['inspection'], line['due'], line['overdue_days'])
                for line in good(folder, 'due', *words)]
    assert due('--on', '2026-06-15') == [(late, 'regular', '2024-01-31', 866)]
    assert due('--on', '2026-06-15', '--until', '2026-07-01') == [
        (late, 'regular', '2024-01-31', 866), (new, 'visual', '2026-06-21', -6),
        (soon, 'regular', '2026-07-01', -16)]
    assert due('--kind', 'playground', '--on', '2026-06-21') == [(new, 'visual', '2026-06-21', 0)]
    line = good(folder, 'due', '--kind', 'tree', '--on', '2026-06-15')[0]
    assert (line['kind'], line['last'], line['rule']) == (
        'tree', '2023-01-31', '/x-alm-inspections/0/rules/2')
    assert line['label'].startswith('1')
    assert felled not in [one[0] for one in due('--on', '2100-01-01')]
    assert run(folder, 'due', '--on', 'heute')[0] == 2
    assert run(folder, 'due', '--kind', 'unicorn')[0] == 1


@test
def select_is_exact_and_ordered(folder):
    take_trees(folder)
    point = folder / 'point.json'
    point.write_text('{"type":"Point","coordinates":[11.58,50.92]}')
    found = good(folder, 'select', '--kind', 'tree', '--near', point, '--distance', '300')
    distances = [line['distance_m'] for line in found]
    assert distances == sorted(distances) and distances[0] == 0 and max(distances) <= 300

    def metres(i):
        return math.hypot(i * 0.0005 * math.cos(math.radians(50.92)), i * 0.0004) * 111319

    assert abs(len(found) - sum(metres(i) <= 300 for i in range(20))) <= 1
    area = folder / 'area.json'
    area.write_text(json.dumps({'type': 'FeatureCollection', 'features': [
        {'type': 'Feature', 'properties': {}, 'geometry': {'type': 'Polygon', 'coordinates': [
            [[11.5799, 50.9199], [11.5811, 50.9199], [11.5811, 50.9209], [11.5799, 50.9209],
             [11.5799, 50.9199]]]}}]}))
    inside = good(folder, 'select', '--kind', 'tree', '--in', area)
    assert len(inside) == 3 and 'distance_m' not in inside[0]
    assert [line['id'] for line in inside] == sorted(line['id'] for line in inside)
    assert good(folder, 'select', '--in', area, '--count') == [{'count': 3}]
    assert good(folder, 'select', '--kind', 'tree', '--where', "number IN ('3','4')",
                '--count') == [{'count': 2}]
    assert run(folder, 'select', '--near', point)[0] == 2
    # A day that is none is a wrong option, wherever it stands.
    for words in (('select', '--at'), ('due', '--on'), ('due', '--until'),
                  ('export', '--format', 'csv', '--kind', 'tree', '--at')):
        code, out, err = run(folder, *words, 'nonsense')
        assert (code, out) == (2, '') and f'{words[-1]} wants a day' in err, (words, code, err)
    assert run(folder, 'select', '--kind', 'tree', '--where', 'nonsense')[0] == 1
    assert run(folder, 'select', '--in', folder / 'none.json')[0] == 1


@test
def measure_answers_line_by_line(folder):
    lines = ('{"type":"LineString","coordinates":[[9,0],[9,1]]}\n'
             '{"type":"Point","coordinates":[9,0]}\n')
    line, point = good(folder, 'measure', text=lines)
    assert abs(line['length_m'] - 110574.38856) < 1e-4 and line['azimuth_deg'] == 0
    assert point == {'grid': {'crs': 'EPSG:25832'}}
    plane = good(folder, 'measure', '--crs', 'EPSG:25832', text=(
        '{"type":"Polygon","coordinates":[[[600000,5640000],[600100,5640000],[600100,5640100],'
        '[600000,5640100],[600000,5640000]]]}'))[0]
    assert abs(plane['grid']['area_m2'] - 10000) < 0.1 and 'length_m' not in plane
    code, out, err = run(folder, 'measure', text=lines + '[]\n')
    assert code == 1 and 'line 3' in err and len(out.splitlines()) == 2


HEADER = 'Baumnummer;Lon;Lat;Art\n'
ROWS = ''.join(f'{i};11,58{i % 10};50,92{i % 10};Linde\n' for i in range(200))
GOOD = HEADER + ROWS


def pack(entries):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, 'w', zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def spoil(data, old, new):
    at = data.index(old)
    return data[:at] + new + data[at + len(old):]


@test
def each_bad_file_is_refused_with_its_place_and_leaves_nothing(folder):
    good(folder, 'model', 'add', 'tree')
    packed = gzip.compress(GOOD.encode())
    zipped = pack({'liste.csv': GOOD})
    collection = json.dumps({'type': 'FeatureCollection', 'features': [
        {'type': 'Feature', 'properties': {'n': i},
         'geometry': {'type': 'Point', 'coordinates': [11.58, 50.92]}} for i in range(50)]})
    cases = {
        'empty.csv': (b'', 'the file is empty'),
        'cut.csv.gz': (packed[:-40], 'cut off or damaged'),
        'cut.zip': (zipped[:-30], 'empty or cut off'),
        'spoilt.zip': (spoil(zipped, zipped[60:80], b'x' * 20), 'cut off or damaged'),
        'bomb.zip': (pack({'liste.csv': 'a;b\n' * 5_000_000}), 'would unpack to 20.0 MB'),
        'bomb.csv.gz': (gzip.compress(b'a;b\n' * 5_000_000), 'would unpack to'),
        'mixed.csv': (HEADER.encode() + 'ä;ö;ü;é\n'.encode() * 2 + b'1;2;3;\xe4\n',
                      'line 2 is UTF-8, line 4 is not'),
        'nul.csv': (GOOD.replace('Linde', 'Li\0de', 1).encode(), 'line 2: a NUL byte'),
        'long.csv': ((HEADER + '1;2;3;' + '"x";' * 600_000 + '\n').encode(),
                     'line 2: more than 1000 columns'),
        'long-cell.csv': ((HEADER + '1;2;3;' + 'x' * (2 << 20) + '\n').encode(),
                          'line 2: more than 65536 bytes in a cell'),
        'long-record.csv': ((HEADER + ';'.join(['y' * 60_000] * 35) + '\n').encode(),
                            'line 2: more than 1048576 bytes in a record'),
        'columns.csv': ((';'.join(f'c{i}' for i in range(1001)) + '\n').encode(),
                        'line 1: more than 1000 columns'),
        'quotes.csv': ((GOOD + '"open;1;2;3\n').encode(), 'line 202: the file ends in the middle'),
        'short.csv': ((GOOD + '201;11,58').encode(), 'line 202: the file ends in the middle'),
        'formula.csv': ((GOOD + '201;11,58;50,92;=1+1\n').encode(),
                        'line 202, column "Art": a formula: =1+1 (--formulas text)'),
        'dde.csv': ((GOOD + '201;11,58;50,92;@x|y!z\n').encode(), 'line 202, column "Art"'),
        'rejected.csv': ((GOOD + '1;2\n' * 40).encode(),
                         '40 of 240 rows were rejected (--accept-losses)'),
        'nowhere.csv': ((HEADER + ROWS.replace('50,92', '0,0')).encode(), 'no place'),
        'cut.geojson': (collection[:-100].encode(), 'no format that is read here'),
        'lone.shp': (b'\0\0\x27\x0a' + bytes(96), 'the shapefile has no .dbf'),
        'tables.zip': (pack({'a.csv': GOOD, 'b.csv': GOOD}), 'choose one: a, b (--layer NAME)'),
    }
    for name, (data, words) in cases.items():
        file = folder / name
        file.write_bytes(data)
        code, out, err = run(folder, 'import', file, '--kind', 'tree')
        assert (code, out) == (1, ''), (name, code, out, err)
        assert f'allmendectl: {file}: ' in err and words in err, (name, err)
        assert good(folder, 'select', '--kind', 'tree', '--count') == [{'count': 0}], name
    assert run(folder, 'export', '--kind', 'import')[1] == ''


def find_helper(pid):
    """The child of the program, once there is one that reads."""
    for entry in pathlib.Path('/proc').glob('[0-9]*'):
        try:
            fields = (entry / 'stat').read_text().rsplit(')', 1)[1].split()
            if int(fields[1]) == pid and b'allmende-gis' in (entry / 'cmdline').read_bytes():
                return int(entry.name)
        except OSError:
            pass
    return None


@test
def a_helper_that_is_killed_leaves_nothing(folder):
    good(folder, 'model', 'add', 'tree')
    file = folder / 'many.geojsonl'
    feature = {'type': 'Feature', 'properties': {'n': 1},
               'geometry': {'type': 'Point', 'coordinates': [11.58, 50.92]}}
    file.write_text((json.dumps(feature) + '\n') * 200_000)
    process = subprocess.Popen([PROGRAM, 'import', str(file), '--kind', 'tree', '--profile',
                                str(folder / 'profile')], stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE)
    os.kill(wait(lambda: find_helper(process.pid), 'the helper'), signal.SIGKILL)
    out, err = process.communicate()
    assert (process.returncode, out) == (1, b''), err
    assert b'could not be read (the helper died of signal 9)' in err, err
    assert good(folder, 'select', '--kind', 'tree', '--count') == [{'count': 0}]
    assert good(folder, 'import', DATA / 'good.csv', '--kind', 'tree')[0]['new'] == 20


def main():
    print(f'1..{len(TESTS)}')
    failed = 0
    for number, function in enumerate(TESTS, 1):
        with tempfile.TemporaryDirectory() as folder:
            try:
                function(pathlib.Path(folder))
                print(f'ok {number} {function.__name__}', flush=True)
            except AssertionError as error:
                failed += 1
                print(f'not ok {number} {function.__name__}\n# {error!r}', flush=True)
    return failed > 0


if __name__ == '__main__':
    sys.exit(main())
