# Rscript tests/golden/simon_makuch.R, in the folder of the project: R 4.2.2, survival 3.5-3.
# Survival after a landmark at 30 days by transplant as known at each time, in the Stanford heart data (Crowley & Hu 1977):
# those at risk on that day, the clock from it on; a transplant on the day of death precedes it.
library(survival)
source("tests/golden/answers.R")
d <- data.frame(id = seq_len(nrow(jasa)), time = jasa$futime, status = jasa$fustat, known = jasa$wait.time)
write.csv(data.frame(time = d$time, status = d$status, known = d$known), "tests/golden/simon_makuch.csv",
          row.names = FALSE, na = "")
d <- d[d$time >= 30, ]
d$known <- ifelse(!is.na(d$known) & d$known == d$time, d$known - 0.5, d$known)
end <- d$time - 30; change <- d$known - 30
by <- !is.na(change) & change <= 0
cut <- !is.na(change) & change > 0 & change < end
long <- rbind(
  data.frame(start = 0, stop = ifelse(cut, change, end), status = ifelse(cut, 0, d$status), known = as.numeric(by)),
  data.frame(start = change[cut], stop = end[cut], status = d$status[cut], known = 1))
long$start[long$stop == 0] <- -1
fit <- survfit(Surv(start, stop, status) ~ known, data = long, conf.type = "log-log")
at <- c(60, 180, 365, 720)
one <- function(k) { s <- summary(fit[k], times = at, extend = TRUE)
  list(surv = s$surv, lower = s$lower, upper = s$upper, at_risk = s$n.risk) }
answer("simon_makuch", list(at = at, without = one(1), with = one(2)))
