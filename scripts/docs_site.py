"""What `make docs` adds to the pages of docs/: those that the program writes of itself, and links out of the folder."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from mkdocs.plugins import event_priority
from mkdocs.structure.files import File
from mkdocs.utils import get_relative_url

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1])]
import reference  # noqa: E402

PYTHON = "# Python, name by name\n\n::: reportgen\n    options:\n      members: [load, analyse, report]\n"
# A file of the repository that is no page of the site is named, not linked.
OUTSIDE = re.compile(r"\[([^\]]+)\]\(\.\./[^)]*\)")


def on_files(files, config):
    """The generated pages, as if they lay in docs/reference/."""
    for name, text in (
        ("options", reference.options_md()),
        ("settings", reference.settings_md()),
        ("python", PYTHON),
    ):
        files.append(File.generated(config, f"reference/{name}.md", content=text))
    return files


def on_page_markdown(markdown, page, config, files):
    """Links that lead out of docs/ become the words alone."""
    return OUTSIDE.sub(r"\1", markdown)


@event_priority(-200)
def on_post_page(output, page, config):
    """Search from the disk by our own script: that of the plugin would be asked for from the network."""
    return re.sub(
        r"https://unpkg\.com/iframe-worker/shim", get_relative_url("assets/worker.js", page.url), output
    )
