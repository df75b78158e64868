# How the scripts beside this file write their answers: numbers to 17 digits, NA as null, one .json.gz each.
number <- function(x) if (is.na(x)) "null" else if (is.infinite(x)) sprintf('"%sInf"', if (x < 0) "-" else "") else sprintf("%.17g", x)
json <- function(x) {
  if (is.list(x)) return(paste0("{", paste0('"', names(x), '": ', vapply(x, json, ""), collapse = ", "), "}"))
  cells <- if (is.character(x)) paste0('"', x, '"') else vapply(as.numeric(x), number, "")
  if (length(x) == 1) cells else paste0("[", paste(cells, collapse = ", "), "]")
}
answer <- function(name, x) {
  file <- gzfile(file.path("tests/golden", paste0(name, ".json.gz")), "w")
  writeLines(json(x), file)
  close(file)
}
