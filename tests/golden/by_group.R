# Rscript tests/golden/by_group.R, in the folder of the project: R 4.2.2, survival 3.5-3.
# Two groups set against each other: shares (Newcombe's interval from the limits of prop.test), rates, follow-up.
library(survival)
source("tests/golden/answers.R")
shares <- function(a, n, b, m) {
  x <- suppressWarnings(prop.test(a, n, correct = FALSE)); y <- suppressWarnings(prop.test(b, m, correct = FALSE))
  p <- a / n; q <- b / m
  list(k = c(a, b), n = c(n, m), value = p - q,
       low = p - q - sqrt((p - x$conf.int[1])^2 + (y$conf.int[2] - q)^2),
       high = p - q + sqrt((x$conf.int[2] - p)^2 + (q - y$conf.int[1])^2))
}
rates <- function(a, t, b, u) {
  fit <- poisson.test(c(a, b), c(t, u))
  list(k = c(a, b), days = c(t, u), value = unname(fit$estimate), low = fit$conf.int[1], high = fit$conf.int[2])
}
lung <- read.csv("tests/golden/lung.csv")
followed <- lapply(split(lung, lung$sex), function(d) {
  q <- quantile(survfit(Surv(d$time, d$event == 0) ~ 1), 0.5)
  list(value = unname(q$quantile), low = unname(q$lower), high = unname(q$upper))
})
answer("by_group", list(
  shares = list(a = shares(9, 40, 4, 38), b = shares(0, 33, 6, 31), c = shares(56, 70, 48, 80)),
  rates = list(a = rates(12, 9000, 5, 8200), b = rates(0, 4000, 7, 6100), c = rates(31, 20000, 40, 15000)),
  follow_up = followed))
