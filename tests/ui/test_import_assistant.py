#!/usr/bin/python3
# SPDX-License-Identifier: EUPL-1.2
"""The import assistant in the real window: by mouse, by keyboard, with good, doubtful and refused
lists; and that what is cancelled or undone leaves nothing."""

import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import zipfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent / 'lib'))

import workbench
from town import ALLMENDE, Town
from window import (WindowTest, children, do, find, find_all, is_shown, key, main, matches,
                    name, role, set_text, states, wait, wait_gone, walk)

HEADER = 'Nummer;Bezeichnung;Größe in qm;Rechtswert;Hochwert'

# What each page begins with.
FIRST_WORDS = {'1': 'Die Datei', '2': 'Wo die Zeilen liegen', '3': 'Was jede Spalte bedeutet',
               '4': re.compile('Was geschehen wird')}

town = None
places = None


def setUpModule():
    """The places of the utility's list: Gauß-Krüger with a decimal comma."""
    global town, places
    town = Town()
    text = (town.folder / 'town/import/stadtwerke-leuchten.csv').read_text('latin-1')
    rows = [line.split(';') for line in text.splitlines()[1:]]
    places = [row[5:7] for row in rows if len(row) == 8]


def tearDownModule():
    town.remove()


def make_lines(count):
    return [f'N-{i};Platz am Fl\u00fcsschen {i};{100 + i},5;{";".join(places[i % len(places)])}'
            for i in range(count)]


class AssistantTest(WindowTest):
    def setUp(self):
        self.profile = town.copy()
        self.command = [ALLMENDE, '--profile', self.profile]
        super().setUp()
        self.program.find('list', 'Seiten')
        workbench.go(self.program, 'Anlagen')
        self.program.choose('Art', 'Spielplätze')
        self.program.find('label', '6 Spielplätze')

    def export(self):
        lines = town.ctl('--profile', self.profile, 'export', '--kind', 'playground').splitlines()
        return [json.loads(line)['fields'] for line in lines]

    def write(self, file, lines, header=HEADER):
        """As office software does: Latin-1 and Windows' line ends."""
        path = pathlib.Path(self.profile, file)
        path.write_bytes('\r\n'.join([header, *lines, '']).encode('latin-1'))
        return path

    def find(self, wanted_role, wanted_name=None, **options):
        return find(self.assistant, wanted_role, wanted_name, **options)

    def find_outside(self, wanted_role, wanted_name):
        """In the main window, but not in its table, which is long: a toast would be gone."""
        def look(node):
            if matches(node, wanted_role, wanted_name) and is_shown(node):
                return node
            if role(node) == 'list' and name(node) == 'Anlagen':
                return None
            return next((found for found in map(look, children(node)) if found), None)
        return wait(lambda: look(self.program.node), wanted_name, timeout=20)

    def wait_focus(self, root, condition):
        def look():
            return [node for node in walk(root) if 'focused' in states(node) and condition(node)]
        return wait(look, 'the focus to get there')[0]

    def open_assistant(self, by_key=False):
        button = self.program.find('push button', 'Importieren …')
        if by_key:
            self.program.tab_to(button)
            key('Return')
        else:
            self.program.click(button)
        self.program.wait_windows(2)
        self.assistant = next(window for window in self.program.windows()
                              if 'importieren' in name(window))

    def choose_file(self, path, by_key=False):
        """Through the file chooser, whose Ctrl+L takes a path."""
        button = self.find('push button', 'Datei wählen …')
        if by_key:
            self.wait_focus(self.assistant, lambda node: node == button)
            key('Return')
        else:
            self.program.click(button)
        chooser = self.program.wait_windows(3)[-1]
        self.wait_focus(chooser, lambda node: True)
        key('ctrl+l')
        # As a whole: what is typed letter by letter is completed, too.
        set_text(self.wait_focus(chooser, lambda node: role(node) == 'text'), str(path))
        do(find(chooser, 'push button', 'Öffnen'))
        self.program.wait_windows(2)

    def wait_step(self, words):
        self.find('label', f'Schritt {words}', timeout=20)
        shown = FIRST_WORDS[words[0]]
        wait(lambda: find_all(self.assistant, 'label', shown), shown, timeout=20)

    def press_next(self, words, by_key=False):
        """Goes on to the step @words; Enter will do, for the button has the focus."""
        button = self.find('push button', re.compile('^(Weiter|Importieren)$'))
        if by_key:
            self.wait_focus(self.assistant, lambda node: node == button)
            key('Return')
        else:
            self.program.click(button)
        if words is not None:
            self.wait_step(words)

    def to_the_check(self, path, by_key=False):
        self.open_assistant(by_key)
        self.choose_file(path, by_key)
        self.wait_step('1 von 4: Datei')
        self.press_next('2 von 4: Ort', by_key)
        self.press_next('3 von 4: Spalten', by_key)
        self.press_next('4 von 4: Prüfen', by_key)

    def count(self, title):
        """The figure that stands beside @title on the last page."""
        row = self.find('list item', title)
        return int(next(name(label) for label in find_all(row, 'label') if name(label) != title))

    def issue(self, title):
        """What stands beneath what was noticed."""
        row = self.find('list item', title)
        return [name(label) for label in find_all(row, 'label')]

    def finish(self, said, by_key=False):
        self.press_next(None, by_key)
        self.program.wait_windows(1)
        self.find_outside('label', said)


class JourneyTest(AssistantTest):
    def import_whole(self, by_key):
        self.to_the_check(self.write('gut.csv', make_lines(40)), by_key)
        self.assertEqual((self.count('Neu'), self.count('Weggelassen')), (40, 0))
        self.assertEqual(len(self.export()), 6)
        self.finish('40 Datensätze importiert', by_key)
        self.find_outside('label', '46 Spielplätze')
        made = [one for one in self.export() if one.get('number', '').startswith('N-')]
        self.assertEqual(len(made), 40)
        self.assertIn('Platz am Flüsschen 7', [one['name'] for one in made])
        self.assertTrue(all(one['geometry']['type'] == 'Point' for one in made))

    def test_a_good_list_by_mouse_and_undone_at_the_toast(self):
        self.import_whole(False)
        self.program.click(self.find_outside('push button', 'Rückgängig'))
        self.find_outside('label', '6 Spielplätze')
        self.assertEqual(len(self.export()), 6)

    def test_a_good_list_by_keyboard_alone_and_undone(self):
        self.import_whole(True)
        key('ctrl+z')
        self.find_outside('label', '6 Spielplätze')
        self.assertEqual(len(self.export()), 6)

    def test_what_is_doubtful_has_its_line(self):
        lines = make_lines(40)
        lines[3] = lines[3].replace('103,5', 'groß')
        lines[5] = 'N-5;Zu kurz'
        lines[8] = HEADER
        lines[11] = 'N-11;Im Meer;1;0;0'
        self.to_the_check(self.write('zweifelhaft.csv', lines))
        self.assertEqual((self.count('Neu'), self.count('Weggelassen'), self.count('Ohne Ort')),
                         (38, 2, 1))
        self.assertIn('Zeile 7', self.issue(re.compile('zu wenige Spalten')))
        self.assertIn('Zeile 10', self.issue(re.compile('wiederholt die Kopfzeile')))
        self.assertIn('Zeile 13', self.issue(re.compile('Kein Ort')))
        self.finish('38 Datensätze importiert')
        self.assertEqual(len(self.export()), 44)

    def test_a_refused_file_says_where_and_why_and_another_may_follow(self):
        broken = self.write('kaputt.csv', make_lines(5) + ['N-6;"Ohne Ende'])
        self.open_assistant()
        self.choose_file(broken)
        self.find('label', re.compile('Die Datei.*nicht lesen'))
        self.find('label', re.compile('Zeile 7: .*mitten in einem Datensatz'))
        self.assertFalse(find_all(self.assistant, 'push button', 'Weiter'))
        self.assertEqual(len(self.export()), 6)
        self.choose_file(self.write('gut.csv', make_lines(12)))
        self.wait_step('1 von 4: Datei')
        key('Escape')
        self.program.wait_windows(1)
        self.assertEqual(len(self.export()), 6)

    def test_the_mapping_is_there_for_the_next_delivery(self):
        self.to_the_check(self.write('2023.csv', make_lines(12)))
        self.finish('12 Datensätze importiert')
        self.open_assistant()
        self.choose_file(self.write('2024.csv', [f'{line};ja' for line in make_lines(15)],
                                    HEADER + ';Foto'))
        self.wait_step('1 von 4: Datei')
        row = self.find('list item', re.compile('Zuordnung vom .* übernommen'))
        self.assertIn('2023.csv · neu: Foto', [name(label) for label in find_all(row, 'label')])
        self.program.click(find(row, 'push button', 'Verwerfen'))
        wait_gone(self.assistant, 'list item', re.compile('Zuordnung vom'))
        self.wait_step('1 von 4: Datei')

    def test_cancelled_in_the_middle_it_leaves_nothing(self):
        self.to_the_check(self.write('viele.csv', make_lines(60000)))
        self.press_next(None)
        self.find('label', 'Wird importiert')
        key('Escape')
        self.program.wait_windows(1)
        self.program.close()
        self.assertEqual(len(self.export()), 6)
        self.assertEqual(town.ctl('--profile', self.profile, 'export', '--kind', 'import'), '')


class ChoiceTest(AssistantTest):
    """What the file leaves open: which of its lists, and in which system."""

    def choose_in_row(self, title, entry):
        """By keys alone: opens the list of the row that has the focus or is tabbed to."""
        row = self.find('combo box', title)
        self.program.tab_to(row)
        key('space')
        self.program.pick(row, lambda one: name(one).startswith(entry), entry)

    def write_archive(self):
        """Two lists of playgrounds, and one of paths."""
        def feature(i, label, geometry):
            return {'type': 'Feature', 'properties': {'Name': f'{label} & Wiese {i}'},
                    'geometry': geometry}
        place = self.export()[0]['geometry']
        way = {'type': 'LineString', 'coordinates': [[7.1, 50.9], [7.2, 50.9]]}
        path = pathlib.Path(self.profile, 'listen.zip')
        with zipfile.ZipFile(path, 'w') as archive:
            for file, count, geometry in (('alt', 12, place), ('neu', 15, place), ('wege', 3, way)):
                archive.writestr(f'{file}.geojson', json.dumps({
                    'type': 'FeatureCollection',
                    'features': [feature(i, file, geometry) for i in range(count)]}))
        return path

    def test_one_of_several_lists_is_chosen_and_another_after_it(self):
        self.open_assistant(by_key=True)
        self.choose_file(self.write_archive(), by_key=True)
        self.wait_step('1 von 4: Datei')
        self.assertFalse(find_all(self.assistant, 'label', re.compile('nicht lesen')))
        self.wait_focus(self.assistant, lambda node: name(node) == 'Ebene oder Tabelle')
        self.choose_in_row('Ebene oder Tabelle', 'alt')
        self.find('label', re.compile('^12 Zeilen'))
        self.choose_in_row('Ebene oder Tabelle', 'neu')
        self.find('label', re.compile('^15 Zeilen'))
        self.program.tab_to(self.find('push button', 'Weiter'))
        self.press_next('2 von 4: Ort', by_key=True)
        self.find('label', 'Geometrie der Datei')
        self.press_next('3 von 4: Spalten', by_key=True)
        # As it stands in the file, and not as markup has it.
        self.find('label', re.compile('neu & Wiese 0'))
        self.press_next('4 von 4: Prüfen', by_key=True)
        self.assertEqual(self.count('Neu'), 15)
        self.finish('15 Datensätze importiert', by_key=True)
        self.assertEqual(len([one for one in self.export() if one['name'].startswith('neu &')]), 15)

    def write_far_list(self):
        """In a system that is never guessed: ETRS89-LAEA of all Europe."""
        def corner(geometry):
            coordinates = geometry['coordinates']
            while isinstance(coordinates[0], list):
                coordinates = coordinates[0]
            return '{} {}'.format(*coordinates)
        places = subprocess.run(['gdaltransform', '-s_srs', 'EPSG:4326', '-t_srs', 'EPSG:3035', '-output_xy'],
                                input='\n'.join(corner(one['geometry']) for one in self.export()),
                                capture_output=True, text=True, check=True).stdout.splitlines()
        lines = [f'N-{i};{place.replace(" ", ";")}' for i, place in enumerate(places)]
        return self.write('europa.csv', lines, 'Nummer;x;y')

    def type_system(self, code):
        entry = self.find('text', 'EPSG-Code')
        set_text(entry, code)
        self.program.tab_to(entry)
        key('Return')

    def test_a_system_that_nobody_guesses_is_typed(self):
        self.open_assistant()
        self.choose_file(self.write_far_list())
        self.wait_step('1 von 4: Datei')
        self.press_next('2 von 4: Ort')
        self.find('label', 'Keiner gefunden')
        self.choose_in_row('Koordinatensystem', 'Anderes System')
        self.type_system('99999')
        self.find('label', re.compile('nicht klar, wo die Zeilen liegen'))
        self.find('label', re.compile('99999'))
        self.type_system('3035')
        self.find('label', re.compile('LAEA'))
        self.find('label', 'EPSG:3035')
        self.find('push button', 'Weiter')
        self.press_next('3 von 4: Spalten')
        self.press_next('4 von 4: Prüfen')
        self.assertEqual((self.count('Neu'), self.count('Ohne Ort')), (6, 0))

    def test_a_helper_that_hangs_is_stopped_and_nothing_is_lost(self):
        """A shapefile whose table is a pipe that nobody fills, and a helper that is stopped besides."""
        data = pathlib.Path(__file__).resolve().parent.parent / 'data/import'
        for ending in ('shp', 'shx'):
            shutil.copy(data / f'counts.{ending}', self.profile)
        os.mkfifo(pathlib.Path(self.profile, 'counts.dbf'))
        self.open_assistant()
        self.choose_file(pathlib.Path(self.profile, 'counts.shp'))
        self.find('label', 'Die Datei wird gelesen')

        def find_helper():
            return subprocess.run(['pgrep', '-P', str(self.program.process.pid), 'allmende-gis'],
                                  capture_output=True, text=True).stdout.split()
        helper = int(wait(find_helper, 'the helper')[0])
        os.kill(helper, signal.SIGSTOP)
        # The button has the focus, so that Enter is enough.
        self.wait_focus(self.assistant, lambda node: name(node) == 'Anhalten')
        key('Return')
        self.find('label', re.compile('Abgebrochen'))
        wait(lambda: not find_helper(), 'the helper to end')
        self.assertEqual(len(self.export()), 6)
        self.choose_file(self.write('gut.csv', make_lines(12)))
        self.wait_step('1 von 4: Datei')


if __name__ == '__main__':
    main()
