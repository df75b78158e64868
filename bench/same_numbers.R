# The numbers of a registry's report in base R with survival, from CSV and without a document.
# Run: Rscript bench/same_numbers.R FOLDER     (patients.csv and toxicities.csv of make_registry.py --csv)
suppressPackageStartupMessages(library(survival))
folder <- commandArgs(trailingOnly = TRUE)[1]
people <- read.csv(file.path(folder, "patients.csv"), na.strings = "", stringsAsFactors = TRUE)
events <- read.csv(file.path(folder, "toxicities.csv"), na.strings = "", stringsAsFactors = TRUE)
day <- function(column) as.numeric(as.Date(as.character(column)))
start <- day(people$treatment_start)
seen <- day(people$last_contact) - start
died <- day(people$death_date) - start
relapsed <- day(people$relapse_date) - start
stopped <- day(people$treatment_stop) - start
dead <- !is.na(died)
times <- c(1, 3, 5) * 365.25

# Overall and progression-free survival, relapse against death, follow-up, time on treatment, after relapse.
first <- pmin(died, relapsed, na.rm = TRUE)
os <- Surv(ifelse(dead, died, seen), dead)
pfs <- Surv(ifelse(is.na(first), seen, first), !is.na(first))
cause <- factor(ifelse(!is.na(relapsed), 1, ifelse(dead, 2, 0)), 0:2, c("none", "relapse", "death"))
on <- Surv(ifelse(is.na(stopped), seen, stopped), !is.na(stopped))
again <- !is.na(relapsed)
after <- Surv(os[again, 1] - relapsed[again], dead[again])
kept <- after[, 1] >= 0
for (outcome in list(os, pfs, on)) {
  for (group in list(rep(1, nrow(people)), people$arm)) {
    fit <- survfit(outcome ~ group, conf.type = "log-log")
    print(summary(fit, times = times, extend = TRUE))
    print(fit)
  }
  print(survdiff(outcome ~ people$arm))
}
print(survfit(Surv(os[, 1], 1 - os[, 2]) ~ 1))
print(summary(survfit(after[kept] ~ 1, conf.type = "log-log"), times = times, extend = TRUE))
event <- Surv(pfs[, 1], cause)
print(summary(survfit(event ~ 1), times = times, extend = TRUE))
print(summary(survfit(event ~ people$arm), times = times, extend = TRUE))

# Patients at the start, responses, reasons for stopping.
features <- c("sex", "stage", "performance_status", "histology", "smoking", "biomarker")
for (feature in c(features, "best_response", "stop_reason")) print(table(people[[feature]], people$arm, useNA = "ifany"))
for (feature in c("age_at_start", "ldh")) print(tapply(people[[feature]], people$arm, summary))
answered <- sum(people$best_response %in% c("CR", "PR"))
print(binom.test(answered, nrow(people))$conf.int)
for (feature in features) print(chisq.test(table(people[[feature]], again))$p.value)

# Relapse and its features, one at a time and together.
relapse <- Surv(pfs[, 1], cause == "relapse")
for (feature in c(features, "age_at_start", "ldh")) print(summary(coxph(relapse ~ people[[feature]]))$conf.int)
print(coxph(relapse ~ sex + stage + performance_status + histology + smoking + biomarker + age_at_start + ldh, people))

# Toxicities: the worst grade per patient in each term and category, and over all; related ones again.
who <- match(events$patient_id, people$patient_id)
related <- events$attribution %in% c("possible", "probable", "definite")
worst <- function(rows, what) {
  key <- paste(who[rows], what[rows])
  grade <- tapply(events$grade[rows], key, max)
  term <- tapply(as.character(what[rows]), key, `[`, 1)
  table(term, grade)
}
for (what in list(events$term, events$category, rep("any", nrow(events)))) {
  print(worst(seq_len(nrow(events)), what))
  print(worst(which(related), what))
}
