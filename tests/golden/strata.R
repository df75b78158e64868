# Rscript tests/golden/strata.R, in the folder of the project: R 4.2.2, survival 3.5-3.
# Cox's model and the log-rank test stratified, with ties (Efron), without and with late entry.
library(survival)
source("tests/golden/answers.R")
v <- read.csv("tests/golden/veteran.csv"); v$stratum <- v$celltype; v$exposed <- as.numeric(factor(v$trt)) - 1
v$entry <- pmin(v$karno / 2, v$time - 1)
one <- function(formula, data, level = 0.95) {
  fit <- coxph(formula, data, ties = "efron"); s <- summary(fit, conf.int = level)
  list(n = fit$n, events = fit$nevent, hr = unname(s$conf.int[1, 1]), low = unname(s$conf.int[1, 3]),
       high = unname(s$conf.int[1, 4]), se = unname(s$coefficients[1, 3]), p = unname(s$coefficients[1, 5]))
}
test <- survdiff(Surv(time, event) ~ exposed + strata(stratum), v)
answer("strata", list(
  cox = one(Surv(time, event) ~ exposed + strata(stratum), v),
  cox_90 = one(Surv(time, event) ~ exposed + strata(stratum), v, 0.9),
  two = one(Surv(time, event) ~ exposed + strata(stratum, prior), v),
  late = one(Surv(entry, time, event) ~ exposed + strata(stratum), v),
  logrank = list(chisq = unname(test$chisq), p = pchisq(test$chisq, 1, lower.tail = FALSE))))
