# Rscript tests/golden/multiple_imputation.R, in the folder of the project: R 4.2.2, survival 3.5-3, mice 3.15.0.
# Two cohorts: the values that the lung cohort lacks, and a trial of which a number, a yes/no feature and a category of
# three levels were taken away at random given the others. 200 imputations, so that the answer has little chance in it;
# `between` is the variance between imputations, from which that of an answer of fewer follows.
suppressMessages({library(survival); library(mice)})
source("tests/golden/answers.R")
M <- 200

pooled <- function(d, formula, method = NULL) {
  d$hazard <- nelsonaalen(d, time, event)
  predictors <- make.predictorMatrix(d)
  predictors[, "time"] <- 0
  imp <- mice(d, m = M, maxit = 10, predictorMatrix = predictors, donors = 5, printFlag = FALSE, seed = 19,
              method = if (is.null(method)) make.method(d, defaultMethod = c("pmm", "logreg", "polyreg", "polr")) else method)
  fits <- lapply(1:M, function(i) coxph(formula, data = complete(imp, i), ties = "efron"))
  q <- do.call(rbind, lapply(fits, coef)); u <- do.call(rbind, lapply(fits, function(f) diag(vcov(f))))
  s <- pool(as.mira(fits))$pooled
  stopifnot(all(abs(s$estimate - colMeans(q)) < 1e-12))
  list(beta = s$estimate, se = sqrt(s$t), between = s$b, df = s$df, complete_df = s$dfcom[1], n = nrow(d), events = sum(d$event))
}

lung <- read.csv("tests/golden/lung.csv")
lung <- lung[c("time", "event", "age", "sex", "ph_karno", "wt_loss")]
gbsg <- read.csv("tests/golden/gbsg.csv")
set.seed(19)
g <- data.frame(time = gbsg$time, event = gbsg$event, age = gbsg$age, nodes = gbsg$nodes, hormon = gbsg$hormon, grade = gbsg$grade)
at <- function(p) runif(nrow(g)) < p
g$nodes[at(plogis(-2 + 0.02 * (gbsg$age - 50)))] <- NA
g$hormon[at(plogis(-2 + 0.5 * (gbsg$grade == 2)))] <- NA
g$grade[at(plogis(-2 + 0.04 * (gbsg$age - 50)))] <- NA
write.csv(g, "tests/golden/multiple_imputation.csv", row.names = FALSE)
g$hormon <- factor(g$hormon); g$grade <- factor(g$grade)

# Rubin's rules by themselves.
set.seed(5); q <- rnorm(20, 0.4, 0.1); u <- runif(20, 0.03, 0.05)
r <- pool.scalar(q, u, n = 34, k = 4)
answer("multiple_imputation", list(
  lung = pooled(lung, Surv(time, event) ~ age + sex + ph_karno + wt_loss),
  gbsg = pooled(g, Surv(time, event) ~ age + nodes + hormon + grade),
  rubin = list(q = q, u = u, complete_df = 30, value = r$qbar, variance = r$t, df = r$df)))
