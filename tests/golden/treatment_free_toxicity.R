# Rscript tests/golden/treatment_free_toxicity.R, in the folder of the project: R 4.2.2, survival 3.5-3.
# Standard errors: the root of the sum of squared derivatives by the weight of each patient, by central differences.
library(survival)
source("tests/golden/answers.R")
d <- read.csv("tests/golden/tfs_sim.csv")
# Patient k has a toxicity from 0.3 to 0.7 of the time between stop and next line, every third one; every fifth to its end.
k <- seq_len(nrow(d))
from <- ifelse(k %% 3 == 0, d$stop_time + 0.3 * (d$subs_time - d$stop_time), NA)
to <- ifelse(k %% 5 == 0, d$subs_time, d$stop_time + 0.7 * (d$subs_time - d$stop_time))
to <- ifelse(is.na(from) | to <= from, NA, to)
from <- ifelse(is.na(to), NA, from)
survival_at <- function(time, event, w, u) {
  fit <- survfit(Surv(time, event) ~ 1, weights = w)
  stepfun(fit$time, c(1, fit$surv))(u)
}
cuts <- function(tau) sort(unique(c(0, d$subs_time, d$stop_time, from, to, tau)))
with_toxicity <- function(w, tau) {
  u <- cuts(tau); u <- u[!is.na(u) & u <= tau]; left <- head(u, -1)
  Y <- sapply(left, function(t) sum(w[d$subs_time > t]))
  x <- sapply(left, function(t) sum(w[!is.na(from) & from <= t & to > t & d$subs_time > t]))
  sum(diff(u) * survival_at(d$subs_time, d$subs, w, left) * ifelse(Y > 0, x / Y, 0))
}
area <- function(time, event, w, tau) {
  u <- cuts(tau); u <- u[!is.na(u) & u <= tau]
  sum(diff(u) * survival_at(time, event, w, head(u, -1)))
}
without <- function(w, tau) area(d$subs_time, d$subs, w, tau) - area(d$stop_time, d$stop, w, tau) - with_toxicity(w, tau)
of <- function(f, tau) {
  n <- nrow(d); h <- 1e-4
  slope <- sapply(1:n, function(i) { w <- v <- rep(1, n); w[i] <- 1 + h; v[i] <- 1 - h; (f(w, tau) - f(v, tau)) / (2 * h) })
  c(f(rep(1, n), tau), sqrt(sum(slope^2)))
}
answer("treatment_free_toxicity", list(tau = c(12, 20),
  from = ifelse(is.na(from), NA, from), to = to,
  with_12 = of(with_toxicity, 12), with_20 = of(with_toxicity, 20), without_12 = of(without, 12), without_20 = of(without, 20)))
