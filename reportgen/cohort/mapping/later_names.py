"""Whether a column's name speaks of what happened after the start, in English, German, French, Spanish or Italian."""

from __future__ import annotations

import re

from reportgen.cohort.mapping.keys import name_key
from reportgen.cohort.mapping.names.words import pieces
from reportgen.cohort.mapping.pair_names import GENERIC, role_of

LATER, DOUBTFUL = "later", "doubtful"


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


# Words that speak of the course by themselves, and beginnings of such words.
SURE = _set(
    "pfs dfs efs os rfs ttp ttf ttnt tte ttr dor css lfs mfs dmfs lrfs ffs bor orr dcr crr vgpr dead death "
    "died tod exitus alive lebt lebend fu lfu ltfu futime fustat dod awd ned event events ereignis ereignisse "
    "cens cnsr prog recur "
    "next nächste naechste subsequent off stop stopped stopping last letzte letzter letztes letzten "
    "best beste bester bestes complete completed completer abgeschlossen beendet ae aes sae saes dlt gvhd "
    "agvhd cgvhd tox ctcae teae teaes follow lost pd visit visits numen therapieende behandlungsende "
    "zweitlinie fup survtime obstime rescue eot eos rdi prog zweittherapie dritttherapie drittlinie folgelinie "
    "folgetherapie suivi dn cod morte morto vivo todesursache expired mortality mortalität mortalitaet mortalité "
    "mortalidad mortalità sterblichkeit verlauf évolution evolución evoluzione échec echec fracaso fallimento hospice "
    "cured geheilt guéri curado guarito ongoing ipet interim clavien dindo icans dli recovery drop todeszeitpunkt "
    "risponditore mort dcd dropped recovered discharged lifespan killed later waterfall followed "
    "crossed letztem todes lrc evento eventos eventi esito desenlace trm nrm pod living lives vivente vive obito óbito "
    "wiederkehr"
)
SURE_STEMS = (
    "relaps", "recur", "recidiv", "récidiv", "rezidiv", "rueckfall", "rückfall", "progress", "progred", "respon",
    "remission", "ansprech", "surviv", "überleb", "ueberleb", "deceas", "verstorb", "gestorb", "verstarb", "sterbe",
    "censor", "censur", "zensier",
    "salvage", "nadir", "cumul", "kumul", "discontin", "abbruch", "abgebroch", "abgesetzt",
    "withdr", "rechut", "recaíd", "recaid", "ricadut", "réponse", "reponse", "respuest", "risposta", "survie",
    "supervivenc", "sopravviv", "décéd", "décès", "deced", "deces", "fallec", "muert", "decess", "arrêt", "arret",
    "suspens", "sospens", "seguimient", "dernier", "dernièr", "últim", "ultim", "vivant", "éxitus", "dropout",
    "followup", "nachsorge", "nachbeob", "outcome", "toxic", "toxiz", "nebenwirk", "tossic", "beobacht",
    "observation", "crossover", "engraft", "reactivat", "readmi", "reingres", "rehospital", "réhospital", "metachron",
    "reoperat", "cardiotox", "krankenhausmortal", "weiterbehandl",
    "rattrap", "rescat", "salvat", "spätfolg", "spaetfolg", "reirradi", "rebestrahl", "reindu",
    "therapiepaus", "autops", "répond", "repondeur", "abandon", "événement", "évènement", "evenement",
)  # fmt: skip
# Of these even the middle of a word is enough: German makes compounds ("Lokalrezidiv").
SURE_WITHIN = ("rezidiv", "relaps", "überleb", "ueberleb", "surviv", "ansprech", "progress", "remission")
# ADaM's variables of what became of a subject.
ADAM = re.compile(
    r"comp\d*fl|disc\w*fl|dsc\w*fl|dsraefl|dc(s|t)?(reas|decod)\w*|dth\w+|eo[spt]\w*stt|eo[spt]stt|avgdd\w*|cumdose\w*|"
    r"trtdur\w*|visnumen|ontrt\w*|lst\w+|bestresp\w*|dsdecod|aval|evntdesc"
)
# Words that may speak of the course, or of a fact at the start.
MAYBE = _set(
    "op sct hsct asct maintenance dose doses dosis dosen cycle cycles zyklus zyklen linie linien max maximum "
    "maximal min minimum minimal peak worst final post after nach during während waehrend duration dauer "
    "delay delays week weeks woche wochen refractory dosed administered intensity "
    "compliance adherence admissions icu therapiedauer behandlungsdauer "
    "cures ciclo ciclos cicli durée duree durata duración duracion massima mantenimiento mantenimento entretien "
    "ligne lignes línea linea líneas lineas linee dosi massimo máximo máxima maximale settimana settimane "
    "semana semanas semaine semaines discharge entlassung los liegezeit verweildauer degenza estancia séjour sejour "
    "palliative trg rcb mandard crs revision zweitmalignom received given erhalten gegeben gaben infusions infusionen "
    "scans change delta admitted shrinkage huvos lowest highest bridging switch switched"
)
MAYBE_STEMS = (
    "surg", "operation", "operiert", "resect", "resekt", "transplant", "erhaltung", "maintenance", "consolidat",
    "konsolid", "reduc", "reduz", "interrupt", "unterbrech", "postop", "dosisred", "interrup",
    "interruz", "chirurg", "cirug", "operac",
    "operaz", "opérat", "operat", "résect", "résec", "resec", "resez", "trasplant", "trapiant", "greffe", "réduc",
    "riduz", "zyklen", "complic", "komplik", "transform", "downstag", "neutropen", "hospitalis",
    "hospitaliz", "transfus", "rebiops",
)  # fmt: skip
# What makes a word of the course one of a fact at the start, wherever it stands; and what does so of a doubtful word.
EARLIER = _set(
    "prior previous previously past pre before history hx family familial risk baseline bl screening entry "
    "enrolment enrollment inclusion planned intended geplant vor vorher vorherig vorherige vorherigen "
    "anamnese vortherapie vortherapien vorbehandlung einschluss"
)
EARLIER_STEMS = ("preop", "pretreat", "pretherap", "pretransplant", "presurg", "preexist", "anamnes", "präop",
                 "prätherap", "praeop")  # fmt: skip
AT_START = _set(
    "initial initially first start starting beginn diagnosis dx erstdiagnose since seit presenting "
    "presentation admission aufnahme primary primär primaer"
)
FROM = _set("from since after post nach seit ab von")
AT = _set("at on bei zu zum beim")
SINCE = _set("since seit from ab von on zu")
# What these words mean together.
INNOCENT = (
    ("cut", "off"), ("off", "label"), ("5", "fu"), ("reduced", "intensity"), ("post", "menopausal"), ("cell", "cycle"),
    ("menstrual", "cycle"), ("cell", "line"), ("best", "supportive"), ("pd", "l"), ("suv", "max"), ("dose", "dense"),
    ("recurrence", "score"), ("age", "min"), ("min", "age"), ("max", "age"), ("size", "max"), ("max", "size"),
    ("max", "diameter"), ("max", "diam"),
    ("max", "dimension"), ("diameter", "max"), ("minimal", "change"), ("responsible", "physician"),
    ("complication", "no"),
)  # fmt: skip
# A status by itself is that of the disease or the patient; with any other word it is a finding (ALK status).
STATUS = _set(
    "status state zustand current now final last disease patient vital survival at of the clinical follow up fu "
    "aktueller letzter krankheit erkrankung erkrankungs patienten"
)
# Two words that speak of the course only beside each other.
COURSE_PAIRS = frozenset((
    ("passed", "away"), ("disease", "control"), ("clinical", "benefit"), ("local", "failure"), ("distant", "failure"),
    ("regional", "failure"), ("treatment", "failure"), ("biochemical", "failure"), ("on", "treatment"),
    ("on", "therapy"), ("on", "drug"), ("unter", "therapie"), ("sous", "traitement"),
    ("re", "bestrahlung"), ("re", "induction"), ("reason", "end"), ("local", "control"), ("locoregional", "control"),
    ("am", "leben"), ("in", "vita"), ("en", "vie"), ("en", "vida"), ("perdu", "de"), ("perdido", "de"), ("perso", "al"),
    ("effets", "indésirables"), ("effets", "indesirables"), ("efectos", "adversos"), ("effetti", "collaterali"),
    ("effetti", "avversi"), ("en", "cours"), ("in", "corso"), ("still", "on"), ("noch", "unter"),
))  # fmt: skip
# Such words are of the course where nothing stands beside them, and a fact at the start in "heart failure".
ALONE = _set("failure verlust perdu perdido perso progrès progres loss lost")
SECOND = _set("nd rd second third fourth further later zweite dritte vierte weitere")
LINES = _set("line lines linie linien")
THERAPY = _set("treatment therapy number no n of received total systemic chemo chemotherapy")
COURSE = _set("received given completed administered total number erhalten gegeben anzahl")
TIMES = _set("week weeks wk day days month months visit cycle woche tag monat zyklus")
YEARS = _set("year years jahr jahre jahren")
IN_SHORT = _set("d w wk wks"), _set("m mo mth mths wk wks")  # "MRD_d28", "BCR-ABL 3m"
MAYBE_PAIRS = frozenset(
    (
        ("second", "malignancy"),
        ("second", "cancer"),
        ("second", "primary"),
        ("further", "therapy"),
        ("of", "failure"),
        ("further", "treatment"),
        ("length", "of"),
        ("at", "end"),
        ("change", "in"),
        ("secondary", "malignancy"),
        ("icu", "admission"),
        ("hospital", "days"),
        ("regression", "grade"),
        ("second", "tki"),
    )
)
COUNTED = _set("cycle cycles doses zyklen course courses cures cicli ciclos")
OF_MRD = _set("mrd neg negative negativity pos positive positivity status result pcr")
YP = re.compile("yp[tnm]")
KNOWN_DOSE = _set("cd cell cells graft")
SYMPTOMS = _set("symptom symptoms symptome symptomatik illness")
# Times and states of what came later, written together: "crtime", "txtime".
COURSE_TIME = re.compile(r"(?:cr|tx|rl|r|p|d)time")
CYCLE_DAY = re.compile(r"(?:^|_)c(\d{1,2})_?d(\d{1,2})(?:_|$)")  # "LDH C3D1"
# A time to something of one to three letters: "pctime".
SOME_TIME = re.compile(r"[a-z]{1,3}time")
# Of the tumour, whose names begin as progression does.
RECEPTOR = re.compile(r"(?:prog|progest\w*|pg|pr)_?(?:rec|recp|recept\w*)(?:_.*)?")
GESTATION = _set("gestation gestational pregnancy ssw birth")


def speaks_of_later(name: str, label: str = "", number: bool = False) -> str:
    """LATER, DOUBTFUL, or "" where nothing in the name or label speaks of what happened after the start.

    name: normalised. label: as printed, its capitals part words ("OSMonths"). number: whether it holds measured
    numbers, for CR is a response in words and creatinine in numbers.

    >>> speaks_of_later("os_months"), speaks_of_later("surgery"), speaks_of_later("prior_surgery")
    ('later', 'doubtful', '')
    >>> speaks_of_later("progrec"), speaks_of_later("pctime", number=True)
    ('', 'doubtful')
    >>> speaks_of_later("tumor_position"), speaks_of_later("alk_status"), speaks_of_later("status")
    ('', '', 'later')
    """
    if RECEPTOR.fullmatch(name):
        return ""
    role = role_of(label or name)
    if (role is not None and role.key != GENERIC) or COURSE_TIME.fullmatch(name):
        return LATER
    found = {_spoken(name, _words(name), number), _spoken(name, _words(label), number)}
    if any(_earlier(_words(text)) for text in (name, label)):
        return ""
    doubtful = DOUBTFUL in found or (number and SOME_TIME.fullmatch(name))
    return LATER if LATER in found else DOUBTFUL if doubtful else ""


def _words(text: str) -> tuple[str, ...]:
    parted = re.sub(r"(?<=[a-zäöüß])(?=[A-ZÄÖÜ])", " ", text)
    found = re.findall(r"[^\W\d_]+|\d+", name_key(parted))
    return tuple(part for word in found for part in pieces(word) or (word,))


def _earlier(words: tuple[str, ...]) -> bool:
    for before, word in zip(("", *words), words, strict=False):
        if (word in EARLIER or word.startswith(EARLIER_STEMS)) and before not in FROM:
            return True
        if word in AT_START and before in AT:
            return True
    return False


def _spoken(name: str, words: tuple[str, ...], number: bool) -> str:
    innocent = {place + k for place, pair in enumerate(zip(words, words[1:], strict=False)) if pair in INNOCENT
                for k in (0, 1)}  # fmt: skip
    left = [word for place, word in enumerate(words) if place not in innocent]
    if len(left) == 1 and left[0] in ALONE:
        return LATER
    if ADAM.fullmatch(name) or any(_sure(word) for word in left) or _together(left, words, number):
        only = [word for word in left if _sure(word)] == ["last"]
        return "" if only and AT_START & set(words) else LATER
    if any(pair in MAYBE_PAIRS for pair in zip(words, words[1:], strict=False)):
        return DOUBTFUL  # whatever else: in "second primary" nothing is the first
    if AT_START & set(words):
        return ""
    if GESTATION & set(words):
        left = [word for word in left if word not in TIMES]
    if set(words) & KNOWN_DOSE:
        left = [word for word in left if word not in ("dose", "doses")]
    if set(words) & SYMPTOMS:
        left = [word for word in left if word not in ("duration", "dauer")]
    doubtful = any(word in MAYBE or word.startswith(MAYBE_STEMS) for word in left)
    lines = LINES & set(left) and set(left) <= LINES | THERAPY
    once = words in (("pcr",), ("mrd",), ("result",), ("ergebnis",)) or any(
        YP.fullmatch(word) for word in words
    )
    cycle = CYCLE_DAY.search(name)
    once = once or (cycle is not None and (int(cycle[1]), int(cycle[2])) > (1, 1))
    once = once or ("mrd" in words and set(words) <= OF_MRD)
    return DOUBTFUL if doubtful or lines or once or _at_a_time(words) else ""


def _sure(word: str) -> bool:
    if word.startswith("responsib"):
        return False
    return word in SURE or word.startswith(SURE_STEMS) or any(part in word for part in SURE_WITHIN)


def _together(left: list[str], words: tuple[str, ...], number: bool) -> bool:
    """Words that only together speak of the course."""
    found = set(left)
    return (
        (bool(found & {"status", "state"}) and set(words) <= STATUS and words != ("state",))
        or (bool(found & {"obs", "late"}) and bool(found & {"time", "effect", "effects"}))
        or bool(LINES & found and SECOND & found)
        or bool(found & COUNTED and found & COURSE)
        or bool(
            found & {"dose", "dosis"} and found & {"total", "max", "last", "reduction", "reduced", "mean"}
        )
        or ("cr" in found and not number)
        or words == ("bcr",)
        or bool("new" in found and found & {"metastases", "metastasis", "lesion", "lesions"})
        or any(pair in COURSE_PAIRS for pair in zip(words, words[1:], strict=False))
        or found >= {"current", "age"}
        or (words[:2] == ("time", "to") and not set(words) & {"treatment", "start", "diagnosis"})
        or any(a in LINES and b.isdigit() and int(b) > 1 for a, b in zip(words, words[1:], strict=False))
    )


def _at_a_time(words: tuple[str, ...]) -> bool:
    """ "week 12", "d28", "at 6 months", "3m", "2L": after the start, which is day, week or visit 0 and 1."""
    ahead, behind = IN_SHORT
    number, unit = words[-2:] if len(words) > 2 else ("", "")
    count, time = words[:2] if len(words) > 2 else ("", "")
    return (
        any(
            word in TIMES | ahead and after.isdigit() and int(after) > 1
            for word, after in zip(words, words[1:], strict=False)
        )
        or any(
            before in (AT | FROM) - SINCE and count.isdigit() and time in TIMES | YEARS
            for before, count, time in zip(words, words[1:], words[2:], strict=False)
        )
        or (number.isdigit() and int(number) > 1 and unit in behind)
        or (count.isdigit() and int(count) > 1 and time in TIMES)
        or words[:2] in (("2", "l"), ("3", "l"), ("4", "l"))
    )
