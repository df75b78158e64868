"""The headline of page one: what it says of every situation, and that it never says more than its estimates hold."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from reportgen.base.described import DescribedEndpoint
from reportgen.base.message import message
from reportgen.chapters.after_stopping.facts import AfterStoppingFacts
from reportgen.chapters.relapse.facts import RelapseFacts, RelapseFeature
from reportgen.chapters.summary.facts import SummaryFacts
from reportgen.chapters.summary.headline import MOST_WORDS, headline
from reportgen.chapters.summary.prose import MOST_WORDS as MOST_PROSE
from reportgen.chapters.summary.prose import prose
from reportgen.report import plain
from reportgen.stats.notes import compared, not_reached, refused
from reportgen.stats.results import Estimate, Results
from reportgen.writing.language import languages, speaking

YEAR = 365.25
A, B = "regimen A", "regimen B"


def facts(n: int, group: str = "") -> SummaryFacts:
    return SummaryFacts(unit="months", times=(YEAR, 3 * YEAR), group=group, group_label="regimen", few_at_risk=5, n=n,
                        diagnosis="", treatment="", years=None, cutoff=None, has_relapses=False,
                        has_toxicities=False)  # fmt: skip


def relapse_facts(*features: RelapseFeature) -> RelapseFacts:
    return RelapseFacts(DescribedEndpoint("relapse", "Relapse"), groups=(), model_events=5, features=features)


def share(section: str, variable: str, group: str, k: int, n: int, high: float = 0.9) -> Estimate:
    return Estimate("proportion", section=section, variable=variable, group=group, value=k / n, low=0.1, high=high,
                    level=0.95, n=n, events=k)  # fmt: skip


def count(section: str, endpoint: str, k: int, n: int, group: str = "all") -> Estimate:
    return Estimate("count", section=section, endpoint=endpoint, group=group, value=k, n=n, events=k)


def at(section: str, endpoint: str, group: str, value: float, n: int = 60) -> Estimate:
    statistic = "cumulative_incidence" if section == "relapse" else "survival"
    return Estimate(statistic, section=section, endpoint=endpoint, group=group, value=value, low=value - 0.1,
                    high=value + 0.1, level=0.95, time=3 * YEAR, n=n, at_risk=10)  # fmt: skip


def two(
    relapse: tuple[float, float], p: float, os_p: float = 0.6, n: int = 60, ratio: float | None = None
) -> Results:
    """Relapse of A and B by three years, the p-value of their test, and that of survival."""
    rows = []
    for section, endpoint, values in (("relapse", "relapse", relapse), ("survival", "os", (0.4, 0.4))):
        rows += [count(section, endpoint, 40, 2 * n)]
        for group, value in zip((A, B), values, strict=True):
            rows += [count(section, endpoint, min(20, n), n, group), at(section, endpoint, group, value, n)]
    rows += [
        Estimate(
            "p_value",
            section="relapse",
            endpoint="relapse",
            group="arm",
            value=p,
            method=message("Gray's test", "gray"),
        ),
        Estimate(
            "p_value",
            section="survival",
            endpoint="os",
            group="arm",
            value=os_p,
            method=message("log-rank test", "log_rank"),
        ),
    ]
    if ratio is not None:
        method = compared(message("Cox"), message("{a} against {b}", a=B, b=A))
        rows.append(
            Estimate(
                "hazard_ratio", section="relapse", endpoint="relapse", group="arm", value=ratio, method=method
            )
        )
    return Results(tuple(rows), (), {"relapse": relapse_facts()})


def said(results: Results, n: int, group: str = "") -> str:
    text = plain(headline(results, facts(n, group)))
    assert len(text.split()) <= MOST_WORDS, text
    return text


def eight(relapsed: int = 2, died: int = 1, interest: bool = True, shared: str = "RANBP2") -> Results:
    feature = RelapseFeature("partner", "Fusion partner", of_interest=interest, shared=shared, followed=True)
    rows = (
        share("response", "response", "all", 8, 8),
        count("relapse", "relapse", relapsed, 8),
        count("survival", "os", died, 8),
        share("survival", "pfs", "all", 0, 8, 0.37)
        if not relapsed + died
        else count("survival", "pfs", 2, 8),
        *([share("relapse", "relapsed", "on treatment", relapsed, relapsed)] if relapsed else []),
        share("after_stopping", "stopped", "event", 0, 5),
    )
    return Results(rows, (), {"relapse": relapse_facts(feature), "after_stopping": AfterStoppingFacts(n=5)})


def test_few_patients_are_counted_in_words():
    assert said(eight(), 8) == (
        "All eight responded; two relapsed on treatment, both with fusion partner RANBP2; five stopped without "
        "recurrence. Eight patients: estimates are imprecise."
    )


@pytest.mark.parametrize("results", [eight(interest=False), eight(shared=""), eight(relapsed=1)])
def test_what_was_found_by_looking_or_is_not_common_is_no_headline(results):
    assert "RANBP2" not in said(results, 8)


def test_deaths_that_no_relapse_tells_of_stand_before_those_who_stopped():
    assert "; no relapse occurred; three died; five stopped" in said(eight(relapsed=0, died=3), 8)
    assert "died" not in said(eight(relapsed=2, died=2), 8)


def test_many_patients_are_given_by_the_last_landmark_with_its_interval():
    rows = (
        share("response", "response", "all", 40, 100),
        count("relapse", "relapse", 50, 100),
        count("survival", "os", 30, 100),
        at("relapse", "relapse", "all", 0.55, 100),
        at("survival", "os", "all", 0.7, 100),
    )
    text = said(Results(rows, (), {"relapse": relapse_facts()}), 100)
    assert text == (
        "40 of 100 responded (40%); 55% had relapsed at 36 months (95% CI 45–65); 70% were alive at 36 months "
        "(95% CI 60–80)."
    )


@pytest.mark.parametrize(
    ("responded", "relapsed", "died", "stopped", "text"),
    [
        (1, 1, 1, False, "The patient responded, relapsed on treatment and died."),
        (0, 0, 1, False, "The patient did not respond, did not relapse and died."),
        (1, 0, 0, True,
         "The patient responded, stopped treatment without recurrence and was alive at the last contact."),
    ],
)  # fmt: skip
def test_of_one_patient_what_happened_is_one_sentence(responded, relapsed, died, stopped, text):
    rows = (
        share("response", "response", "all", responded, 1),
        count("relapse", "relapse", relapsed, 1),
        count("survival", "os", died, 1),
        *([share("relapse", "relapsed", "on treatment", 1, 1)] if relapsed else []),
        *([share("after_stopping", "stopped", "event", 0, 1)] if stopped else []),
    )
    assert said(Results(rows, (), {"relapse": relapse_facts()}), 1) == text


def test_without_an_event_the_limit_is_said():
    text = said(eight(relapsed=0, died=0), 8)
    assert "no relapse or death occurred; a risk of up to 37% cannot be excluded" in text
    assert "No relapse" not in said(eight(relapsed=0, died=1), 8) and "one died" not in said(eight(), 8)


def test_two_groups_are_said_as_the_test_and_the_estimates_have_them():
    assert said(two((0.71, 0.48), 0.007), 120, "arm") == (
        "Fewer relapses with regimen B (48% against 71% at 36 months; Gray’s p = 0.007); no clear difference in "
        "survival. Exploratory."
    )


def test_a_difference_at_the_landmark_is_never_called_none():
    apart = Estimate("landmark_difference", section="relapse", endpoint="relapse", group="arm", value=-0.23, low=-0.4,
                     high=-0.02, level=0.95, time=3 * YEAR)  # fmt: skip
    text = said(Results((*two((0.71, 0.48), 0.3).estimates, apart)), 120, "arm")
    assert text == (
        "Relapse differs at the landmark, not clearly overall (48% with regimen B, 71% with regimen A at 36 months; "
        "Gray’s p = 0.300); no clear difference in survival. Exploratory."
    )


def test_a_test_that_is_clear_is_said_where_another_is_not():
    text = said(two((0.71, 0.48), 0.007, ratio=1.4), 120, "arm")
    assert (
        "differ in relapse (Gray’s p = 0.007), not in one direction; no clear difference in survival" in text
    )


def test_the_numbers_of_survival_are_those_of_survival():
    rows = [e for e in two((0.5, 0.5), 0.9).estimates if e.section == "survival"]
    free = [replace(e, endpoint="pfs", value=0.2 if e.statistic == "survival" else e.value) for e in rows]
    text = said(Results((*free, *rows)), 120, "arm")
    assert text.startswith(
        "No clear difference in survival (40% with regimen A, 40% with regimen B at 36 months"
    )


def test_a_reversed_result_reverses_the_headline():
    assert said(two((0.48, 0.71), 0.007), 120, "arm").startswith(
        "Fewer relapses with regimen A (48% against 71%"
    )


@pytest.mark.parametrize(
    ("results", "n"),
    [
        (two((0.71, 0.48), 0.3), 120),  # no test says so
        (two((0.71, 0.48), 0.007, ratio=1.4), 120),  # the hazard ratio speaks for the other group
        (two((0.482, 0.478), 0.007), 120),  # nobody could see the difference that is said
    ],
)
def test_no_direction_is_said_that_does_not_stand_in_the_estimates(results, n):
    text = said(results, n, "arm")
    assert "fewer" not in text.casefold() and "longer" not in text.casefold(), text


def test_small_groups_are_never_said_not_to_differ():
    text = said(two((0.71, 0.48), 0.3, n=12), 24, "arm")
    assert "no clear difference" not in text and "too small" in text
    assert "relapsed" in text  # what all of them had is told, for the groups are not


@pytest.mark.parametrize("language", languages())
def test_small_groups_that_part_after_the_last_landmark_are_counted(language):
    both_clear = two((0.0, 0.0), 0.014, os_p=0.014, n=12)
    with speaking(language):
        text = said(both_clear, 24, "arm")
    assert not re.search(r"\w (\.|,|;|\))", text), text
    if language == "en":
        assert text.startswith(
            "Relapse in 12 of 12 in regimen A and 12 of 12 in regimen B (Gray’s p = 0.014)"
        )
        assert "too small" not in text and text.endswith("; the groups are small. Exploratory.")


def test_without_a_test_the_counts_are_said_and_nothing_else():
    rows = [row for row in two((0.7, 0.5), 0.1).estimates if row.statistic != "p_value"]
    note = refused(message("too few", "too_few_events"))
    rows.append(Estimate("p_value", section="relapse", endpoint="relapse", group="arm", note=note))
    text = said(Results(tuple(rows), (), {"relapse": relapse_facts()}), 120, "arm")
    assert (
        text == "Relapse in 20 of 60 in regimen A and 20 of 60 in regimen B: too few to compare. Exploratory."
    )


def test_several_groups_are_a_range_and_a_test():
    rows = list(two((0.71, 0.48), 0.007).estimates)
    rows += [count("relapse", "relapse", 20, 60, "C"), at("relapse", "relapse", "C", 0.6)]
    text = said(Results(tuple(rows), (), {"relapse": relapse_facts()}), 180, "arm")
    assert text.startswith(
        "Relapse at 36 months ranged from 48% (regimen B) to 71% (regimen A) in three groups (Gray’s p"
    )


def test_groups_that_are_too_many_to_be_counted_are_not_compared_by_the_headline():
    found = two((0.71, 0.48), 0.007)
    rows = tuple(e for e in found.estimates if e.group not in (A, B))
    text = said(Results(rows, (), {"relapse": relapse_facts()}), 120, "arm")
    assert "differ" not in text and "groups" not in text


def test_what_is_early_and_what_is_not_recorded_is_said():
    median = Estimate("median", section="follow_up", value=100, n=8)
    early = Results((*eight().estimates, median), (), eight().facts)
    assert said(early, 8).endswith("Too early to tell: median follow-up is 3.3 months.")
    assert said(Results(), 8) == "Eight patients: neither response nor relapse nor survival was recorded."


def test_early_is_who_could_have_been_followed_on():
    median = Estimate("median", section="follow_up", variable="all", value=100, n=8)
    reverse = Estimate("median_time", section="follow_up", variable="reverse", note=not_reached(), n=8)
    assert "Too early" in said(Results((*eight().estimates, median), (), eight().facts), 8)
    assert "Too early" not in said(Results((*eight().estimates, median, reverse), (), eight().facts), 8)
    on_the_anniversary = replace(median, value=365)
    assert "Too early" not in said(Results((*eight().estimates, on_the_anniversary), (), eight().facts), 8)


def test_of_nobody_nothing_is_said_to_have_happened():
    rows = (count("relapse", "relapse", 0, 0), count("survival", "pfs", 0, 0), count("survival", "os", 0, 0))
    text = said(Results(rows, (), {"relapse": relapse_facts()}), 12)
    assert text == "12 of 12 patients are not counted: vital status or dates not recorded."


def test_what_happened_in_no_group_is_said_where_the_groups_had_no_relapse():
    rows = [count("relapse", "relapse", 0, 20), count("survival", "os", 10, 20)]
    for section, endpoint in (("relapse", "relapse"), ("survival", "os")):
        note = refused(message("too few", "too_few_events"))
        rows += [count(section, endpoint, 0, 5, group) for group in (A, B)]
        rows.append(Estimate("p_value", section=section, endpoint=endpoint, group="arm", note=note))
    nowhere = Estimate("no_group", section="survival", endpoint="os", group="arm", value=10, n=20, events=10)
    rows += [nowhere, replace(nowhere, section="relapse", endpoint="relapse", events=0)]
    text = said(Results(tuple(rows), (), {"relapse": relapse_facts()}), 20, "arm")
    assert text.startswith("Death in 0 of 5 in regimen A and 0 of 5 in regimen B")
    assert "10 of 20 patients are in no group, 10 of them with an event." in text


@pytest.mark.parametrize("name", ["sample", "two_groups"])
@pytest.mark.parametrize("language", languages())
def test_headline_and_prose_of_the_samples_keep_their_length(name, language, request):
    made = request.getfixturevalue(name)
    with speaking(language):
        own = made.results.facts["summary"]
        assert len(plain(headline(made.results, own)).split()) <= MOST_WORDS
        assert 20 < len(plain(prose(made.results, own)).split()) <= MOST_PROSE
