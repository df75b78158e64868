# Rscript tests/golden/states.R, in the folder of the project: R 4.2.2, survival 3.5-3.
library(survival)
source("tests/golden/answers.R")
d <- read.csv("tests/golden/states.csv")
d$to <- factor(d$to, levels = c("censored", "response", "relapsed", "dead"))
d$from <- factor(d$from, levels = c("start", "response", "relapsed"))
fit <- survfit(Surv(from_day, to_day, to) ~ 1, data = d, id = patient, istate = from)
k <- c("(s0)", "response", "relapsed", "dead")
states <- fit$states
at <- summary(fit, times = c(100, 200, 365, 600), extend = TRUE)
col <- function(m, s) as.numeric(m[, which(states == s)])
answer("states", list(
  states = states, time = fit$time, start = col(fit$pstate, states[1]), response = col(fit$pstate, "response"),
  relapsed = col(fit$pstate, "relapsed"), dead = col(fit$pstate, "dead"),
  se_start = col(fit$std.err, states[1]), se_response = col(fit$std.err, "response"),
  se_relapsed = col(fit$std.err, "relapsed"), se_dead = col(fit$std.err, "dead"),
  n_risk_response = col(fit$n.risk, "response"), n_risk_relapsed = col(fit$n.risk, "relapsed")))
