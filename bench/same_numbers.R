# The numbers of a registry's report in base R with survival, from CSV and without a document.
# Run: Rscript bench/same_numbers.R FOLDER > numbers.csv    (patients.csv and toxicities.csv of make_registry.py --csv)
# Each number is printed under the id that it has in results.json: bench/same_numbers.py compares the two.
suppressPackageStartupMessages(library(survival))
folder <- commandArgs(trailingOnly = TRUE)[1]

# Only the columns that the numbers need; dates as factors, whose few levels alone are read as dates.
kinds <- c(term = "factor", category = "factor", grade = "integer", onset_date = "factor", resolved_date = "NULL",
           attribution = "factor", serious = "NULL", action = "factor", patient_id = "character")
events <- read.csv(file.path(folder, "toxicities.csv"), na.strings = "", colClasses = kinds)
people <- read.csv(file.path(folder, "patients.csv"), na.strings = "", stringsAsFactors = TRUE,
                   colClasses = c(patient_id = "character"))
day <- function(dates) as.numeric(as.Date(levels(dates)))[dates]
who <- match(events$patient_id, people$patient_id)
n <- nrow(people)
start <- day(people$treatment_start)
seen <- day(people$last_contact) - start
died <- day(people$death_date) - start
relapsed <- day(people$relapse_date) - start
stopped <- day(people$treatment_stop) - start
answered_at <- day(people$response_date) - start
onset <- day(events$onset_date) - start[who]
dead <- !is.na(died)
answered <- people$best_response %in% c("CR", "PR")
arm <- people$arm
groups <- c(list(all = rep(TRUE, n)), lapply(split(seq_len(n), arm), function(rows) seq_len(n) %in% rows))
times <- c(1, 3, 5) * 365.25

kept <- list()
say <- function(id, value, low = NA, high = NA) {
  kept[[length(kept) + 1]] <<- data.frame(id = id, value = as.numeric(value), low = as.numeric(low), high = as.numeric(high))
}
share <- function(id, k, of) say(id, k / of, ifelse(k == 0, 0, qbeta(0.025, k, of - k + 1)),
                                 ifelse(k == of, 1, qbeta(0.975, k + 1, of - k)))
spread <- function(id, x, full = FALSE) {
  x <- x[!is.na(x)]
  q <- quantile(x, c(0.5, 0, 1, 0.25, 0.75))
  say(paste(id, c("count", "median", "minimum", "maximum"), sep = "."), c(length(x), q[1:3]))
  if (full) say(paste(id, c("mean", "sd", "quartile_1", "quartile_3"), sep = "."), c(mean(x), sd(x), q[4:5]))
}
curve <- function(id, outcome, at = times) {
  fit <- survfit(outcome ~ 1, conf.type = "log-log")
  row <- summary(fit)$table
  say(paste0(id, c(".count", ".median_time")), row[c("events", "median")], c(NA, row["0.95LCL"]), c(NA, row["0.95UCL"]))
  at <- at[at <= max(fit$time)]
  found <- summary(fit, times = at)
  say(paste0(id, ".survival@", at), found$surv, found$lower, found$upper)
  fit
}
log_rank <- function(id, outcome, group) {
  say(id, pchisq(survdiff(outcome ~ group)$chisq, nlevels(factor(group)) - 1, lower.tail = FALSE))
}
hazards <- function(section, statistics, fit, names) {
  found <- summary(fit)
  say(paste(section, names, statistics[1], sep = "."), found$conf.int[, 1], found$conf.int[, 3], found$conf.int[, 4])
  say(paste(section, names, statistics[2], sep = "."), found$coefficients[, 5])
}

# The endpoints.
first <- pmin(died, relapsed, na.rm = TRUE)
os <- Surv(ifelse(dead, died, seen), dead)
pfs <- Surv(ifelse(is.na(first), seen, first), !is.na(first))
on <- Surv(ifelse(is.na(stopped), os[, 1], stopped), !is.na(stopped) | dead)
for (key in c("survival.os", "survival.pfs", "exposure.time_on_treatment")) {
  outcome <- switch(key, survival.os = os, survival.pfs = pfs, on)
  means <- NULL
  for (name in names(groups)) {
    fit <- curve(paste(key, name, sep = "."), outcome[groups[[name]]])
    if (key == "exposure.time_on_treatment") next
    area <- summary(fit, rmean = 1826.25)$table[c(5, 6)]
    means <- rbind(means, area)
    say(paste0(key, ".", name, ".rmst@1826.25"), area[1], area[1] - 1.959964 * area[2], area[1] + 1.959964 * area[2])
  }
  log_rank(paste0(key, ".arm.p_value"), outcome, arm)
  if (key == "exposure.time_on_treatment") next
  apart <- means[3, 1] - means[2, 1] + c(0, -1, 1) * 1.959964 * sqrt(sum(means[2:3, 2]^2))
  say(paste0(key, ".arm.difference@1826.25"), apart[1], apart[2], apart[3])
  model <- coxph(outcome ~ arm)
  hazards(key, c("hazard_ratio", "p_value_model"), model, "arm")
  say(paste0(key, ".arm.p_value_proportional_hazards"), cox.zph(model, transform = "km")$table["GLOBAL", "p"])
}
reverse <- summary(survfit(Surv(os[, 1], 1 - os[, 2]) ~ 1))$table
say("follow_up.reverse.all.median_time", reverse["median"], reverse["0.95LCL"], reverse["0.95UCL"])
spread("follow_up.all.all", os[, 1], full = TRUE)
spread("follow_up.survivors.all", seen[!dead])
invisible(curve("response.duration_of_response.all",
                Surv(pfs[, 1] - answered_at, pfs[, 2])[answered & pfs[, 1] >= answered_at]))
again <- !is.na(relapsed)
invisible(curve("after_relapse.survival_after_relapse.all", Surv(os[, 1] - relapsed, dead)[again]))
off <- !is.na(stopped) & answered & !(people$stop_reason %in% c("progression", "death")) &
  !(again & relapsed <= stopped) & !(dead & died <= stopped)
invisible(curve("after_stopping.relapse_free_after_stopping.all", Surv(pfs[, 1] - stopped, pfs[, 2])[off]))

# Response and severe toxicity, from a landmark on.
severe <- events$grade >= 3
earliest <- rep(Inf, n)
latest_first <- order(onset[severe], decreasing = TRUE)
earliest[who[severe][latest_first]] <- onset[severe][latest_first]
landmark <- 182.625
for (key in c("os", "pfs")) {
  outcome <- if (key == "os") os else pfs
  at_risk <- outcome[, 1] >= landmark
  later <- Surv(outcome[at_risk, 1] - landmark, outcome[at_risk, 2])
  by <- list(response = ifelse(answered & answered_at <= landmark, "response", "no response")[at_risk],
             severe_toxicity = ifelse(earliest <= landmark, "grade ≥ 3", "below grade 3")[at_risk])
  for (feature in names(by)) {
    id <- paste0("survival.", key, "_after_landmark_by_", feature, ".")
    for (name in unique(by[[feature]])) curve(paste0(id, name), later[by[[feature]] == name], 365.25)
    log_rank(paste0(id, feature, ".p_value"), later, by[[feature]])
  }
}

# Relapse, with death competing.
cause <- factor(ifelse(again, 1, ifelse(dead, 2, 0)), 0:2, c("none", "relapse", "death"))
for (name in names(groups)) {
  mine <- groups[[name]]
  fit <- survfit(Surv(pfs[mine, 1], cause[mine]) ~ 1, conf.type = "log-log")
  found <- summary(fit, times = times)
  column <- which(fit$states == "relapse")
  say(paste0("relapse.relapse.", name, ".cumulative_incidence@", times), found$pstate[, column], found$lower[, column],
      found$upper[, column])
  say(paste0("relapse.relapse.", name, c(".count", ".competing_count")), table(cause[mine])[2:3])
}
names(people)[names(people) == "histology"] <- "diagnosis"
people$biomarker <- factor(people$biomarker, c("no", "yes"))
people$age_at_start <- people$age_at_start / 10
people$ldh <- people$ldh / 100
relapse <- Surv(pfs[, 1], cause == "relapse")
features <- c("sex", "age_at_start", "diagnosis", "arm", "stage", "performance_status", "smoking", "biomarker", "ldh")
coefficients <- list()
for (feature in features) {
  x <- people[[feature]]
  coefficients[[feature]] <- if (nlevels(x) > 2) paste0(feature, "=", levels(x)[-1]) else feature
  model <- coxph(relapse ~ x)
  hazards("relapse.relapse", c("hazard_ratio", "p_value_model"), model, coefficients[[feature]])
  if (is.factor(x)) {
    counted <- table(x, again)
    share(paste0("relapse.", feature, ".", levels(x), ".proportion"), counted[, 2], rowSums(counted))
    if (feature != "arm") log_rank(paste0("relapse.relapse.", feature, ".p_value"), relapse, x)
  }
}
whole <- complete.cases(people[features])
model <- coxph(reformulate(features, "relapse[whole]"), people[whole, ])
hazards("relapse.relapse", c("hazard_ratio_adjusted", "p_value_adjusted"), model, unlist(coefficients))

# Patients at the start, their treatment and response.
people$age_at_start <- people$age_at_start * 10
people$ldh <- people$ldh * 100
for (feature in setdiff(features, "arm")) {
  x <- people[[feature]]
  for (name in names(groups)) {
    mine <- x[groups[[name]]]
    if (is.factor(x)) {
      if (feature == "biomarker") mine <- factor(mine, "yes", exclude = NULL)
      of <- sum(!is.na(x[groups[[name]]]))
      inner <- if (name == "all") levels(mine) else paste0(name, "|", levels(mine))
      share(paste0("baseline.", feature, ".", inner, ".proportion"), tabulate(mine, nlevels(mine)), of)
    } else spread(paste0("baseline.", feature, ".", name), mine, full = TRUE)
    say(paste0("baseline.", feature, ".", name, ".missing"), sum(is.na(x[groups[[name]]])))
  }
}
best <- factor(people$best_response, c("CR", "PR", "SD", "PD", "NE"))
for (name in names(groups)) {
  inner <- if (name == "all") levels(best) else paste0(name, "|", levels(best))
  counted <- tabulate(best[groups[[name]]], 5)
  share(paste0("response.best_response.", inner, ".proportion"), counted, sum(groups[[name]]))
  share(paste0("response.response.", name, ".proportion"), sum(counted[1:2]), sum(groups[[name]]))
}
spread("response.time_to_response.all", answered_at)
for (reason in levels(people$stop_reason)) {
  mine <- which(people$stop_reason == reason)
  share(paste0("exposure.stop_reason.", reason, ".proportion"), length(mine), sum(!is.na(stopped)))
  spread(paste0("exposure.treatment_duration.", reason), stopped[mine])
}
spread("exposure.treatment_duration.all", stopped)
say("exposure.all.all.person_time", sum(on[, 1]))
for (what in c("interrupted", "dose reduced")) {
  share(paste0("exposure.action.", what, ".proportion"), length(unique(who[events$action == what])), n)
}

# Toxicities: the worst grade per patient in each term and category, and over all; related ones again; rates.
related <- events$attribution %in% c("possible", "probable", "definite")
by_grade <- order(events$grade)
during <- onset <= on[who, 1]
codes <- list(any = factor(rep("any", nrow(events))), category = events$category, term = events$term)
for (kind in names(codes)) {
  code <- as.integer(codes[[kind]])
  size <- nlevels(codes[[kind]])
  variable <- paste0("toxicity.", if (kind == "category") "category: ", tolower(levels(codes[[kind]])))
  # Rows by rising grade: the last one written into a patient's cell is the worst.
  worst <- function(rows) {
    cells <- integer(n * size)
    cells[(code[rows] - 1) * n + who[rows]] <- events$grade[rows]
    matrix(cells, n, size)
  }
  every <- worst(by_grade)
  those <- worst(by_grade[related[by_grade]])
  begun <- table(factor(code[during], seq_len(size)), arm[who[during]])
  for (name in names(groups)) {
    mine <- groups[[name]]
    of <- sum(mine)
    id <- paste0(variable, ".", name, ".")
    a <- every[mine, , drop = FALSE]
    b <- those[mine, , drop = FALSE]
    share(paste0(id, "any_grade"), colSums(a > 0), of)
    share(paste0(id, "grade_3_plus"), colSums(a >= 3), of)
    share(paste0(id, "grade_5"), colSums(a >= 5), of)
    share(paste0(id, "related_any_grade"), colSums(b > 0), of)
    share(paste0(id, "related_grade_3_plus"), colSums(b >= 3), of)
    k <- if (name == "all") rowSums(begun) else begun[, name]
    years <- sum(on[mine, 1]) / 365.25
    say(paste0(id, "rate"), k / years, qchisq(0.025, 2 * k) / 2 / years, qchisq(0.975, 2 * k + 2) / 2 / years)
    if (name == "all") for (grade in 1:5) {
      say(paste0(id, "worst_grade_", grade), colSums(a == grade) / of)
      say(paste0(id, "related_worst_grade_", grade), colSums(b == grade) / of)
    }
  }
}
options(digits = 15)
write.csv(do.call(rbind, kept), row.names = FALSE, na = "")
