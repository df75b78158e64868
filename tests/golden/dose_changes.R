# Rscript tests/golden/dose_changes.R, in the folder of the project: R 4.2.2, survival 3.5-3.
# Simulated doses: a reduction and an interruption of some, on treatment until its stop, death or the last contact.
library(survival)
source("tests/golden/answers.R")

set.seed(1919)
n <- 36
d <- data.frame(id = 1:n, end = round(runif(n, 60, 500)), why = sample(c("stop", "death", "treated"), n, TRUE, c(.5, .2, .3)))
d$reduced <- ifelse(runif(n) < .5, round(runif(n, 5, 300)), NA)
d$paused <- ifelse(runif(n) < .4, round(runif(n, 5, 300)), NA)
d$reduced[which(d$reduced >= d$end)] <- NA
d$paused[which(d$paused + 20 >= d$end)] <- NA
d$paused[which(abs(d$paused - d$reduced) < 25)] <- NA
write.csv(d, "tests/golden/dose_changes.csv", row.names = FALSE)

of <- function(day) {
  had <- !is.na(day)
  status <- factor(ifelse(had, 1, ifelse(d$why == "treated", 0, 2)), 0:2, c("censored", "changed", "ended"))
  fit <- survfit(Surv(ifelse(had, day, d$end), status) ~ 1)
  list(events = sum(had), at = summary(fit, times = c(3, 6, 12) * 30.4375, extend = TRUE)$pstate[, 2])
}
answer("dose_changes", list(reduction = of(d$reduced), interruption = of(d$paused)))
