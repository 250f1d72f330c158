# Cases of reliability_alpha and reliability_omega on made-up answers.
#
#     Rscript make_reliability.R [folder] [number of further random cases of each method]
#
# Written with R 4.2.2, psych 2.2.9, lavaan 0.6.14, jsonlite 1.8.4. Alpha comes from psych, Feldt's interval from qf(), omega from
# lavaan, or from stats::factanal(lower = 0.005) where the bound on the uniquenesses matters.
suppressMessages({library(psych); library(lavaan); library(jsonlite)})
arguments <- commandArgs(TRUE)
folder <- if (length(arguments) > 0) arguments[1] else "."
further <- if (length(arguments) > 1) as.integer(arguments[2]) else 0

# Answers 1..categories from one factor; `missing` of them blank.
answers <- function(n, loadings, categories, missing = 0, lowest = 1, shift = 0) {
  k <- length(loadings)
  factor <- rnorm(n)
  latent <- outer(factor, loadings) + matrix(rnorm(n * k), n) %*% diag(sqrt(pmax(1 - loadings^2, 0.02)), k)
  cuts <- seq(-1.5, 1.5, length.out = categories - 1)
  steps <- sapply(seq_len(k), function(i) findInterval(latent[, i] + shift, cuts + 0.2 * sin(i)))
  data <- as.data.frame(steps + lowest)
  names(data) <- paste0("q", seq_len(k))
  data[matrix(runif(n * k) < missing, n)] <- NA
  data
}

write_table <- function(id, data) {
  write.csv(data, file.path(folder, paste0(id, ".csv")), row.names = FALSE, na = "", quote = FALSE)
}

write_case <- function(id, method, parameters, expected, tolerance, call, notes) {
  case <- list(id = id, method = method, input_csv = paste0(id, ".csv"), parameters = parameters, expected = expected,
               tolerance = tolerance, produced_by = list(software = "R 4.2.2; psych 2.2.9; lavaan 0.6.14", call = call), notes = notes)
  writeLines(toJSON(case, auto_unbox = TRUE, digits = 15, pretty = TRUE, null = "null", na = "null"),
             file.path(folder, paste0(id, ".json")))
}

named <- function(values, names) as.list(setNames(as.numeric(values), names))

# What counts as an answer, in the direction of the scale.
recoded <- function(data, items, reverse, lowest, highest, codes) {
  x <- data[items]
  for (code in codes) x[x == code] <- NA
  for (item in reverse) x[[item]] <- lowest + highest - x[[item]]
  x
}

alpha_case <- function(id, data, lowest, highest, reverse = character(0), confidence = 0.95, codes = NULL, filter = NULL,
                       kept = rep(TRUE, nrow(data)), notes = "", store = TRUE) {
  write_table(id, data)
  items <- grep("^q", names(data), value = TRUE)
  x <- recoded(data[kept, ], items, reverse, lowest, highest, codes)
  complete <- x[complete.cases(x), ]
  n <- nrow(complete); k <- length(items)
  found <- suppressWarnings(psych::alpha(complete, warnings = FALSE))
  total <- rowSums(complete)
  a <- found$total$raw_alpha
  tail <- (1 - confidence) / 2
  feldt <- 1 - (1 - a) * qf(c(1 - tail, tail), n - 1, (n - 1) * (k - 1))
  # Through covariances: psych's pairwise statistics beyond alpha itself are of no use here.
  pairwise <- suppressWarnings(psych::alpha(x, use = "pairwise", warnings = FALSE))
  listwise <- list(n = n, k = k, alpha = a, standardised_alpha = found$total$std.alpha,
    average_inter_item_r = found$total$average_r,
    item_total_r = named(cor(complete, total), items),
    item_rest_r = named(sapply(items, function(i) cor(complete[[i]], total - complete[[i]])), items),
    alpha_if_dropped = named(if (k > 2) found$alpha.drop$raw_alpha else rep(NA, k), items),
    standard_error_of_measurement_sum = sd(total) * sqrt(1 - a))
  listwise[[paste0("feldt_ci", 100 * confidence)]] <- feldt
  expected <- list(listwise = listwise, pairwise = list(n_rows_any = sum(rowSums(!is.na(x)) > 0),
    alpha = pairwise$total$raw_alpha, standardised_alpha = pairwise$total$std.alpha,
    average_inter_item_r = pairwise$total$average_r))
  parameters <- list(items = I(items), reverse = I(reverse), scale_min = lowest, scale_max = highest, filter = filter,
                     confidence = confidence)
  if (!is.null(codes)) parameters$dont_know_codes <- I(codes)
  write_case(id, "reliability_alpha", parameters, expected, list(abs = 1e-9, rel = 1e-9),
             "psych::alpha(complete cases), psych::alpha(use = 'pairwise'), qf()", notes)
}

omega_case <- function(id, data, lowest, highest, reverse = character(0), bounded = FALSE, notes = "") {
  items <- grep("^q", names(data), value = TRUE)
  x <- recoded(data, items, reverse, lowest, highest, NULL)
  x <- x[complete.cases(x), ]
  n <- nrow(x); k <- length(items)
  s <- cov(x) * (n - 1) / n
  if (bounded) {
    # The global minimum: the best of several starts.
    fit <- factanal(covmat = list(cov = s, n.obs = n), factors = 1, lower = 0.005,
                    control = list(nstart = 40, opt = list(factr = 1, pgtol = 0, maxit = 5000)))
    scale <- sqrt(diag(s))
    loadings <- as.numeric(fit$loadings) * scale
    theta <- as.numeric(fit$uniquenesses) * scale^2
    call <- "stats::factanal(lower = 0.005)"
    tolerance <- list(abs = 2e-5, rel = 2e-5)
  } else {
    model <- paste("g =~", paste(items, collapse = " + "))
    fit <- suppressWarnings(lavaan::cfa(model, data = x, std.lv = TRUE, estimator = "ML"))
    estimate <- lavaan::lavInspect(fit, "est")
    loadings <- as.numeric(estimate$lambda)
    theta <- as.numeric(diag(estimate$theta))
    if (!lavaan::lavInspect(fit, "converged") || any(theta < 0.0051 * diag(s))) return(FALSE)
    call <- "lavaan::cfa('g =~ ...', std.lv = TRUE, estimator = 'ML')"
    tolerance <- list(abs = 2e-5, rel = 2e-5)
  }
  if (sum(loadings) < 0) loadings <- -loadings
  standard <- loadings / sqrt(loadings^2 + theta)
  expected <- list(n = n, omega_total = sum(loadings)^2 / (sum(loadings)^2 + sum(theta)), loadings = named(loadings, items),
    residual_variances = named(theta, items), standardised_loadings = named(standard, items),
    standardised_omega = sum(standard)^2 / (sum(standard)^2 + sum(1 - standard^2)),
    heywood = any(theta < 0.00501 * diag(s)))
  parameters <- list(items = I(items), reverse = I(reverse), scale_min = lowest, scale_max = highest, filter = NULL,
    missing = "listwise", model = "one-factor ML on covariance matrix (divisor n), latent variance 1")
  write_table(id, data)
  write_case(id, "reliability_omega", parameters, expected, tolerance, call, notes)
  TRUE
}

if (further == 0) {
  set.seed(20261123)
  d <- answers(300, c(.8, .6, .7, .5, .4), 4, missing = .15)
  d$q2 <- 5 - d$q2
  d[matrix(runif(1500) < .04, 300)] <- 8
  d$form <- rep(c("a", "b", "a"), 100)
  alpha_case("alpha_missing", d, 1, 4, reverse = "q2", confidence = .9, codes = 8, filter = "form == a", kept = d$form == "a",
             notes = "blank answers, a code for don't know, a reversed item, a filter, another confidence")
  d <- answers(40, c(.5, .4, .5), 3, lowest = 0)
  d$q3 <- 2 - d$q3
  alpha_case("alpha_negative", d, 0, 2, notes = "an item that was not reversed: negative item-rest correlation")
  alpha_case("alpha_two_items", answers(9, c(.8, .7), 5), 1, 5, confidence = .99,
             notes = "two items: no alpha without one of them")
  d <- answers(120, c(.8, .7, .6, .7, .5, .75, .65, .6, .4, .7, .55, .6, .7), 7, missing = .03)
  alpha_case("alpha_thirteen_items", d, 1, 7, notes = "more items than patterns of answered items are kept for")

  stopifnot(omega_case("omega_three_items", answers(150, c(.8, .6, .7), 5), 1, 5,
                       notes = "three items: the model fits exactly"))
  d <- answers(260, c(.8, .3, .7, -.5, .6, .75, .45, .6, .65), 6, missing = .02)
  stopifnot(omega_case("omega_nine_items", d, 1, 6, reverse = "q4", notes = "blank answers, a reversed item, weak items"))
  d <- answers(200, c(.6, .7, .5, .6), 5)
  d$q2 <- 6 - d$q2
  stopifnot(omega_case("omega_mixed_signs", d, 1, 5, notes = "an item that was not reversed"))
  d <- answers(25, c(.5, .98, .4, .3), 5)
  stopifnot(omega_case("omega_heywood", d, 1, 5, bounded = TRUE, notes = "a residual variance at its bound of 0.005"))
} else {
  for (i in seq_len(further)) {
    set.seed(1000 + i)
    k <- sample(2:10, 1); categories <- sample(3:7, 1); n <- sample(c(14, 30, 100, 500), 1)
    loadings <- runif(k, -.2, .95)
    d <- answers(n, loadings, categories, missing = sample(c(0, .01, .1, .2), 1))
    x <- d[complete.cases(d), ]
    if (nrow(x) < k + 2 || any(sapply(x, var) == 0)) next
    reverse <- names(d)[runif(k) < .2]
    alpha_case(paste0("random_alpha_", i), d, 1, categories, reverse, sample(c(.9, .95, .99), 1))
    if (k > 2) {
      free <- try(omega_case(paste0("random_omega_", i), d, 1, categories, reverse), silent = TRUE)
      bound <- try(omega_case(paste0("random_bound_", i), d, 1, categories, reverse, bounded = TRUE), silent = TRUE)
    }
  }
}
