# Rscript tests/golden/growth_modulation.R, in the folder of the project: R 4.2.2, survival 3.5-3.
library(survival)
source("tests/golden/answers.R")
d <- read.csv("tests/golden/growth_modulation.csv")
fit <- survfit(Surv(pfs / before, event) ~ 1, data = d, conf.type = "log-log")
q <- quantile(fit, 0.5)
at <- summary(fit, times = 1.33)
answer("growth_modulation", list(
  median = c(q$quantile, q$lower, q$upper),
  above = c(at$surv, at$lower, at$upper, at$std.err), events = sum(d$event), n = nrow(d)))
