"""Settings: one frozen value from the command line, report.toml, the workbook's `report` sheet and defaults.

The command line wins over report.toml, which wins over the `report` sheet, which wins over the defaults.
Every key that can be set is a field here, so this file is also the list of what can be set. In the
`report` sheet a key of a section other than [report] is written with its section: `gates.model`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date

from reportgen.base.gate_limits import GateLimits


@dataclass(frozen=True)
class EndpointRule:
    """How an endpoint is derived: from dates (origin, events, competing, censor) or from a given duration.

    With dates: the clock starts at `origin` (empty: that of the cohort, Settings.origin); the first of `events` is the
    event (cause 1), the first of `competing` the competing event (cause 2); otherwise censored at `censor`: a date
    column, "last_assessment", or, where it is empty, as Settings.pfs_censor says of endpoints with a relapse.
    late_entry: where the origin lies before the start of treatment, patients are at risk from that start on; false:
    from the origin on.
    With a given duration: `time` is the column, `unit` its unit, `event` the status column; event_values,
    competing_values and censor_values together name every value of it (see cohort.event_values for what goes
    without being named). `entry`: the column that says, by the same clock and in the same unit, from when on a patient
    was under observation (left truncation); empty: from the beginning on.
    strata: columns within whose combined levels the groups are compared by it; empty: Settings.strata.
    With states: no time to an event, but the share of patients in each of several states over time. A patient is in the
    state of the last of these date columns that has come, and death ends all.
    """

    key: str
    label: str = ""
    origin: str = ""
    events: tuple[str, ...] = ()
    competing: tuple[str, ...] = ()
    censor: str = ""
    time: str = ""
    unit: str = "days"
    event: str = ""
    late_entry: bool = True
    event_values: tuple = (1,)
    competing_values: tuple = ()
    censor_values: tuple = ()
    entry: str = ""
    strata: tuple[str, ...] = ()
    states: tuple[str, ...] = ()

    @property
    def given(self) -> tuple[str, ...]:
        """The headers of the columns of an endpoint with a given duration; none of one that is derived from dates."""
        return tuple(filter(None, (self.time, self.event, self.entry))) if self.time else ()


@dataclass(frozen=True)
class Features:
    """Which columns are examined, and which of them were known at the start.

    known_at_start: false where no further column was, unless the dictionary or at_start says so. at_start, later:
    columns that were known at the start, or became known only afterwards, whatever their names and values suggest.
    of_interest: those that were named before the data were looked at; they alone, and the groups, enter a model of
    several features. reference: "column: level", the level that the others of a column are set against, and that is
    printed first; else the first by number or alphabet. lists: columns whose cells hold several findings ("TP53;
    CDKN2A"), each of which becomes a yes/no column. impute: the model of several also with missing values imputed.
    """

    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    known_at_start: bool = True
    at_start: tuple[str, ...] = ()
    later: tuple[str, ...] = ()
    of_interest: tuple[str, ...] = ()
    reference: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()
    impute: bool = False


@dataclass(frozen=True)
class Source:
    """How the source is to be read. encoding, delimiter: of text files; empty: found out, and said.

    date_order: of dates written as text such as 1/2/2019: "dmy", "mdy" or "ymd"; empty: by what else the column
    holds, where that leaves one reading. two_digit_years: the last year that two digits stand for, so that of 2026 on
    26 is 2026 and 27 is 1927; 0: such years are not read. date_serials: the year from which a spreadsheet counts the
    days that stand as numbers in place of dates (1900, or 1904 of a Mac): 42114 is 2015-04-20; 0: they are not read.
    decimal: "," or "."; empty: found out. missing: words and numbers that stand for a missing value in any column but
    the ids. comment: lines, or rows of a sheet, that begin with it are no data. ignore: sheets that are no tables.
    header_rows: sheet or file → the row that names its columns; else found out. toxicity_prefix: columns of the
    patients that begin with it hold the worst grade of one toxicity each. toxicity_columns: these do so, of patients
    or of a sheet of one row per patient. toxicity_text: columns of either that hold some in words ("mucositis gr 2").
    transposed: sheets whose first column holds the names of the columns. join: sheets with further columns of the
    patients, joined by their ids. join_rows: patients have several rows, which become one.
    row_ids: no column tells patients apart: their row numbers are their ids. stack: sheets that hold the rows of one
    table, one per year or per arm. stack_ids: each of them counts its patients anew: its name belongs to their ids.
    alike_ids: ids of one patient are written with other blanks, hyphens or leading zeros on other sheets.
    index_line: the patients have no start of treatment of their own: it, the treatment, its end, response and relapse
    are those of this line of the table treatments, by its number, or by its start where none is numbered; 0: of none.
    from_assessments: of the best response, its date, relapse_date, last_contact what patients have from assessments.
    toxicity_none: words of such a column that mean none, beside grade 0; toxicity_unknown: that mean not known,
    beside those that count as missing everywhere. "" is an empty cell.
    """

    encoding: str = ""
    delimiter: str = ""
    date_order: str = ""
    two_digit_years: int = 0
    date_serials: int = 0
    decimal: str = ""
    missing: tuple = ()
    comment: str = ""
    ignore: tuple[str, ...] = ()
    header_rows: Mapping[str, int] = field(default_factory=dict)
    toxicity_prefix: str = ""
    toxicity_columns: tuple[str, ...] = ()
    toxicity_text: tuple[str, ...] = ()
    row_ids: bool = False
    index_line: int = 0
    from_assessments: tuple[str, ...] = ()
    alike_ids: bool = False
    stack: tuple[str, ...] = ()
    stack_ids: bool = False
    transposed: tuple[str, ...] = ()
    join: tuple[str, ...] = ()
    join_rows: bool = False
    toxicity_none: tuple[str, ...] = ("no", "none", "absent")
    toxicity_unknown: tuple[str, ...] = ("not assessed", "not done", "not evaluated")


@dataclass(frozen=True)
class Adam:
    """CDISC ADaM. params: the PARAMCD of ADTTE that become endpoints; empty: all."""

    params: tuple[str, ...] = ()


@dataclass(frozen=True)
class Privacy:
    """Who reads the report, and what protects the patients in it.

    quasi_identifiers, rare_below: of the data set for partners (--format data): the columns by which its k-anonymity is
    counted, and how many patients must share a word for it not to be merged into "other"; rare_below also of the names
    of lines of therapy in a report for partners.
    """

    profile: str = "internal"
    min_cell: int = 5
    release_agreed: bool = False
    quasi_identifiers: tuple[str, ...] = ()
    rare_below: int = 5


@dataclass(frozen=True)
class Patients:
    """The patients one by one. columns, of their table: names in LISTED of cohort.mapping.schema, own columns,
    or keys of endpoints.

    Empty: those of LISTED that the data have, without the grades. marks: events of one's own on the courses: columns
    with dates, or "treatments: radiotherapy" for the start of every line whose treatment has that word.
    """

    columns: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Branding:
    """What makes the report look like its house's. logo, templates: a file and a folder beside report.toml.

    accent: of chapter titles, labels and links; second: of the title and section heads; as #rrggbb, both
    readable on white. institution: over the title. footer: after the foot line.
    """

    logo: str = ""
    accent: str = ""
    second: str = ""
    institution: str = ""
    footer: str = ""
    templates: str = ""


@dataclass(frozen=True)
class History:
    """Where earlier reports are kept. url: of a database, as SQLAlchemy has it; empty: a file in the output."""

    url: str = ""


@dataclass(frozen=True)
class Notify:
    """Who hears how a run ended: a command, or somebody by mail.

    when: "failure", or "always". name: what the message calls the report; empty: the source, under the profile
    internal alone. command: run without a shell, the message on its standard input. smtp: host:port of a
    server that speaks TLS (465: from the start, as with smtps://host:port; else by STARTTLS); user: to log in
    as. to: one or more addresses. attach: send report.pdf with a good run, encrypted. Passwords come from the
    environment, never from here.
    """

    when: str = "failure"
    name: str = ""
    command: str = ""
    smtp: str = ""
    sender: str = ""
    to: tuple[str, ...] = ()
    user: str = ""
    attach: bool = False


@dataclass(frozen=True)
class Settings:
    """Everything that can be chosen. landmarks: in time_unit. extracted: when the data were taken from
    their system. related: attributions that count as related. toxicity_window: days after the end of
    treatment in which a toxicity still counts as on treatment. pfs_censor: where assessments are given, until
    when who has neither relapse nor death counts as free of them: "last_assessment" or "last_contact".
    response_until: the last day of which a response counts: "relapse", "next_line" (or relapse), "stop" (or either).
    disease_control_weeks: how long stable disease must last to count as disease control; 0: as recorded.
    response_by_weeks: the share of patients with a response by the end of these weeks is given.
    size_thresholds: changes of tumour size in percent, from the baseline that of a response, and that of progression.
    confirmation_days: a response is confirmed by another assessment so many days later or more; 0: none is asked for.

    origin: the date column of the patients from which all times count; another than treatment_start, such as that of
    diagnosis or of an operation, needs no start of treatment. late_entry: where treatment began after that day,
    patients are at risk from its start on; false: from the origin on.

    group_names: "level: short name", what the groups are called in the report; results.json keeps their levels.
    strata: columns within whose combined levels the groups are compared as well, by the stratified log-rank test and
    Cox's model.

    confidence_level: of every interval: 0.9, 0.95 or 0.99. survival_interval: "by size" (see IntervalRule of
    stats.survival), or one kind for all: "log-log", "log", "beta product".

    standard_errors: whether they stand beside the estimates of survival. chapters: those to print, in order; empty:
    all. brand_files: what [branding] names, read when it was set.
    """

    title: str = ""
    subtitle: str = ""
    notice: str = ""
    diagnosis: str = ""
    treatment: str = ""
    cutoff: date | None = None
    extracted: date | None = None
    time_unit: str = "years"
    landmarks: tuple[float, ...] = (1, 3)
    group: str = ""
    group_names: tuple[str, ...] = ()
    strata: tuple[str, ...] = ()
    language: str = "en"
    ctcae_version: str = ""
    related: tuple[str, ...] = ("possible", "probable", "definite", "yes")
    toxicity_window: int = 30
    overdue_days: int = 183
    origin: str = "treatment_start"
    late_entry: bool = True
    pfs_censor: str = "last_assessment"
    response_until: str = "stop"
    disease_control_weeks: int = 6
    response_by_weeks: tuple[float, ...] = (8,)
    size_thresholds: tuple[float, ...] = (-30, 20)
    confirmation_days: int = 0
    confidence_level: float = 0.95
    survival_interval: str = "by size"
    standard_errors: bool = False
    chapters: tuple[str, ...] = ()
    tables: Mapping[str, str] = field(default_factory=dict)
    columns: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, tuple]] = field(default_factory=dict)
    endpoint: tuple[EndpointRule, ...] = ()
    features: Features = Features()
    gates: GateLimits = GateLimits()
    privacy: Privacy = Privacy()
    source: Source = Source()
    adam: Adam = Adam()
    patients: Patients = Patients()
    branding: Branding = Branding()
    history: History = History()
    notify: Notify = Notify()
    brand_files: Mapping[str, str] = field(default_factory=dict)

    @property
    def stratifying(self) -> tuple[str, ...]:
        """Every column that makes strata, of all endpoints or of one."""
        return tuple(dict.fromkeys((*self.strata, *(name for rule in self.endpoint for name in rule.strata))))


# How the program is run, which no number depends on: addresses and accounts, no part of a report.
OPERATION = ("history", "notify")


def recorded_overrides(overrides: Mapping[str, object]) -> dict[str, object]:
    """What was set by the command line or the manifest of a batch, without the settings of operation."""
    return {key: value for key, value in overrides.items() if key.partition(".")[0] not in OPERATION}


def reported(settings: Settings) -> dict:
    """The settings as plain data, without those of operation: what a report and its manifest may show."""
    return {key: value for key, value in asdict(settings).items() if key not in OPERATION}
