#!/usr/bin/python3
# SPDX-License-Identifier: EUPL-1.2
"""Desk and server killed with -9 at random moments: nothing that was acknowledged is lost or
doubled.  ALM_KILL_ROUNDS and ALM_KILL_SEED change what the suite does."""

import json
import os
import random
import signal
import subprocess

import hub
from desks import new, prepare, tree

ROUNDS = int(os.environ.get('ALM_KILL_ROUNDS', 100))
SEED = int(os.environ.get('ALM_KILL_SEED', random.randrange(10**6)))


def edit_and_die(desk, rng, first, count):
    """Writes new trees and counts on the first one, dies somewhere; the numbers of the lines
    that were acknowledged before."""
    lines = []
    for i in range(count):
        lines.append(new(first + i))
        lines.append({'op': 'upd', 'id': tree(0), 'add': {'visits': 1}})
    process = desk.start('edit', '-')
    try:
        process.stdin.write(''.join(json.dumps(line) + '\n' for line in lines))
        process.stdin.close()
    except BrokenPipeError:
        pass
    said = [process.stdout.readline() for _ in range(rng.randrange(len(lines) + 1))]
    if rng.random() < 0.7:
        process.kill()
    said += process.stdout.readlines()
    process.wait()
    process.stdout.close()
    process.stderr.close()
    # A line that was cut by the kill tells nothing.
    return [json.loads(line)['line'] for line in said if line.endswith('\n')]


def sync_and_die(desk, server, rng):
    """Synchronises; the desk, the server, both or none is killed on the way."""
    process = desk.start('sync', '--timeout', '20')
    victim = rng.randrange(4)
    try:
        process.wait(rng.random() * 0.08)
    except subprocess.TimeoutExpired:
        pass
    if victim & 1:
        process.kill()
    if victim & 2:
        server.stop(signal.SIGKILL)
    process.communicate()
    if victim & 2:
        server.start()


def test_nothing_acknowledged_is_lost_or_doubled(server):
    print(f'seed {SEED}, {ROUNDS} rounds', flush=True)
    rng = random.Random(SEED)
    _, anna, bert = prepare(server)
    server.listen = [f'127.0.0.1:{server.port}']
    anna.edit(new(0, visits=0))
    anna.sync()
    bert.sync()

    promised, attempted, counted, steps = set(), set(), 0, 0
    first = 1
    for _ in range(ROUNDS):
        desk = rng.choice((anna, bert))
        count = rng.randrange(1, 6)
        done = edit_and_die(desk, rng, first, count)
        promised |= {tree(first + (line - 1) // 2) for line in done if line % 2 == 1}
        counted += sum(line % 2 == 0 for line in done)
        attempted |= {tree(first + i) for i in range(count)}
        steps += count
        first += count
        if rng.random() < 0.7:
            sync_and_die(rng.choice((anna, bert)), server, rng)

    for desk in (anna, bert, anna):
        said = desk.sync()
        assert said['waiting'] == 0 and said['refused'] == 0, said
    there = anna.export()
    assert there == bert.export()
    assert promised <= set(there) - {tree(0)} <= attempted, \
        f'{len(promised - set(there))} lost, {len(set(there) - attempted - {tree(0)})} too many'
    visits = there[tree(0)]['fields']['visits']
    assert counted <= visits <= steps, f'{counted} promised, {visits} there, {steps} tried'
    print(f'{len(promised)} of {len(attempted)} acknowledged, {visits} of {steps} counted')


if __name__ == '__main__':
    hub.run(globals())
