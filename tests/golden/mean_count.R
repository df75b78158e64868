# Rscript tests/golden/mean_count.R, in the folder of the project: R 4.2.2, survival 3.5-3.
# The mean cumulative count with death, and its standard error as the root of the sum of squared derivatives by the
# weight of each patient (infinitesimal jackknife), taken by central differences.
library(survival)
source("tests/golden/answers.R")
ends <- read.csv("tests/golden/mean_count.csv")
events <- read.csv("tests/golden/mean_count_events.csv")
at <- c(50, 100, 200, 300)
curve <- function(w) {
  death <- survfit(Surv(end, died) ~ 1, data = ends, weights = w)
  u <- sort(unique(events$day))
  rate <- sapply(u, function(t) sum(w[match(events$patient[events$day == t], ends$patient)]) / sum(w[ends$end >= t]))
  before <- sapply(u, function(t) { k <- which(death$time < t); if (length(k)) death$surv[max(k)] else 1 })
  sapply(at, function(t) sum((before * rate)[u <= t]))
}
n <- nrow(ends); h <- 1e-4
slopes <- sapply(1:n, function(i) {
  up <- down <- rep(1, n); up[i] <- 1 + h; down[i] <- 1 - h
  (curve(up) - curve(down)) / (2 * h)
})
answer("mean_count", list(at = at, mean = curve(rep(1, n)), se = sqrt(rowSums(slopes^2))))
