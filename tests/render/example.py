"""A made-up report that holds every kind of block, long tables and hostile words, for the tests of the page."""

from __future__ import annotations

from functools import cache

from reportgen.base.drawing import Drawing, Path, Words
from reportgen.report import (
    Bullets,
    Column,
    Figure,
    Heading,
    Note,
    Notice,
    Paragraph,
    Report,
    Row,
    Section,
    Table,
    Value,
)

NASTY = (
    "<script>alert(1)</script>", "{{7*7}}", "{% raw %}", "=cmd|' /C calc'!A0", r"$\frac{1}", "_leading",
    "emoji \U0001f600", "</style><b>", "a\u202eb", "nul\x00bell\x07", "山田 太郎", "Ångström – Łódź – Ελλάδα",
    'quote " and \' and &amp;', "javascript:alert(1)", "url(https://example.org/x)",
)  # fmt: skip


def curve_drawing(title: str, width: float = 181.42, height: float = 120.0) -> Drawing:
    """A small step curve at its final size in points."""
    steps = ((24, 12), (70, 12), (70, 30), (110, 30), (110, 44), (170, 44))
    band = ((24, 12), (70, 12), (70, 60), (170, 60), (170, 90), (24, 90))
    return Drawing("curve", width, height, (
        Path((band,), "#d6e9f3", closed=True),
        Path((steps,), edge="#0072b2", width=1.2),
        Path((((24, 8), (24, 94), (174, 94)),), edge="#1b1f24", width=0.6),
        Words(title, 28, 9, 8, 600, "start", "#0072b2"),
        *(Words(f"{i}", 24 + 36 * i, 108, 8, 400, "middle", "#1b1f24") for i in range(5)),
    ))  # fmt: skip


def bars_drawing(names: list[str], width: float = 374.17) -> Drawing:
    """A swimmer of a kind: one bar per name."""
    marks = []
    for i, name in enumerate(names):
        y, right = 8 + 12 * i, 352 - 23 * i
        marks.append(Path((((52, y), (right, y), (right, y + 7), (52, y + 7)),), "#0b5c6b", closed=True))
        marks.append(Words(name, 46, y + 6, 8, 400, "end", "#1b1f24"))
    return Drawing("bars", width, 20 + 12 * len(names), tuple(marks))


def summary() -> Section:
    """Page one: four labelled paragraphs, six key numbers, two half figures and a full one."""
    pfs = Value("75%", "survival.pfs.all.survival@365.25")
    words = (
        ("Purpose", ("To describe what was observed in patients with an inflammatory myofibroblastic tumour "
                     "who were treated with crizotinib and surgery.",)),
        ("Patients and methods", ("Eight patients were treated between 2010 and 2017. Follow-up was a median of ",
                                  Value("3.0 years", "follow_up.all.all.median"), " (range 0.9–5.5). Intervals are "
                                  "exact or beta product intervals; comparisons are exploratory.")),
        ("Results", ("All ", Value("8", "response.all.all.count"), " responded. Progression-free survival at 1 year "
                     "was ", pfs, Value(" (95% CI 32–97; 6 of 8 event-free)", None, True), " and overall survival at "
                     "3 years 83%", Value(" (95% CI 36–99)", None, True), ". Two patients relapsed on treatment, both "
                     "with a RANBP2 fusion. Both responded to another ALK inhibitor; one died of the disease and one "
                     "is alive on treatment.")),
        ("Toxicity", ("The major toxicity was neutropenia, in ", Value("5 of 8", "toxicity.x"), " patients; it was "
                      "of grade 3 or more in 3. Five patients stopped without recurrence after a median of 1 year of "
                      "treatment (range 0.2–3.0).")),
    )  # fmt: skip
    names = [f"S{i:02d}" for i in range(1, 9)]
    return Section("summary", "Summary", (
        *(Paragraph(text, label) for label, text in words),
        Figure("pfs-small", curve_drawing("Progression-free survival"), ("Progression-free survival, n = 8.",),
               "Progression-free survival falls to 75% within one year.", "half"),
        Figure("os-small", curve_drawing("Overall survival"), ("Overall survival, n = 8.",),
               "Overall survival stays at 100% to two years.", "half"),
        Figure("swimmer", bars_drawing(names), ("Time from start of treatment, one bar for each patient, n = 8.",),
               "Eight patients, the longest followed for 5.5 years."),
    ))  # fmt: skip


def toxicity_table(rows: int = 12, ident: str = "toxicity") -> Table:
    """Counts with quiet percentages, groups, indents, a dash, a note mark."""
    columns = (Column("Term", align="left"), Column("Any grade", "n/N (%)"), Column("Grade ≥ 3", "n/N (%)"),
               Column("Related", "n/N (%)"), Column("Rate", "per patient-year"))  # fmt: skip
    body = [Row((("Blood",), ("6/8", Value(" (75%)", "t.a", True)), ("3/8", Value(" (38%)", "t.b", True)), ("–",),
                 ("0.31",)), head=True)]  # fmt: skip
    for i in range(rows):
        rate = f"{i * 1.37:.2f}" if i % 3 else "< 0.01"
        body.append(Row(((f"Neutrophil count decreased {i}" + ("ᵃ" if i == 1 else ""),),
                         (Value(f"{i % 9}/8", "t.c"), Value(f" ({i * 12}%)", "t.c", True)), ("10/12 (83%)",),
                         ("NE" if i % 4 else "12/120 (10%)",), (rate,)), indent=1))  # fmt: skip
    body.append(Row((("Other",),), head=True))
    body.append(Row((("Nausea",), ("1/8",), ("0/8",), ("0/8",), ("11.5",)), indent=1))
    return Table(ident, ("Neutropenia was the most frequent toxicity; ", Value("3 of 8", "t.d"), " had grade 3."),
                 columns, tuple(body), (("ᵃ Worst grade of each patient.",), ("NE, not estimable.",)))  # fmt: skip


def long_table(rows: int) -> Table:
    """Nine columns, each cell short."""
    heads = ("Patient", "Start", "Stop", "Response", "Relapse", "Last contact", "Status", "Months", "Grade")
    columns = tuple(Column(head, align="left" if i < 7 else "number") for i, head in enumerate(heads))
    body = tuple(
        Row(((f"S{i:03d}",), ("2012-03-04",), ("2013-03-04",), ("CR",), ("–",), ("2016-05-06",), ("alive",),
             (f"{i * 0.7:.1f}",), (f"{i % 5}",)))
        for i in range(rows)
    )  # fmt: skip
    return Table("listing", ("Every patient, by start of treatment.",), columns, body)


@cache
def example(rows: int = 300) -> Report:
    """Every block type, a summary, hostile strings everywhere, and a listing of so many rows."""
    prose = ("Relapse was estimated as cumulative incidence with death without relapse as a competing event. At "
             "1 year it was 25% (95% CI 3–65; 2 of 8), and no patient relapsed later than 9 months after the start "
             "of treatment. ")  # fmt: skip
    survival = Section("survival", "Survival", (
        Note("Time zero", "Start of the index treatment. Patients without an event are censored at last contact."),
        Paragraph((prose * 2,)),
        Heading("Overall survival"),
        Note("Interval", "Beta product confidence interval (Fay and Brittain), which holds for few patients."),
        Paragraph((prose, Value("83%", "survival.os.all.survival@1095.75"), Value(" (95% CI 36–99)", None, True), ".")),
        Figure("os", bars_drawing(["PFS", "OS"]), ("Overall survival.",), "Survival by time.", "full", (("n = 8.",),)),
        Paragraph((prose * 3,)),
        Bullets((("one is alive;",), ("one died of the disease, ", Value("14 months", "r.x"), " later.",))),
        Notice(("Fewer than 5 patients are at risk after 3 years.",)),
        Heading("Figures at a glance"),
        Paragraph((prose * 4,)),
    ))  # fmt: skip
    toxicity = Section("toxicity", "Toxicity", (Paragraph((prose,)), toxicity_table(), Paragraph((prose * 3,)),
                                                toxicity_table(40, "toxicity-long")))  # fmt: skip
    hostile = Section("hostile", "Words that <b>bite</b> {{1+1}}", (
        Heading("Heading </h3><script>"),
        *(Paragraph((word, Value(word, word), Value(word, None, True)), word) for word in NASTY),
        Note("<i>term</i>", "text </aside>"),
        Table("na<sty> id\"", ("Caption </caption>",), (Column("<th>", "<u>", "left"), Column("n", align="centre")),
              tuple(Row(((word,), (word,))) for word in NASTY), ((NASTY[0],),)),
        Figure('fig" onload="x', bars_drawing(list(NASTY[2:5])), NASTY, 'alt " onload="alert(1)'),
    ))  # fmt: skip
    patients = Section("patients", "Patients", (Paragraph((prose,)), long_table(rows)))
    methods = Section("methods", "Methods", tuple(
        block for i in range(8) for block in (Heading(f"Method {i}"), Note(f"Term {i}", "A definition of this term."),
                                              Paragraph((prose * 3,)), Paragraph((prose * 2,)))))  # fmt: skip
    return Report(
        title="Crizotinib and surgery in inflammatory myofibroblastic tumour",
        subtitle="Outcome of 8 patients treated between 2010 and 2017",
        date="2018-06-30",
        facts=(("Treatment", "crizotinib"), ("Patients", "8"), ("Data cut-off", "30 June 2018")),
        sections=(summary(), survival, toxicity, hostile, patients, methods),
        notice="Synthetic data: only the published aggregate figures are real.",
        version="0.1.0",
    )
