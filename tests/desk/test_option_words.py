"""What the program says of its options is said in the window by the names of its fields and pages."""

from __future__ import annotations

import re

import pytest

from reportgen.base.errors import UsageError
from reportgen.base.message import message
from reportgen.desk.option_words import COMMAND, ELSEWHERE, FIELDS, OPTION, windowed
from reportgen.settings.choices import formats, month_end
from reportgen.writing.language import speaking
from reportgen.writing.messages import said
from tests.conftest import ROOT

OTHERS = {"--user"}  # systemctl's


def test_every_option_that_is_spoken_of_has_a_name_here_or_is_said_to_be_elsewhere():
    text = (ROOT / "reportgen" / "writing" / "languages" / "de.po").read_text(encoding="utf-8")
    spoken = {found[1] for found in OPTION.finditer(text)}
    assert len(spoken) > 8 and spoken <= {*FIELDS, *ELSEWHERE, *OTHERS}


@pytest.mark.parametrize(
    ("language", "wanted", "not_there"),
    [("en", ("“Formats” takes html", "“Month” must be a month"), "“What"),
     ("de", ("„Formate“", "„Monat“"), "“Formats")],
)  # fmt: skip
def test_errors_name_what_the_window_offers(language, wanted, not_there):
    with speaking(language):
        texts = []
        for wrong in (lambda: formats("exe"), lambda: month_end("never")):
            with pytest.raises(UsageError) as refused:
                wrong()
            texts.append(windowed(said(refused.value.message)))
    assert all(name in text for name, text in zip(wanted, texts, strict=True))
    assert not any("--" in text or not_there in text for text in texts)


def test_what_the_window_lacks_is_said_once_and_commands_are_pages():
    text = windowed("Choose another folder with --output, or say --output DIR or --new-pseudonyms.")
    assert text.endswith("(--output, --new-pseudonyms: of the command line, not in this window.)")
    assert (
        windowed("let `reportgen map SOURCE` ask; reportgen check says why")
        == "let “Understand” ask; “Check” says why"
    )
    assert windowed("systemctl --user start x.service") == "systemctl --user start x.service"
    assert not re.search(COMMAND, str(message("reportgen checks it")))
