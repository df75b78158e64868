# Rscript tests/golden/strata_incidence.R, in the folder of the project: R 4.2.2, survival 3.5-3, cmprsk 2.2-11.
# Gray's test and Fine and Gray's model within strata: the sum of the strata's scores is zero, and their variances add up
# (Zhou et al. 2011, with weights of each stratum; scores, information and variance of a stratum at beta are those of crr).
library(survival)
source("tests/golden/answers.R")

at <- function(d, b) {
  r <- cmprsk::crr(d$time, d$status, d$x, init = b, maxiter = 0)
  c(score = r$score, information = r$inf[1, 1], meat = r$inf[1, 1]^2 * r$var[1, 1])
}
of <- function(d) {
  gray <- cmprsk::cuminc(d$time, d$status, d$x, strata = d$s)$Tests["1", ]
  total <- function(b) rowSums(sapply(split(d, d$s), at, b))
  beta <- uniroot(function(b) total(b)[["score"]], c(-3, 3), tol = 1e-12)$root
  s <- total(beta)
  list(gray = unname(gray[1:3]), beta = beta, se = sqrt(s[["meat"]]) / s[["information"]],
       one_beta = unname(cmprsk::crr(d$time, d$status, d$x)$coef))
}
m <- read.csv("tests/golden/mgus2.csv")
m <- m[m$cr_time > 0, ]
m <- data.frame(cohort = "mgus2", time = m$cr_time, status = m$cr_status, x = m$male, s = as.integer(cut(m$age, c(0, 65, 80, 200))))
set.seed(19)
m <- m[sample(nrow(m), 300), ]
n <- 120; x <- rep(0:1, n / 2); s <- sample(1:4, n, TRUE)
t1 <- rexp(n, 0.05 * s * exp(0.6 * x)); t2 <- rexp(n, 0.06); cens <- runif(n, 2, 30)
d <- data.frame(cohort = "simulated", time = round(pmin(t1, t2, cens), 3), status = ifelse(cens < pmin(t1, t2), 0, ifelse(t1 < t2, 1, 2)), x = x, s = s)
write.csv(rbind(m, d), "tests/golden/strata_incidence.csv", row.names = FALSE)
answer("strata_incidence", list(mgus2 = of(m), simulated = of(d)))
