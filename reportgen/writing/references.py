"""What each method is and where it comes from: the methods chapter prints those that were used, no others."""

from __future__ import annotations

from collections.abc import Iterable

from reportgen.base.message import N_, codes
from reportgen.stats.notes import Status, split
from reportgen.stats.results import Curve, Estimate
from reportgen.writing.language import _

# The codes of the messages in an Estimate's `method` that name it, what it is, and its reference.
METHODS: tuple[tuple[str, str, str], ...] = (
    (
        "kaplan_meier extremes growth_modulation_index survival_difference",
        N_("Survival by the product-limit estimator; standard errors by Greenwood’s formula."),
        "Kaplan EL, Meier P. J Am Stat Assoc 1958;53:457–481. Greenwood M. HMSO 1926.",
    ),
    (
        "beta_product melded_beta_product log_or_beta_product log_log_or_beta_product",
        N_(
            "Intervals for survival by the beta product confidence procedure, exact in the binomial sense and valid "
            "for few patients and at estimates of 0 and 1; for cumulative incidence its analogue over weighted risk "
            "sets."
        ),
        "Fay MP, Brittain EH, Proschan MA. Biostatistics 2013;14:723–736.",
    ),
    (
        "log_log log_log_or_beta_product square_and_add_log_log",
        N_(
            "Intervals for survival or incidence on the log-minus-log scale; those of medians by inverting them."
        ),
        "Kalbfleisch JD, Prentice RL. The Statistical Analysis of Failure Time Data. Wiley 1980. Brookmeyer R, "
        "Crowley J. Biometrics 1982;38:29–41.",
    ),
    (
        "reverse_kaplan_meier",
        N_("Follow-up by the Kaplan–Meier estimator with death and censoring exchanged."),
        "Schemper M, Smith TL. Control Clin Trials 1996;17:343–346.",
    ),
    (
        "standardised_difference",
        N_(
            "Standardised differences at the start: of means in units of the root of the mean variance; of levels the "
            "Mahalanobis distance of their shares. They describe and are not tested."
        ),
        "Austin PC. Stat Med 2009;28:3083–3107. Yang D, Dalton JE. SAS Global Forum 2012, paper 335.",
    ),
    (
        "completeness",
        N_("Completeness of follow-up: observed over possible person-time to the cut-off."),
        "Clark TG, Altman DG, De Stavola BL. Lancet 2002;359:1309–1310.",
    ),
    (
        "rmst rmst_difference",
        N_(
            "Restricted mean survival time: the area under the curve to the last landmark, with a normal interval."
        ),
        "Royston P, Parmar MKB. Stat Med 2011;30:2409–2421.",
    ),
    (
        "aalen_johansen",
        N_("Cumulative incidence with death as a competing event; never one minus Kaplan–Meier."),
        "Aalen OO, Johansen S. Scand J Stat 1978;5:141–150.",
    ),
    (
        "melded_beta_product",
        N_(
            "Differences of survival at one time between small groups: the beta product procedures of both, melded; "
            "without censoring the interval excludes 0 where Fisher’s exact test rejects."
        ),
        "Fay MP, Proschan MA, Brittain E. Biometrics 2015;71:146–156.",
    ),
    (
        "square_and_add_log_log square_and_add_log landmark_difference",
        N_(
            "Differences of survival or incidence at one time: the intervals of both groups, by square-and-add."
        ),
        "Zou GY, Donner A. Stat Med 2008;27:1693–1702.",
    ),
    (
        "state_occupancy",
        N_("Shares of patients in each state over time, censoring taken into account."),
        "Aalen OO, Johansen S. Scand J Stat 1978;5:141–150. Datta S, Satten GA. Stat Probab Lett 2001;55:403–411.",
    ),
    (
        "treatment_free_survival treatment_free_toxicity",
        N_(
            "Treatment-free survival: difference of two restricted means of the same patients, its variance from the "
            "influence of each patient on both."
        ),
        "Regan MM, et al. J Clin Oncol 2019;37:3350–3358.",
    ),
    (
        "mean_count",
        N_("Mean number of events per patient by a time, death ending them; robust standard errors."),
        "Ghosh D, Lin DY. Biometrics 2000;56:554–562.",
    ),
    (
        "extremes",
        N_("Bounds of survival if all who were censored fared as badly, or as well, as possible."),
        "Betensky RA. Clin Trials 2015;12:403–408.",
    ),
    (
        "growth_modulation_index",
        N_(
            "Growth modulation index: time without progression on this treatment over that on the line before, each "
            "patient his own control; ratios of those still without progression are censored."
        ),
        "Von Hoff DD. Clin Cancer Res 1998;4:1079–1086. Texier M, et al. Comput Math Methods Med 2018;2018:1672176.",
    ),
    (
        "clopper_pearson",
        N_("Exact intervals for proportions."),
        "Clopper CJ, Pearson ES. Biometrika 1934;26:404–413.",
    ),
    (
        "newcombe_difference",
        N_("Differences of proportions with the square-and-add interval of two Wilson intervals."),
        "Newcombe RG. Stat Med 1998;17:873–890.",
    ),
    (
        "exact_difference",
        N_(
            "Differences of proportions with an exact unconditional interval, tables ordered by the score statistic."
        ),
        "Chan ISF, Zhang Z. Biometrics 1999;55:1202–1209.",
    ),
    (
        "conditional_likelihood",
        N_("Odds ratios by conditional maximum likelihood, with exact intervals."),
        "Cornfield J. Proc Third Berkeley Symp Math Stat Probab 1956;4:135–148.",
    ),
    (
        "garwood",
        N_("Exact intervals for rates."),
        "Garwood F. Biometrika 1936;28:437–442.",
    ),
    (
        "rate_ratio",
        N_("Ratios of rates with exact intervals, given the sum of the events."),
        "Przyborowski J, Wilenski H. Biometrika 1940;31:313–323.",
    ),
    (
        "interpolated",
        N_("Quartiles by linear interpolation between the ordered values."),
        "Hyndman RJ, Fan Y. Am Stat 1996;50:361–365.",
    ),
    (
        "best_change",
        N_("Change of tumour size from the baseline sum of diameters, after RECIST 1.1."),
        "Eisenhauer EA, et al. Eur J Cancer 2009;45:228–247.",
    ),
    (
        "fisher",
        N_(
            "Proportions compared by Fisher’s exact test, two-sided by the sum of the probabilities no larger than "
            "the one observed."
        ),
        "Fisher RA. J R Stat Soc 1935;98:39–82.",
    ),
    (
        "freeman_halton freeman_halton_sampled",
        N_("Fisher’s exact test for more than two groups."),
        "Freeman GH, Halton JH. Biometrika 1951;38:141–149.",
    ),
    (
        "permutation_log_rank permutation_log_rank_sampled",
        N_(
            "Times compared by the log-rank statistic over relabellings of the patients; assumes equal censoring."
        ),
        "Heinze G, Gnant M, Schemper M. Biometrics 2003;59:1151–1157.",
    ),
    (
        "log_rank",
        N_("Times compared by the log-rank test."),
        "Mantel N. Cancer Chemother Rep 1966;50:163–170. Peto R, Peto J. J R Stat Soc A 1972;135:185–207.",
    ),
    (
        "gray",
        N_("Cumulative incidences compared by Gray’s test."),
        "Gray RJ. Ann Stat 1988;16:1141–1154.",
    ),
    (
        "mann_whitney",
        N_("Values compared by the Mann–Whitney test."),
        "Mann HB, Whitney DR. Ann Math Stat 1947;18:50–60.",
    ),
    (
        "permutation_log_rank_sampled freeman_halton_sampled",
        N_(
            "Where relabellings are too many to enumerate, a seeded sample of them; the observed one is counted in."
        ),
        "Phipson B, Smyth GK. Stat Appl Genet Mol Biol 2010;9:39.",
    ),
    (
        "rubin",
        N_(
            "Missing values of features imputed by chained equations (predictive mean matching; of categories by "
            "logistic models) from the other features, the event and its cumulative hazard; pooled by Rubin’s rules."
        ),
        "White IR, Royston P. Stat Med 2009;28:1982–1998. Barnard J, Rubin DB. Biometrika 1999;86:948–955.",
    ),
    (
        "holm",
        N_("p-values adjusted for the number of tests by Holm’s step-down procedure."),
        "Holm S. Scand J Stat 1979;6:65–70.",
    ),
    (
        "from_landmark",
        N_("What became known after the start compared from a landmark on, among those at risk there."),
        "Anderson JR, Cain KC, Gelber RD. J Clin Oncol 1983;1:710–719.",
    ),
    (
        "simon_makuch",
        N_("Curves by what is known at each time, from the landmark on."),
        "Simon R, Makuch RW. Stat Med 1984;3:35–44.",
    ),
    (
        "cox_time_dependent cox_time_dependent_wald",
        N_("What became known after the start as a covariate that changes during follow-up."),
        "Crowley J, Hu M. J Am Stat Assoc 1977;72:27–36.",
    ),
    (
        "cox cox_wald cox_time_dependent",
        N_(
            "Hazard ratios by Cox’s proportional-hazards model, ties by Efron’s method, with Wald intervals and tests."
        ),
        "Cox DR. J R Stat Soc B 1972;34:187–220. Efron B. J Am Stat Assoc 1977;72:557–565.",
    ),
    (
        "firth",
        N_(
            "Hazard ratios by Firth’s penalised likelihood, ties by Breslow’s method, with profile-likelihood "
            "intervals and penalised likelihood-ratio tests."
        ),
        "Firth D. Biometrika 1993;80:27–38. Heinze G, Schemper M. Biometrics 2001;57:114–119.",
    ),
    (
        "fine_gray fine_gray_wald",
        N_(
            "Ratios of subdistribution hazards by Fine and Gray’s model, ties by Breslow’s method, with Wald intervals."
        ),
        "Fine JP, Gray RJ. J Am Stat Assoc 1999;94:496–509.",
    ),
    (
        "cause_specific",
        N_("Hazards of one cause, the competing event censoring."),
        "Prentice RL, et al. Biometrics 1978;34:541–554.",
    ),
    (
        "proportional_hazards",
        N_(
            "Proportional hazards checked by the score test of scaled Schoenfeld residuals against transformed time."
        ),
        "Grambsch PM, Therneau TM. Biometrika 1994;81:515–526. Schoenfeld D. Biometrika 1982;69:239–241.",
    ),
)


def methods_of(rows: Iterable[Estimate | Curve]) -> tuple[str, ...]:
    """The methods that gave an answer: a statistic that was refused was not used, one not reached was.

    What was compared stands behind a colon, in words from the data, and names no method.
    """
    answered = (
        row for row in rows if isinstance(row, Curve) or row.exists or row.status is Status.NOT_REACHED
    )
    return tuple(dict.fromkeys(split(row.method)[0] for row in answered))


def used(methods: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """(what, reference) of every method named in these, in the order of the list above.

    >>> from reportgen.base.message import message
    >>> [what for what, _ in used([message("Clopper–Pearson {n}% CI", "clopper_pearson", n="95")])]
    ['Exact intervals for proportions.']
    """
    named = {code for method in methods for code in codes(method)}
    return tuple((_(what), where) for known, what, where in METHODS if not named.isdisjoint(known.split()))
