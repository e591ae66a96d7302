#!/usr/bin/python3
# SPDX-License-Identifier: EUPL-1.2
"""Two members of staff at their windows, a real server between them, and a network that fails."""

import pathlib
import re
import sys

FOLDER = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(FOLDER / 'lib'), str(FOLDER.parent / 'server')]

import city
import hub
import workbench
from town import ALLMENDE, Town
from window import Program, WindowTest, do, find, get_text, key, main, wait, xdotool

server = None


def setUpModule():
    """The training town on a server, as `town install` founds it."""
    global server
    server = hub.Server(found=False)
    Town.ctl('town', 'generate', '--size', 'small', '--out', str(server.folder / 'town'))
    Town.ctl('town', 'install', str(server.folder / 'town'), '--data', str(server.data))
    server.start()
    # One address for good: the desks come back to it.
    server.listen = [f'127.0.0.1:{server.port}']


def tearDownModule():
    server.close()


class TownDesk(city.TownDesk):
    def login(self):
        super().login()
        trees = self.say('export', '--kind', 'tree')
        # The cases before may have deleted one each.
        assert len(trees) > 1990, f'{len(trees)} trees after the first sync'

    def vitality(self, record):
        return self.say('get', record)[0]['fields'].get('vitality')

    def open(self):
        """Its window, in step with the server."""
        program = Program([ALLMENDE, '--profile', str(self.profile)])
        program.find('list', 'Seiten')
        return program


class TwoWorkbenchesTest(WindowTest):
    def setUp(self):
        self.programs = {}
        self.desks = [TownDesk(server, user) for user in ('erfassung', 'pruefung')]
        self.anna, self.bert = self.desks
        for desk in self.desks:
            self.open(desk)
            workbench.wait_sync(self.program, 'Abgeglichen')

    def tearDown(self):
        if server.process is None:
            server.start()
        for desk in list(self.programs):
            self.close(desk)
        for desk in self.desks:
            desk.close()

    def open(self, desk):
        self.programs[desk] = self.program = desk.open()

    def close(self, desk):
        program = self.programs.pop(desk)
        status = program.close()
        self.assertEqual(program.complaints(), [])
        self.assertIn(status, (0, -15))

    def front(self, desk):
        """Turns to the window of @desk: what is typed from here on goes there."""
        self.program = self.programs[desk]
        window = self.program.frame()[0]
        xdotool('windowactivate', window)
        wait(lambda: xdotool('getactivewindow').strip() == window, 'the window in front')
        return self.program

    def cut(self):
        """The network goes away, and every window has noticed."""
        server.stop()
        for program in self.programs.values():
            workbench.wait_sync(program, 'Offline')

    def find_tree(self, desk, text='sonnhang', wanted='Baum'):
        workbench.search(self.front(desk), text, wanted)
        return get_text(self.program.find('text', 'Baumnummer'))

    def judge(self, desk, title):
        """Chooses the vitality of the tree that is open; the id of the record."""
        program = self.front(desk)
        # GDK complains of a list that drops down below the screen.
        workbench.scroll_to(program, program.find('combo box', 'Vitalität'),
                            program.find('text', 'Gattung'))
        program.choose('Vitalität', title)
        return wait(lambda: desk.say('queue'), 'the change in the queue')[-1]['id']

    def wait_shown(self, desk, title):
        wait(lambda: title in workbench.chosen(self.programs[desk], 'Vitalität'),
             f'{title} in the form')

    def test_what_one_changes_without_a_network_the_other_sees_after_syncing(self):
        numbers = [self.find_tree(desk) for desk in self.desks]
        self.assertEqual(*numbers)
        self.cut()
        tree = self.judge(self.anna, 'abgestorben')
        workbench.wait_sync(self.program, 'Offline, 1 Änderung wartet')
        self.program.find('label', 'wartet')
        self.assertEqual(self.anna.vitality(tree), 4)
        self.assertNotEqual(self.bert.vitality(tree), 4)

        server.start()
        workbench.sync_now(self.front(self.anna))
        workbench.wait_sync(self.program, 'Abgeglichen')
        self.assertEqual(self.anna.status()['waiting'], 0)

        workbench.sync_now(self.front(self.bert))
        workbench.wait_sync(self.program, 'Abgeglichen')
        self.wait_shown(self.bert, 'abgestorben')
        self.assertEqual(self.bert.vitality(tree), 4)

    def test_two_who_change_the_same_field_are_asked_and_one_decides(self):
        self.assertEqual(*[self.find_tree(desk) for desk in self.desks])
        self.cut()
        tree = self.judge(self.anna, 'abgestorben')
        self.assertEqual(self.judge(self.bert, 'stark geschädigt'), tree)
        workbench.wait_sync(self.program, 'Offline, 1 Änderung wartet')
        # Bert closes his window before there is a network again: Anna is the first.
        self.close(self.bert)
        server.start()
        workbench.sync_now(self.front(self.anna))
        workbench.wait_sync(self.program, 'Abgeglichen')

        self.open(self.bert)
        workbench.wait_sync(self.program, '1 Konflikt')
        self.assertEqual(self.bert.vitality(tree), 4)
        question, = self.bert.conflicts()
        self.assertEqual((question['theirs'], question['mine']), (4, 3))

        self.decide('Meinen Wert nehmen')
        wait(lambda: self.bert.vitality(tree) == 3, 'the decision in the store')
        workbench.sync_now(self.program)
        workbench.wait_sync(self.program, 'Abgeglichen')
        workbench.sync_now(self.front(self.anna))
        workbench.wait_sync(self.program, 'Abgeglichen')
        self.wait_shown(self.anna, 'stark geschädigt')
        for desk in self.desks:
            self.assertEqual((desk.vitality(tree), desk.conflicts()), (3, []))

    def state(self, desk, record):
        """Deleted, and the vitality."""
        line = desk.say('get', record)[0]
        return line['deleted'], line['fields'].get('vitality')

    def delete(self, desk, record):
        """With the button of its form."""
        self.front(desk).press('Löschen')
        wait(lambda: self.state(desk, record)[0], 'the deletion in the store')

    def raise_question(self, street, deletes_first):
        """One deletes a tree while the other changes it; the second is asked.  Its id."""
        self.assertEqual(*[self.find_tree(desk, street) for desk in self.desks])
        self.cut()
        tree = self.judge(self.anna, 'abgestorben')
        self.delete(self.bert, tree)
        first, second = (self.bert, self.anna) if deletes_first else (self.anna, self.bert)
        # The second is not there when the network comes back.
        self.close(second)
        server.start()
        workbench.sync_now(self.front(first))
        workbench.wait_sync(self.program, 'Abgeglichen')
        self.open(second)
        workbench.wait_sync(self.program, '1 Konflikt')
        return tree

    def agree(self, tree, state):
        """Both desks have heard of the decision."""
        for desk in (self.anna, self.bert, self.anna):
            workbench.sync_now(self.front(desk))
            workbench.wait_sync(self.program, 'Abgeglichen')
        for desk in self.desks:
            self.assertEqual((self.state(desk, tree), desk.conflicts()), (state, []))

    def test_who_deletes_what_was_changed_is_asked_and_keeps_it(self):
        tree = self.raise_question('heider', deletes_first=False)
        self.assertEqual(self.state(self.bert, tree), (False, 4))
        self.decide('Behalten', self.bert)
        self.agree(tree, (False, 4))

    def test_who_changes_what_was_deleted_is_asked_and_deletes_it(self):
        tree = self.raise_question('oberholz', deletes_first=True)
        self.assertEqual(self.state(self.anna, tree), (False, 4))
        self.program.find('label', 'Dieses Objekt wurde von einer Seite gelöscht und von der '
                                   'anderen geändert.')
        self.decide('Wieder löschen', self.anna)
        wait(lambda: self.state(self.anna, tree)[0], 'the deletion in the store')
        key('ctrl+z')
        self.program.find('label', 'Rückgängig gemacht: Konflikt entschieden')
        wait(lambda: not self.state(self.anna, tree)[0], 'the tree to be back')
        key('ctrl+shift+z')
        wait(lambda: self.state(self.anna, tree)[0], 'the tree to be deleted again')
        self.agree(tree, (True, 4))

    def test_the_history_names_who_did_it(self):
        self.assertEqual(*[self.find_tree(desk, '00300', '00300') for desk in self.desks])
        self.cut()
        self.judge(self.anna, 'abgestorben')
        server.start()
        for desk in self.desks:
            workbench.sync_now(self.front(desk))
            workbench.wait_sync(self.program, 'Abgeglichen')
        self.wait_shown(self.bert, 'abgestorben')
        do(self.program.find('push button', 'Verlauf'), 'activate')
        self.program.find('label', re.compile('erfassung · '))
        self.program.find('label', re.compile('Vitalität: .* → abgestorben'))

    def open_ways_back(self, change):
        """By keyboard, the menu of the entry of the history that says @change."""
        self.program.tab_to(self.program.find('push button', re.compile(f'Wege zurück: {change}')))
        key('Return')
        self.program.find('menu item', 'Rückgängig')

    def test_what_another_did_is_taken_back_and_a_state_comes_back(self):
        self.assertEqual(*[self.find_tree(desk, '00310', '00310') for desk in self.desks])
        self.cut()
        tree = self.judge(self.anna, 'abgestorben')
        before = self.bert.vitality(tree)
        server.start()
        for desk in self.desks:
            workbench.sync_now(self.front(desk))
            workbench.wait_sync(self.program, 'Abgeglichen')
        self.wait_shown(self.bert, 'abgestorben')
        do(self.program.find('push button', 'Verlauf'), 'activate')
        self.program.find('label', re.compile('erfassung · '))

        self.program.click(self.program.find('text', 'Baumnummer'))
        self.open_ways_back('Vitalität: .* → abgestorben')
        key('Return')
        self.program.find('label', 'Die Änderung wurde rückgängig gemacht')
        wait(lambda: self.bert.vitality(tree) == before, 'the vitality of before')

        # Back to how it was after Anna's change, having seen what that means.
        self.program.find('label', re.compile('Vitalität: abgestorben → '))
        self.open_ways_back('Vitalität: .* → abgestorben')
        key('Down', 'Return')
        self.program.find('label', 'Diesen Stand wiederherstellen?')
        self.program.find('label', re.compile('durch erfassung am '))
        key('Return')
        self.program.find('label', 'Der frühere Stand wurde wiederhergestellt')
        wait(lambda: self.bert.vitality(tree) == 4, 'the vitality of then')
        key('ctrl+z')
        self.program.find('label', 'Rückgängig gemacht: Früherer Stand wiederhergestellt')
        wait(lambda: self.bert.vitality(tree) == before, 'the vitality of before')

    def decide(self, answer, desk=None):
        """From the sync button to the answer, by keyboard alone."""
        program = self.front(desk or self.bert)
        row = find(workbench.open_sync(program), 'list item', 'Konflikte')
        program.tab_to(row)
        key('Return')
        program.tab_to(program.find('push button', answer))
        key('Return')
        program.find('label', 'Keine Konflikte')


if __name__ == '__main__':
    main()
