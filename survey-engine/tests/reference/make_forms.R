# Writes forms_school.csv and the cases that use it: forms that a case may take. One item without brackets, shares under a design, the
# levels of a tree in a column, many items with missing answers, and odds that are zero.
# Run in this folder: Rscript make_forms.R
# Versions: R 4.2.2, survey 4.1.1, psychotools 0.7.2, lme4 1.1.31, jsonlite 1.8.4.
suppressPackageStartupMessages({ library(survey); library(psychotools); library(lme4); library(jsonlite) })

set.seed(20250318)
n <- 320
items <- sprintf("a%02d", 1:14)
place <- sort(sample(1:9, n, TRUE))
trait <- rnorm(n) + rnorm(9, 0, .5)[place]
d <- data.frame(class = place, school = c("north", "south", "east")[(place - 1) %/% 3 + 1],
                kind = ifelse(runif(n) < .5, "x", "y"))
for (i in seq_along(items)) {
  answer <- findInterval(trait + rnorm(n) + rnorm(1, 0, .4), c(-.7, .6))
  d[[items[i]]] <- ifelse(runif(n) < .02, NA, answer)
}
d$rare <- as.integer(d$kind == "y" & trait + rnorm(n) > 2.2)
csv <- "forms_school.csv"
write.csv(d, csv, row.names = FALSE, quote = FALSE, na = "")

write_case <- function(id, method, parameters, expected, tolerance, call, notes) {
  case <- list(id = id, method = method, input_csv = csv, parameters = parameters, expected = expected, tolerance = tolerance,
               produced_by = list(software = R.version.string, call = call), notes = notes)
  writeLines(toJSON(case, auto_unbox = TRUE, digits = NA, null = "null", na = "null", pretty = TRUE), paste0(id, ".json"))
}

# A share of schools' pupils, by clusters and by strata.
share <- function(des, q) {
  m <- svymean(~one, des); p <- unname(coef(m)); se <- as.numeric(SE(m)); size <- p * (1 - p) / se^2
  centre <- (p + q^2 / 2 / size) / (1 + q^2 / size)
  half <- q / (1 + q^2 / size) * sqrt(p * (1 - p) / size + q^2 / 4 / size^2)
  list(p = p, se = se, size = size, ends = centre + c(-1, 1) * half)
}
shares <- function(id, design, parameters, des, confidence) {
  z <- share(des, qnorm(.5 + confidence / 2)); t <- share(des, qt(.5 + confidence / 2, degf(des)))
  write_case(id, "proportion_ci_wilson_design",
             c(list(variable = "kind", value = "x", design = design, confidence = confidence), parameters),
             list(p = z$p, se = z$se, n_effective = z$size, design_df = degf(des), ci_z = z$ends, ci_t = t$ends),
             list(abs = 1e-9, rel = 1e-9), "survey::svymean(), score interval by hand", "The size is that of a simple sample with this variance.")
}
s <- d; s$one <- as.integer(s$kind == "x"); s$w <- 1
shares("forms_share_clusters", "cluster", list(cluster = "class", weights = 1, fpc = NULL), svydesign(~class, weights = ~w, data = s), .9)
sizes <- c(north = 400, south = 260, east = 300)
s$all <- sizes[s$school]; s$w <- s$all / ave(s$all, s$school, FUN = length)
shares("forms_share_strata", "stratified", list(strata = "school", stratum_population = as.list(sizes), weights = "N_h/n_h"),
       svydesign(~1, strata = ~school, weights = ~w, fpc = ~all, data = s), .95)

# One item is a scale, too.
y <- d[!is.na(d$a01), ]
ms <- anova(aov(a01 ~ factor(class), y))[["Mean Sq"]]
k <- nrow(y) / 9
fit <- lmer(a01 ~ 1 + (1 | class), y, control = lmerControl(optimizer = "bobyqa", optCtrl = list(rhoend = 1e-10)))
v <- as.data.frame(VarCorr(fit))$vcov
rwg <- unname(sapply(split(y$a01, y$class), function(x) 1 - min(var(x), 2 / 3) / (2 / 3)))
write_case("forms_one_item", "aggregation_icc_rwg",
           list(items = "a01", reverse = list(), scale_min = 0, scale_max = 2, group = "class", missing = "listwise", score = "person mean",
                categories = 3, null_distribution = "uniform"),
           list(n = nrow(y), groups = 9, ms_between = ms[1], ms_within = ms[2], icc1 = (ms[1] - ms[2]) / (ms[1] + (k - 1) * ms[2]),
                icc1_reml = v[1] / sum(v), rwgj = list(group = as.character(1:9), n = as.integer(table(y$class)), rwgj = rwg),
                rwgj_median = median(rwg)),
           list(abs = 1e-9, rel = 1e-9, per_field = list(icc1_reml = list(abs = 1e-5, rel = 1e-4))), "aov(), lme4::lmer()", "")

# A tree whose nodes are a column.
three <- items[1:3]; full <- complete.cases(d[three])
figures <- function(x) {
  sums <- rowSums(x); S <- cov(x)
  list(n = nrow(x), sum_score_total = sum(sums), sum_score_squares = sum(sums^2), mean = mean(sums / 3), sd = sd(sums / 3),
       alpha = 3 / 2 * (1 - sum(diag(S)) / sum(S)), pct_favourable_pooled = 100 * mean(x >= 2),
       raw_score_counts = as.integer(table(factor(sums, 0:6))))
}
x <- as.matrix(d[full, three])
write_case("forms_merge_by_column", "merge_tree",
           list(items = three, reverse = list(), scale_min = 0, scale_max = 2, leaf = "class", node = "school", favourable_min = 2,
                missing = "listwise"),
           list(nodes = lapply(split(seq_len(nrow(x)), d$school[full]), function(at) figures(x[at, ])), root = figures(x)),
           list(abs = 1e-9, rel = 1e-9), "base R", "The node of a leaf is the value of a column.")

# More items than a tally keeps patterns of.
enough <- as.matrix(d[rowSums(!is.na(d[items])) >= 2, items])
model <- pcmodel(enough, reltol = 1e-13)
eta <- matrix(c(0, coef(model)), 2)
steps <- rbind(eta[1, ], eta[2, ] - eta[1, ]); steps <- steps - mean(steps)
patterns <- table(apply(1 * !is.na(enough), 1, paste, collapse = ""))
write_case("forms_many_items_missing", "pcm_cml_missing",
           list(items = items, reverse = list(), scale_min = 0, scale_max = 2,
                missing = "available items; rows with fewer than 2 answers dropped"),
           list(n = nrow(enough), patterns = as.list(patterns), thresholds = setNames(asplit(steps, 2), items),
                cond_loglik = as.numeric(logLik(model))),
           list(abs = 3e-4, rel = 1e-6, per_field = list(cond_loglik = list(abs = 2e-3, rel = 1e-8))), "psychotools::pcmodel()", "")

# Only the focal group ever says yes to one item: the common odds ratio is zero, and has no logarithm.
pool <- c("a01", "a02", "rare"); keep <- complete.cases(d[pool])
yes <- sapply(d[keep, pool], function(a) as.integer(a >= 1)); focal <- d$kind[keep] == "y"
score <- rowSums(yes)
counts <- table(factor(focal, c(FALSE, TRUE)), factor(yes[, "rare"], 1:0), score)
test <- mantelhaen.test(counts[, , apply(counts, 3, sum) > 1], correct = TRUE)
all <- apply(counts, 3, sum)
alpha <- sum(counts[1, 1, ] * counts[2, 2, ] / all) / sum(counts[1, 2, ] * counts[2, 1, ] / all)
stopifnot(alpha == 0)
write_case("forms_odds_zero", "dif_mantel_haenszel",
           list(items = pool, reverse = list(), scale_min = 0, scale_max = 2, group = "kind", reference = "x", focal = "y",
                missing = "listwise over items and group", dichotomise = "category (0-based) >= cut", cut = 1,
                matching = "sum of dichotomised items, studied item included, no purification", items_tested = "rare"),
           list(n = sum(keep), n_reference = sum(!focal), n_focal = sum(focal),
                items = list(rare = list(alpha_mh = alpha, log_alpha_se = NA, delta_mh = NA, delta_se = NA,
                                         chi2_continuity = unname(test$statistic), p = test$p.value))),
           list(abs = 1e-8, rel = 1e-8), "stats::mantelhaen.test()", "")
