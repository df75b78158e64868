# Rscript tests/golden/toxicity_resolution.R, in the folder of the project: R 4.2.2, survival 3.5-3.
# Simulated toxicities, one or two a patient; time from the onset of the first to its resolution, death competing.
library(survival)
source("tests/golden/answers.R")

set.seed(19)
n <- 40
last <- round(runif(n, 120, 500)); dead <- rbinom(n, 1, 0.3)
rows <- do.call(rbind, lapply(1:n, function(i) {
  onset <- sort(round(runif(sample(1:2, 1), 1, 100)))
  resolved <- onset + round(rexp(length(onset), 1 / 200))
  data.frame(id = i, last = last[i], dead = dead[i], grade = sample(1:4, length(onset), TRUE), onset = onset,
             resolved = ifelse(resolved <= last[i], resolved, NA))
}))
write.csv(rows, "tests/golden/toxicity_resolution.csv", row.names = FALSE)

of <- function(rows) {
  rows <- rows[order(rows$id, rows$onset, -ifelse(is.na(rows$resolved), Inf, rows$resolved)), ]
  first <- rows[!duplicated(rows$id), ]
  done <- !is.na(first$resolved)
  time <- ifelse(done, first$resolved, first$last) - first$onset
  status <- factor(ifelse(done, 1, ifelse(first$dead == 1, 2, 0)), 0:2, c("censored", "resolved", "died"))
  at <- summary(survfit(Surv(time, status) ~ 1), times = c(1, 3, 6) * 30.4375, extend = TRUE)
  still <- unique(rows$id[is.na(rows$resolved)])
  list(onset = c(median(first$onset), range(first$onset)), n = nrow(first), resolved = sum(done), at = at$pstate[, 2], unresolved = length(still),
       died = sum(dead[still]), exact = as.numeric(binom.test(length(still), nrow(first))$conf.int))
}
answer("toxicity_resolution", list(any = of(rows), severe = of(rows[rows$grade >= 3, ])))
