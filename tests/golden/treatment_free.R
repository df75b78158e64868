# Rscript tests/golden/treatment_free.R, in the folder of the project: R 4.2.2, survival 3.5-3.
# Standard errors: the root of the sum of squared derivatives by the weight of each patient, by central differences.
library(survival)
source("tests/golden/answers.R")
d <- read.csv("tests/golden/tfs_sim.csv")
area <- function(time, event, w, tau) {
  fit <- survfit(Surv(time, event) ~ 1, weights = w)
  u <- c(0, fit$time[fit$time < tau], tau)
  sum(diff(u) * c(1, fit$surv[fit$time < tau]))
}
tfs <- function(d, w, tau) area(d$subs_time, d$subs, w, tau) - area(d$stop_time, d$stop, w, tau)
of <- function(d, tau) {
  n <- nrow(d); h <- 1e-4
  slope <- sapply(1:n, function(i) { w <- v <- rep(1, n); w[i] <- 1 + h; v[i] <- 1 - h; (tfs(d, w, tau) - tfs(d, v, tau)) / (2 * h) })
  c(tfs(d, rep(1, n), tau), sqrt(sum(slope^2)))
}
answer("treatment_free", list(tau = c(12, 20), all_12 = of(d, 12), all_20 = of(d, 20), IO_12 = of(d[d$arm == "IO", ], 12)))
