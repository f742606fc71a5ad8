"""The HTML report in headless Chromium: it draws, sorts, asks nobody for anything and logs no error.

Usage: page.py SOCKLENS CAPTURE FOLDER    Prints one line and ends with 1 when something is wrong.
"""
import csv
import http.server
import os
import struct
import subprocess
import sys
import threading
import zlib
from html.parser import HTMLParser


class Tables(HTMLParser):
    """Rows of the last table under each heading; rectangles of the charts."""

    def __init__(self):
        super().__init__()
        self.tables, self.rects, self.heading, self.tag, self.sorted = {}, 0, "", "", []
        self.rungs, self.columns, self.column = 0, 0, None  # of ladders; of the table that is sorted, by which

    def handle_starttag(self, tag, attrs):
        self.tag = tag
        attrs = dict(attrs)
        self.rects += tag == "rect"
        self.rungs += "rung" in attrs.get("class", "").split()
        self.columns = 0 if tag == "tr" else self.columns + (tag == "th")
        if tag == "tbody":
            self.tables[self.heading] = []
        elif tag == "tr" and self.heading in self.tables:
            self.tables[self.heading].append([])
        elif tag == "td":
            self.tables[self.heading][-1].append(attrs.get("data-v"))
        elif tag == "th" and "aria-sort" in attrs:
            self.sorted.append(attrs["aria-sort"])
            self.column = self.columns - 1

    def handle_data(self, data):
        if self.tag == "h2" and data.strip():
            self.heading = data.strip()


def serve(folder):
    """A page from a server shows each request that it makes."""
    asked = []

    class Handler(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *args):
            super().__init__(*args, directory=folder)

        def log_request(self, *args):
            asked.append(self.path)

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server, asked


def browse(url, folder):
    return subprocess.run(["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--enable-logging=stderr",
                           f"--user-data-dir={folder}/profile", "--virtual-time-budget=3000", "--dump-dom", url],
                          capture_output=True, text=True, timeout=120, check=True)


def first_pixel(folder, scheme):
    """Of a picture of the page in the light (1) or dark (0) scheme: the first line of a PNG has nothing above it."""
    path = os.path.join(folder, f"{scheme}.png")
    subprocess.run(["chromium", "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={folder}/profile",
                    f"--blink-settings=preferredColorScheme={scheme}", "--window-size=1200,800", f"--screenshot={path}",
                    f"file://{folder}/page.html"], capture_output=True, timeout=120, check=True)
    with open(path, "rb") as f:
        data = f.read()
    packed, at = b"", 8
    while at < len(data):
        size, kind = struct.unpack_from(">I4s", data, at)
        packed += data[at + 8:at + 8 + size] if kind == b"IDAT" else b""
        at += 12 + size
    return tuple(zlib.decompress(packed)[1:4])


def main():
    socklens, capture, folder = sys.argv[1:]
    wrong = []
    page = subprocess.run([socklens, "report", "-n", "-r", capture, "--format", "html"], capture_output=True, text=True,
                          check=True).stdout
    # The button of "bytes sent by the originator", in the table of the largest flows.
    click = ("<script>[...document.querySelectorAll('section')].filter(s => s.querySelector('h2').textContent == "
             "'The largest flows').forEach(s => { "
             "const b = [...s.querySelectorAll('th button')].find(b => b.title == 'frame bytes sent by the originator'); b.click(); b.click(); });</script>")
    with open(os.path.join(folder, "page.html"), "w", encoding="utf-8") as f:
        f.write(page.replace("</body>", click + "</body>"))
    server, asked = serve(folder)
    out = browse(f"http://127.0.0.1:{server.server_address[1]}/page.html", folder)
    server.shutdown()
    t = Tables()
    t.feed(out.stdout)
    rows = list(csv.DictReader(subprocess.run([socklens, "report", "-n", "-r", capture, "--format", "csv"],
                                              capture_output=True, text=True, check=True).stdout.splitlines()))
    sent = [int(r[t.column]) for r in t.tables["The largest flows"]]
    if sent != sorted(int(r["src_bytes"]) for r in rows) or t.sorted != ["ascending"]:
        wrong.append(f"not sorted: {sent[:10]}, {t.sorted}")
    if not t.rungs:
        wrong.append("no ladder")
    paper = [first_pixel(folder, scheme) for scheme in (1, 0)]
    if min(paper[0]) < 240 or max(paper[1]) > 40:
        wrong.append(f"light and dark begin with {paper}")
    if t.rects < 10:
        wrong.append(f"{t.rects} rectangles in the charts")
    if [a for a in asked if a not in ("/page.html", "/favicon.ico")]:
        wrong.append(f"asked for {asked}")
    errors = [line for line in out.stderr.splitlines() if "CONSOLE" in line]
    if errors:
        wrong.append(f"console: {errors}")
    print(f"the page draws {t.rects} bars and {t.rungs} rungs in light and dark, sorts {len(sent)} flows, asks for nothing and logs nothing")
    print("\n".join(wrong))
    return bool(wrong)


sys.exit(main())
