#!/usr/bin/python3
# SPDX-License-Identifier: EUPL-1.2
"""A photo of a tree: added without a network, said to be only here, sent, and seen by a colleague."""

import os
import pathlib
import subprocess
import sys

FOLDER = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(FOLDER / 'lib'), str(FOLDER.parent / 'server')]

import city
import hub
import pictures
import workbench
from town import ALLMENDE, Town
from window import (Program, WindowTest, do, find, find_all, get_text, key, main, picture, role,
                    set_text, states, wait, walk)

server = None
ADD, REMOVE = 'Bild hinzufügen…', 'Entfernen'
OPEN = 'Fotos: Bild groß zeigen'


def setUpModule():
    global server
    server = hub.Server(found=False)
    Town.ctl('town', 'generate', '--size', 'small', '--out', str(server.folder / 'town'))
    Town.ctl('town', 'install', str(server.folder / 'town'), '--data', str(server.data))
    server.start()
    server.listen = [f'127.0.0.1:{server.port}']


def tearDownModule():
    server.close()


class PhotosTest(WindowTest):
    def setUp(self):
        self.anna, self.bert = [city.TownDesk(server, user) for user in ('erfassung', 'pruefung')]
        self.photo = self.anna.folder / 'Kronenbruch.jpg'
        subprocess.run(['convert', '-size', '1600x1200', '-seed', '7', 'plasma:green-brown',
                        self.photo], check=True)
        self.open(self.anna)

    def tearDown(self):
        if server.process is None:
            server.start()
        self.shut()
        for desk in (self.anna, self.bert):
            desk.close()

    def open(self, desk):
        self.program = Program([ALLMENDE, '--profile', str(desk.profile)])
        self.program.find('list', 'Seiten')
        workbench.wait_sync(self.program, 'Abgeglichen')

    def shut(self):
        status = self.program.close()
        self.assertEqual(self.program.complaints(), [])
        self.assertIn(status, (0, -15))

    def show(self, what, whole_screen=False):
        """Keeps a picture, to be looked at; a popover is a window of its own."""
        folder = os.environ.get('UI_ARTEFACTS')
        if not folder:
            return
        path = pathlib.Path(folder) / f'photos-{what}.png'
        path.parent.mkdir(parents=True, exist_ok=True)
        pictures.window_picture(self.program, path)
        if whole_screen:
            picture(path)

    def find_tree(self):
        """Opens the form of a tree; its number, with the photos in sight."""
        workbench.search(self.program, 'sonnhang', 'Baum')
        number = get_text(self.program.find('text', 'Baumnummer'))
        workbench.scroll_to(self.program, self.program.find('push button', ADD, timeout=20),
                            self.program.find('text', 'Gattung'))
        return number

    def add(self):
        self.program.click(self.program.find('push button', ADD))
        chooser = self.program.wait_windows(2)[-1]
        self.program.wait_focus()
        key('ctrl+l')
        entry = wait(lambda: [node for node in walk(chooser)
                              if 'focused' in states(node) and role(node) == 'text'], 'the entry')[0]
        set_text(entry, str(self.photo))
        do(find(chooser, 'push button', 'Übernehmen'))
        self.program.wait_windows(1)

    def photos(self, desk, record):
        return desk.say('get', record)[0]['fields'].get('photos', [])

    def test_a_photo_goes_from_one_desk_to_the_other(self):
        number = self.find_tree()
        self.program.find('label', 'Noch kein Bild')
        self.show('none')
        server.stop()
        workbench.wait_sync(self.program, 'Offline')

        self.add()
        self.program.find('push button', OPEN)
        self.program.find('label', 'Bisher nur auf diesem Rechner; das Bild wird noch gesendet')
        record = wait(lambda: self.anna.say('queue'), 'the change in the queue')[-1]['id']
        photo, = self.photos(self.anna, record)
        self.assertEqual((photo['name'], photo['type']), ('Kronenbruch.jpg', 'image/jpeg'))
        workbench.wait_sync(self.program, 'Offline, 1 Änderung wartet')
        self.show('waiting')
        do(find(workbench.sync_button(self.program), 'push button', nth=1))
        self.program.find('label', 'Bilder unterwegs')
        self.program.find('label', '0 von 1')
        self.show('popover', whole_screen=True)
        key('Escape')

        server.start()
        workbench.sync_now(self.program)
        workbench.wait_sync(self.program, 'Abgeglichen')
        self.assertEqual(self.anna.status()['blobs_waiting'], 0)
        wait(lambda: not find_all(self.program.node, 'label', 'Bisher nur auf diesem Rechner; das '
                                  'Bild wird noch gesendet'), 'the photo sent')
        self.show('sent')

        self.shut()
        self.open(self.bert)
        self.assertEqual(self.find_tree(), number)
        self.program.find('push button', OPEN, timeout=20)
        self.assertEqual(self.photos(self.bert, record), [photo])
        self.show('arrived')

        do(self.program.find('push button', OPEN))
        window = self.program.wait_windows(2)[-1]
        find(window, 'image', 'Kronenbruch.jpg')
        self.show('in-full', whole_screen=True)
        key('Escape')
        self.program.wait_windows(1)

        do(self.program.find('push button', REMOVE))
        self.program.find('label', 'Noch kein Bild')
        wait(lambda: not self.photos(self.bert, record), 'the photo gone from the record')
        workbench.wait_sync(self.program, 'Abgeglichen')
        self.anna.sync()
        self.assertEqual(self.photos(self.anna, record), [])


if __name__ == '__main__':
    main()
