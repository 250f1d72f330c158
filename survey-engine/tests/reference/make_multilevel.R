# Cases of aggregation_icc_rwg, eb_shrinkage and eb_area_level on made-up units.
#
#     Rscript make_multilevel.R [folder] [number of further random cases of each method]
#
# Written with R 4.2.2, lme4 1.1.31, metafor 3.8.1, jsonlite 1.8.4. The analysis of variance comes from aov(); agreement is written
# out; random intercepts come from lme4, areas from metafor.
suppressMessages({library(lme4); library(metafor); library(jsonlite)})
arguments <- commandArgs(TRUE)
folder <- if (length(arguments) > 0) arguments[1] else "."
further <- if (length(arguments) > 1) as.integer(arguments[2]) else 0

# Answers of persons in units of the given sizes; `between` is the part of the variance that is due to the unit.
answers <- function(sizes, k, categories, between, missing = 0, lowest = 1, labels = seq_along(sizes)) {
  unit <- rep(seq_along(sizes), sizes)
  n <- length(unit)
  level <- sqrt(between) * rnorm(length(sizes))[unit] + sqrt(1 - between) * rnorm(n)
  cuts <- seq(-1.4, 1.4, length.out = categories - 1)
  steps <- sapply(seq_len(k), function(i) findInterval(0.8 * level + 0.6 * rnorm(n) + 0.2 * cos(i), cuts))
  data <- as.data.frame(matrix(steps + lowest, n))
  names(data) <- paste0("q", seq_len(k))
  data[matrix(runif(n * k) < missing, n)] <- NA
  data$unit <- labels[unit]
  data[sample(n), , drop = FALSE]
}

write_case <- function(id, method, input, parameters, expected, tolerance, software, call, notes) {
  if (!is.null(input)) write.csv(input, file.path(folder, paste0(id, ".csv")), row.names = FALSE, na = "", quote = FALSE)
  case <- list(id = id, method = method, input_csv = if (is.null(input)) NULL else paste0(id, ".csv"), parameters = parameters,
               expected = expected, tolerance = tolerance, produced_by = list(software = software, call = call), notes = notes)
  writeLines(toJSON(case, auto_unbox = TRUE, digits = 15, pretty = TRUE, null = "null", na = "null"),
             file.path(folder, paste0(id, ".json")))
}

recoded <- function(data, reverse, lowest, highest) {
  x <- data[grep("^q", names(data))]
  for (item in reverse) x[[item]] <- lowest + highest - x[[item]]
  x
}

units_of <- function(labels) {
  found <- unique(labels)
  if (is.numeric(found)) sort(found) else sort(found, method = "radix")
}

reml <- function(y, g) {
  # Only the variance ratio is searched for; a finer tolerance than the default.
  fit <- suppressMessages(lmer(y ~ 1 + (1 | g), REML = TRUE,
    control = lmerControl(optimizer = "bobyqa", optCtrl = list(rhoend = 1e-10), calc.derivs = FALSE)))
  other <- suppressMessages(lmer(y ~ 1 + (1 | g), REML = TRUE, start = 3,
    control = lmerControl(optimizer = "bobyqa", optCtrl = list(rhoend = 1e-10), calc.derivs = FALSE)))
  if (logLik(other) > logLik(fit)) other else fit
}

aggregation_case <- function(id, data, lowest, highest, reverse = character(0), categories = highest - lowest + 1, notes = "") {
  x <- recoded(data, reverse, lowest, highest)
  keep <- complete.cases(x) & !is.na(data$unit)
  x <- x[keep, , drop = FALSE]
  label <- data$unit[keep]
  labels <- units_of(label)
  g <- factor(label, levels = labels)
  y <- rowMeans(x)
  table <- anova(aov(y ~ g))
  msb <- table[1, "Mean Sq"]; msw <- table[2, "Mean Sq"]
  size <- as.numeric(table(g)); n <- length(y); j <- length(size)
  k <- n / j
  k0 <- (n - sum(size^2) / n) / (j - 1)
  variances <- as.data.frame(VarCorr(reml(y, g)))$vcov
  uniform <- (categories^2 - 1) / 12
  items <- names(x)
  agreement <- sapply(labels, function(u) {
    part <- x[label == u, , drop = FALSE]
    if (nrow(part) < 2) return(c(NA, NA))
    q <- min(mean(sapply(part, var)), uniform) / uniform
    c(length(items) * (1 - q) / (length(items) * (1 - q) + q), 1 - min(var(part[[1]]), uniform) / uniform)
  })
  expected <- list(n = n, groups = j, mean_group_size = k, k0 = k0, ms_between = msb, ms_within = msw,
    F = table[1, "F value"], p = table[1, "Pr(>F)"],
    icc1 = (msb - msw) / (msb + (k - 1) * msw), icc2 = (msb - msw) / msb,
    icc1_k0 = (msb - msw) / (msb + (k0 - 1) * msw), icc1_reml = variances[1] / sum(variances),
    uniform_variance = uniform,
    rwgj = list(group = I(as.character(labels)), n = I(size), rwgj = I(agreement[1, ])),
    rwgj_median = median(agreement[1, ], na.rm = TRUE), rwgj_mean = mean(agreement[1, ], na.rm = TRUE),
    rwg_first_item = I(agreement[2, ]))
  parameters <- list(items = I(items), reverse = I(reverse), scale_min = lowest, scale_max = highest, group = "unit",
    missing = "listwise", score = "person mean", categories = categories, null_distribution = "uniform")
  write_case(id, "aggregation_icc_rwg", data, parameters, expected,
    list(abs = 1e-9, rel = 1e-9, per_field = list(icc1_reml = list(abs = 2e-6, rel = 2e-5), p = list(abs = 1e-14, rel = 1e-7))),
    "R 4.2.2; lme4 1.1.31", "aov(); lme4::lmer()", notes)
}

shrinkage_case <- function(id, data, lowest, highest, reverse = character(0), share = 0.5, notes = "") {
  x <- recoded(data, reverse, lowest, highest)
  answered <- rowSums(!is.na(x))
  keep <- answered >= ceiling(share * ncol(x) - 1e-9) & answered > 0 & !is.na(data$unit)
  y <- rowMeans(x, na.rm = TRUE)[keep]
  label <- data$unit[keep]
  labels <- units_of(label)
  g <- factor(label, levels = labels)
  fit <- reml(y, g)
  variances <- as.data.frame(VarCorr(fit))$vcov
  effects <- ranef(fit, condVar = TRUE)$g
  mu <- unname(fixef(fit))
  size <- as.numeric(table(g)); n <- length(y); j <- length(size)
  means <- as.numeric(tapply(y, g, mean))
  lambda <- variances[1] / (variances[1] + variances[2] / size)
  table <- anova(aov(y ~ g))
  msw <- table[2, "Mean Sq"]
  k0 <- (n - sum(size^2) / n) / (j - 1)
  tau2 <- max(0, (table[1, "Mean Sq"] - msw) / k0)
  w <- 1 / (tau2 + msw / size)
  centre <- sum(w * means) / sum(w)
  expected <- list(n = n, groups = j,
    reml = list(mu = mu, mu_se = sqrt(vcov(fit)[1, 1]), tau2 = variances[1], sigma2 = variances[2],
      loglik_reml = as.numeric(logLik(fit)), group = I(as.character(labels)), n_j = I(size), mean_j = I(means),
      reliability_j = I(lambda), eb_j = I(mu + effects[, 1]), conditional_sd_j = I(sqrt(as.numeric(attr(effects, "postVar"))))),
    anova = list(tau2 = tau2, sigma2 = msw, mu = centre, eb_j = I(centre + tau2 / (tau2 + msw / size) * (means - centre))))
  parameters <- list(items = I(names(x)), reverse = I(reverse), scale_min = lowest, scale_max = highest, min_valid_share = share,
    group = "unit")
  write_case(id, "eb_shrinkage", data, parameters, expected,
    list(abs = 1e-9, rel = 1e-9, per_field = list(reml = list(abs = 2e-6, rel = 2e-5))),
    "R 4.2.2; lme4 1.1.31", "lme4::lmer(y ~ 1 + (1 | g), REML = TRUE); ranef(condVar = TRUE); aov()", notes)
}

area_case <- function(id, estimate, variance, notes = "") {
  model <- function(method) {
    fit <- rma(estimate, variance, method = method, control = list(threshold = 1e-13, maxiter = 10000, stepadj = 0.5))
    drawn <- blup(fit)
    list(tau2 = fit$tau2, mu = as.numeric(fit$beta), mu_se = fit$se, I2 = fit$I2, Q = fit$QE, eb = I(drawn$pred), eb_se = I(drawn$se))
  }
  expected <- list(dl = model("DL"), reml = model("REML"))
  write_case(id, "eb_area_level", NULL, list(group = I(seq_along(estimate)), estimate = I(estimate), variance = I(variance)),
    expected, list(abs = 1e-9, rel = 1e-9, per_field = list(reml = list(abs = 1e-6, rel = 1e-6))),
    "R 4.2.2; metafor 3.8.1", "metafor::rma(), blup()", notes)
}

if (further == 0) {
  set.seed(20261124)
  d <- answers(c(1, 2, 30, 12, 7, 1, 18, 9), 5, 5, .25, missing = .04)
  d$q3 <- 6 - d$q3
  aggregation_case("agg_unequal", d, 1, 5, reverse = "q3", notes = "units of one person, blank answers, a reversed item")
  aggregation_case("agg_alike", answers(rep(6, 10), 3, 4, 0, lowest = 0, labels = sprintf("s%02d", 10:1)), 0, 3,
                   notes = "no differences between units beyond chance: negative ICC, variance 0; labels are text")
  d <- answers(c(1, 3, 25, 11, 40, 1, 6, 14, 8), 4, 6, .15, missing = .12)
  d$q1 <- 7 - d$q1
  d$unit[c(5, 50)] <- NA
  shrinkage_case("eb_unequal", d, 1, 6, reverse = "q1", share = .75,
                 notes = "units of one person, persons without a unit, three of four answers needed")
  d <- answers(rep(8, 7), 4, 5, 0)
  shrinkage_case("eb_alike", d, 1, 5, notes = "no differences between units beyond chance")
  v <- round(rgamma(12, 2, 1) + .2, 3)
  area_case("area_unequal", round(rnorm(12, 60, sqrt(v + 4)), 3), v)
  area_case("area_alike", c(50, 51, 50.5, 49.8), c(1, 4, 2, .5), notes = "closer together than chance would have them")
  area_case("area_two", c(3, 5), c(.1, .3), notes = "two areas")
} else {
  for (i in seq_len(further)) {
    set.seed(5000 + i)
    j <- sample(c(2, 3, 5, 12, 40), 1)
    sizes <- sample(c(1, 2, 3, 8, 20, 60), j, replace = TRUE)
    if (sum(sizes) < j + 3) next
    k <- sample(2:8, 1); categories <- sample(3:7, 1)
    d <- answers(sizes, k, categories, sample(c(0, .05, .2, .6), 1), missing = sample(c(0, .05, .15), 1))
    reverse <- paste0("q", seq_len(k))[runif(k) < .2]
    try(aggregation_case(paste0("random_agg_", i), d, 1, categories, reverse))
    try(shrinkage_case(paste0("random_eb_", i), d, 1, categories, reverse, sample(c(.5, 2 / 3, 1), 1)))
    v <- rgamma(j, sample(c(.5, 2, 10), 1)) + .01
    try(area_case(paste0("random_area_", i), rnorm(j, 10, sqrt(v + sample(c(0, .2, 2, 10), 1))), v))
  }
}
