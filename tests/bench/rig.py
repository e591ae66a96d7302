# SPDX-License-Identifier: EUPL-1.2
"""What the benchmarks in Python share: the line of a figure, the disk's rate beside it, trees
made from a seed, a city with a real allmended, and a proxy that counts what goes through it."""

import hashlib
import json
import os
import pathlib
import random
import re
import select
import shutil
import socket
import statistics
import subprocess
import sys
import threading
import time
import types

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
BUILD = pathlib.Path(os.environ.get('ALM_BUILD', ROOT / 'build'))
os.environ.setdefault('ALLMENDED', str(BUILD / 'src/server/allmended'))
os.environ.setdefault('ALLMENDECTL', str(BUILD / 'src/cli/allmendectl'))
sys.path.insert(0, str(ROOT / 'tests/server'))

import desks
import hub
import waiting

# At full size a step takes minutes.
hub.LIMIT_S = waiting.LIMIT_S = 3600

SPECIES = [('Winter-Linde', 'Tilia cordata'), ('Spitz-Ahorn', 'Acer platanoides'),
           ('Stiel-Eiche', 'Quercus robur'), ('Hainbuche', 'Carpinus betulus'),
           ('Robinie', 'Robinia pseudoacacia'), ('Gemeine Esche', 'Fraxinus excelsior')]


def syncs_per_second(folder):
    """How often a second this folder brings a page to the disk: the median of three looks."""
    path, page, rates = pathlib.Path(folder) / 'sync', b'x' * 4096, []
    with open(path, 'wb', buffering=0) as file:
        for _ in range(3):
            n, began = 0, time.monotonic()
            while time.monotonic() - began < 0.2:
                file.write(page)
                os.fdatasync(file.fileno())
                n += 1
            rates.append(n / (time.monotonic() - began))
    path.unlink()
    return round(statistics.median(rates))


def say(bench, values, unit, peer=None, peer_values=None, folder=None, digits=3, **more):
    """One figure: the median of @values; @folder where it waits for the disk.  @peer without
    values: it is not here, and the figure says null."""
    values = values if isinstance(values, list) else [values]
    value = round(statistics.median(values), digits)
    figure = {'bench': bench, 'value': value, 'unit': unit}
    if len(values) > 1:
        figure |= {'min': round(min(values), digits), 'max': round(max(values), digits),
                   'n': len(values)}
    figure['peer'] = peer if peer_values else None
    if peer_values:
        theirs = round(statistics.median(peer_values), digits)
        figure |= {'peer_value': theirs, 'ratio': round(value / theirs, 5) if theirs else None}
    if folder is not None:
        figure['fdatasync_per_s'] = syncs_per_second(folder)
    figure |= {**more, 'load': round(os.getloadavg()[0], 2)}
    print(json.dumps(figure, ensure_ascii=False), flush=True)


def part_of(values, part):
    """The value that @part of them do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))]


def tree_id(n):
    return f'01900000-0000-7000-8000-{n:012x}'


def make_tree(dice, n):
    """A tree as lists of German cities have them."""
    german, latin = dice.choice(SPECIES)
    return {'number': f'B{n}', 'species_de': german, 'species': latin,
            'street': f'Straße {n // 60}', 'height': dice.randint(20, 270) / 10,
            'crown': dice.randint(10, 130) / 10, 'girth': dice.randint(20, 320),
            'geometry': {'type': 'Point', 'coordinates': [round(11.5 + dice.random() * 0.2, 7),
                                                          round(50.85 + dice.random() * 0.15, 7)]}}


def make_trees(rows):
    dice = random.Random(1)
    return {tree_id(n): make_tree(dice, n) for n in range(rows)}


def checksum(records):
    """Of {id: fields}, whoever has printed the numbers: 26.0 is 26."""
    text = json.dumps(records, sort_keys=True)
    same = json.loads(text, parse_float=lambda n: int(float(n)) if float(n).is_integer() else float(n))
    return hashlib.sha256(json.dumps(same).encode()).hexdigest()


def fail_unless(right, what):
    if not right:
        sys.exit(f'{pathlib.Path(sys.argv[0]).name}: {what}')


class City:
    """A real allmended with the shipped model of trees and a scope for them."""

    def __init__(self, users, options=()):
        self.server = hub.Server(options=options)
        # Started anew it listens where its desks look for it.
        self.server.listen = [f'127.0.0.1:{self.server.port}']
        schema = json.loads((ROOT / 'data/models/tree.json').read_text(encoding='utf-8'))
        admin = self.server.login('chef', hub.desk_id(90))
        said = self.server.push(admin, hub.desk_id(90), 1, [
            {'op': 'new', 'base': 0, 'scope': 'system', 'kind': 'model', 'id': hub.desk_id(901),
             'set': {'name': 'tree', 'schema': schema}},
            {'op': 'new', 'base': 0, 'scope': 'system', 'kind': 'scope', 'id': hub.desk_id(902),
             'set': {'path': hub.BAEUME, 'title': 'Bäume'}}]).lines()
        fail_unless(all(line.get('r', 'ok') == 'ok' for line in said), said)
        for user in users:
            self.server.expect(201, 'POST', '/v1/users', {
                'name': user, 'title': user.title(), 'password': hub.PASSWORD}, admin)
            self.server.expect(200, 'PUT', f'/v1/users/{user}/grants', {
                'grants': [{'role': 'editor', 'scope': hub.BAEUME}]}, admin)

    def load(self, trees):
        """Handed in by a desk, as an import is; the desk."""
        desk = desks.Desk(self.server, 'anna')
        desk.sync()
        path = desk.folder / 'trees.ndjson'
        with open(path, 'w', encoding='utf-8') as out:
            for name, fields in trees.items():
                out.write(json.dumps({'id': name, 'scope': hub.BAEUME, 'kind': 'tree',
                                      'fields': fields}, ensure_ascii=False) + '\n')
        desk.say('import', path)
        said = desk.sync()
        fail_unless(said['ok'] == len(trees), said)
        return desk

    def wait_for_pack(self, rows):
        """A server that has been there for a while has its packs."""
        if rows < 20000:
            return
        self.server.stop()
        self.server.start()
        waiting.wait(lambda: list(self.server.data.glob('packs/*.zst')), 'the pack')

    def status(self, field):
        return read_status(self.server.process.pid, field)

    def close(self):
        self.server.close()


def read_status(pid, field):
    """KiB of a process, as the kernel counts them: VmHWM is the most it ever had."""
    for line in pathlib.Path(f'/proc/{pid}/status').read_text(encoding='utf-8').splitlines():
        if line.startswith(f'{field}:'):
            return int(line.split()[1])
    return 0


def read_cpu(pid):
    """Seconds of the processor that a process has used."""
    fields = pathlib.Path(f'/proc/{pid}/stat').read_text(encoding='utf-8').rsplit(')', 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf('SC_CLK_TCK')


class Proxy:
    """Hands bytes on between a client and a port of this machine, and counts them."""

    REQUEST = re.compile(rb'(?:^|\n|\})(?:GET|POST|PUT|HEAD|DELETE|PATCH) \S+ HTTP/1\.[01]\r\n')

    def __init__(self, port):
        self.port = port
        self.socket = socket.create_server(('127.0.0.1', 0), backlog=256)
        self.url = f'http://127.0.0.1:{self.socket.getsockname()[1]}'
        self.lock = threading.Lock()
        self.reset()
        threading.Thread(target=self.accept, daemon=True).start()

    def reset(self):
        self.up = self.down = self.requests = 0

    def accept(self):
        while True:
            try:
                client, _ = self.socket.accept()
            except OSError:
                return
            threading.Thread(target=self.carry, args=(client,), daemon=True).start()

    def carry(self, client):
        with client, socket.create_connection(('127.0.0.1', self.port)) as server:
            for one in (client, server):
                one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            other = {client: server, server: client}
            while True:
                for one in select.select([client, server], [], [])[0]:
                    try:
                        data = one.recv(1 << 18)
                        if data:
                            other[one].sendall(data)
                    except OSError:
                        return
                    if not data:
                        return
                    self.count(one is client, data)

    def count(self, is_up, data):
        with self.lock:
            if is_up:
                self.up += len(data)
                self.requests += len(self.REQUEST.findall(data))
            else:
                self.down += len(data)

    @property
    def bytes(self):
        return self.up + self.down

    def close(self):
        self.socket.close()


def behind(proxy):
    """A server as a desk finds it behind the proxy."""
    return types.SimpleNamespace(urls=[proxy.url])


def fold(path):
    """What is still in the write-ahead log of a file that nobody has open goes into the file."""
    run('sqlite3', path, 'PRAGMA wal_checkpoint (TRUNCATE)')


def timed(call, *words):
    """Seconds that a call took, and what it returned."""
    began = time.monotonic()
    said = call(*words)
    return time.monotonic() - began, said


def has(program):
    if shutil.which(program) is not None:
        return True
    print(f'{pathlib.Path(sys.argv[0]).name}: {program} is not installed, so there is no such peer',
          file=sys.stderr)
    return False


def run(*words, **more):
    return subprocess.run([str(word) for word in words], check=True, capture_output=True, text=True,
                          **more).stdout
