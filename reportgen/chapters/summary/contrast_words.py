"""What the outcomes by group are called in the headline, and how it says that one group did better."""

from __future__ import annotations

from reportgen.base.message import N_

NAMES = {
    "relapse.relapse": N_("relapse"),
    "survival.pfs": N_("progression-free survival"),
    "survival.os": N_("survival"),
}
IN = {
    "relapse.relapse": N_("in relapse"),
    "survival.pfs": N_("in progression-free survival"),
    "survival.os": N_("in survival"),
}
EVENTS = {
    "relapse.relapse": N_("relapse"),
    "survival.pfs": N_("relapse, progression or death"),
    "survival.os": N_("death"),
}
FEWER = {
    "relapse.relapse": N_("fewer relapses with {group} ({low}{sign} against {high}{sign} at {when}; {p})"),
    "survival.pfs": N_(
        "longer progression-free survival with {group} ({high}{sign} against {low}{sign} at {when}; {p})"
    ),
    "survival.os": N_("longer survival with {group} ({high}{sign} against {low}{sign} at {when}; {p})"),
}
AGAIN = {
    "survival.pfs": N_("longer progression-free survival ({high}{sign} against {low}{sign}; {p})"),
    "survival.os": N_("longer survival ({high}{sign} against {low}{sign}; {p})"),
}
TESTS = {"gray": N_("Gray’s {p}"), "log_rank": N_("log-rank {p}"),
         "permutation_log_rank": N_("exact log-rank {p}")}  # fmt: skip
