"""What is wrong with settings, said in German: whoever reads the window in German has no other words for it."""

from __future__ import annotations

import pytest

from reportgen.base.errors import ReportError
from reportgen.cohort.mapping.source_settings import _check_vocabulary
from reportgen.settings.sources import load_settings
from reportgen.writing.language import speaking
from reportgen.writing.messages import said

WRONG = {
    '[report]\ntitel = "x"\n': ("unbekannter Schlüssel report.titel; gemeint war vielleicht 'title'?",),
    '[report]\ncutoff = "soon"\n': ("report.cutoff ist 'soon'; erwartet: ein Datum wie 2018-06-30.",),
    "[report]\nlandmarks = [-1]\ntitle = 3\n": (
        "report.landmarks ist [-1]; erwartet: Zeiten über 0.",
        "report.title ist 3 (eine ganze Zahl); erwartet: Text.",
    ),
    "[report]\nlandmarks = [900]\n": ("900 Jahre; erwartet: Zeiten von 1 Tag bis zu 150 Jahren (150 Jahre)",),
    "[privacy]\nmin_cell = 0\n": ("erwartet: eine Zahl von mindestens 1.",),
    "[values]\nx = 1\n": ("values.x ist 1 (eine ganze Zahl); erwartet: ein Abschnitt [values.x].",),
    "titel = 3\n": ("unbekannter Abschnitt 'titel'",),
    "title = 3\n": ("er gehört unter [report]",),
    "[[endpoint]]\nlabel = 'x'\n": ("ein [[endpoint]] hat keinen Schlüssel",),
    "[report\n": ("report.toml ist kein gültiges TOML",),
    "[branding]\nlogo = 'x.png'\n": ("branding.logo: 'x.png' liegt nicht neben report.toml.",),
    "[branding]\naccent = '#eeeeee'\n": ("erwartet: eine dunklere Farbe",),
    "[tables]\npatient = 'x'\n": ("unbekannte Tabelle tables.patient; gemeint war vielleicht 'patients'?",),
}


@pytest.mark.parametrize(("text", "expected"), WRONG.items(), ids=list(WRONG))
def test_what_is_wrong_with_settings_is_said_in_german(tmp_path, text, expected):
    (tmp_path / "report.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ReportError) as raised:
        _check_vocabulary(load_settings(tmp_path / "report.toml"))
    with speaking("de"):
        told = said(raised.value.message)
    assert all(one in told for one in expected), told
    assert "expected" not in told and "unknown" not in told and "did you mean" not in told
