# Rscript tests/golden/fine_gray.R, in the folder of the project: R 4.2.2, cmprsk 2.2-11.
library(cmprsk)
source("tests/golden/answers.R")

fitted <- function(time, status, x) {
  fit <- crr(time, status, as.matrix(x), gtol = 1e-12, maxiter = 100)
  s <- summary(fit)
  z <- fit$coef / sqrt(diag(fit$var))
  list(ratio = unname(exp(fit$coef)), se = unname(sqrt(diag(fit$var))), p = unname(2 * pnorm(-abs(z))),
       low = unname(s$conf.int[, 3]), high = unname(s$conf.int[, 4]))
}
t <- read.csv("tests/golden/tiny_cr12.csv")
m <- na.omit(read.csv("tests/golden/mgus2.csv")[, c("cr_time", "cr_status", "age", "male")])
x <- data.frame(male = m$male, age = m$age / 10)
answer("fine_gray", list(
  tiny = fitted(t$time, t$status, data.frame(B = t$B)),
  mgus_1 = fitted(m$cr_time, m$cr_status, x),
  mgus_2 = fitted(m$cr_time, c(0, 2, 1)[m$cr_status + 1], x)))
