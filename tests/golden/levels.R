# Rscript tests/golden/levels.R, in the folder of the project: R 4.2.2, survival 3.5-3.
# Intervals of 90 and 99%, log-log and log, of survival, its median and the cumulative incidence.
library(survival)
source("tests/golden/answers.R")
g <- read.csv("tests/golden/gbsg.csv"); m <- read.csv("tests/golden/mgus2.csv")
at <- c(500, 1000, 2000)
one <- function(level, kind) {
  fit <- survfit(Surv(g$time, g$event) ~ 1, conf.int = level, conf.type = kind)
  s <- summary(fit, times = at); q <- quantile(fit, 0.5)
  aj <- summary(survfit(Surv(m$cr_time, factor(m$cr_status)) ~ 1, conf.int = level, conf.type = kind), times = 120)
  list(low = s$lower, high = s$upper, median = c(unname(q$quantile), unname(q$lower), unname(q$upper)),
       incidence = c(aj$pstate[2], aj$lower[2], aj$upper[2]))
}
answer("levels", list(at = at, "90" = list(loglog = one(0.9, "log-log"), log = one(0.9, "log")),
                      "99" = list(loglog = one(0.99, "log-log"), log = one(0.99, "log"))))
