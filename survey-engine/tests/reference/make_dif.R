# Writes dif_*.json and their csv files: items of invented groups, and what R finds in them.
# Run in this folder: Rscript make_dif.R
# Versions: R 4.2.2, coin 1.4.2, ordinal 2022.11.16, MASS 7.3.58.2, jsonlite 1.8.4.
suppressPackageStartupMessages({ library(coin); library(ordinal); library(jsonlite) })
set.seed(20261123)

# Answers by a partial credit model; shift is added to the thresholds of a group's items.
answers <- function(n, thresholds, shift, ability) {
  theta <- rnorm(n, ability, 1.1)
  sapply(seq_along(thresholds), function(i) {
    d <- thresholds[[i]] + shift[i]
    sapply(theta, function(t) {
      w <- exp(c(0, cumsum(t - d)))
      sample(0:length(d), 1, prob = w)
    })
  })
}

blank <- function(x, share) { x[runif(length(x)) < share] <- NA; x }

write_table <- function(name, data) write.csv(data, name, row.names = FALSE, quote = FALSE, na = "")

prepared <- function(data, p) {
  x <- data[, p$items]
  for (i in p$reverse) x[[i]] <- p$scale_min + p$scale_max - x[[i]]
  x <- x - p$scale_min
  g <- as.character(data[[p$group]])
  side <- ifelse(g %in% p$reference, 0, ifelse(g %in% p$focal, 1, NA))
  keep <- complete.cases(x) & !is.na(side)
  list(x = x[keep, ], g = side[keep])
}

haenszel <- function(data, p) {
  d <- prepared(data, p)
  x <- as.data.frame(lapply(d$x, function(v) as.integer(v >= p$cut)))
  s <- rowSums(x)
  items <- lapply(x, function(y) {
    tab <- table(factor(d$g, 0:1), factor(y, c(1, 0)), s)
    tab <- tab[, , apply(tab, 3, sum) > 1]
    m <- mantelhaen.test(tab, correct = TRUE)
    alpha <- unname(m$estimate)
    se <- (log(m$conf.int[2]) - log(m$conf.int[1])) / (2 * qnorm(0.975))
    delta <- -2.35 * log(alpha)
    class <- if (abs(delta) < 1 || m$p.value > .05) "A" else if (abs(delta) >= 1.5 && (abs(delta) - 1) / (2.35 * se) > 1.645) "C" else "B"
    list(alpha_mh = alpha, log_alpha_se = se, delta_mh = delta, delta_se = 2.35 * se,
         chi2_continuity = unname(m$statistic), p = m$p.value, ets_class = class)
  })
  list(n = length(s), n_reference = sum(d$g == 0), n_focal = sum(d$g == 1), items = items)
}

ordinal_items <- function(data, p) {
  d <- prepared(data, p)
  s <- rowSums(d$x)
  items <- lapply(d$x, function(y) {
    both <- s %in% intersect(s[d$g == 0], s[d$g == 1])
    f <- data.frame(y = factor(y, 0:(p$scale_max - p$scale_min), ordered = TRUE), g = factor(d$g), s = factor(s))
    f <- droplevels(f[both, ])
    scores <- as.numeric(levels(f$y))
    # One degree of freedom: the square of the standardised linear statistic.
    chi2 <- as.numeric(statistic(cmh_test(y ~ g | s, data = f, scores = list(y = scores)), "standardized"))[1]^2
    strata <- split(data.frame(y, g = d$g), s)
    num <- 0; den <- 0
    for (k in strata) if (any(k$g == 0) && any(k$g == 1)) {
      nf <- sum(k$g == 1)
      num <- num + nf * (mean(k$y[k$g == 1]) - mean(k$y[k$g == 0])); den <- den + nf
    }
    smd <- num / den
    n <- table(d$g)
    sd <- sqrt(sum(tapply(y, d$g, function(v) (length(v) - 1) * var(v))) / (sum(n) - 2))
    es <- smd / sd
    pv <- pchisq(chi2, 1, lower.tail = FALSE)
    list(mantel_chi2 = chi2, p = pv, smd = smd, pooled_sd = sd, effect_size = es,
         class = if (pv > .05 || abs(es) <= .17) "AA" else if (abs(es) <= .25) "BB" else "CC")
  })
  list(n = length(s), n_reference = sum(d$g == 0), n_focal = sum(d$g == 1), items = items)
}

logistic <- function(data, p) {
  d <- prepared(data, p)
  s <- rowSums(d$x); g <- d$g; n <- length(s)
  items <- lapply(d$x[, p$items_tested, drop = FALSE], function(v) {
    y <- factor(v)
    control <- clm.control(gradTol = 1e-10, maxIter = 200)
    fits <- list(null = clm(y ~ 1, control = control), score = clm(y ~ s, control = control),
                 uniform = clm(y ~ s + g, control = control), nonuniform = clm(y ~ s + g + s:g, control = control))
    l <- lapply(fits, function(f) as.numeric(logLik(f)))
    nk <- function(a) (1 - exp(2 * (l$null - a) / n)) / (1 - exp(2 * l$null / n))
    lr <- function(a, b, df) { q <- 2 * (a - b); list(chi2 = q, df = df, p = pchisq(q, df, lower.tail = FALSE)) }
    r2 <- lapply(l[-1], nk)
    delta <- r2$nonuniform - r2$score
    b <- unname(coef(fits$uniform)["g"])
    list(loglik = l, beta_group_uniform = b, cumulative_odds_ratio = exp(b),
         lr_uniform = lr(l$uniform, l$score, 1), lr_nonuniform = lr(l$nonuniform, l$uniform, 1),
         lr_total = lr(l$nonuniform, l$score, 2), nagelkerke_r2 = r2, delta_nagelkerke_total = delta,
         delta_mcfadden_total = (1 - l$nonuniform / l$null) - (1 - l$score / l$null),
         jodoin_gierl_class = if (delta < .035) "A" else if (delta < .070) "B" else "C")
  })
  list(n = n, n_reference = sum(g == 0), n_focal = sum(g == 1), items = items)
}

write_case <- function(id, method, csv, p, expected, tolerance, call, notes) {
  list_names <- intersect(names(p), c("items", "reverse", "reference", "focal", "items_tested"))
  for (name in list_names) p[[name]] <- I(as.character(p[[name]]))
  case <- list(id = id, method = method, input_csv = csv, parameters = p, expected = expected, tolerance = tolerance,
               produced_by = list(software = "R 4.2.2; coin 1.4.2, ordinal 2022.11.16", call = call), notes = notes)
  write(toJSON(case, auto_unbox = TRUE, digits = NA, null = "null", pretty = TRUE), paste0(id, ".json"))
}

tight <- list(abs = 1e-8, rel = 1e-8)
loose <- list(abs = 1e-6, rel = 1e-6, per_field = list(chi2 = list(abs = 1e-4, rel = 1e-5), p = list(abs = 1e-6, rel = 1e-3)))

# Five items of five categories, the second worded the other way round; three languages of unequal size, blanks, people without a language.
th <- list(c(-1.5, -.5, .3, 1.4), c(-1, -.2, .4, 1.5), c(-2, -1, 0, 1), c(-.8, .1, .9, 1.8), c(-1.2, -.6, .2, .9))
lang <- rep(c("nl", "fy", "ar"), c(420, 150, 90))
x <- rbind(answers(420, th, rep(0, 5), .2), answers(150, th, c(0, 0, .9, 0, -.3), 0), answers(90, th, c(0, 0, .7, 0, 0), -.4)) + 1
x[, 2] <- 6 - x[, 2]
x <- as.data.frame(apply(x, 2, blank, share = .03))
names(x) <- paste0("q", 1:5)
lang[sample(660, 12)] <- NA
languages <- cbind(language = lang, x)[sample(660), ]
write_table("dif_languages.csv", languages)
p <- list(items = names(x), reverse = "q2", scale_min = 1, scale_max = 5, group = "language", reference = "nl", focal = c("fy", "ar"),
          missing = "listwise over items and group")
matching <- "sum of items, studied item included, no purification"
write_case("dif_mantel_languages", "dif_mantel_ordinal", "dif_languages.csv", c(p, list(matching = matching)),
           ordinal_items(languages, p), tight, "coin::cmh_test", "Two focal groups together; missing answers and a missing group.")
p2 <- c(p, list(dichotomise = "category (0-based) >= cut", cut = 3,
                matching = "sum of dichotomised items, studied item included, no purification"))
write_case("dif_mh_languages", "dif_mantel_haenszel", "dif_languages.csv", p2, haenszel(languages, p2), tight,
           "stats::mantelhaen.test(correct = TRUE)", "A high cut; a reversed item.")
p3 <- c(p, list(matching = matching, items_tested = c("q2", "q3", "q5")))
write_case("dif_ologit_languages", "dif_ordinal_logistic", "dif_languages.csv", p3, logistic(languages, p3), loose, "ordinal::clm", "Three of five items.")

# Three yes-or-no items and a rare one, small unequal groups; several scores are held by one group alone.
th <- list(-.4, .3, 0, 2.6, .9, -1.2)
y <- rbind(answers(38, th, rep(0, 6), 0), answers(141, th, c(.1, 0, 1.2, 0, 0, 0), .1))
y <- as.data.frame(apply(y, 2, blank, share = .02)); names(y) <- paste0("b", 1:6)
small <- cbind(group = rep(c(2, 1), c(38, 141)), y)
write_table("dif_small.csv", small)
p <- list(items = names(y), reverse = character(0), scale_min = 0, scale_max = 1, group = "group", reference = "1", focal = "2",
          missing = "listwise over items and group")
p2 <- c(p, list(dichotomise = "category (0-based) >= cut", cut = 1,
                matching = "sum of dichotomised items, studied item included, no purification"))
write_case("dif_mh_small", "dif_mantel_haenszel", "dif_small.csv", p2, haenszel(small, p2), tight,
           "stats::mantelhaen.test(correct = TRUE)", "Few persons; differences below one half are not corrected.")
p3 <- c(p, list(matching = matching))
write_case("dif_mantel_small", "dif_mantel_ordinal", "dif_small.csv", p3, ordinal_items(small, p), tight, "coin::cmh_test", "Two categories.")

# An item of which the middle category was never chosen.
th <- list(c(-1, 0, 1), c(-.5, .5, 1), c(-1.2, .2, .8), c(-.3, 0, .6))
z <- rbind(answers(160, th, rep(0, 4), 0), answers(130, th, c(0, .8, 0, 0), .3))
z[z[, 4] == 2, 4] <- 3
z <- as.data.frame(z); names(z) <- paste0("r", 1:4)
gap <- cbind(girl = rep(c("no", "yes"), c(160, 130)), z)
write_table("dif_unused_category.csv", gap)
p <- list(items = names(z), reverse = c("r1", "r2"), scale_min = 0, scale_max = 3, group = "girl", reference = "no", focal = "yes",
          missing = "listwise over items and group", matching = matching, items_tested = c("r1", "r2", "r3", "r4"))
# As two items are reversed only by name, the scale is a poor one: the score explains little.
write_case("dif_ologit_unused_category", "dif_ordinal_logistic", "dif_unused_category.csv", p, logistic(gap, p), loose, "ordinal::clm",
           "Nobody chose category 2 of r4.")
