"""The titles of the articles that the methods name, for a reference manager; print goes without them."""

# By the key that bibliography.py makes: first author, year, first page.
TITLES = {
    "white20091982": "Imputing missing covariate values for the Cox model",
    "barnard1999948": "Small-sample degrees of freedom with multiple imputation",
    "fine1999496": "A proportional hazards model for the subdistribution of a competing risk",
    "von19981079": "There are no bad anticancer agents, only bad clinical trial designs—twenty-first Richard and Hinda "
    "Rosenthal Foundation Award Lecture",
    "texier20181672176": "Evaluation of treatment effect with paired failure times in a single-arm phase II trial in "
    "oncology",
    "kaplan1958457": "Nonparametric estimation from incomplete observations",
    "fay2013723": "Pointwise confidence intervals for a survival distribution with small samples or heavy censoring",
    "brookmeyer198229": "A confidence interval for the median survival time",
    "schemper1996343": "A note on quantifying follow-up in studies of failure time",
    "clark20021309": "Quantification of the completeness of follow-up",
    "royston20112409": "The use of restricted mean survival time to estimate the treatment effect in randomized "
    "clinical trials when the proportional hazards assumption is in doubt",
    "aalen1978141": "An empirical transition matrix for non-homogeneous Markov chains based on censored observations",
    "fay2015146": "Combining one-sample confidence procedures for inference in the two-sample case",
    "zou20081693": "Construction of confidence limits about effect measures: a general approach",
    "datta2001403": "Validity of the Aalen–Johansen estimators of stage occupation probabilities and Nelson–Aalen "
    "estimators of integrated transition hazards for non-Markov models",
    "regan20193350": "Treatment-free survival: a novel outcome measure of the effects of immune checkpoint inhibition—"
    "a pooled analysis of patients with advanced melanoma",
    "ghosh2000554": "Nonparametric analysis of recurrent events and death",
    "betensky2015403": "Measures of follow-up in time-to-event studies: why provide them and what should they be?",
    "clopper1934404": "The use of confidence or fiducial limits illustrated in the case of the binomial",
    "newcombe1998873": "Interval estimation for the difference between independent proportions: comparison of eleven "
    "methods",
    "chan19991202": "Test-based exact confidence intervals for the difference of two binomial proportions",
    "cornfield1956135": "A statistical problem arising from retrospective studies",
    "garwood1936437": "Fiducial limits for the Poisson distribution",
    "przyborowski1940313": "Homogeneity of results in testing samples from Poisson series",
    "hyndman1996361": "Sample quantiles in statistical packages",
    "eisenhauer2009228": "New response evaluation criteria in solid tumours: revised RECIST guideline (version 1.1)",
    "fisher193539": "The logic of inductive inference",
    "freeman1951141": "Note on an exact treatment of contingency, goodness of fit and other problems of significance",
    "austin20093083": "Balance diagnostics for comparing the distribution of baseline covariates between treatment "
    "groups in propensity-score matched samples",
    "heinze20031151": "Exact log-rank tests for unequal follow-up",
    "mantel1966163": "Evaluation of survival data and two new rank order statistics arising in its consideration",
    "peto1972185": "Asymptotically efficient rank invariant test procedures",
    "gray19881141": "A class of K-sample tests for comparing the cumulative incidence of a competing risk",
    "mann194750": "On a test of whether one of two random variables is stochastically larger than the other",
    "phipson201039": "Permutation P-values should never be zero: calculating exact P-values when permutations are "
    "randomly drawn",
    "holm197965": "A simple sequentially rejective multiple test procedure",
    "anderson1983710": "Analysis of survival by tumor response",
    "simon198435": "A non-parametric graphical representation of the relationship between survival and the occurrence "
    "of an event: application to responder versus non-responder bias",
    "crowley197727": "Covariance analysis of heart transplant survival data",
    "cox1972187": "Regression models and life-tables",
    "efron1977557": "The efficiency of Cox’s likelihood function for censored data",
    "firth199327": "Bias reduction of maximum likelihood estimates",
    "heinze2001114": "A solution to the problem of monotone likelihood in Cox regression",
    "prentice1978541": "The analysis of failure times in the presence of competing risks",
    "grambsch1994515": "Proportional hazards tests and diagnostics based on weighted residuals",
    "schoenfeld1982239": "Partial residuals for the proportional hazards regression model",
}

# What is no article: its kind, and its fields as BibTeX has them.
OTHERS: dict[str, tuple[str, dict[str, str]]] = {
    "greenwood1926": (
        "book",
        {
            "author": "Greenwood, M.",
            "title": "{The natural duration of cancer}",
            "series": "Reports on Public Health and Medical Subjects",
            "number": "33",
            "publisher": "HMSO",
            "address": "London",
            "year": "1926",
        },
    ),
    "kalbfleisch1980": (
        "book",
        {
            "author": "Kalbfleisch, J. D. and Prentice, R. L.",
            "title": "{The Statistical Analysis of Failure Time Data}",
            "publisher": "Wiley",
            "address": "New York",
            "year": "1980",
        },
    ),
    "yang2012": (
        "inproceedings",
        {
            "author": "Yang, D. and Dalton, J. E.",
            "title": "{A unified approach to measuring the effect size between two groups using SAS}",
            "booktitle": "SAS Global Forum 2012",
            "number": "paper 335",
            "year": "2012",
        },
    ),
}
