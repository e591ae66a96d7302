#!/usr/bin/python3
# SPDX-License-Identifier: EUPL-1.2
"""Journeys of one member of staff in the training town, and the audit of each page."""

import json
import os
import pathlib
import re
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent / 'lib'))

import audit
import workbench
from town import ALLMENDE, Town
from window import (Program, WindowTest, do, find, find_all, get_text, get_value, key, main, name,
                    set_text, set_value, states, type_text, wait)

town = None


def setUpModule():
    global town
    town = Town()


def tearDownModule():
    town.remove()


class TownTest(WindowTest):
    def setUp(self):
        self.profile = town.copy()
        self.command = [ALLMENDE, '--profile', self.profile]
        super().setUp()
        self.program.find('list', 'Seiten')

    def go(self, page):
        workbench.go(self.program, page)

    def search(self, text, wanted):
        return workbench.search(self.program, text, wanted)

    def commit(self, entry, text):
        """Types as a person would, and Enter."""
        self.program.click(entry)
        self.program.wait_focus(lambda node: node == entry)
        key('ctrl+a')
        type_text(text)
        key('Return')

    def export(self, kind):
        lines = town.ctl('--profile', self.profile, 'export', '--kind', kind).splitlines()
        return [json.loads(line)['fields'] for line in lines]


class JourneyTest(TownTest):
    def test_a_tree_is_found_by_its_street_and_corrected(self):
        genus = self.search('sonnhang', 'Baum')
        self.commit(genus, 'Ahörner')
        wait(lambda: [tree for tree in self.export('tree') if tree.get('genus') == 'Ahörner'],
             'the genus in the store')
        self.program.find('label', 'wartet')

    def test_a_value_that_does_not_fit_is_refused_at_the_field(self):
        self.search('sonnhang', 'Baum')
        number = self.program.find('text', 'Baumnummer')
        before = get_text(number)
        self.commit(number, '9' * 41)
        self.program.find('label', 'Das ist zu lang: höchstens 40 Zeichen.')
        self.assertEqual(get_text(number), '9' * 41)
        key('Escape')
        wait(lambda: get_text(number) == before, 'the old number')

    def test_undo_and_redo_name_what_they_did(self):
        genus = self.search('sonnhang', 'Baum')
        before = get_text(genus)
        self.commit(genus, 'Acer')
        wait(lambda: [tree for tree in self.export('tree') if tree.get('genus') == 'Acer'],
             'the genus in the store')
        key('ctrl+z')
        self.program.find('label', 'Rückgängig gemacht: Gattung geändert')
        wait(lambda: get_text(genus) == before, 'the old genus')
        key('ctrl+shift+z')
        self.program.find('label', 'Wiederholt: Gattung geändert')
        wait(lambda: get_text(genus) == 'Acer', 'the new genus')

    def test_a_playground_is_added(self):
        self.go('Anlagen')
        self.program.choose('Art', 'Spielplätze')
        self.program.find('label', '6 Spielplätze')
        key('ctrl+n')
        self.program.wait_windows(2)
        set_text(self.program.find('text', 'Name'), 'Am Kranich')
        self.program.press('Anlegen')
        self.program.wait_windows(1)
        self.program.find('label', '7 Spielplätze')
        self.assertIn('Am Kranich', [one.get('name') for one in self.export('playground')])

    def test_the_window_remembers_the_page_and_what_was_selected(self):
        self.search('sonnhang', 'Baum')
        number = get_text(self.program.find('text', 'Baumnummer'))
        self.program.close()
        self.program = Program(self.command, self.env)
        wait(lambda: 'selected' in states(workbench.page(self.program, 'Karte')), 'the page')
        self.assertEqual(get_text(self.program.find('text', 'Baumnummer')), number)


class MapTest(TownTest):
    def titles(self):
        """The layers from top to bottom."""
        rows = find_all(self.program.find('list', 'Ebenen'), 'list item')
        return [name(row) for row in rows if name(row) in ('Leuchten', 'Bäume')]

    def middle(self):
        """The place in the middle of the map, as the status line has it."""
        return name(self.program.find('push button', re.compile('^Koordinaten kopieren')))

    def test_layers_change_their_order_by_keyboard_and_are_remembered(self):
        self.go('Karte')
        wait(lambda: self.titles() == ['Leuchten', 'Bäume'], 'the layers')
        lamps = find(self.program.find('list', 'Ebenen'), 'list item', 'Leuchten')
        self.program.click(lamps)      # which opens it, too
        self.program.wait_focus(lambda node: name(node) == 'Leuchten')
        for _ in range(2):
            key('alt+Down')
        wait(lambda: self.titles() == ['Bäume', 'Leuchten'], 'the new order')
        self.program.wait_focus(lambda node: name(node) == 'Leuchten')
        do(self.program.find('push button', 'Leuchten zeigen'))
        set_value(self.program.find('slider', 'Deckkraft: Leuchten'), 40)
        before = self.middle()
        do(self.program.find('image', 'Karte'), 'map.pan-left')
        there = wait(lambda: self.middle() != before and self.middle(), 'the map to move')

        self.program.close()
        self.program = Program(self.command, self.env)
        wait(lambda: self.titles() == ['Bäume', 'Leuchten'], 'the order of the last time')
        self.assertNotIn('pressed',
                         states(self.program.find('push button', 'Leuchten zeigen')))
        self.assertEqual(get_value(self.program.find('slider', 'Deckkraft: Leuchten')), 40)
        wait(lambda: self.middle() == there, 'the view of the last time')


class AuditTest(TownTest):
    def check(self):
        self.assertEqual(audit.nameless(self.program.node), [])
        self.program.resize(800, 600)

    def test_overview(self):
        self.check()
        stops = audit.tab_stops(self.program)
        self.assertLessEqual(len(stops), 20, stops)

    def test_map(self):
        self.go('Karte')
        self.check()

    def test_assets(self):
        self.go('Anlagen')
        self.program.choose('Art', 'Spielplätze')
        self.program.find('label', '6 Spielplätze')
        self.check()

    def test_inspector(self):
        self.search('sonnhang', 'Baum')
        self.check()


class FirstStartTest(WindowTest):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory(prefix='allmende-first-')
        self.command = [ALLMENDE, '--profile', self.folder.name + '/profile']
        super().setUp()

    def tearDown(self):
        super().tearDown()
        self.folder.cleanup()

    def test_working_without_a_server_begins_with_the_shipped_kinds(self):
        self.assertEqual(audit.nameless(self.program.node), [])
        self.program.click(self.program.find('list item', 'Ohne Server arbeiten'))
        self.program.find('list', 'Seiten')
        key('alt+3')
        self.program.choose('Art', 'Leuchten')
        self.program.find('label', 'Noch nichts von dieser Art')

    def test_the_training_town_is_built_once_and_says_what_it_is(self):
        data = self.folder.name + '/data'
        self.program.close()
        self.env = {'XDG_DATA_HOME': data}
        self.program = Program(self.command, self.env)
        self.open_town()
        self.assertEqual(os.listdir(data + '/allmende'), ['training'])
        self.assertFalse(os.path.exists(self.folder.name + '/profile'))
        made = os.stat(data + '/allmende/training').st_ino

        self.program.close()
        self.program = Program(self.command, self.env)
        self.open_town()
        self.assertEqual(os.stat(data + '/allmende/training').st_ino, made)

    def open_town(self):
        self.program.click(self.program.find('list item', 'Übungsstadt'))
        wait(lambda: [name(window) for window in self.program.windows()]
             == ['SCHULUNG – Kranichfurt'], 'the town', timeout=60)
        self.program.find('list', 'Seiten')
        key('alt+3')
        self.program.choose('Art', 'Spielplätze')
        self.program.find('label', '6 Spielplätze')


if __name__ == '__main__':
    main()
