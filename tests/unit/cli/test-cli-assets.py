#!/usr/bin/python3
# SPDX-License-Identifier: EUPL-1.2
"""allmendectl import, export, select, measure and due, as a script calls them.

usage: test-cli-assets.py ALLMENDECTL DATA
"""

import json
import math
import pathlib
import subprocess
import sys
import tempfile

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
