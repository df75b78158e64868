"""The scripts of a page: our own by its hash, and the data that it reads; nothing that came from a cell."""

from __future__ import annotations

import base64
import hashlib
import json
from html.parser import HTMLParser

from reportgen.render.html.script import script


class Scripts(HTMLParser):
    """Every script element with its attributes and text, as a browser finds them, and the policy."""

    def __init__(self, page: str):
        super().__init__()
        self.found: list[tuple[dict, str]] = []
        self.policy = ""
        self.inside = False
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        if tag == "script":
            self.found.append((dict(attrs), ""))
            self.inside = True
        elif tag == "meta" and dict(attrs).get("http-equiv") == "Content-Security-Policy":
            self.policy = dict(attrs)["content"]

    def handle_data(self, data):
        if self.inside:
            attributes, text = self.found[-1]
            self.found[-1] = (attributes, text + data)

    def handle_endtag(self, tag):
        self.inside = self.inside and tag != "script"


def own_scripts(page: str) -> dict:
    """The data embedded in the page; AssertionError if there is any script but ours."""
    scripts = Scripts(page)
    (kind, data), (attributes, code) = scripts.found
    assert kind == {"type": "application/json", "id": "report-data"} and attributes == {}
    assert code == str(script()) and "eval(" not in code and "innerHTML" not in code
    digest = base64.b64encode(hashlib.sha256(code.encode()).digest()).decode()
    allowed = [part.split() for part in scripts.policy.split("; ")]
    assert ["script-src", f"'sha256-{digest}'"] in allowed and ["default-src", "'none'"] in allowed
    return json.loads(data)
