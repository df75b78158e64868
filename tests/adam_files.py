"""A small ADaM study: four treated subjects and one who failed screening."""

from __future__ import annotations

from datetime import date, timedelta

STUDY = "TRIAL"


def subject(number: int) -> str:
    return f"{STUDY}-0{number}"


def _adsl(number, sex, age, start, end, reason, death, alive, treated=True) -> dict:
    return {
        "STUDYID": STUDY, "USUBJID": subject(number), "SUBJID": f"0{number}", "SITEID": "701", "SEX": sex,
        "AGE": float(age), "AGEU": "YEARS", "AGEGR1": ("<65", ">=65")[age >= 65], "AGEGR1N": 1.0 + (age >= 65),
        "RACE": "WHITE" if number % 2 else "ASIAN", "TRT01A": "Drug A" if number % 2 else "Placebo",
        "TRT01P": "Drug A", "SAFFL": "Y" if treated else "N", "ITTFL": "Y", "TRTSDT": start, "TRTEDT": end,
        "DCSREAS": reason, "DTHFL": "Y" if death else "", "DTHDT": death, "LSTALVDT": alive, "BMIBL": 20.0 + number,
    }  # fmt: skip


ADSL = (
    _adsl(
        1,
        "F",
        34,
        date(2019, 1, 7),
        date(2019, 9, 2),
        "PROGRESSIVE DISEASE",
        date(2020, 3, 1),
        date(2020, 2, 20),
    ),
    _adsl(2, "M", 71, date(2019, 2, 4), date(2020, 2, 4), "COMPLETED", None, date(2021, 2, 4)),
    _adsl(3, "U", 46, date(2019, 5, 20), date(2020, 1, 10), "ADVERSE EVENT", None, date(2021, 5, 20)),
    _adsl(
        4, "M", 60, date(2019, 8, 1), date(2019, 8, 2), "WITHDRAWAL BY SUBJECT", None, date(2021, 8, 1), False
    ),
    _adsl(5, "F", 50, None, None, "", None, None, False),
)
STARTS = {row["USUBJID"]: row["TRTSDT"] for row in ADSL}


def _adtte(number, code, param, day, cnsr, why, aval=None) -> dict:
    start = STARTS[subject(number)]
    return {
        "STUDYID": STUDY, "USUBJID": subject(number), "PARAMCD": code, "PARAM": param,
        "AVAL": float(aval if aval is not None else day), "STARTDT": start, "ADT": start + timedelta(days=day),
        "CNSR": float(cnsr), "EVNTDESC": "" if cnsr else why, "CNSDTDSC": why if cnsr else "",
    }  # fmt: skip


OS, PFS, TTDETER = "Overall Survival (days)", "Progression-free Survival (months)", "Time to deterioration"
ADTTE = (
    _adtte(1, "OS", OS, 419, 0, "DEATH"), _adtte(2, "OS", OS, 731, 1, "ALIVE"),
    _adtte(3, "OS", OS, 731, 2, "LOST"), _adtte(4, "OS", OS, 731, 1, "ALIVE"),
    _adtte(1, "PFS", PFS, 238, 0, "DISEASE PROGRESSION", 238 / 30.4375),
    _adtte(2, "PFS", PFS, 731, 1, "NO EVENT", 731 / 30.4375),
    _adtte(3, "PFS", PFS, 366, 0, "Relapse", 366 / 30.4375), _adtte(4, "PFS", PFS, 731, 1, "NO EVENT", 731 / 30.4375),
    _adtte(1, "TTDETER", TTDETER, 100, 0, "WORSE", 101), _adtte(2, "TTDETER", TTDETER, 200, 1, "NO", 201),
)  # fmt: skip


def _adae(number, term, soc, grade, related, serious, onset, emergent="Y") -> dict:
    start = STARTS[subject(number)] or date(2019, 1, 1)
    return {
        "STUDYID": STUDY, "USUBJID": subject(number), "AESEQ": 1.0, "AETERM": term.lower(), "AEDECOD": term,
        "AEBODSYS": soc, "AESOC": soc, "AETOXGR": grade, "AEREL": related, "AESER": serious,
        "AEACN": "DOSE NOT CHANGED", "ASTDT": start + timedelta(days=onset), "AENDT": None,
        "ASTDY": float(onset + 1), "TRTEMFL": emergent,
    }  # fmt: skip


ADAE = (
    _adae(1, "Nausea", "Gastrointestinal disorders", "2", "PROBABLE", "N", 13),
    _adae(1, "Neutropenia", "Blood disorders", "3", "NOT RELATED", "Y", 25),
    _adae(3, "Nausea", "Gastrointestinal disorders", "1", "REMOTE", "N", 12),
    _adae(3, "Headache", "Nervous system disorders", "1", "NONE", "N", -20, ""),
    _adae(5, "Anxiety", "Psychiatric disorders", "1", "NONE", "N", 1),
)
