# Writes weighting_school.csv and the cases that use it: an invented school, and what R's survey package finds in it.
# Run in this folder: Rscript make_weighting.R
# Versions: R 4.2.2, survey 4.1.1, jsonlite 1.8.4.
suppressPackageStartupMessages({ library(survey); library(jsonlite) })

# Pupils in classes in years, with blanks among the answers and the characteristics.
school <- function(classes) {
  n <- sample(3:14, classes, replace = TRUE)
  class <- rep(seq_len(classes), n)
  year <- rep(sample(rep_len(c("y1", "y2", "y3"), classes)), n)
  total <- length(class)
  d <- data.frame(class = paste0("c", class), year = year,
                  gender = sample(c("f", "m", "x"), total, TRUE, c(.5, .44, .06)),
                  home = sample(c("nl", "other"), total, TRUE, c(.7, .3)),
                  support = sample(c("no", "yes"), total, TRUE, c(.8, .2)))
  d$safe <- pmin(5, pmax(1, round(3.4 + rnorm(classes, 0, .5)[class] + .3 * (d$gender == "f") - .5 * (d$support == "yes") + rnorm(total, 0, .9))))
  d$hours <- round(20 + 4 * (d$home == "nl") + rnorm(classes, 0, 2)[class] + rnorm(total, 0, 5), 2)
  d$w <- round(runif(total, .6, 2.5), 3)
  d$safe[runif(total) < .06] <- NA
  d$hours[runif(total) < .03] <- NA
  d$gender[runif(total) < .03] <- NA
  d$support[runif(total) < .02] <- NA
  d
}

design_mean_of <- function(des, y, confidence = .95) {
  f <- reformulate(y)
  m <- svymean(f, des, na.rm = TRUE, deff = "replace")
  t <- svytotal(f, des, na.rm = TRUE)
  df <- degf(des)
  q <- qt(.5 + confidence / 2, df)
  mean <- unname(coef(m)); se <- as.numeric(SE(m))
  list(mean = mean, se = se, deff = as.numeric(deff(m)), df = df, ci95 = c(mean - q * se, mean + q * se),
       total = unname(coef(t)), total_se = as.numeric(SE(t)))
}

weighted_estimates <- function(base, des, variables) {
  each <- lapply(variables, function(y) {
    f <- reformulate(y)
    m <- svymean(f, des, na.rm = TRUE); b <- svymean(f, base, na.rm = TRUE)
    list(mean = unname(coef(m)), se = as.numeric(SE(m)), unweighted_mean = mean(base$variables[[y]], na.rm = TRUE),
         base_mean = unname(coef(b)), base_se = as.numeric(SE(b)))
  })
  setNames(each, variables)
}

weights_of <- function(des, cell) {
  w <- 1 / des$prob
  by <- tapply(w, cell, function(v) { stopifnot(diff(range(v)) < 1e-9 * mean(v)); v[1] })
  list(n = length(w), weight_by_cell = as.list(by[!is.na(by)]), sum_weights = sum(w),
       kish_deff = length(w) * sum(w^2) / sum(w)^2, kish_effective_n = sum(w)^2 / sum(w^2))
}

post_case <- function(d, cells, population, size, cluster, variables, weight = NULL) {
  cell <- do.call(paste, c(d[cells], sep = "|"))
  keep <- complete.cases(d[cells])
  d <- d[keep, ]; d$cell <- factor(cell[keep]); d$size <- if (is.null(size)) NA else size
  d$base <- if (is.null(weight)) (if (is.null(size)) 1 else size / nrow(d)) else d[[weight]]
  base <- svydesign(id = if (is.null(cluster)) ~1 else reformulate(cluster), weights = ~base, data = d,
                    fpc = if (is.null(size)) NULL else ~size)
  des <- postStratify(base, ~cell, data.frame(cell = factor(names(population)), Freq = unlist(population)))
  out <- if (is.null(weight)) weights_of(des, d$cell) else weights_of(des, seq_len(nrow(d)))[-2]
  c(out, list(estimates = weighted_estimates(base, des, variables)))
}

rake_case <- function(d, margins, size, cluster, variables, weight = NULL) {
  d <- d[complete.cases(d[names(margins)]), ]
  for (m in names(margins)) d[[m]] <- factor(d[[m]], names(margins[[m]]))
  d$size <- if (is.null(size)) NA else size
  d$base <- if (is.null(weight)) (if (is.null(size)) 1 else size / nrow(d)) else d[[weight]]
  base <- svydesign(id = if (is.null(cluster)) ~1 else reformulate(cluster), weights = ~base, data = d,
                    fpc = if (is.null(size)) NULL else ~size)
  # Not rake(): its standard errors stop after ten passes. The weights are the same.
  formula <- reformulate(names(margins))
  totals <- c(sum(unlist(margins[[1]])), unlist(lapply(margins, function(m) unlist(m)[-1])))
  names(totals) <- colnames(model.matrix(formula, d))
  des <- calibrate(base, formula, totals, calfun = "raking", epsilon = 1e-13, maxit = 500)
  cell <- do.call(paste, c(lapply(d[names(margins)], as.character), sep = "|"))
  out <- if (is.null(weight)) c(weights_of(des, cell), list(n_by_cell = as.list(table(cell)))) else weights_of(des, seq_len(nrow(d)))[-2]
  c(out, list(estimates = weighted_estimates(base, des, variables)))
}

write_case <- function(id, method, csv, p, expected, call, notes, tolerance = list(abs = 1e-8, rel = 1e-8), folder = ".") {
  for (name in intersect(names(p), c("variables"))) p[[name]] <- I(p[[name]])
  case <- list(id = id, method = method, input_csv = csv, parameters = p, expected = expected, tolerance = tolerance,
               produced_by = list(software = "R 4.2.2; survey 4.1.1", call = call), notes = notes)
  write(toJSON(case, auto_unbox = TRUE, digits = NA, null = "null", pretty = TRUE), file.path(folder, paste0(id, ".json")))
}

if (sys.nframe() == 0) {
  set.seed(20261123)
  d <- school(26)
  write.csv(d, "weighting_school.csv", row.names = FALSE, quote = FALSE, na = "")
  csv <- "weighting_school.csv"

  m <- tapply(d$class, d$year, function(v) length(unique(v)))
  fpc <- list(y1 = unname(m["y1"]) + 4, y2 = 30, y3 = 15)
  d$fpc <- unlist(fpc)[d$year]
  des <- svydesign(id = ~class, strata = ~year, weights = ~w, fpc = ~fpc, data = d)
  write_case("design_mean_school_classes_in_years", "design_mean", csv,
             list(variable = "safe", strata = "year", cluster = "class", weights = "w", fpc = fpc),
             design_mean_of(des, "safe"), "svydesign(id=~class,strata=~year,weights=~w,fpc=~fpc)",
             "Strata, clusters, unequal weights, finite numbers of classes, missing answers.")
  des <- svydesign(id = ~class, weights = ~w, fpc = ~rep(60, nrow(d)), data = d)
  write_case("design_mean_school_classes", "design_mean", csv,
             list(variable = "hours", cluster = "class", weights = "w", fpc = 60, confidence = .9),
             design_mean_of(des, "hours", .9), "svydesign(id=~class,weights=~w,fpc=60)", "The interval is one of 90 %.")
  size <- list(y1 = 300, y2 = 400, y3 = 350)
  n <- table(d$year); d$sw <- (unlist(size)[names(n)] / as.vector(n))[d$year]; d$sn <- unlist(size)[d$year]
  des <- svydesign(id = ~1, strata = ~year, weights = ~sw, fpc = ~sn, data = d)
  write_case("design_mean_school_years", "design_mean", csv,
             list(variable = "safe", strata = "year", stratum_population = size, weights = "N_h/n_h"),
             design_mean_of(des, "safe"), "svydesign(id=~1,strata=~year,weights=~N_h/n_h,fpc=~N_h)", "Missing answers.")

  population <- list(f = 620, m = 560, x = 70)
  p <- list(poststrata = "gender", population = population, base_weight = "N/n (equal)", population_size = NULL, cluster = "class",
            variables = c("safe", "hours"), drop_missing_poststratum = TRUE)
  write_case("poststrat_school_classes", "weight_poststratify", csv, p, post_case(d, "gender", population, NULL, "class", p$variables),
             "survey::postStratify(svydesign(id=~class))", "Clusters; missing answers and missing cells.")
  population <- list("f|no" = 500, "f|yes" = 120, "m|no" = 440, "m|yes" = 130, "x|no" = 45, "x|yes" = 15)
  p <- list(poststrata = c("gender", "support"), population = population, base_weight = "N/n (equal)", population_size = 1250,
            variables = c("safe", "hours"), drop_missing_poststratum = TRUE)
  crossed <- d[complete.cases(d[c("gender", "support")]), ]
  population <- population[names(population) %in% paste(crossed$gender, crossed$support, sep = "|")]
  p$population <- population
  write_case("poststrat_school_crossed", "weight_poststratify", csv, p,
             post_case(d, c("gender", "support"), population, 1250, NULL, p$variables),
             "survey::postStratify", "Cells of two characteristics; their total is not the number of the population.")
  population <- list(f = 620, m = 560, x = 70)
  p <- list(poststrata = "gender", population = population, base_weight = "w", population_size = NULL, cluster = NULL, variables = "safe",
            drop_missing_poststratum = TRUE)
  write_case("poststrat_school_base_weights", "weight_poststratify", csv, p, post_case(d, "gender", population, NULL, NULL, "safe", "w"),
             "survey::postStratify", "Unequal base weights.")

  margins <- list(support = list(no = 1000, yes = 250), gender = list(f = 620, m = 560, x = 70), home = list(nl = 800, other = 450))
  p <- list(margins = margins, variables = c("safe", "hours"), base_weight = "N/n (equal)", population_size = 1250, cluster = NULL,
            convergence = "max relative margin error < 1e-10")
  write_case("rake_school_three_margins", "weight_rake", csv, p, rake_case(d, margins, 1250, NULL, p$variables),
             "survey::calibrate(calfun='raking')", "Three margins; missing answers and margins.")
  p["population_size"] <- list(NULL); p$cluster <- "class"
  write_case("rake_school_classes", "weight_rake", csv, p, rake_case(d, margins, NULL, "class", p$variables),
             "survey::calibrate(calfun='raking')", "Three margins and clusters.")
  p <- list(margins = margins[c("gender", "home")], variables = "hours", base_weight = "w", population_size = NULL, cluster = "class",
            convergence = "max relative margin error < 1e-10")
  write_case("rake_school_base_weights", "weight_rake", csv, p, rake_case(d, margins[c("gender", "home")], NULL, "class", "hours", "w"),
             "survey::calibrate(calfun='raking')", "Unequal base weights; residuals are those of the regression weighted by them.")
}
