# Cases for distributions, intervals, comparisons and composites, on synthetic data.
#
# Run in this folder:  Rscript make_comparisons.R
# R 4.2.2 with jsonlite 1.8.4, metafor 3.8.1, effectsize 0.8.3 and survey 4.5. Writes comparisons_*.csv and comparisons_*.json.

suppressPackageStartupMessages({library(jsonlite); library(metafor); library(effectsize); library(survey)})
set.seed(20261123)

version <- paste("R", getRversion())
write_case <- function(id, method, csv, parameters, expected, call, rel = 1e-9, abs = 1e-12, per_field = NULL) {
  tolerance <- list(abs = abs, rel = rel)
  if (!is.null(per_field)) tolerance$per_field <- per_field
  case <- list(id = id, method = method, input_csv = csv, parameters = parameters, expected = expected,
               tolerance = tolerance, produced_by = list(software = version, call = call),
               notes = "Synthetic data.")
  writeLines(toJSON(case, auto_unbox = TRUE, null = "null", na = "null", digits = NA, pretty = TRUE), paste0(id, ".json"))
}
na_null <- function(x) if (length(x) == 0 || any(is.nan(x) | is.na(x))) NULL else x
ends <- function(x) if (any(is.na(x))) NULL else as.numeric(x)

# Distributions -----------------------------------------------------------------------------------------------------------

each <- function(...) { d <- data.frame(...); lapply(seq_len(nrow(d)), function(i) as.list(d[i, , drop = FALSE])) }
tq <- expand.grid(p = c(1e-10, .005, .1, .5, .75, .995), df = c(1, 1.7, 3, 8, 40.5, 333, 9999, 10001, 3e6))
fq <- expand.grid(p = c(1e-6, .025, .5, .95, .999), df1 = c(1, 4, 37, 640), df2 = c(3, 52.5, 777, 12000))
fq <- fq[!(fq$p < .01 & fq$df1 == 1), ]
cq <- expand.grid(p = c(1e-6, .05, .5, .975, .9999), df = c(.5, 1, 3, 28, 1e3, 1e5))
tu <- expand.grid(x = c(-2.5, 0, .7, 2, 4.4, 15, 60), df = c(1, 2.2, 5, 18, 97, 1000, 20000, 5e7))
fu <- expand.grid(x = c(.02, .7, 1, 1.9, 8, 90), df1 = c(1, 5, 210), df2 = c(2, 33.3, 4000))
cu <- expand.grid(x = c(.001, .6, 4, 31, 420), df = c(1, 2, 7.5, 60, 400))
nu <- c(-6, -.3, .2, .67, .68, 2.4, 5.6, 5.7, 12, 30)
write_case("comparisons_distributions", "distribution_functions", NULL,
  list(t_quantile = each(tq), f_quantile = each(fq), chi2_quantile = each(cq),
       normal_quantile = each(p = c(1e-200, 1e-15, .02, .31, .9999)),
       t_upper = each(tu), f_upper = each(fu), chi2_upper = each(cu), normal_upper = each(x = nu)),
  list(t_quantile = with(tq, qt(p, df)), f_quantile = with(fq, qf(p, df1, df2)), chi2_quantile = with(cq, qchisq(p, df)),
       normal_quantile = qnorm(c(1e-200, 1e-15, .02, .31, .9999)),
       t_upper = with(tu, pt(x, df, lower.tail = FALSE)), f_upper = with(fu, pf(x, df1, df2, lower.tail = FALSE)),
       chi2_upper = with(cu, pchisq(x, df, lower.tail = FALSE)), normal_upper = pnorm(nu, lower.tail = FALSE)),
  "qt, qf, qchisq, qnorm, pt, pf, pchisq, pnorm", abs = 1e-300)
nt <- expand.grid(x = c(-3, 0, 1.2, 4, 11), df = c(1, 4.5, 22, 180, 2500), ncp = c(-4, -.5, 0, 1, 3.3, 12))
write_case("comparisons_noncentral_t", "distribution_functions", NULL, list(noncentral_t_lower = each(nt)),
  list(noncentral_t_lower = with(nt, suppressWarnings(pt(x, df, ncp)))), "pt(ncp)", abs = 1e-10)

# Intervals of means and shares ---------------------------------------------------------------------------------------------

people <- data.frame(id = 1:90, class = sample(1:5, 90, TRUE, c(.05, .1, .2, .3, .35)), x = round(rnorm(90, 50, 12), 1),
                     yes = sample(c("yes", "no", ""), 90, TRUE, c(.6, .3, .1)), level = sample(1:4, 90, TRUE))
people$x[c(4, 17, 60)] <- NA
people$class[1:3] <- c(9, 9, 8); people$x[1:3] <- c(41.5, 47, 60)
write.csv(people, "comparisons_people.csv", row.names = FALSE, quote = FALSE, na = "")
mean_case <- function(id, filter, rows, N, conf) {
  x <- people$x[rows]; x <- x[!is.na(x)]; n <- length(x)
  f <- if (is.null(N)) 1 else sqrt(1 - n / N)
  se0 <- sd(x) / sqrt(n); se <- if (!is.null(N) && N == n) 0 else se0 * f
  half <- if (n > 1) qt(.5 + conf / 2, n - 1) * se else NA
  if (!is.null(N) && N > n && n > 1) {
    d <- svydesign(~1, data = data.frame(x = x, N = N), fpc = ~N)
    stopifnot(abs(SE(svymean(~x, d)) - se) < 1e-10)
  }
  write_case(id, "mean_ci", "comparisons_people.csv",
    list(variable = "x", filter = filter, population_size = N, confidence = conf),
    list(n = n, mean = mean(x), sd = na_null(sd(x)), se = na_null(se), df = n - 1, ci = ends(mean(x) + c(-1, 1) * half),
         se_without_fpc = na_null(se0)), "mean, sd, qt; se against survey::svymean")
}
mean_case("comparisons_mean_two", "class==9", people$class == 9, 40, .9)
mean_case("comparisons_mean_one", "class==8", people$class == 8, 40, .95)
mean_case("comparisons_mean_everyone", "class==9", people$class == 9, 2, .95)
mean_case("comparisons_mean_filter", "class>=3 & level!=2", people$class >= 3 & people$level != 2, 300, .99)
mean_case("comparisons_mean_all", NULL, rep(TRUE, 90), NULL, .8)

wilson <- function(p, n, z) { c <- (p + z^2 / (2 * n)) / (1 + z^2 / n); h <- z / (1 + z^2 / n) * sqrt(p * (1 - p) / n + z^2 / (4 * n^2)); c(c - h, c + h) }
shares <- expand.grid(x = c(0, 1, 7, 20), n = c(20, 61), N = c(NA, 61, 75, 5000), confidence = c(.8, .95, .995))
shares <- rbind(shares, data.frame(x = c(0, 1, 1, 2), n = c(1, 1, 2, 2), N = c(NA, 3, 2, 100), confidence = .95))
rows <- lapply(seq_len(nrow(shares)), function(i) with(shares[i, ], {
  p <- x / n; whole <- !is.na(N) && N == n
  size <- if (whole) NULL else if (is.na(N)) n else n * (N - 1) / (N - n)
  e <- if (whole) c(p, p) else wilson(p, size, qnorm(.5 + confidence / 2))
  if (is.na(N)) stopifnot(all(abs(suppressWarnings(prop.test(x, n, conf.level = confidence, correct = FALSE))$conf.int - e) < 1e-12))
  list(x = x, n = n, N = if (is.na(N)) NULL else N, confidence = confidence, p = p, n_effective = size, low = max(0, e[1]), high = min(1, e[2]))
}))
write_case("comparisons_wilson", "proportion_ci_wilson", NULL,
  list(cases = lapply(rows, function(r) r[c("x", "n", "N", "confidence")])), list(cases = rows), "prop.test(correct = FALSE); formula with N", rel = 1e-10)

exact <- function(x, n, N, conf) {
  D <- x:(N - (n - x)); a <- (1 - conf) / 2 * (1 + 1e-9)
  ok <- phyper(x, D, N - D, n) > a & phyper(x - 1, D, N - D, n, lower.tail = FALSE) > a
  c(min(D[ok] / N, x / n), max(D[ok] / N, x / n))
}
hyper <- expand.grid(x = c(0, 1, 3, 12), n = c(12, 30), N = c(30, 31, 47, 200, 1999), confidence = c(.9, .95, .99))
write_case("comparisons_hypergeometric", "proportion_ci_hypergeometric", NULL,
  list(cases = each(hyper)),
  list(cases = lapply(seq_len(nrow(hyper)), function(i) with(hyper[i, ], { e <- exact(x, n, N, confidence); list(low = e[1], high = e[2]) }))),
  "phyper over every possible number", rel = 1e-12)

design_case <- function(id, variable, value, N, conf) {
  v <- people[[variable]]; v <- v[!is.na(v) & v != ""]; y <- as.numeric(v == value); n <- length(y)
  d <- if (is.null(N)) svydesign(~1, data = data.frame(y = y), weights = ~rep(1, n)) else svydesign(~1, data = data.frame(y = y, N = N), fpc = ~N)
  m <- svymean(~y, d); p <- coef(m)[[1]]; v <- vcov(m)[1, 1]; size <- p * (1 - p) / v; q <- .5 + conf / 2
  write_case(id, "proportion_ci_wilson_design", "comparisons_people.csv",
    list(variable = variable, value = value, design = "srs", population_size = N, confidence = conf),
    list(p = p, se = sqrt(v), n_effective = size, design_df = n - 1, ci_z = wilson(p, size, qnorm(q)), ci_t = wilson(p, size, qt(q, n - 1))),
    "survey::svymean; Wilson with n_effective")
}
design_case("comparisons_wilson_design", "yes", "yes", 140, .9)
design_case("comparisons_wilson_design_number", "level", 3, NULL, .95)

# Groups --------------------------------------------------------------------------------------------------------------------

items <- paste0("q", 1:5); n <- 160
trait <- rnorm(n); group <- sample(c("parents", "staff", "learners", "board"), n, TRUE, c(.5, .2, .28, .02)); trait[group == "staff"] <- trait[group == "staff"] + .5
answers <- sapply(1:5, function(j) pmin(4, pmax(1, round(2.5 + .8 * trait + rnorm(n, 0, .7) + (j - 3) / 4))))
answers[, 3] <- 5 - answers[, 3]
answers[sample(length(answers), 90)] <- NA
answers[sample(which(!is.na(answers)), 25)] <- 9
scores <- data.frame(id = 1:n, group = group, setNames(as.data.frame(answers), items))
scores$group[c(5, 50)] <- ""
write.csv(scores, "comparisons_groups.csv", row.names = FALSE, quote = FALSE, na = "")
gap_case <- function(id, g1, g2, share, conf) {
  a <- answers; a[a == 9] <- NA; a[, 3] <- 5 - a[, 3]
  need <- ceiling(share * 5 - 1e-9); valid <- rowSums(!is.na(a))
  s <- round(ifelse(valid >= need & valid > 0, rowMeans(a, na.rm = TRUE), NA), 10)
  x <- s[scores$group %in% g1]; y <- s[scores$group %in% g2]; x <- x[!is.na(x)]; y <- y[!is.na(y)]
  t <- t.test(x, y, conf.level = conf); n1 <- length(x); n2 <- length(y); m <- n1 + n2 - 2
  sp <- sqrt(((n1 - 1) * var(x) + (n2 - 1) * var(y)) / m); d <- (mean(x) - mean(y)) / sp
  e <- escalc("SMD", m1i = mean(x), sd1i = sd(x), n1i = n1, m2i = mean(y), sd2i = sd(y), n2i = n2, vtype = "LS")
  J <- exp(lgamma(m / 2) - log(sqrt(m / 2)) - lgamma((m - 1) / 2)); g <- J * d
  stopifnot(abs(g - hedges_g(x, y)$Hedges_g) < 1e-9)
  h <- sqrt(1 / n1 + 1 / n2); td <- d / h
  end <- function(p) uniroot(function(ncp) suppressWarnings(pt(td, m, ncp)) - p, td + c(-1, 1) * 8 * sqrt(1 + td^2 / m), tol = 1e-13)$root * h * J
  w <- suppressWarnings(wilcox.test(x, y, exact = FALSE, correct = FALSE)); u <- w$statistic[[1]]
  ties <- table(c(x, y)); N <- n1 + n2; sigma <- sqrt(n1 * n2 / 12 * (N + 1 - sum(ties^3 - ties) / (N * (N - 1))))
  write_case(id, "group_gap", "comparisons_groups.csv",
    list(items = items, reverse = list("q3"), scale_min = 1, scale_max = 4, dont_know_codes = list(9), min_valid_share = share, score = "person mean",
         group = "group", group1 = as.list(g1), group2 = as.list(g2), confidence = conf),
    list(n1 = n1, n2 = n2, mean1 = mean(x), mean2 = mean(y), sd1 = sd(x), sd2 = sd(y), difference = mean(x) - mean(y), difference_pomp = 100 * (mean(x) - mean(y)) / 3,
         welch = list(t = t$statistic[[1]], df = t$parameter[[1]], p = t$p.value, se = t$stderr, ci95 = as.numeric(t$conf.int)),
         cohens_d = d, hedges_g = g, hedges_g_ci95_normal = g + c(-1, 1) * qnorm(.5 + conf / 2) * sqrt(1 / n1 + 1 / n2 + g^2 / (2 * N)),
         hedges_g_ci95_noncentral_t = c(end(.5 + conf / 2), end(.5 - conf / 2)),
         cliffs_delta = rank_biserial(x, y)$r_rank_biserial, mann_whitney = list(U = u, z = (u - n1 * n2 / 2) / sigma, p = w$p.value)),
    "t.test; metafor::escalc; effectsize; pt(ncp) with uniroot; wilcox.test(exact = FALSE, correct = FALSE)", abs = 1e-9,
    per_field = list(hedges_g_ci95_noncentral_t = list(abs = 1e-7, rel = 1e-7)))
}
gap_case("comparisons_gap_missing", "staff", "parents", .5, .95)
gap_case("comparisons_gap_several", c("staff", "board"), c("learners", "parents"), 1, .99)
gap_case("comparisons_gap_few", "board", "learners", .2, .8)

pairs <- data.frame(x1 = c(45, 0, 12, 0, 30, 1, 400), n1 = c(60, 11, 12, 8, 30, 1, 1000), x2 = c(20, 4, 3, 0, 41, 0, 371), n2 = c(50, 9, 40, 15, 41, 1, 995))
newcombe <- function(x1, n1, x2, n2, z) { a <- wilson(x1 / n1, n1, z); b <- wilson(x2 / n2, n2, z); p <- x1 / n1; q <- x2 / n2
  c(p - q - sqrt((p - a[1])^2 + (b[2] - q)^2), p - q + sqrt((a[2] - p)^2 + (q - b[1])^2)) }
proportions_case <- function(id, conf) {
  z <- qnorm(.5 + conf / 2)
  write_case(id, "two_proportions", NULL, list(confidence = conf, cases = each(pairs)),
    list(cases = lapply(seq_len(nrow(pairs)), function(i) with(pairs[i, ], {
      p <- x1 / n1; q <- x2 / n2; both <- (x1 + x2) / (n1 + n2); se <- sqrt(both * (1 - both) * (1 / n1 + 1 / n2))
      test <- suppressWarnings(prop.test(c(x1, x2), c(n1, n2), correct = FALSE))
      list(p1 = p, p2 = q, difference = p - q, z_pooled = na_null((p - q) / se), p = na_null(test$p.value),
           wald_ci95 = p - q + c(-1, 1) * z * sqrt(p * (1 - p) / n1 + q * (1 - q) / n2), newcombe_ci95 = newcombe(x1, n1, x2, n2, z),
           cohens_h = 2 * asin(sqrt(p)) - 2 * asin(sqrt(q))) }))),
    "prop.test(correct = FALSE); Newcombe's method 10", abs = 1e-10)
}
proportions_case("comparisons_proportions", .95)
proportions_case("comparisons_proportions_wide", .999)

# Rounds --------------------------------------------------------------------------------------------------------------------

linked <- data.frame(id = 1:60, before = sample(4:20, 60, TRUE) / 4)
linked$after <- pmin(5, pmax(1, linked$before + sample(-2:4, 60, TRUE) / 4))
linked$before[c(3, 9)] <- NA; linked$after[c(9, 20, 33)] <- NA
linked$fine1 <- round(linked$before + rnorm(60) / 3, 9); linked$fine2 <- round(linked$fine1 + .1 + rnorm(60) / 5, 9)
linked$up <- linked$before + .5
linked$few1 <- c(2, 3.5, rep(NA, 58)); linked$few2 <- c(2.5, 3, rep(NA, 58))
write.csv(linked, "comparisons_linked.csv", row.names = FALSE, quote = FALSE, na = "")
paired_case <- function(id, one, two, conf, constant = FALSE) {
  ok <- !is.na(linked[[one]]) & !is.na(linked[[two]]); x <- linked[[one]][ok]; y <- linked[[two]][ok]; n <- length(x); d <- round(y - x, 10); m <- n - 1
  t <- if (constant) NULL else t.test(y, x, paired = TRUE, conf.level = conf)
  w <- suppressWarnings(wilcox.test(d, exact = FALSE, correct = FALSE)$p.value)
  J <- if (m >= 2) exp(lgamma(m / 2) - log(sqrt(m / 2)) - lgamma((m - 1) / 2)) else NA
  write_case(id, "paired_change", "comparisons_linked.csv", list(time1 = one, time2 = two, confidence = conf),
    list(n_pairs = n, mean1 = mean(x), mean2 = mean(y), sd1 = sd(x), sd2 = sd(y), correlation = cor(x, y), mean_change = mean(d), sd_change = if (constant) 0 else sd(d),
         se = if (constant) 0 else t$stderr, t = t$statistic[[1]], df = m, p = t$p.value, ci95 = if (constant) rep(mean(d), 2) else as.numeric(t$conf.int),
         d_z = if (!constant) mean(d) / sd(d), g_z = if (!constant) na_null(J * mean(d) / sd(d)), d_average_sd = mean(d) / ((sd(x) + sd(y)) / 2),
         se_if_unlinked = sqrt(var(x) / n + var(y) / n), wilcoxon_p = w), "t.test(paired = TRUE); wilcox.test(exact = FALSE, correct = FALSE)", abs = 1e-9)
}
paired_case("comparisons_paired_ties", "before", "after", .9)
paired_case("comparisons_paired_fine", "fine1", "fine2", .99)
paired_case("comparisons_paired_constant", "before", "up", .95, constant = TRUE)
paired_case("comparisons_paired_two", "few1", "few2", .95)

rounds_case <- function(id, conf) {
  x <- people$x[people$class <= 3]; y <- people$x[people$class > 3]; t <- t.test(y, x, conf.level = conf); z <- qnorm(.5 + conf / 2)
  s <- list(c(12, 40, 25, 44), c(0, 10, 0, 12), c(5, 9, 9, 9))
  write_case(id, "round_change", "comparisons_people.csv", list(variable = "x", earlier = "class<=3", later = "class>3", confidence = conf, shares = s),
    list(mean = list(change = mean(y, na.rm = TRUE) - mean(x, na.rm = TRUE), se = t$stderr, t = t$statistic[[1]], df = t$parameter[[1]], p = t$p.value, ci = as.numeric(t$conf.int), minimum_detectable = z * t$stderr),
         shares = lapply(s, function(v) { p <- v[1] / v[2]; q <- v[3] / v[4]; se <- sqrt(p * (1 - p) / v[2] + q * (1 - q) / v[4])
           list(change = q - p, se = se, p = na_null(suppressWarnings(prop.test(v[c(3, 1)], v[c(4, 2)], correct = FALSE))$p.value), ci = newcombe(v[3], v[4], v[1], v[2], z), minimum_detectable = if (se > 0) z * se) })),
    "t.test; prop.test; Newcombe's method 10", abs = 1e-10)
}
rounds_case("comparisons_rounds", .95)
rounds_case("comparisons_rounds_narrow", .7)

# Many tests, places, composites ----------------------------------------------------------------------------------------------

multiple_case <- function(id, p, level) {
  a <- function(m) as.list(p.adjust(p, m))
  write_case(id, "multiple_comparisons", NULL, list(p = as.list(p), level = level),
    list(bh = a("BH"), by = a("BY"), holm = a("holm"), hochberg = a("hochberg"), bonferroni = a("bonferroni"),
         rejected_bh = as.list(p.adjust(p, "BH") <= level), rejected_holm = as.list(p.adjust(p, "holm") <= level)), "p.adjust", rel = 1e-12)
}
multiple_case("comparisons_multiple_undefined", c(.2, NA, .001, .03, NA, .03, .7, 1e-9), .1)
multiple_case("comparisons_multiple_one", .04, .05)
multiple_case("comparisons_multiple_many", signif(c(rbeta(80, .4, 3), rep(.02, 10), 0, 1, 1), 6), .01)

schools <- data.frame(school = paste0("s", 1:70), kind = sample(c("primary", "secondary", "special"), 70, TRUE, c(.6, .35, .05)),
                      need = round(runif(70, 0, 60), 1), score = round(rnorm(70, 62, 8)), se = round(runif(70, 1, 4), 2))
schools$score[c(7, 30)] <- NA; schools$need[12] <- NA; schools$se[5] <- NA
write.csv(schools, "comparisons_schools.csv", row.names = FALSE, quote = FALSE, na = "")
percentile <- function(v, others, self) 100 * (sum(others < v) + .5 * sum(others == v) + .5 * self) / (length(others) + self)
place_case <- function(id, who, band, self, fewest, conf) {
  one <- function(name) {
    i <- match(name, schools$school); v <- schools$score[i]; e <- qnorm(.5 + conf / 2) * schools$se[i]
    place <- function(use) {
      use <- use & schools$kind == schools$kind[i] & seq_len(70) != i & !is.na(schools$score); use[is.na(use)] <- FALSE
      o <- schools$score[use]
      if (length(o) < fewest) return(NULL)
      list(n = length(o) + self, p = percentile(v, o, self), ci = if (!is.na(e)) c(percentile(v - e, o, self), percentile(v + e, o, self)),
           q = as.numeric(quantile(c(o, if (self) v), c(.25, .5, .75), type = 7)))
    }
    same <- place(rep(TRUE, 70)); near <- place(abs(schools$need - schools$need[i]) <= band)
    list(school = name, value = v, n_same_type = same$n, percentile_same_type = same$p, percentile_same_type_ci = same$ci,
         n_similar = near$n, percentile_similar = near$p, percentile_similar_ci = near$ci, similar_quartiles = near$q)
  }
  write_case(id, "benchmark_percentile", "comparisons_schools.csv",
    list(school = "school", variable = "score", standard_error = "se", type = "kind", schools = as.list(who), similar = list(variable = "need", band = band),
         include_self = self, min_units = fewest, confidence = conf),
    list(schools = lapply(who, one), quantiles_all = as.numeric(quantile(schools$score, c(.05, .1, .25, .5, .75, .9, .95), type = 7, na.rm = TRUE))), "base R; quantile(type = 7)")
}
special <- schools$school[schools$kind == "special"][1]
place_case("comparisons_places", c("s1", "s2", "s5", "s40", special), 10, TRUE, 3, .95)
place_case("comparisons_places_others", c("s1", "s3", "s5", "s66", special), 4.5, FALSE, 5, .8)

composite_case <- function(id, w, s, se, S, least, floor) {
  use <- !is.na(s); share <- sum(w[use]) / sum(w); v <- w[use] / sum(w[use]); enough <- share >= least - 1e-12
  write_case(id, "composite", NULL,
    list(domains = lapply(seq_along(w), function(i) list(domain = letters[i], weight = w[i], score = na_null(s[i]), se = na_null(se[i]))),
         covariance = lapply(seq_along(w), function(i) as.list(S[i, ])), min_weight_share = least, geometric_floor = floor),
    list(available_weight_share = share, arithmetic = if (enough) sum(v * s[use]), geometric = if (enough) exp(sum(v * log(pmax(s[use], floor)))),
         se_independent = if (enough) na_null(sqrt(sum((v * se[use])^2))), se_covariance = if (enough) sqrt(c(v %*% S[use, use, drop = FALSE] %*% v))), "direct formula", rel = 1e-12)
}
S <- crossprod(matrix(rnorm(20), 5)) / 4; S <- S[1:4, 1:4]
composite_case("comparisons_composite", c(2, 1, 1, 4), c(55.5, 0, NA, 81.25), c(2, 1.5, NA, 3), S, .8, 1)
composite_case("comparisons_composite_exactly", c(.3, .3, .1, .3), c(NA, 40, 12, 99), c(NA, 2, NA, 1), S, .7, 20)
composite_case("comparisons_composite_missing", c(.3, .3, .1, .3), c(NA, 40, NA, 99), c(NA, 2, NA, 1), S, .7, 1)
