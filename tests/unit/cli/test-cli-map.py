#!/usr/bin/python3
# SPDX-License-Identifier: EUPL-1.2
"""allmendectl map render and bench map, as a script calls them.

usage: test-cli-map.py ALLMENDECTL
"""

import json
import pathlib
import struct
import subprocess
import sys
import tempfile
import zlib

PROGRAM = sys.argv[1]
TESTS = []


def test(function):
    TESTS.append(function)
    return function


def run(*words):
    done = subprocess.run([PROGRAM, *map(str, words)], stdin=subprocess.DEVNULL,
                          capture_output=True, check=False)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def read_png(path):
    """Width, height and rows of (red, green, blue)."""
    data = path.read_bytes()
    assert data[:8] == b'\x89PNG\r\n\x1a\n'
    at, packed = 8, b''
    while at < len(data):
        length, kind = struct.unpack('>I4s', data[at:at + 8])
        if kind == b'IHDR':
            width, height, depth, color = struct.unpack('>IIBB', data[at + 8:at + 18])
            assert depth == 8
            channels = {2: 3, 6: 4}[color]
        elif kind == b'IDAT':
            packed += data[at + 8:at + 8 + length]
        at += length + 12
    raw, rows, before = zlib.decompress(packed), [], bytes(width * channels)
    for y in range(height):
        start = y * (width * channels + 1)
        how, line = raw[start], bytearray(raw[start + 1:start + 1 + width * channels])
        for i in range(len(line)):
            left = line[i - channels] if i >= channels else 0
            up, corner = before[i], before[i - channels] if i >= channels else 0
            guess = [0, left, up, (left + up) // 2,
                     min((left, up, corner), key=lambda v: abs(left + up - corner - v))][how]
            line[i] = (line[i] + guess) & 255
        before = bytes(line)
        rows.append([tuple(line[x:x + 3]) for x in range(0, len(line), channels)])
    return width, height, rows


@test
def the_same_seed_gives_the_same_city(folder):
    found = []
    for name in 'ab':
        code, out, err = run('bench', 'map', '--points', 2000, '--frames', 1, '--zooms', '12,14',
                             '--size', '320x240', '--write-points', folder / f'{name}.csv',
                             '--png', folder / f'{name}.png')
        assert (code, err) == (0, ''), err
        found.append([(line['zoom'], line['drawn']) for line in map(json.loads,
                                                                    out.splitlines())])
    assert found[0] == found[1]
    assert [zoom for zoom, drawn in found[0]] == [12, 14]
    assert found[0][0][1] > found[0][1][1] > 0
    assert (folder / 'a.csv').read_bytes() == (folder / 'b.csv').read_bytes()
    lines = (folder / 'a.csv').read_text().splitlines()
    assert lines[0] == 'id,kind,lon,lat,from,to' and len(lines) == 2001
    alive = sum(line.split(',')[4] <= '2024-06-01' and
                (not line.split(',')[5] or line.split(',')[5] > '2024-06-01')
                for line in lines[1:])
    assert 0.8 < alive / 2000 < 0.9
    width, height, rows = read_png(folder / 'a.png')
    colors = {pixel for row in rows for pixel in row}
    assert (width, height) == (320, 240)
    assert {(0x2e, 0x7d, 0x32), (0x00, 0x83, 0x8f), (255, 255, 255)} <= colors


@test
def bands_of_threads_make_the_same_picture(folder):
    for threads in (1, 3):
        code, out, err = run('bench', 'map', '--points', 3000, '--frames', 1, '--zooms', '13',
                             '--size', '200x150', '--threads', threads,
                             '--png', folder / f'{threads}.png')
        assert code == 0, err
    assert (folder / '1.png').read_bytes() == (folder / '3.png').read_bytes()


@test
def an_empty_profile_is_a_white_picture(folder):
    profile = folder / 'profile'
    code, out, err = run('--profile', profile, 'init')
    assert code == 0, err
    code, out, err = run('--profile', profile, 'map', 'render', '--bbox', '11.5,50.9,11.6,51.0',
                         '--size', '100x200', '-o', folder / 'out.png')
    assert (code, err) == (0, ''), err
    answer = json.loads(out)
    width, height, rows = read_png(folder / 'out.png')
    assert (width, height) == (100, 200)
    assert {pixel for row in rows for pixel in row} == {(255, 255, 255)}
    # The larger of the two scales: the width fits exactly, above and below is more.
    west, south, east, north = answer['bbox']
    assert abs(west - 11.5) < 1e-6 and abs(east - 11.6) < 1e-6
    assert south < 50.9 and north > 51.0


@test
def what_cannot_be_understood_is_said(folder):
    cases = [
        (('map', 'render', '--bbox', '11.6,50.9,11.5,51', '--size', '9x9', '-o', 'x'), 2, 'bbox'),
        (('map', 'render', '--bbox', '1,2,3,4', '--size', '0x9', '-o', 'x'), 2, 'size'),
        (('map', 'render', '--bbox', '1,2,3,4', '--size', '9x9'), 2, '-o'),
        (('map', 'render', '--bbox', '1,2,3,nan', '--size', '9x9', '-o', 'x'), 2, 'bbox'),
        (('map', 'render', '--bbox', '1,2,3,4', '--size', '9x9', '-o', 'x', '--at', '2024-02-30'),
         2, '--at'),
        (('--profile', folder / 'missing', 'map', 'render', '--bbox', '1,2,3,4', '--size', '9x9',
          '-o', 'x'), 1, 'missing'),
        (('bench', 'map', '--points', '-1'), 2, 'points'),
        (('bench', 'map', '--threads', '0'), 2, 'threads'),
    ]
    run('--profile', folder / 'profile', 'init')
    code, out, err = run('--profile', folder / 'profile', 'map', 'render', '--bbox', '1,2,3,4',
                         '--size', '9x9', '-o', folder / 'x', '--base', folder / 'no.mbtiles')
    assert (code, out) == (1, '')
    assert err == f'allmendectl: map render: {folder}/no.mbtiles: No such file or directory\n', err
    for words, status, word in cases:
        code, out, err = run(*words)
        assert code == status and word in err and not out, (words, code, out, err)


def main():
    failed = 0
    print(f'1..{len(TESTS)}')
    for number, function in enumerate(TESTS, 1):
        name = function.__name__.replace('_', ' ')
        with tempfile.TemporaryDirectory(prefix='allmende-') as folder:
            try:
                function(pathlib.Path(folder))
                print(f'ok {number} - {name}')
            except AssertionError as error:
                failed += 1
                print(f'not ok {number} - {name}')
                print('\n'.join(f'# {line}' for line in repr(error).splitlines()))
    return failed > 0


if __name__ == '__main__':
    sys.exit(main())
