"""German: the findings of the study in German sentences, and numbers, dates, plurals and cases."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from reportgen.analyses.features import adjusted_method
from reportgen.base.message import joined, message
from reportgen.publish.run_files import results_json
from reportgen.render.html.document import render_html
from reportgen.report import Value, plain
from reportgen.run.composing import analyse, compose
from reportgen.stats import gates
from reportgen.stats.hazards import COX
from reportgen.stats.notes import CAUSE_SPECIFIC, against, compared, grouped, not_reached, refused
from reportgen.writing import dates, estimate_words, messages, numbers
from reportgen.writing.language import _, speaking
from reportgen.writing.narrative import article, counted, join, lower, patients_of, say, say_n
from reportgen.writing.translation import words_of
from tests.conftest import Made
from tests.reading import chapter


@pytest.fixture(scope="module")
def german(sample) -> Made:
    cohort = replace(sample.cohort, settings=replace(sample.cohort.settings, language="de"))
    results, notices = analyse(cohort)
    with speaking("de"):
        return Made(cohort, results, compose(cohort, results, notices))


@pytest.fixture
def in_german():
    with speaking("de"):
        yield


@pytest.mark.parametrize(
    ("key", "quotation"),
    (
        ("summary", "Beschreibung des Krankheitsverlaufs von acht Patienten mit ALK-positive inflammatory"),
        ("summary", "Die mediane Nachbeobachtung betrug 3,0 Jahre (Spannweite 0,9–5,5)."),
        ("summary", "bei allen acht Patienten (8 von 8, 100 %; 95-%-KI 63–100): sechs CR und zwei PR."),
        ("summary", "Die führende Toxizität war Neutropenie (Neutrophil count decreased): alle Grade bei 5 von 8 "
         "Patienten (63 %; 95-%-KI 24–91), Grad ≥ 3 bei 3 von 8 (38 %; 95-%-KI 9–76)."),
        ("summary", "Fünf Patienten beendeten die Behandlung im Median nach 1,0 Jahren (Spannweite 0,2–3,0) und "
         "blieben ohne Rezidiv; einer setzt die Behandlung fort."),
        ("summary", "Ein Rezidiv trat bei zwei von acht Patienten auf."),
        ("summary", "Bei beiden trat das Rezidiv unter der Behandlung auf; bei beiden hatte zuvor eine komplette "
         "Remission bestanden."),
        ("summary", "Bei beiden Patienten mit Rezidiv fand sich RANBP2 als „fusion partner“ (vorab genannt); der "
         "dritte Patient mit diesem Merkmal blieb ohne Rezidiv."),
        ("summary", "Nach dem Rezidiv wurden beide erneut behandelt (alternative ALK inhibitor) und sprachen "
         "darauf an."),
        ("summary", "Einer starb an der Erkrankung und einer lebt unter Behandlung."),
        ("summary", "Das progressionsfreie Überleben betrug 0,75 (SE 0,15; 95-%-KI 0,32–0,97; 5 unter Risiko) nach 1 "),
        ("summary", "0,83 (SE 0,15; 95-%-KI 0,31–0,996; 4 unter Risiko) nach 3 Jahren"),
        ("follow_up", "Nach der umgekehrten Kaplan-Meier-Methode betrug der Median 3,2 Jahre"),
        ("survival", "Für das Gesamtüberleben ist der Median nicht erreicht."),
        ("after_stopping", "bei fünf Patienten lässt sich ein Risiko von bis zu 52 % nicht ausschließen (exaktes "
         "95-%-KI 0–52 %; 0 Ereignisse in 11,7 Patientenjahren"),
        ("after_stopping", "Von diesen fünf hatte in einer medianen behandlungsfreien Zeit von 2,1 Jahren (Spannweite"),
        ("summary", "zwei hatten unter Behandlung ein Rezidiv, beide mit RANBP2 als „fusion partner“; fünf"),
        ("relapse", "Ein Rezidiv oder Progress trat bei zwei von acht Patienten auf; keiner verstarb ohne Rezidiv."),
        ("relapse", "„critically ill at the start“ (keiner der sechs anderen; p = 0,857) und abdomen als „site of"),
        ("relapse", "Zwei Rezidive: zu wenige, um Gruppen in einem Modell zu vergleichen."),
    ),
)  # fmt: skip
def test_the_report_states_the_findings_of_the_study(german, key, quotation):
    text = chapter(german.report, key).replace("\u00a0", " ")
    assert quotation in text, text


def test_results_are_the_same_in_every_language(sample, german):
    assert german.results.estimates == sample.results.estimates
    assert results_json(german.results, {}) == results_json(sample.results, {})


def test_the_report_says_its_language(german):
    assert german.report.language == "de" and german.report.facts[-1] == ("Datenschnitt", "30. Juni 2018")


def test_numbers(in_german):
    assert numbers.whole(12345) == "12.345"
    assert numbers.decimal(-1.25, 1) in ("−1,2", "−1,3")
    assert numbers.probability(0.0004) == "<0,001" and numbers.probability(0.9979) == "0,998"
    assert numbers.probability_interval(0.3197, 0.9683) == "0,32–0,97"
    assert numbers.percent_interval(0.3197, 0.9683, sign=True) == "32–97\u00a0%"
    assert numbers.percent(5 / 8) == "63\u00a0%" and numbers.percent_interval(0.47, 0.997) == "47 bis >99"
    assert numbers.p_value(0.10714) == "p = 0,107" and numbers.p_value(0.00002) == "p < 0,001"
    assert numbers.ratio(1448.2) == "1.448" and numbers.ratio(4e9) == ">10.000"
    assert numbers.time_interval(1022.7, None, "years") == "2,8–n.\u00a0e."
    assert numbers.signed(0.064, 2) == "+0,06" and numbers.signed(-0.001, 2) == "0,00"


def test_dates(in_german):
    assert dates.date("2018-06-30") == "30. Juni 2018"
    assert dates.period("2016-12") == "Dezember 2016" and dates.period("then") == "then"


@pytest.mark.parametrize(
    ("n", "words", "dative"),
    (
        (0, "keine Patienten", "keinen Patienten"),
        (1, "ein Patient", "einem Patienten"),
        (2, "zwei Patienten", "zwei Patienten"),
        (12, "12 Patienten", "12 Patienten"),
    ),
)
def test_counted_nouns(in_german, n, words, dative):
    assert counted(n, "patient") == words and f"{counted(n, 'patient'):dat}" == dative


@pytest.mark.parametrize(
    ("n", "total", "words", "dative"),
    (
        (8, 8, "alle acht Patienten", "allen acht Patienten"),
        (2, 2, "beide Patienten", "beiden Patienten"),
        (1, 1, "der eine Patient", "dem einen Patienten"),
        (0, 1, "kein Patient", "keinem Patienten"),
        (0, 8, "keiner von acht Patienten", "keinem von acht Patienten"),
        (1, 8, "einer von acht Patienten", "einem von acht Patienten"),
        (5, 8, "fünf von acht Patienten", "fünf von acht Patienten"),
    ),
)
def test_parts_of_all(in_german, n, total, words, dative):
    assert patients_of(n, total) == words and f"{patients_of(n, total):dat}" == dative
    assert not article(n, total).endswith("Patienten")


def test_a_sentence_asks_for_the_form_it_needs_and_keeps_the_trace(in_german):
    who = Value(patients_of(1, 8), "relapse.x")
    said = say("{who} relapsed.", who=who)
    assert plain(said) == "Ein Rezidiv trat bei einem von acht Patienten auf." and said[1].ref == "relapse.x"
    # "12" has no forms.
    assert plain(say("{who} relapsed.", who="12")) == "Ein Rezidiv trat bei 12 auf."


def test_verbs_fit_their_number(in_german):
    def alive(n: int) -> str:
        return plain(say_n("{k} is alive", "{k} are alive", n, k=numbers.spelled(n)))

    assert (alive(1), alive(2)) == ("einer lebt", "zwei leben")


def test_lists_and_labels(in_german):
    assert plain(join(["a", "b", "c"])) == "a, b und c"
    assert lower("Gesamtüberleben") == "Gesamtüberleben"


@pytest.mark.parametrize(
    ("english", "german"),
    (
        (joined([message("Kaplan–Meier"), message("beta product {n}% CI", n=95)]),
         "Kaplan-Meier; Beta-Produkt-95-%-KI"),
        (compared(joined([CAUSE_SPECIFIC, COX[0], message("Wald {n}% CI", n=95)]), against(["B", "A"])),
         "ursachenspezifischer Hazard; Cox (Bindungen nach Efron); Wald-95-%-KI: B gegen A"),
        (adjusted_method(compared(message("Fisher’s exact test"), message("{a} against all others", a="TPM3")), 13),
         "exakter Test nach Fisher, Holm über 13 Tests: TPM3 gegen alle anderen"),
        (message("permutation log-rank test (Monte Carlo, {n} relabellings)", n=grouped(99_999)),
         "Permutations-Log-Rank-Test (Monte Carlo, 99.999 Permutationen)"),
        (message("no interval: {text}", text=gates.gray(1).reason), "kein Intervall: 1 Ereignis, weniger als 10"),
        (message("smallest p that these numbers can give: {n}", "smallest_p", n=0.0001554001554),
         "kleinstes mit diesen Zahlen mögliches p: 0,00016"),
        ("Kaplan–Meier; log-log 95% CI", "Kaplan-Meier; Log-Log-95-%-KI"),
        ("what nobody said before", "what nobody said before"),
    ),
)  # fmt: skip
def test_methods_and_notes_are_said_again(in_german, english, german):
    """Those of today by their templates; those of an earlier report, which are plain, by their numbers."""
    assert estimate_words.method(english).replace("\u00a0", " ") == german


def test_in_english_they_stay_as_they_are():
    method = compared(joined([CAUSE_SPECIFIC, COX[0], message("Wald {n}% CI", n=95)]), against(["B", "A"]))
    assert (
        estimate_words.method(method) == "cause-specific hazard; Cox (Efron ties); Wald 95% CI: B against A"
    )
    assert estimate_words.methods([method, method]) == "Cox (Efron ties) with Wald 95% CI"
    assert (
        estimate_words.note(not_reached()) == "NR"
        and estimate_words.note(gray_refused()) == "NE: 1 event is fewer than 10"
    )


def test_a_note_without_a_number_is_said_without_its_sign(in_german):
    assert estimate_words.note(not_reached()) == "nicht erreicht"
    assert estimate_words.note(gray_refused()) == "1 Ereignis, weniger als 10"


def gray_refused():
    return refused(gates.gray(1).reason)


def asked(report) -> set[str]:
    """The ids of all estimates that a reader of the page can ask for."""
    return set(re.findall(r'data-ref="([^"]*)"', render_html(report)))


def test_no_number_is_lost_between_the_languages(sample, two_groups):
    """A key that is taken for a word, and translated, finds nothing any more."""
    for made in (sample, two_groups):
        cohort = replace(made.cohort, settings=replace(made.cohort.settings, language="de"))
        with speaking("de"):
            spoken = compose(cohort, *analyse(cohort))
            assert asked(spoken) == asked(made.report) and len(asked(made.report)) > 200


@pytest.mark.parametrize("text", ["regimen A or regimen B", "nausea or vomiting"])
def test_what_the_workbook_says_stays_as_it_is_written(in_german, text):
    assert words_of(text) == messages.said(message("{a}", a=text)) == text
    assert _("CR or PR") == "CR oder PR"
