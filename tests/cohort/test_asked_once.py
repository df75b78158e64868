"""Questions are asked once: one for many cells of a fault, none for what only follows, none of what is sound."""

import csv
import os
import random
from datetime import date

import pandas as pd
import pytest

from reportgen.base.errors import ERROR, WARNING, Issue
from reportgen.base.message import message
from reportgen.base.repeated import MOST, asked_once
from reportgen.cohort.checks.identifiers import found_in, held_by, identifies
from reportgen.cohort.load import load_cohort
from reportgen.run import checking
from tests.workbooks import minimal_patients, write_workbook

ROWS = 11_000


def issues_of(tmp_path, rows, **sheets):
    return checking.check(
        write_workbook(tmp_path / "c.xlsx", patients=rows, **sheets), output=tmp_path
    ).issues


def registry(path):
    """Barcodes, UUIDs, dates as text, unknown words and missing values, as a large registry has them."""
    draw = random.Random(3)
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
    ids = set()
    while len(ids) < ROWS:
        ids.add("TCGA-{}-{}".format(*("".join(draw.choices(letters, k=k)) for k in (2, 4))))
    with path.open("w", newline="", encoding="utf-8") as file:
        out = csv.writer(file)
        out.writerow(("patient_id", "uuid", "treatment_start", "last_contact", "vital_status", "death_date",
                      "best_response", "relapse_date", "LDH", "phone_home"))  # fmt: skip
        for name in sorted(ids):
            dead = draw.random() < 0.3
            hexes = f"{draw.getrandbits(128):032x}"
            out.writerow((
                name, "-".join((hexes[:8], hexes[8:12], hexes[12:16], hexes[16:20], hexes[20:])),
                draw.choice(("03/04/2005", "11/02/2006", "2004-05-06", "May 2005")),
                draw.choice(("2012-01-02", "2011", "[Not Available]", "spring 2011")),
                draw.choice(("Dead", "Deceased!")) if dead else draw.choice(("Alive", "LIVING?")),
                draw.choice(("2010-03-03", "03/04/10", "")) if dead else "[Not Applicable]",
                draw.choice(("CR", "Complete Remission/Response", "")), draw.choice(("", "2009-13-40", "2009-01-01")),
                draw.choice((200, 310, "n.d.", "hemolytic")),
                f"555-{draw.randint(100, 999)}-{draw.randint(0, 9999):04}",
            ))  # fmt: skip
    return path


def test_a_registry_of_11000_rows_is_a_few_questions(tmp_path):
    before = os.times()
    checked = checking.check(registry(tmp_path / "registry.csv"), output=tmp_path)
    after = os.times()
    assert len(checked.issues) <= 200 and checked.queries.stat().st_size < 1_000_000
    assert after.user + after.system - before.user - before.system <= 10
    many = next(i for i in checked.issues if i.code == "UNKNOWN_VALUE" and "vital_status" in i.problem)
    assert (
        many.count == len(many.cells) > 1_000
        and many.cell == many.cells[0]
        and "[values.vital_status]" in many.hint
    )
    assert not any("NHS" in i.problem or "birth" in i.problem for i in checked.issues)
    assert not any(i.code == "SUSPICIOUS_ID" for i in checked.issues)
    said = "\n".join(checking.as_text(checked))
    assert f"{', '.join(many.cells[:5])} and {many.count - 5:,} more ({many.count:,} cells)" in said
    row = next(r for r in checking.as_json(checked)["issues"] if r["problem"] == many.problem)
    assert row["count"] == many.count and row["cells"] == many.cells[:5]


def test_few_cells_are_located_one_by_one():
    issues = [
        Issue(ERROR, "X", "patients", f"C{k}", f"P{k}", message("bad"), message("mend"))
        for k in range(2, MOST + 2)
    ]
    assert asked_once(issues) == tuple(issues)
    (one,) = asked_once(
        [*issues, Issue(ERROR, "X", "patients", "C99", "P99", message("bad"), message("mend"))]
    )
    assert (one.cell, one.patient, one.count, one.cells[-1]) == ("C2", None, MOST + 1, "C99")
    assert len(one.patients) == MOST + 1 and "C2, C3, C4, C5, C6 and 16 more" in str(one)


@pytest.mark.parametrize("place", ["onset 2, row {}", "onset 2, row {} of part-{}.parquet"])
def test_cells_of_a_registry_in_parts_are_of_one_column(place):
    cells = [place.format(k, k % 3) for k in range(MOST + 2)]
    issues = [Issue(ERROR, "X", "toxicities", cell, cell, message("bad"), message("mend")) for cell in cells]
    assert [one.count for one in asked_once(issues)] == [MOST + 2]
    other = [Issue(ERROR, "X", "toxicities", cell.replace("onset 2", "onset 3"), None, message("bad"),
                   message("mend")) for cell in cells]  # fmt: skip
    assert [one.count for one in asked_once([*issues, *other])] == [MOST + 2] * 2


def test_patients_of_a_question_about_many_cells_are_excluded_all_the_same(tmp_path):
    rows = minimal_patients(40, sex=["?!"] * 30 + ["F"] * 10)
    path = write_workbook(tmp_path / "c.xlsx", patients=rows)
    cohort = load_cohort(path, on_invalid="exclude")
    assert cohort.n == 10 and [i.count for i in cohort.issues if i.code == "UNKNOWN_VALUE"] == [30]


@pytest.mark.parametrize(
    ("column", "others"),
    [
        ("death_date", {"vital_status": "dead"}),
        ("death_date", {"vital_status": "dead", "last_contact": None}),
        ("treatment_start", {}),
        ("last_contact", {}),
        ("relapse_date", {"stop_reason": "progression", "treatment_stop": date(2015, 6, 1)}),
        ("treatment_stop", {"stop_reason": "toxicity"}),
    ],
)
def test_an_unreadable_date_is_one_question(tmp_path, column, others):
    rows = minimal_patients(3)
    extra = dict.fromkeys(("death_date", "relapse_date", "stop_reason", "treatment_stop"))
    rows = [extra | row for row in rows]
    rows[1] |= others | {column: "31.31.2016"}
    said = [i for i in issues_of(tmp_path, rows) if i.patient == "P02"]
    assert [i.code for i in said] == ["BAD_DATE"] and said[0].severity == ERROR


def test_what_does_not_follow_is_still_asked(tmp_path):
    rows = [row | {"death_date": None, "relapse_date": None} for row in minimal_patients(3)]
    rows[1] |= {"vital_status": "dead", "relapse_date": "31.31.2016"}
    codes = {i.code for i in issues_of(tmp_path, rows) if i.patient == "P02"}
    assert codes == {"BAD_DATE", "STATUS_CONFLICT"}


def ids_with(tmp_path, odd):
    rows = minimal_patients(8)
    rows[3]["patient_id"] = odd
    return [i for i in issues_of(tmp_path, rows) if i.code == "DIRECT_IDENTIFIER"]


@pytest.mark.parametrize(
    ("odd", "kind"),
    [
        ("Anna Schmidt", "names"),
        ("SCHMIDT, ANNA", "names"),
        ("anna.schmidt@example.org", "e-mail addresses"),
        ("943 476 5919", "NHS numbers"),
        ("9434765919", "NHS numbers"),
        ("078-05-1120", "US social security numbers"),
    ],
)
def test_one_identifier_among_ids_is_found(tmp_path, odd, kind):
    (issue,) = ids_with(tmp_path, odd)
    assert (issue.severity, issue.cell) == (WARNING, "A5") and kind in issue.problem


@pytest.mark.parametrize("odd", ["PX-4", "P-04", "P04 b", "Test", "Site-4"])
def test_sound_ids_are_no_identifiers(tmp_path, odd):
    assert ids_with(tmp_path, odd) == []


def test_telephones_are_no_health_numbers():
    draw = random.Random(1)
    phones = pd.Series([f"555-{draw.randint(100, 999)}-{draw.randint(0, 9999):04}" for _ in range(200)])
    assert held_by(found_in(phones)) == "telephone numbers" and "NHS numbers" not in set(found_in(phones))


def test_uuids_are_no_birth_numbers():
    draw = random.Random(2)
    texts = [
        f"{draw.getrandbits(32):08x}-{811218 % 10_000:04}-9876-{draw.getrandbits(16):04x}" for _ in range(50)
    ]
    texts += ["ab811218-9876-4c11-a111-5bb581121898", "1f000811-8112-4189-8112-811218987611"]
    assert found_in(pd.Series(texts)).isna().all()


@pytest.mark.parametrize("name", ["site_id", "gene_name", "drug_name", "trial_arm_id", "centre_no"])
def test_things_have_names_too(name):
    assert not identifies(name, pd.Series([f"v{k}" for k in range(30)]))


@pytest.mark.parametrize(
    ("ids", "doubtful"), [(("P101", "P10l", "P102", "P233"), 1), (("A5LI", "A5L1", "BQXZ", "C7RT"), 0)]
)
def test_ids_that_look_alike_are_asked_about_where_the_letter_is_strange(tmp_path, ids, doubtful):
    rows = minimal_patients(4)
    for row, name in zip(rows, ids, strict=True):
        row["patient_id"] = name
    found = [i for i in issues_of(tmp_path, rows) if i.code == "SUSPICIOUS_ID"]
    assert len(found) == doubtful
