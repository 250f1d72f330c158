### Pages for those who organise a review and read its results.


## Signing in

sign-in-title = Sign in
sign-in = Sign in
sign-out = Sign out
sign-in-failed = This e-mail address and password do not belong together. Please try again.
sign-in-signed-out = You have signed out.
sign-in-respondent = Were you asked to fill in a questionnaire? Then you need no account: use the link in your mail or letter.
field-email = E-mail address
field-password = Password

## Setting up

setup-title = Set up Klankbord
setup-lead = A few details, and you can begin.
setup-organisation = Name of your organisation
setup-organisation-hint = The school, or the group of schools that belong together. You can add schools below it later.
setup-level = What kind of organisation is it?
setup-level-school = One school
setup-level-community = A group of schools
setup-level-region = A region or municipality
setup-level-system = A whole school system
setup-problem-password-long = This password is too long. Please choose a shorter one.
setup-problem-password-email = The password is the e-mail address. Please choose another one.
setup-email = Your e-mail address
setup-password = Choose a password
setup-password-hint = At least 12 characters. A sentence is easy to remember.
setup-password-again = The same password again
setup-save = Save and sign in
setup-problems =
    { $count ->
        [one] One field needs another look
       *[other] { $count } fields need another look
    }
setup-problem-empty = Please fill in: { $field }.
setup-problem-long = Please use at most 200 characters: { $field }.
setup-problem-email = Please write an e-mail address such as name@school.example.
setup-problem-password = Please choose a password of at least 12 characters.
setup-problem-password-again = The two passwords differ.
notice-setup-used-title = This link has been used
notice-setup-used-body = Klankbord has been set up, or the link has expired. Sign in, or start the server again to get a new link.

## Overview

overview-title = Overview
overview-organisations = Organisations and rounds
overview-none-title = Nothing to see yet
overview-none-body = Your account has no rights at any organisation. Someone who manages the organisation can give you a role.
overview-first-title = Your first round in four steps
overview-first-schools = Add the schools below your organisation:
overview-first-people = Import the people you want to ask:
overview-first-round = Make a round and open it:
overview-first-invite = Invite them:
overview-units = { $count } units
overview-docs = Read how in the API documentation
level-system = System
level-region = Region
level-community = Learning community
level-school = School
level-unit = Unit
round-draft = Not open yet
round-open = Open
round-closed = Closed
round-opened = Results
round-participation = { $answered } of { $invited } answered
round-dates = { $opens } to { $closes }
round-opens = From { $opens }
round-closes = Until { $closes }

## Results

participation-title = Who took part
participation-nearly-all = nearly all
column-group = Group
column-invited = Invited
column-answered = Answered
column-rate = Response rate
column-indicator = Indicator
column-score = Score
results-lead = Scores run from 0 to 100, each with its 95% range.
results-legend-link = What do the figures mean?
results-waiting-title = The answers are still sealed
results-waiting-body = Results appear once the round has closed and the answers have been opened.
results-none-title = No results
results-none-body = Nobody answered in this round, or nothing was asked that belongs to an indicator.
results-as-data = These figures as data (JSON)
cell-not-asked = not asked
withheld-too-few = Withheld: fewer than { $count } answered
withheld-derivable = Withheld: it would reveal a small group
withheld-not-opened = Not opened yet
withheld-nobody = Nobody answered
withheld-few-schools = Withheld: too few schools
withheld-one-school = Withheld: one school is most of it
withheld-alike = Withheld: nearly everyone answered the same
figure-interval = { $low } to { $high }
figure-n = n = { $count }
figure-favourable = { $share } favourable
share-at-least = at least { $share }
share-at-most = at most { $share }
legend-title = What the figures mean
legend-mean = Score
legend-mean-body = The mean of the answers to the questions of an indicator, from 0 (least favourable) to 100 (most favourable). Questions that are worded the other way round are turned first.
legend-interval = Range
legend-interval-body = If everyone invited had answered, the score would very probably lie in this range (95% interval). If the ranges of two groups overlap widely, do not make much of the difference.
legend-n = n
legend-n-body = How many people's answers made the score.
legend-favourable = Favourable
legend-favourable-body = The share of answers that agree with the statement, once turned the right way. “Don’t know” does not count.
legend-withheld = Withheld
legend-withheld-body = Small groups are not shown, nor is a figure from which a small group could be worked out.

## One indicator

kind-input = This indicator is about what goes in: people, means and plans.
kind-process = This indicator is about what is done from day to day.
kind-outcome = This indicator is about what comes of it.
indicator-voices = How each group sees it
indicator-questions = What was asked
indicator-distribution = How the answers are spread
indicator-alpha = Cronbach’s alpha { $alpha }: how well the questions measure the same thing (1 at best).
indicator-concentrated = Nearly all answers are the same:
indicator-bounded = Nearly all answers are favourable, or nearly none. How they spread over the options is not shown, because it would tell what single people answered.
missing-blank = Left open
missing-dont-know = Don’t know
missing-not-applicable = Does not apply
missing-prefer-not-to-say = Rather not say
missing-not-shown = Not asked
indicator-missing = Not counted in the score:
chart-title = { $indicator }: score per group, from 0 to 100
chart-value = { $mean } ({ $interval })
