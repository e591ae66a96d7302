#!/usr/bin/python3
# SPDX-License-Identifier: EUPL-1.2
"""The pages that ask and tell, by keyboard and as a screen reader meets them."""

import json
import pathlib
import re
import sys

FOLDER = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(FOLDER / 'lib'), str(FOLDER.parent / 'server')]

import audit
import workbench
from city import City
from town import ALLMENDE, Town
from window import (Program, WindowTest, find, find_all, get_text, key, main, name, set_text,
                    type_text, wait, wait_gone)

town = city = None


def setUpModule():
    global town, city
    town = Town()
    city = City(town.folder / 'town')
    city.server.start()


def tearDownModule():
    city.close()
    town.remove()


class CityTest(WindowTest):
    def open(self, profile):
        self.program = Program([ALLMENDE, '--profile', profile])
        self.program.find('list', re.compile('Seiten'))
        return self.program

    def setUp(self):
        pass

    def check(self, most):
        self.assertEqual(audit.nameless(self.program.node), [])
        stops = audit.tab_stops(self.program)
        self.assertLessEqual(len(stops), most, stops)

    def enter(self, button):
        """By keyboard alone: into the page, and on to the button."""
        node = self.program.find('push button', button)
        key('F6')
        self.program.tab_to(node)
        key('Return')

    def wait_focus(self, wanted):
        self.program.wait_focus(lambda node: name(node) == wanted)


class AuditTest(CityTest):
    def test_overview(self):
        self.open(city.busy()).find('push button', 'Entscheiden')
        self.check(40)

    def test_conflicts(self):
        self.open(city.busy())
        self.enter('Entscheiden')
        self.program.find('push button', 'Mit meiner Änderung behalten')
        self.check(40)

    def test_refused(self):
        self.open(city.busy())
        self.enter('Ansehen')
        self.program.find('push button', 'Verwerfen')
        self.check(30)

    def test_signing_in_ends_where_it_began(self):
        self.open(city.signed_out())
        self.enter('Anmelden …')
        self.program.wait_windows(2)
        self.check(12)
        key('Escape')
        self.program.wait_windows(1)
        self.wait_focus('Anmelden …')


class AnswerTest(CityTest):
    def test_a_value_made_of_both_is_the_answer(self):
        profile = city.managing()
        before = self.conflicts(profile)
        asked = next(one for one in before if one['field'] == 'genus')
        self.open(profile).find('push button', 'Entscheiden')
        self.enter('Entscheiden')
        self.program.find('push button', 'Bearbeiten …')
        # From nowhere to the list of pages, and on into the page.
        key('F6', 'F6')
        self.tab_to_named('Bearbeiten …')
        key('Return')
        card = self.program.find('panel', 'Gattung')
        entry = find(card, 'text', 'Gattung')
        self.assertEqual(get_text(entry), asked['mine'])
        self.wait_focus('Gattung')
        set_text(entry, 'Acer oder Tilia')
        self.tab_to_named('Diesen Wert speichern')
        key('Return')
        wait(lambda: len(self.conflicts(profile)) == len(before) - 1, 'the question to be answered')
        self.assertEqual(self.fields(profile, asked['id'])['genus'], 'Acer oder Tilia')
        key('ctrl+z')
        wait(lambda: self.fields(profile, asked['id'])['genus'] == asked['theirs'],
             'what stood there before')

    def tab_to_named(self, wanted):
        """The card may be made anew while the first synchronisation is under way."""
        self.program.find('push button', wanted)
        for _ in range(60):
            before = self.program.focused()
            if before is not None and name(before) == wanted:
                return
            key('Tab')
            wait(lambda: self.program.focused() != before, 'the focus to move')
        self.fail(f'Tab does not reach {wanted}')

    @staticmethod
    def conflicts(profile):
        return [json.loads(line) for line in Town.ctl('conflicts', '--profile', profile).splitlines()]

    @staticmethod
    def fields(profile, record):
        return json.loads(Town.ctl('get', record, '--profile', profile))['fields']


class FormTest(CityTest):
    def choose_button(self):
        """The button beside the reference of a play device."""
        workbench.search(self.program, '06-07', 'Rutsche', 'Bezeichnung')
        return self.program.find('push button', 'Auswählen: Spielplatz')

    def test_a_reference_is_chosen_by_keyboard(self):
        self.open(town.copy())
        button = self.choose_button()
        self.program.click(self.program.find('text', 'Gerätenummer'))
        self.program.tab_to(find(button, 'push button', nth=1))
        key('space')
        entry = find(button, 'entry', 'Suchen')
        self.program.wait_focus(lambda node: node == entry)
        self.assertEqual(audit.nameless(button), [])
        key('Escape')
        wait_gone(button, 'entry', 'Suchen')
        self.wait_focus('Auswählen: Spielplatz')

        key('space')
        self.program.wait_focus(lambda node: name(node) == 'Suchen')
        type_text('ilmbeck')
        wait(lambda: [name(row) for row in find_all(button, 'list item')] ==
             ['Spielplatz Ilmbeckanger'], 'the one that is meant')
        key('Return')
        self.program.find('push button', 'Spielplatz: Spielplatz Ilmbeckanger')
        key('ctrl+z')
        self.program.find('push button', 'Spielplatz: Spielplatz Schelsteinstraße')


if __name__ == '__main__':
    main()
