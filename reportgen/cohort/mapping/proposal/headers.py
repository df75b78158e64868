"""Which canonical column a header may stand for: by its name, a synonym, the dictionary, or the words in it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from reportgen.cohort.mapping.keys import name_key
from reportgen.cohort.mapping.legends import without_legend
from reportgen.cohort.mapping.names import takes_of
from reportgen.cohort.mapping.names.takes import SIMILAR as SIMILAR_NAME
from reportgen.cohort.mapping.names.words import pieces, speaks_of_other, spoken
from reportgen.cohort.mapping.schema import columns_of, synonyms_of
from reportgen.cohort.mapping.word_lists import heard, plain_words

_DATE = r"(?:date|dates|dt|dat|datum|am|day)"
_RELAPSE = r"(?:pd|relapse|relapsed|progress\w*|recurr\w*|\w*rezidiv\w*|progredien\w*|failure)"
_DEATH = r"(?:death|died|deceased|dead|exitus|tod|todes\w*|sterbe\w*|verstorben|deces|muerte)"
_LAST = r"(?:last|final|latest|letzte\w*)"
_FU = r"(?:fu|f_u|follow\w*|contact|visit|seen|alive|news|nachsorge|kontakt|info)"
_DIAGNOSIS = r"(?:dx|diagnos\w*|diag|erstdiagnose|ed)"
_START = (
    r"(?:start\w*|begin\w*|began|beginn|enrol\w*|entry|first_dose|c1d1|random\w*|baseline|inclusion|aufnahme|d[eé]but|"
    r"inicio|inizio)"
)
_STOP = (
    r"(?:stop\w*|end|ende|off|last_dose|discontinu\w*|abbruch|arr[eê]t|fin|fine|suspensi[oó]n|sospensione)"
)
_THERAPY = r"(?:treatment|therapy|therapie|tx|rx|drug|study|dose|chemo\w*)"


def _all(*words: str) -> re.Pattern:
    """All of the words, each as a part of the name between underscores, in any order."""
    return re.compile("".join(rf"(?=.*(?:^|_){word}(?:_|$))" for word in words))


# One column that is the date of death of who died and the last contact of who lives, by the vital status.
BOTH = "death_date+last_contact"
OF_DEATH = _all(_DEATH, f"(?:{_LAST}|{_FU})")
# The first of them, or that of the disease: "1. Rezidiv", "Tumorprogress"; one of a place is but one of several.
FIRST_RELAPSE = re.compile(
    r"(?:(?:first|1st|1|erste[rs]?|prim[aeo]|primera|premi[eè]re?|disease|tumou?r|radiolog[a-z]+|clinical|klinisch[a-z]*)_)*"
    r"(?:pd|relapse|progression|progress|recurrence|rezidiv|progredienz|tumou?rprogress(?:ion)?|r[eé]cidiv[ea]|rechute|"
    rf"reca[ií]da|ricaduta|progresi[oó]n|progressione)(?:_(?:1|{_DATE}))*"
)
CROSSES = ("†", "✝", "✞")
# A reason of nothing that it names: of what stands before it.
BARE_REASON = re.compile(r"reasons?|why|grund|gründe|ursache|motif|raison|motivo|causa|razón")
SHORT = 4  # letters of an abbreviation
# In the order in which they are asked.
SIMILAR: dict[str, tuple[tuple[str, re.Pattern], ...]] = {
    "patients": (
        ("birth_date", re.compile(r"(?:.*_)?(?:dob|d_o_b|birth\w*|born|geburt\w*|geb|geb_dat\w*)(?:_.*)?")),
        ("cause_of_death", _all("(?:cause|ursache|todesursache)", f"(?:{_DEATH}|todesursache)")),
        ("relapse_site", _all("(?:site|sites|localisation|location|ort|where)", _RELAPSE)),
        ("stop_reason", _all("(?:reason|reasons|why|grund|cause)", f"(?:{_STOP}|stopping|stopped|end\\w*)")),
        ("stop_reason", BARE_REASON),
        ("death_date", _all(_DATE, _DEATH)),
        ("relapse_date", _all(_DATE, _RELAPSE)),
        ("relapse_date", FIRST_RELAPSE),
        ("diagnosis_date", _all(_DATE, _DIAGNOSIS)),
        ("response_date", _all(_DATE, r"(?:resp\w*|remission|cr|pr)")),
        ("treatment_stop", _all(_DATE, _STOP)),
        ("treatment_start", _all(_DATE, f"(?:{_START}|{_THERAPY})")),
        ("last_contact", _all(_LAST, f"(?:{_FU}|{_DATE})")),
        ("last_contact", re.compile(rf"(?!.*(?:^|_)(?:first|1st|erst\w*|initial)(?:_|$)){_all(_DATE, _FU).pattern}")),
        ("treatment_start", re.compile(rf"{_START}(?:_.+)?|.+_{_START}")),
        ("treatment_stop", re.compile(rf"{_STOP}_.+|.+_{_STOP}")),
        ("best_response", _all("(?:best|bor|recist|bestes)", r"(?:resp\w*|bor|remission|ansprechen|recist)")),
        ("vital_status", _all("(?:vital\\w*|survival|alive|dead|life|lebt|last|patient)", "(?:status|dead|yn|stand)")),
        ("vital_status", re.compile(r"status|alive_dead|outcome|dead|died|deceased|verstorben|status_at_last_.+")),
        ("sex", re.compile(r"(?:sex|gender|geschlecht|m_f|f_m)(?:_.*)?")),
        ("diagnosis", re.compile(r"(?:diagnosis|diagnose|histolog\w*|tumou?r_type)(?:_.*)?")),
        ("treatment", re.compile(r"(?:treatment|regimen|drug|therapie|therapy)(?:_name|_given)?")),
    ),
    "toxicities": (
        ("term", re.compile(r"(?:ae|adverse_event|event|tox\w*|term|ctcae)(?:_(?:term|name|type|event))?")),
        ("grade", re.compile(r"(?:.*_)?(?:grade|gr|grad|severity_grade)(?:_.*)?")),
        ("onset_date", re.compile(rf"(?:.*_)?(?:onset|{_START})(?:_.*)?")),
        ("resolved_date", re.compile(rf"(?:.*_)?(?:resol\w*|{_STOP})(?:_.*)?")),
        ("attribution", re.compile(r"(?:.*_)?(?:relat\w*|causal\w*|attribut\w*)(?:_.*)?")),
        ("serious", re.compile(r"(?:.*_)?(?:serious|sae)(?:_.*)?")),
    ),
    "treatments": (
        ("line", re.compile(r"(?:.*_)?(?:line|linie)(?:_.*)?")),
        ("start_date", re.compile(rf"(?:.*_)?{_START}(?:_.*)?")),
        ("stop_date", re.compile(rf"(?:.*_)?{_STOP}(?:_.*)?")),
        ("treatment", re.compile(r"(?:.*_)?(?:treatment|regimen|drug|therapie|therapy|chemo)(?:_.*)?")),
        ("best_response", re.compile(r"(?:.*_)?(?:resp\w*|bor)(?:_.*)?")),
    ),
    "assessments": (
        ("date", re.compile(rf"(?:.*_)?{_DATE}(?:_.*)?")),
        ("response", re.compile(r"(?:.*_)?(?:resp\w*|recist)(?:_.*)?")),
        ("tumour_size", re.compile(r"(?:.*_)?(?:sld|sum|size|diameter\w*)(?:_.*)?")),
    ),
    "measurements": (
        ("lower", re.compile(r"(?:.*_)?(?:lower|low|lln|untergrenze)(?:_.*)?")),
        ("upper", re.compile(r"(?:.*_)?(?:upper|high|uln|obergrenze)(?:_.*)?")),
        ("date", re.compile(rf"(?:.*_)?{_DATE}(?:_.*)?")),
        ("unit", re.compile(r"(?:.*_)?(?:units?|einheit)(?:_.*)?")),
        ("name", re.compile(r"(?:.*_)?(?:test|analyte?|parameter|marker|messgröße|item)(?:_.*)?")),
        ("value", re.compile(r"(?:.*_)?(?:values?|results?|wert|ergebnis|score)(?:_.*)?")),
    ),
}  # fmt: skip
ID = re.compile(
    r"(?:no|nr|number|case|case_no|case_nr|pt|pat|patient|pt_no|pt_nr|pat_no|patient_nr|subject_no|subj|code|fall|"
    r"fallnr|lfd_nr|lfdnr|#|n|n°(?:_\w+)?|num|numero|nummer|.*(?:study|patient|pat|pt|subj\w*|record|case|research)_?(?:id|no|nr|number|code|key|#)|id_.*|"
    r"pseudonym|pseudo_id|code_no|(?:id|pat|pt|patient|subj|subject|case)(?:num|no|nr|number|id)|ident)"
)


# What is asked with the very words that elsewhere say that something else is meant: "reason off", "site of relapse".
OF_WHY = ("cause_of_death", "relapse_site", "stop_reason")
ASKING = frozenset(
    ("reason", "reasons", "why", "cause", "site", "place", "grund", "ursache", "ort", "motif", "raison", "lieu",
     "motivo", "causa", "lugar", "luogo")
)  # fmt: skip


@dataclass(frozen=True)
class Named:
    """A canonical column that a header may be; two joined by + where it may be both. sure: by its name alone."""

    column: str
    how: str
    sure: bool


def named(table: str, header: str) -> tuple[Named, ...]:
    """The canonical columns that a header may stand for in a table, the likeliest first."""
    header = without_legend(header)
    if table == "patients" and header.strip() in CROSSES:
        return (Named("death_date", "similar", False),)
    said = heard(header)
    if said.aside and len(said.key) <= SHORT:
        spelled = named(
            table, " ".join(said.aside)
        )  # "DDN (dernières nouvelles)", which may be a birth without it
        if spelled and spelled[0].how != "similar":
            return spelled
    key = name_key(header)
    known = [candidate for candidate in takes_of(header) if candidate.table == table]
    found = [Named(c.column, c.how, True) for c in known if c.how != SIMILAR_NAME]
    found.extend(Named(name, "synonym", True) for name in synonyms_of(table).get(key, ()))
    if table == "patients" and _is_both(header):
        found.append(Named(BOTH, "similar", False))
    found.extend(
        Named(c.column, "similar", False) for c in known if c.how == SIMILAR_NAME and c.column != "patient_id"
    )
    if ID.fullmatch(key):
        found.append(Named("patient_id", "similar", False))
    words = plain_words(header)
    asked = tuple(word for word in words if word not in ASKING)
    key = "_".join(part for word in key.split("_") for part in pieces(word) or (word,))
    found.extend(Named(name, "similar", False) for name, pattern in SIMILAR.get(table, ()) if pattern.match(key)
                 and (pattern.fullmatch(key) or pattern.pattern.startswith(("(?=", "(?!")))
                 and not speaks_of_other(asked if name in OF_WHY else words, _dated(table, name)))  # fmt: skip
    found.extend(Named(c.column, "similar", False) for c in known if c.column == "patient_id")
    seen: dict[str, Named] = {}
    for candidate in found:
        seen.setdefault(candidate.column, candidate)
    return tuple(seen.values())


def of_another(header: Sequence[str], position: int) -> bool:
    """Whether a bare "Reason" stands beside anything but a date of stopping: that of death has the same words."""
    if not BARE_REASON.fullmatch(name_key(header[position])):
        return False
    before = header[position - 1] if position else ""
    return not before or "treatment_stop" not in (one.column for one in named("patients", before)[:1])


def _dated(table: str, name: str) -> bool:
    first = name.split("+")[0]
    return table == "patients" and columns_of(table)[first].kind == "date"


def _is_both(header: str) -> bool:
    """Whether a header names a death and a last contact: "Date death / last FU", "Date décès ou DN"."""
    meanings = spoken(plain_words(header))
    said = [one for one in meanings if one & {"death", "dead"}], [one for one in meanings if "contact" in one]
    both = bool(said[0] and said[1]) and any(one & {"date", "last"} for one in meanings)
    return bool(OF_DEATH.match(name_key(header))) or (both and not any("status" in one for one in meanings))
