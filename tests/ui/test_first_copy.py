#!/usr/bin/python3
# SPDX-License-Identifier: EUPL-1.2
"""The first data comes over a slow network: how far it is, and what can be done meanwhile."""

import os
import pathlib
import re
import sys

FOLDER = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(FOLDER / 'lib'), str(FOLDER.parent / 'server')]

import desks
import hub
import workbench
from holding import Holding
from town import ALLMENDE
from window import (Program, WindowTest, find, get_value, key, main, picture, type_text, wait,
                    wait_gone)

RECORDS = 12000
PART = re.compile(r'9\.9\d\d von 12\.000 Objekten')

PLACE = {'type': 'Point', 'coordinates': [11.6, 50.9]}

server = None


def setUpModule():
    global server
    server = hub.Server()
    hub.TREE['x-alm-layer'] = 'asset'
    hub.TREE['properties']['geometry'] = {'title': 'Ort', 'format': 'geometry-point',
                                          'x-ogc-role': 'primary-geometry'}
    anna = server.city()['anna']
    for first in range(1, RECORDS + 1, 2000):
        server.push(anna, hub.desk_id(1), first, [hub.new_tree(first + i, geometry=PLACE)
                                                  for i in range(2000)])


def tearDownModule():
    server.close()


class FirstCopyTest(WindowTest):
    def setUp(self):
        # Two pages of the feed come, the third one does not.
        self.holding = Holding(server.port, hub.BAEUME, 9000)
        self.desk = desks.Desk(self.holding, 'bert')
        self.program = Program([ALLMENDE, '--profile', str(self.desk.profile)])
        self.program.find('list', 'Seiten')

    def tearDown(self):
        super().tearDown()
        self.holding.close()
        self.desk.close()

    def keep_picture(self, what):
        folder = os.environ.get('UI_ARTEFACTS')
        if folder:
            os.makedirs(folder, exist_ok=True)
            picture(f'{folder}/first-copy-{what}.png')

    def count_changed(self):
        lines = self.desk.say('export', '--kind', 'tree')
        assert len(lines) < RECORDS, 'the copy is whole already'
        return sum(line['fields'].get('year') == 1950 for line in lines)

    def test_one_sees_how_far_it_is_and_works_meanwhile(self):
        # In the overview, as words and as a value that a screen reader can say …
        self.program.find('label', PART, timeout=20)
        self.program.find('label', 'Die Daten der Stadt kommen gerade. Sie können schon arbeiten.')
        bar = self.program.find('progress bar', 'Erste Kopie der Daten')
        self.assertAlmostEqual(get_value(bar), 0.83, delta=0.01)
        self.keep_picture('overview')

        # … on the button, and in its popover for each area.
        workbench.wait_sync(self.program, 'Erste Kopie: 83 %')
        popover = workbench.open_sync(self.program)
        areas = find(popover, 'list', 'Bereiche')
        row = find(areas, 'list item', 'Bäume')
        find(row, 'label', PART)
        find(popover, 'progress bar', 'Erste Kopie der Daten')
        self.keep_picture('popover')
        key('Escape')

        # What is here can be worked with, and is saved at once.
        workbench.go(self.program, 'Anlagen')
        self.program.click(self.program.find('table row', nth=1))
        year = self.program.find('text', 'Jahr')
        self.program.click(year)
        self.program.wait_focus(lambda node: node == year)
        type_text('1950')
        key('Return')
        wait(self.count_changed, 'the change in the store')
        workbench.go(self.program, 'Übersicht')

        self.holding.release()
        self.program.find('label', 'Die Daten der Stadt sind da: 12.000 Objekte', timeout=20)
        workbench.wait_sync(self.program, 'Abgeglichen')
        lines = self.desk.say('export', '--kind', 'tree')
        self.assertEqual(len(lines), RECORDS)
        self.assertEqual(sum(line['fields'].get('year') == 1950 for line in lines), 1)
        wait_gone(self.program.node, 'progress bar', 'Erste Kopie der Daten')


if __name__ == '__main__':
    main()
