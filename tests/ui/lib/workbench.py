# SPDX-License-Identifier: EUPL-1.2
"""Ways through the workbench that several journeys take."""

import re

from window import (Atspi, do, find, find_all, key, name, states, type_text, wait, wait_gone,
                    xdotool)

# What the sync button says, whatever the state.
SYNC = re.compile('Abgeglichen|Gleicht ab|Erste Kopie|Offline|Änderung|Konflikt|angemeldet|Hier gespeichert')


def page(program, title):
    return find(program.find('list', 'Seiten'), 'list item', title)


def go(program, title):
    key({'Übersicht': 'alt+1', 'Karte': 'alt+2', 'Anlagen': 'alt+3'}[title])
    wait(lambda: 'selected' in states(page(program, title)), title)


def search(program, text, wanted, field='Gattung'):
    """Finds by keyboard alone and opens the first find with @wanted in its name; its @field."""
    key('ctrl+k')
    program.wait_focus(lambda node: name(node) == 'Alles durchsuchen')
    type_text(text)
    found = program.find('list', 'Gefunden')
    rows = wait(lambda: [row for row in find_all(found, 'list item') if wanted in name(row)]
                and find_all(found, 'list item'), wanted)
    for _ in range(next(i for i, row in enumerate(rows) if wanted in name(row))):
        key('Down')
    key('Return')
    # The map makes room for the form: only then it stands where one clicks.
    wait(lambda: 'selected' in states(page(program, 'Karte')), 'the map')
    return program.find('text', field)


def chosen(program, field):
    """What a drop-down shows while it is closed."""
    return [name(label) for label in find_all(program.find('combo box', field), 'label')]


def scroll_to(program, node, over):
    """Turns the wheel over the node @over until @node stands well inside the window."""
    xdotool('mousemove', *program.point(over))
    height = Atspi.Component.get_extents(program.windows()[0], Atspi.CoordType.WINDOW).height

    def bottom():
        extents = Atspi.Component.get_extents(node, Atspi.CoordType.WINDOW)
        return extents.y + extents.height
    while (before := bottom()) > height * 0.75:
        xdotool('click', 5)
        wait(lambda: bottom() < before, 'the wheel to scroll')


def sync_button(program):
    return program.find('push button', SYNC)


def wait_sync(program, words):
    """Until the sync button says that."""
    button = sync_button(program)
    wait(lambda: re.search(words, name(button)), words, 20)


def open_sync(program):
    """Opens the popover of the sync button; the node under which it hangs."""
    button = sync_button(program)
    do(find(button, 'push button', nth=1))
    find(button, 'push button', 'Jetzt abgleichen')
    return button


def sync_now(program):
    """Through the button of the popover, by keyboard; the popover is closed again after."""
    button = open_sync(program)
    program.wait_focus(lambda node: name(node) == 'Jetzt abgleichen')
    key('Return')
    key('Escape')
    wait_gone(button, 'push button', 'Jetzt abgleichen')
