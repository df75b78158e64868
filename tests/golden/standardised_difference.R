# Rscript tests/golden/standardised_difference.R, in the folder of the project: R 4.2.2, base alone.
# Standardised differences of two groups: of numbers and of two levels by Austin 2009, of several by Yang and Dalton
# 2012, the formulas of tableone and MatchIt. Data: gbsg (hormonal treatment or not), veteran (test or standard).
source("tests/golden/answers.R")
g <- read.csv("tests/golden/gbsg.csv"); v <- read.csv("tests/golden/veteran.csv")
means <- function(x, by) {
  a <- x[by == sort(unique(by))[1]]; b <- x[by == sort(unique(by))[2]]
  abs(mean(a) - mean(b)) / sqrt((var(a) + var(b)) / 2)
}
levels_of <- function(x, by) {
  p <- prop.table(table(by, x), 1)
  d <- (p[1, ] - p[2, ])[-1]
  s <- function(r) { r <- r[-1]; diag(r, length(r)) - r %*% t(r) }
  c(sqrt(t(d) %*% solve((s(p[1, ]) + s(p[2, ])) / 2) %*% d))
}
answer("standardised_difference", list(
  age = means(g$age, g$hormon), er = means(g$er, g$hormon), meno = levels_of(g$meno, g$hormon),
  grade = levels_of(g$grade, g$hormon), karno = means(v$karno, v$trt), celltype = levels_of(v$celltype, v$trt)))
