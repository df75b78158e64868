# Rscript tests/golden/causes_of_death.R, in the folder of the project: R 4.2.2, survival 3.5-3, cmprsk 2.2-11.
# Two simulated cohorts whose deaths have causes, some of them not recorded, and two centres.
library(survival)
source("tests/golden/answers.R")

of <- function(d) {
  cause <- factor(ifelse(d$dead == 1, ifelse(is.na(d$cause), "cause not recorded", as.character(d$cause)), "alive"))
  cause <- relevel(cause, "alive")
  fit <- survfit(Surv(d$time, cause) ~ 1, conf.type = "log-log")
  at <- summary(fit, times = c(1, 2) * 365.25)
  names <- levels(cause)[-1]
  gray <- cmprsk::cuminc(d$time, as.integer(cause) - 1L)
  other <- t(sapply(seq_along(names), function(k) cmprsk::timepoints(gray[paste(1, k)], c(1, 2) * 365.25)$est))
  stopifnot(max(abs(t(at$pstate[, -1]) - other)) < 1e-12)
  pack <- lapply(seq_along(names), function(k) list(value = at$pstate[, k + 1], se = at$std.err[, k + 1],
    low = at$lower[, k + 1], high = at$upper[, k + 1], deaths = sum(cause == names[k])))
  setNames(pack, names)
}
make <- function(seed, n, causes) {
  set.seed(seed)
  death <- ceiling(rexp(n, 1 / 700)); end <- round(runif(n, 400, 1500))
  dead <- as.integer(death <= end)
  cause <- ifelse(dead == 1 & runif(n) > 0.1, sample(causes, n, TRUE), NA)
  data.frame(cohort = paste0("n", n), time = pmin(death, end), dead = dead, cause = cause, centre = sample(c("A", "B"), n, TRUE))
}
d <- rbind(make(19, 150, c("disease", "infection", "cardiac")), make(20, 60, c("disease", "treatment")))
write.csv(d, "tests/golden/causes_of_death.csv", row.names = FALSE, na = "")
answer("causes_of_death", c(lapply(split(d, d$cohort), of), list(A = of(d[d$cohort == "n150" & d$centre == "A", ]))))
