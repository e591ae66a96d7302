#!/usr/bin/python3
# SPDX-License-Identifier: EUPL-1.2
"""Pictures of the import assistant's steps in their variants; ./run pictures takes all."""

import json
import os
import pathlib
import re
import sys
import tempfile
import unittest
import zipfile

FOLDER = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(FOLDER / 'lib'), str(FOLDER.parent / 'server')]

import pictures
from town import ALLMENDE, Town
from window import do, find, find_all, key, main, role, set_text, states, wait, walk

town = None


def setUpModule():
    global town
    town = Town()


def tearDownModule():
    town.remove()


def write_lists(folder):
    """An archive of three lists, and one whose places are nowhere near the city."""
    features = town.ctl('--profile', str(town.profile), 'export', '--kind', 'playground',
                        '--format', 'geojson')
    path = json.dumps({'type': 'FeatureCollection', 'features': [
        {'type': 'Feature', 'properties': {'name': f'Weg {i}'},
         'geometry': {'type': 'LineString', 'coordinates': [[11.5, 50.9], [11.6, 50.9]]}}
        for i in range(14)]})
    with zipfile.ZipFile(folder / 'spielplaetze.zip', 'w') as archive:
        archive.writestr('spielplaetze-2023.geojson', features)
        archive.writestr('spielplaetze-2024.geojson', features)
        archive.writestr('wege.geojson', path)
    lines = [f'N-{i};Platz am Fl\u00fcsschen {i};{120 + i},5;{500000 + 17 * i},25;{5400000 + 31 * i},5'
             for i in range(40)]
    (folder / 'fremd.csv').write_text('\n'.join(['Nummer;Bezeichnung;Gr\u00f6\u00dfe in qm;Rechtswert;Hochwert',
                                                 *lines, '']), 'utf-8')


# What is said in German and in English.
NEXT = re.compile('^(Weiter|Next)$')
STEP = {number: re.compile(f'^(Schritt|Step) {number} (von|of) 4')
        for number in range(1, 5)}
FIRST_WORDS = [re.compile(f'^({words})$') for words in (
    'Die Datei|The File', 'Wo die Zeilen liegen|Where the Rows Lie',
    'Was jede Spalte bedeutet|What Each Column Is', 'Was geschehen wird|What Will Happen')]


class Importing:
    """The assistant for a kind with a list, in whatever language."""

    def __init__(self, program, kind):
        self.program = program
        program.find('list')
        key('alt+3')
        program.choose(re.compile('^(Art|Kind)$'), re.compile(kind, re.IGNORECASE))
        program.click(program.find('push button', re.compile('^(Importieren|Import) ?…$')))
        program.wait_windows(2)
        self.window = program.windows()[-1]

    def choose(self, path):
        self.program.click(find(self.window, 'push button', re.compile('^(Datei wählen|Choose a File) ?…$')))
        chooser = self.program.wait_windows(3)[-1]
        self.program.wait_focus()
        key('ctrl+l')
        entry = wait(lambda: [node for node in walk(chooser)
                              if 'focused' in states(node) and role(node) == 'text'], 'the entry')[0]
        set_text(entry, str(path))
        do(find(chooser, 'push button', re.compile('^(Öffnen|Open)$')))
        self.program.wait_windows(2)

    def wait_step(self, number):
        find(self.window, 'label', STEP[number], timeout=20)
        wait(lambda: find_all(self.window, 'label', FIRST_WORDS[number - 1]), 'the page', 20)

    def go_on(self, number):
        self.program.click(find(self.window, 'push button', NEXT))
        self.wait_step(number)


class ImportPictureTest(unittest.TestCase):
    def take_series(self, pages, prepare):
        if os.environ.get('UI_PAGE') not in (None, '', *pages):
            return
        folder = os.environ.get('UI_ARTEFACTS') or tempfile.mkdtemp(prefix='allmende-pictures-')
        command = [ALLMENDE, '--profile', town.copy()]
        made = pictures.take_series(pages, command, folder, prepare, dialog=True, grows=True)
        self.assertEqual(len(made), len(pages) * (len(pictures.variants_of(pages[0])) + 1))

    def test_import(self):
        """The four steps with the list of the utility."""
        def prepare(program):
            work = Importing(program, 'leuchten|lamps')
            yield
            work.choose(town.folder / 'town/import/stadtwerke-leuchten.csv')
            work.wait_step(1)
            yield
            for number in range(2, 5):
                work.go_on(number)
                yield
        self.take_series(['import-choose', 'import-file', 'import-place', 'import-columns',
                          'import-check'], prepare)

    def test_import_questions(self):
        """Which of several lists, and in which system."""
        def prepare(program):
            work = Importing(program, 'Spielplätze|Playgrounds')
            work.choose(town.folder / 'spielplaetze.zip')
            work.wait_step(1)
            yield
            key('Escape')
            program.wait_windows(1)
            work = Importing(program, 'Spielplätze|Playgrounds')
            work.choose(town.folder / 'fremd.csv')
            work.wait_step(2)
            yield
        write_lists(town.folder)
        self.take_series(['import-layer', 'import-system'], prepare)


if __name__ == '__main__':
    main()
