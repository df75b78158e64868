# Rscript tests/golden/survival_difference.R, in the folder of the project: R 4.2.2, survival 3.5-3.
# bpcp is no package of Debian: its two beta variables are written out here (method of moments, Fay et al. 2013), and
# melded (Fay, Proschan & Brittain 2015) by integrate() and uniroot().
library(survival)
source("tests/golden/answers.R")

moments <- function(mean, second) {
  v <- second - mean^2
  size <- mean * (1 - mean) / v - 1
  c(mean * size, (1 - mean) * size)
}
betas <- function(time, event, at) {
  fit <- survfit(Surv(time, event) ~ 1)
  use <- fit$n.event > 0 & fit$time <= at
  n <- fit$n.risk[use]; d <- fit$n.event[use]
  a <- n - d + 1; b <- d
  mean <- prod(a / (a + b)); second <- prod(a * (a + 1) / ((a + b) * (a + b + 1)))
  staying <- sum(time >= min(fit$time[fit$time > at]))
  list(upper = moments(mean, second),
       lower = moments(mean * staying / (staying + 1), second * staying / (staying + 2)))
}
below <- function(x, y, d) {
  f <- function(u) pbeta(pmin(pmax(d + u, 0), 1), x[1], x[2]) * dbeta(u, y[1], y[2])
  integrate(f, 0, 1, rel.tol = 1e-11, subdivisions = 2000)$value
}
quantile_of <- function(x, y, p) uniroot(function(d) below(x, y, d) - p, c(-1 + 1e-9, 1 - 1e-9), tol = 1e-12)$root

compared <- function(time, event, group, at) {
  one <- lapply(sort(unique(group)), function(g) {
    s <- summary(survfit(Surv(time, event) ~ 1, subset = group == g, conf.type = "log-log"), times = at)
    list(p = s$surv, se = s$std.err, low = s$lower, high = s$upper, beta = betas(time[group == g], event[group == g], at))
  })
  x <- one[[1]]; y <- one[[2]]; d <- x$p - y$p
  list(at = at, value = d, se = sqrt(x$se^2 + y$se^2),
       square_and_add = c(d - sqrt((x$p - x$low)^2 + (y$high - y$p)^2), d + sqrt((x$high - x$p)^2 + (y$p - y$low)^2)),
       melded = c(quantile_of(x$beta$lower, y$beta$upper, 0.025), quantile_of(x$beta$upper, y$beta$lower, 0.975)))
}
a <- read.csv("tests/golden/aml.csv"); g <- read.csv("tests/golden/gbsg.csv")
answer("survival_difference", list(
  aml_20 = compared(a$time, a$event, a$group, 20), aml_30 = compared(a$time, a$event, a$group, 30),
  gbsg_1000 = compared(g$time, g$event, g$hormon, 1000), gbsg_2000 = compared(g$time, g$event, g$hormon, 2000)))
