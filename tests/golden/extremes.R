# Rscript tests/golden/extremes.R, in the folder of the project: R 4.2.2, survival 3.5-3.
library(survival)
source("tests/golden/answers.R")
d <- read.csv("tests/golden/lung.csv")
d <- d[!is.na(d$time) & !is.na(d$event), ]
at <- c(100.5, 250.5, 500.5)
low <- summary(survfit(Surv(time, rep(1, nrow(d))) ~ 1, data = d), times = at)$surv
high <- summary(survfit(Surv(ifelse(event == 1, time, max(time)), event) ~ 1, data = d), times = at)$surv
answer("extremes", list(at = at, low = low, high = high))
