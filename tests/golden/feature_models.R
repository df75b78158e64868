# Rscript tests/golden/feature_models.R, in the folder of the project: R 4.2.2, survival 3.5-3.
# The table of a paper: each feature alone, its p-values adjusted by Holm, and those named beforehand together.
library(survival)
source("tests/golden/answers.R")

v <- read.csv("tests/golden/veteran.csv")
v$celltype <- relevel(factor(v$celltype), "adeno")
v$karno <- v$karno / 10
v$age <- v$age / 10
v$trt <- factor(v$trt)
features <- c("age", "trt", "celltype", "karno")  # in the order of the columns in the report
y <- Surv(v$time, v$event)
row <- function(fit) {
  s <- summary(fit)
  list(ratio = unname(s$conf.int[, 1]), low = unname(s$conf.int[, 3]), high = unname(s$conf.int[, 4]), p = unname(s$coefficients[, 5]))
}
alone <- lapply(features, function(f) row(coxph(y ~ v[[f]], ties = "efron")))
names(alone) <- features
together <- row(coxph(y ~ trt + celltype + karno, data = v, ties = "efron"))
answer("feature_models", list(
  alone = alone, holm = p.adjust(unlist(lapply(alone, function(x) x$p)), "holm"), together = together))
