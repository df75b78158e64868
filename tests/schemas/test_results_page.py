"""docs/results.md names what results.json holds."""

import re
from pathlib import Path

from reportgen.stats.notes import Status

PAGE = (Path(__file__).parents[2] / "docs" / "results.md").read_text("utf-8")


def test_every_statistic_of_the_samples_is_explained(sample, two_groups):
    rows = (*sample.results.estimates, *two_groups.results.estimates)
    found = {re.sub(r"^related_|_[1-5]$", "", row.statistic) for row in rows}
    found = {name for name in found if not name.endswith("_difference")}
    told = re.findall(r"^\| ([\w, …]+) \|", PAGE, re.MULTILINE)
    named = {re.sub(r"_[1-5]$", "", word) for words in told for word in re.split(r"[, …]+", words)}
    assert len(found) > 30 and found <= named, found - named


def test_every_key_status_and_kind_is_explained(two_groups):
    for word in (*two_groups.results.estimates[0].to_row(), *(state.value for state in Status)):
        assert re.search(rf"^\| (\w+, )*{word}(, \w+)* \|", PAGE, re.MULTILINE), word
    kinds = {curve.kind for curve in two_groups.results.curves}
    assert len(kinds) == 6 and all(kind in PAGE for kind in kinds)
    assert all(f"`{name}`" in PAGE for name in two_groups.results.curves[0].steps.__dataclass_fields__)
