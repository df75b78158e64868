# Rscript tests/golden/survival_difference_bpcp.R, in the folder of the project: R 4.2.2, bpcp 1.4.2 (CRAN; none of
# Debian's packages: R CMD INSTALL its source). The package of those who proposed the melded interval, by its own code.
library(bpcp)
source("tests/golden/answers.R")

compared <- function(data, time, event, group, at, level = 0.95) {
  levels <- sort(unique(data[[group]]))
  found <- bpcp2samp(data[[time]], data[[event]], factor(data[[group]], levels = rev(levels)), at,
                     parmtype = "difference", conf.level = level)
  list(at = at, level = level, value = unname(found$estimate), melded = as.numeric(found$conf.int), p = found$p.value)
}
of <- function(name, event, group, at, level = 0.95, time = "time") {
  compared(read.csv(file.path("tests/golden", paste0(name, ".csv"))), time, event, group, at, level)
}
answer("survival_difference_bpcp", list(
  aml_9 = of("aml", "event", "group", 9), aml_30 = of("aml", "event", "group", 30),
  aml_30_90 = of("aml", "event", "group", 30, 0.9), aml_30_99 = of("aml", "event", "group", 30, 0.99),
  ovarian_400 = of("ovarian", "event", "rx", 400), ovarian_600 = of("ovarian", "event", "rx", 600),
  separation8_4 = of("separation8", "event", "x", 4),
  gbsg_1000 = of("gbsg", "event", "hormon", 1000), gbsg_2000 = of("gbsg", "event", "hormon", 2000)))
