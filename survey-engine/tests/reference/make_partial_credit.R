# Partial credit model by conditional maximum likelihood, for make_partial_credit.py: answers as lines of numbers (NA: blank) on
# standard input, a JSON document on standard output. R 4.2.2, psychotools 0.7.2, jsonlite 1.8.4.
suppressMessages({library(psychotools); library(jsonlite)})
x <- as.matrix(read.csv(file("stdin"), header = FALSE))
fit <- suppressWarnings(pcmodel(x, nullcats = "downcode", reltol = 1e-14, maxit = 1000L))
sizes <- sapply(fit$categories, length)
eta <- c(0, coef(fit))
vc <- rbind(0, cbind(0, vcov(fit)))
D <- diag(length(eta)); at <- 0
for (m in sizes) { if (m > 1) for (j in 2:m) D[at + j, at + j - 1] <- -1; at <- at + m }
D <- D - matrix(colMeans(D), nrow(D), ncol(D), byrow = TRUE)
cat(toJSON(list(thresholds = as.vector(D %*% eta), threshold_se = sqrt(diag(D %*% vc %*% t(D))), loglik = fit$loglik),
           digits = NA, auto_unbox = TRUE))
