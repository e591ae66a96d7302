# SPDX-License-Identifier: EUPL-1.2
"""Tiles of one colour: from a small server, well or badly behaved, or in an MBTiles file."""

import http.server
import sqlite3
import struct
import threading
import zlib


def png(colour, size=256):
    """A picture of one colour, (red, green, blue)."""
    def chunk(kind, data):
        body = kind + data
        return struct.pack('>I', len(data)) + body + struct.pack('>I', zlib.crc32(body))
    rows = (b'\0' + bytes(colour) * size) * size
    return (b'\x89PNG\r\n\x1a\n' + chunk(b'IHDR', struct.pack('>IIBBBBB', size, size, 8, 2, 0, 0, 0))
            + chunk(b'IDAT', zlib.compress(rows)) + chunk(b'IEND', b''))


class TileServer:
    """Answers as `mode` says: a status (200 with a tile), or 'hang': not at all."""

    def __init__(self, colour):
        self.tile = png(colour)
        self.mode = 200
        self.asked = []
        self.ended = threading.Event()
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                outer.asked.append(self.path)
                if outer.mode == 'hang':
                    outer.ended.wait()
                    return
                self.send_response(outer.mode)
                body = outer.tile if outer.mode == 200 else b'no'
                self.send_header('Content-Length', str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *arguments):
                pass

        self.server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Handler)
        self.server.daemon_threads = True
        self.address = f'http://127.0.0.1:{self.server.server_port}/{{z}}/{{x}}/{{y}}.png'
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    def close(self):
        self.ended.set()
        self.server.shutdown()
        self.server.server_close()


def write_mbtiles(path, colour, attribution, zooms=range(0, 8)):
    """Every tile of those zooms."""
    with sqlite3.connect(path) as database:
        database.execute('CREATE TABLE metadata (name TEXT, value TEXT)')
        database.execute('CREATE TABLE tiles (zoom_level INTEGER, tile_column INTEGER, '
                         'tile_row INTEGER, tile_data BLOB)')
        database.execute('CREATE UNIQUE INDEX tile_index ON tiles (zoom_level, tile_column, tile_row)')
        database.executemany('INSERT INTO metadata VALUES (?, ?)', [
            ('name', 'Prüfkarte'), ('format', 'png'), ('attribution', attribution),
            ('minzoom', str(zooms[0])), ('maxzoom', str(zooms[-1])),
            ('bounds', '-180,-85,180,85')])
        tile = png(colour)
        database.executemany('INSERT INTO tiles VALUES (?, ?, ?, ?)', (
            (z, x, y, tile) for z in zooms for x in range(2 ** z) for y in range(2 ** z)))
    database.close()
