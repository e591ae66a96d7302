#!/usr/bin/python3
# SPDX-License-Identifier: EUPL-1.2
"""Real lists of German cities through allmendectl: exact counts, inside their
cities, umlauts byte for byte, and one undo that leaves nothing.

The lists lie in $ALM_DATA (default ../shared/data beside the source tree).  Where
they are not there, that is said aloud and the same is asked of files in the same
shapes, which a small generator makes; those run in any case.
"""

import csv
import gzip
import io
import json
import math
import os
import pathlib
import random
import subprocess
import sys
import tempfile
import zipfile

BUILD = pathlib.Path(os.environ['ALM_BUILD'])
SOURCE = pathlib.Path(__file__).resolve().parents[2]
DATA = pathlib.Path(os.environ.get('ALM_DATA', SOURCE.parent / 'shared' / 'data'))
CTL = BUILD / 'src' / 'cli' / 'allmendectl'

CITIES = {
    'Jena': ('EPSG:25832', [11.49, 50.85, 11.68, 51.0]),
    'Konstanz': ('EPSG:25832', [9.05, 47.62, 9.25, 47.78]),
    'Magdeburg': ('EPSG:25832', [11.5, 52.02, 11.78, 52.24]),
    'Berlin': ('EPSG:25833', [13.08, 52.33, 13.77, 52.68]),
}

passed = failed = 0


def check(what, ok, detail=''):
    global passed, failed
    if ok:
        passed += 1
    else:
        failed += 1
        print(f'FAILED {what}: {detail}', flush=True)


def ctl(profile, *words):
    return subprocess.run([str(CTL), *map(str, words), '--profile', str(profile)],
                          capture_output=True, text=True, encoding='utf-8')


def make_profile(folder, city, kind):
    profile = pathlib.Path(folder, 'profile')
    crs, bbox = CITIES[city]
    line = {'op': 'new', 'scope': 'system', 'kind': 'city',
            'set': {'name': city, 'crs': crs, 'bbox': bbox}}
    for words in (('init',), ('model', 'add', kind), ('edit', '-c', json.dumps(line))):
        done = ctl(profile, *words)
        if done.returncode != 0:
            sys.exit(f'{words}: {done.stderr}')
    return profile


def read_csv(path, delimiter, header=True):
    opener = gzip.open if path.suffix == '.gz' else open
    with opener(path, 'rb') as file:
        text = io.TextIOWrapper(file, encoding='utf-8-sig', newline='')
        rows = list(csv.reader(text, delimiter=delimiter))
    return (rows[0], rows[1:]) if header else ([], rows)


def distance(lon, lat, lon2, lat2):
    return math.hypot((lon - lon2) * math.cos(math.radians(lat)), lat - lat2) * 6371000 \
        * math.pi / 180


def run_list(name, path, city, kind, rows, mapping=None, layer=None, texts=None, more=None):
    """Imports one file and asks everything that must be true of it."""
    with tempfile.TemporaryDirectory(prefix='allmende-field-') as folder:
        profile = make_profile(folder, city, kind)
        words = ['import', path, '--kind', kind, '--scope', 'amt/liste']
        if mapping is not None:
            file = pathlib.Path(folder, 'mapping.json')
            file.write_text(json.dumps(mapping))
            words += ['--mapping', file]
        if layer is not None:
            words += ['--layer', layer]

        dry = ctl(profile, *words, '--dry-run')
        check(f'{name}: dry run', dry.returncode == 0, dry.stderr)
        done = ctl(profile, *words)
        check(f'{name}: exit', done.returncode == 0, done.stderr)
        if done.returncode != 0:
            return
        result = json.loads(done.stdout)
        for member in ('rows', 'new', 'placed'):
            check(f'{name}: {member}', result[member] == rows, result[member])
        for member in ('changed', 'same', 'rejected', 'unplaced'):
            check(f'{name}: {member}', result[member] == 0, result[member])
        check(f'{name}: dry run says the same',
              {k: v for k, v in json.loads(dry.stdout).items()
               if k not in ('import', 'dry_run', 'seconds')}
              == {k: v for k, v in result.items() if k not in ('import', 'dry_run', 'seconds')})

        out = pathlib.Path(folder, 'out.geojson')
        done = ctl(profile, 'export', '--kind', kind, '--format', 'geojson', '-o', out)
        check(f'{name}: export', done.returncode == 0, done.stderr)
        features = json.loads(out.read_bytes())['features']
        west, south, east, north = CITIES[city][1]
        check(f'{name}: exported', len(features) == rows, len(features))
        outside = [f['id'] for f in features for lon, lat in [first_place(f['geometry'])]
                   if not (west <= lon <= east and south <= lat <= north)]
        check(f'{name}: inside the city', not outside, outside[:3])
        if texts is not None:
            field, wanted = texts
            found = sorted(f['properties'][field].encode() for f in features
                           if field in f['properties'])
            check(f'{name}: {field} byte for byte', found == sorted(t.encode() for t in wanted),
                  [a for a in wanted if a.encode() not in set(found)][:3])
        if more is not None:
            more(name, features)

        again = ctl(profile, *words)
        check(f'{name}: the same bytes again', again.returncode == 1 and again.stdout == '',
              again.stderr)
        undo = ctl(profile, 'undo', '--import', result['import'])
        check(f'{name}: undo', undo.returncode == 0, undo.stderr)
        left = ctl(profile, 'export', '--kind', kind, '--scope', 'amt/liste')
        check(f'{name}: nothing is left', left.stdout == '', left.stdout[:200])
        once_more = ctl(profile, *words, '--dry-run')
        check(f'{name}: may come again after the undo', once_more.returncode == 0,
              once_more.stderr)


def first_place(geometry):
    place = geometry['coordinates']
    while isinstance(place[0], list):
        place = place[0]
    return place


def trimmed(rows, column):
    return [row[column].strip() for row in rows if row[column].strip() not in ('', 'NULL')]


def field_jena(name, path, rows):
    header, body = read_csv(path, ';')
    column = {key: i for i, key in enumerate(header)}
    places = {row[column['gid']]: (float(row[column['lon_4326']].replace(',', '.')),
                                   float(row[column['lat_4326']].replace(',', '.')))
              for row in body}

    def compare(case, features):
        off = sorted(distance(*f['geometry']['coordinates'], *places[f['properties']['source_id']])
                     for f in features)
        check(f'{case}: all but one within 0.1 m', off[-2] <= 0.1 and abs(off[-1] - 0.42) < 0.03,
              off[-3:])

    run_list(name, path, 'Jena', 'tree', rows,
             texts=('street', trimmed(body, column['strasse'])),
             more=compare if rows == 173 else None)


def field_csv(name, path, city, rows, field, column, delimiter=','):
    header, body = read_csv(path, delimiter)
    run_list(name, path, city, 'tree', rows,
             texts=(field, trimmed(body, header.index(column))))


def field_addresses(name, path, rows):
    _, body = read_csv(path, '\t', header=False)
    run_list(name, path, 'Jena', 'address', rows,
             mapping={'columns': {'1': 'street', '2': 'number', '3': 'postcode'}},
             texts=('street', trimmed(body, 0)))


def field_all(base, counts):
    field_jena('Jena sensor trees', base / 'trees/jena_sensorbaeume_2023.csv', counts['jena'])
    field_csv('Konstanz', base / 'trees/konstanz_baumkataster_2020.csv.gz', 'Konstanz',
              counts['konstanz'], 'street', 'location')
    for year, column in (('2022', 'Gattung'), ('2023', 'Gattung'), ('2024', 'Gattung')):
        field_csv(f'Magdeburg {year}', base / f'trees/magdeburg_liegenschaftsservice_{year}.csv.gz',
                  'Magdeburg', counts[year], 'genus', column)
    run_list('Magdeburg shapefile', base / 'trees/magdeburg_baumbestand_2021_shp.zip',
             'Magdeburg', 'tree', counts['shape'])
    run_list('Neukölln', base / 'street_furniture/berlin_neukoelln_osm_street_furniture.geojson.gz',
             'Berlin', 'furniture', counts['neukoelln'])
    run_list('highway nodes', base / 'street_furniture/jena_osm_highway_nodes.geojson', 'Jena',
             'furniture', counts['nodes'])
    run_list('benches', base / 'street_furniture/jena_osm_amenities.zip', 'Jena', 'furniture',
             counts['benches'], layer='amenity.bench')
    run_list('playgrounds', base / 'playgrounds/jena_osm_spielplaetze.geojson', 'Jena',
             'playground', counts['playgrounds'])
    field_addresses('addresses', base / 'gazetteer/jena_adressen_wahlbezirke_2017.tsv.gz',
                    counts['addresses'])


# The generator: files in the same shapes, every name and number of them made up.

STREETS = ['Grüner Weg', 'Am Löwenplatz', 'Straße der Mühlen', 'Zum Bäckergäßchen', 'Ölberg']


def write_gz(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    with gzip.open(path, 'wb') as file:
        file.write(text.encode('utf-8'))


def point(dice, city):
    west, south, east, north = CITIES[city][1]
    return (west + (east - west) * dice.uniform(0.2, 0.8),
            south + (north - south) * dice.uniform(0.2, 0.8))


def collection(dice, n, city, make):
    features = [{'type': 'Feature', 'properties': make(i),
                 'geometry': {'type': 'Point', 'coordinates': point(dice, city)}}
                for i in range(n)]
    return json.dumps({'type': 'FeatureCollection', 'features': features}, ensure_ascii=False)


def to_plane(places, crs):
    done = subprocess.run(['gdaltransform', '-s_srs', 'OGC:CRS84', '-t_srs', crs, '-output_xy'],
                          input='\n'.join(f'{x} {y}' for x, y in places), capture_output=True,
                          text=True, check=True)
    return [tuple(map(float, line.split())) for line in done.stdout.splitlines()]


def generate(base):
    dice = random.Random(4711)
    lines = ['gid;aktiv;baumnummer;ga_lang;pflanzjahr;strasse;baumhoehe;vitalitaet;'
             'hochwert;rechtswert;the_geom;lon_4326;lat_4326']
    places = [point(dice, 'Jena') for _ in range(40)]
    for i, (lon, lat) in enumerate(places):
        east, north = to_plane([(lon, lat)], 'EPSG:25832')[0]
        pair = (f'{north:.3f}', f'{east:.3f}') if i % 13 else ('', '')
        lines.append(f'{i};WAHR; {i};Tilia cordata \'Grün\', Linde;{1900 + i};'
                     f'{STREETS[i % 5]};{i % 30};{i % 5};{pair[0]};{pair[1]};'
                     f'POINT ({east:.3f} {north:.3f});{lon:.9f};{lat:.9f}'
                     .replace('.', ',', 0 if i % 2 else 0))
    path = base / 'trees/jena_sensorbaeume_2023.csv'
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text('\r\n'.join(decimal_comma(line) for line in lines) + '\r\n', encoding='utf-8')

    rows = [f'{x},{y},{i},{i},12,5,70,"{STREETS[i % 5]}, Süd","Erle, Schwarz-Erle",Alnus'
            for i, (x, y) in enumerate(point(dice, 'Konstanz') for _ in range(300))]
    write_gz(base / 'trees/konstanz_baumkataster_2020.csv.gz',
             '\ufeffX,Y,OBJECTID,baumNr,hoeheM,kronendurchmesserM,stammumfangCM,location,'
             'Name_dt,Name_lat\n' + '\n'.join(rows) + '\n')
    heads = {'2022': 'fid,Baumnummer,Hoehe,Gattung,strasse,longitude,latitude',
             '2023': 'fid,Baumnummer,Hoehe,Gattung,strasse,longitude,latitude',
             '2024': 'fid,Baumnummer,Baumhoehe,Gattung,Objekt,longitude,latitude'}
    for year, head in heads.items():
        rows = [f'"{i}","{i}",{i % 30},"Quercus robur, Stieleiche",{STREETS[i % 5]},{x},{y}'
                for i, (x, y) in enumerate(point(dice, 'Magdeburg') for _ in range(200))]
        write_gz(base / f'trees/magdeburg_liegenschaftsservice_{year}.csv.gz',
                 head + '\n' + '\n'.join(rows) + '\n')

    with tempfile.TemporaryDirectory() as folder:
        source = pathlib.Path(folder, 'in.geojson')
        source.write_text(collection(dice, 2000, 'Magdeburg', lambda i: {
            'baumnummer': str(i), 'ga_lang': 'Acer, Ahorn', 'strasse': STREETS[i % 5],
            'kr_durchm': i % 20 + 0.5, 'pflanzjahr': 1900 + i % 100}), encoding='utf-8')
        subprocess.run(['ogr2ogr', '-f', 'ESRI Shapefile', folder + '/bestand.shp', source,
                        '-t_srs', 'EPSG:25832', '-lco', 'ENCODING=UTF-8'], check=True,
                       capture_output=True)
        with zipfile.ZipFile(base / 'trees/magdeburg_baumbestand_2021_shp.zip', 'w',
                             zipfile.ZIP_DEFLATED) as archive:
            for part in pathlib.Path(folder).glob('bestand.*'):
                archive.write(part, part.name)

    def lamp(i):
        return {'id': f'node/{i}', 'highway': 'street_lamp', 'ref': str(i), 'angle': None}

    write_gz(base / 'street_furniture/berlin_neukoelln_osm_street_furniture.geojson.gz',
             collection(dice, 500, 'Berlin', lamp))
    (base / 'street_furniture/jena_osm_highway_nodes.geojson').write_text(
        collection(dice, 80, 'Jena', lamp), encoding='utf-8')
    with zipfile.ZipFile(base / 'street_furniture/jena_osm_amenities.zip', 'w',
                         zipfile.ZIP_DEFLATED) as archive:
        for layer in ('bench', 'fountain'):
            archive.writestr(f'amenity.{layer}.geojson', collection(
                dice, 30, 'Jena', lambda i: {'@id': f'node/{i}', 'amenity': layer}))
    path = base / 'playgrounds/jena_osm_spielplaetze.geojson'
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(collection(dice, 25, 'Jena', lambda i: {
        '@id': f'node/{i}', 'leisure': 'playground', 'name': f'Spielplatz {STREETS[i % 5]}'}),
        encoding='utf-8')
    write_gz(base / 'gazetteer/jena_adressen_wahlbezirke_2017.tsv.gz', ''.join(
        f'{STREETS[i % 5]}\t{i}\t0774{i % 10}\t{x}\t{y}\t{i % 90}\n'
        for i, (x, y) in enumerate(point(dice, 'Jena') for _ in range(400))))


def decimal_comma(line):
    """Numbers in the last columns and the pair get a decimal comma; WKT keeps its points."""
    return ';'.join(part if part.startswith('POINT') or not part.replace('.', '').isdigit()
                    else part.replace('.', ',') for part in line.split(';'))


def main():
    with tempfile.TemporaryDirectory(prefix='allmende-field-') as folder:
        base = pathlib.Path(folder)
        generate(base)
        field_all(base, {'jena': 40, 'konstanz': 300, '2022': 200, '2023': 200, '2024': 200,
                         'shape': 2000, 'neukoelln': 500, 'nodes': 80, 'benches': 30,
                         'playgrounds': 25, 'addresses': 400})
    if (DATA / 'trees').is_dir():
        print(f'# real lists of {DATA}', flush=True)
        field_all(DATA, {'jena': 173, 'konstanz': 15711, '2022': 5695, '2023': 5904,
                         '2024': 5470, 'shape': 83772, 'neukoelln': 8653, 'nodes': 871,
                         'benches': 340, 'playgrounds': 56, 'addresses': 16745})
    else:
        print(f'# {DATA} IS NOT HERE: the real lists were not read, only generated ones',
              flush=True)
    print(f'field: {passed} passed, {failed} failed')
    return failed > 0


if __name__ == '__main__':
    sys.exit(main())
