### Pagina's voor wie een onderzoek organiseert en de resultaten leest.


## Inloggen

sign-in-title = Inloggen
sign-in = Inloggen
sign-out = Uitloggen
sign-in-failed = Dit e-mailadres en wachtwoord horen niet bij elkaar. Probeer het opnieuw.
sign-in-signed-out = U bent uitgelogd.
sign-in-respondent = Bent u gevraagd om een vragenlijst in te vullen? Dan hebt u geen account nodig: gebruik de link in uw mail of brief.
field-email = E-mailadres
field-password = Wachtwoord

## Inrichten

setup-title = Klankbord inrichten
setup-lead = Nog een paar gegevens, en u kunt beginnen.
setup-organisation = Naam van uw organisatie
setup-organisation-hint = De school, of de groep scholen die bij elkaar horen. Later kunt u er scholen onder zetten.
setup-level = Wat voor organisatie is het?
setup-level-school = Eén school
setup-level-community = Een groep scholen
setup-level-region = Een regio of gemeente
setup-level-system = Een heel schoolstelsel
setup-problem-password-long = Dit wachtwoord is te lang. Kies een korter wachtwoord.
setup-problem-password-email = Het wachtwoord is het e-mailadres. Kies een ander wachtwoord.
setup-email = Uw e-mailadres
setup-password = Kies een wachtwoord
setup-password-hint = Minstens 12 tekens. Een zin is makkelijk te onthouden.
setup-password-again = Hetzelfde wachtwoord nog een keer
setup-save = Opslaan en inloggen
setup-problems =
    { $count ->
        [one] Kijk nog even naar één veld
       *[other] Kijk nog even naar { $count } velden
    }
setup-problem-empty = Vul in: { $field }.
setup-problem-long = Gebruik hoogstens 200 tekens: { $field }.
setup-problem-email = Schrijf een e-mailadres zoals naam@school.example.
setup-problem-password = Kies een wachtwoord van minstens 12 tekens.
setup-problem-password-again = De twee wachtwoorden verschillen.
notice-setup-used-title = Deze link is al gebruikt
notice-setup-used-body = Klankbord is al ingericht, of de link is verlopen. Log in, of start de server opnieuw voor een nieuwe link.

## Overzicht

overview-title = Overzicht
overview-organisations = Organisaties en rondes
overview-none-title = Nog niets te zien
overview-none-body = Uw account heeft bij geen enkele organisatie rechten. Iemand die de organisatie beheert, kan u een rol geven.
overview-first-title = Uw eerste ronde in vier stappen
overview-first-schools = Zet de scholen onder uw organisatie:
overview-first-people = Voer in wie u iets wilt vragen:
overview-first-round = Maak een ronde en zet die open:
overview-first-invite = Nodig hen uit:
overview-units = { $count } afdelingen
overview-docs = Lees in de API-documentatie hoe dat gaat
level-system = Stelsel
level-region = Regio
level-community = Leergemeenschap
level-school = School
level-unit = Afdeling
round-draft = Nog niet open
round-open = Open
round-closed = Gesloten
round-opened = Resultaten
round-participation = { $answered } van { $invited } beantwoord
round-dates = { $opens } tot en met { $closes }
round-opens = Vanaf { $opens }
round-closes = Tot en met { $closes }

## Resultaten

participation-title = Wie er meededen
participation-nearly-all = bijna iedereen
column-group = Groep
column-invited = Uitgenodigd
column-answered = Beantwoord
column-rate = Respons
column-indicator = Indicator
column-score = Score
results-lead = Scores lopen van 0 tot 100, elk met een 95%-gebied.
results-legend-link = Wat betekenen de cijfers?
results-waiting-title = De antwoorden zijn nog verzegeld
results-waiting-body = De resultaten verschijnen zodra de ronde gesloten is en de antwoorden zijn geopend.
results-none-title = Geen resultaten
results-none-body = Niemand heeft in deze ronde geantwoord, of er is niets gevraagd dat bij een indicator hoort.
results-as-data = Deze cijfers als data (JSON)
cell-not-asked = niet gevraagd
withheld-too-few = Niet getoond: minder dan { $count } antwoorden
withheld-derivable = Niet getoond: het zou een kleine groep verraden
withheld-not-opened = Nog niet geopend
withheld-nobody = Niemand heeft geantwoord
withheld-few-schools = Niet getoond: te weinig scholen
withheld-one-school = Niet getoond: één school is het grootste deel
withheld-alike = Niet getoond: bijna iedereen antwoordde hetzelfde
figure-interval = { $low } tot { $high }
figure-n = n = { $count }
figure-favourable = { $share } gunstig
share-at-least = minstens { $share }
share-at-most = hoogstens { $share }
legend-title = Wat de cijfers betekenen
legend-mean = Score
legend-mean-body = Het gemiddelde van de antwoorden op de vragen van een indicator, van 0 (minst gunstig) tot 100 (meest gunstig). Vragen die andersom gesteld zijn, worden eerst omgedraaid.
legend-interval = Gebied
legend-interval-body = Als alle uitgenodigden hadden geantwoord, lag de score zeer waarschijnlijk in dit gebied (95%-interval). Overlappen de gebieden van twee groepen sterk, hecht dan niet veel aan het verschil.
legend-n = n
legend-n-body = Van hoeveel mensen de antwoorden in de score zitten.
legend-favourable = Gunstig
legend-favourable-body = Het deel van de antwoorden dat het met de stelling eens is, als die de goede kant op staat. ‘Weet ik niet’ telt niet mee.
legend-withheld = Niet getoond
legend-withheld-body = Kleine groepen worden niet getoond, en ook geen cijfer waaruit een kleine groep af te leiden is.

## Eén indicator

kind-input = Deze indicator gaat over wat erin gaat: mensen, middelen en plannen.
kind-process = Deze indicator gaat over wat er van dag tot dag gebeurt.
kind-outcome = Deze indicator gaat over wat eruit komt.
indicator-voices = Hoe elke groep het ziet
indicator-questions = Wat er is gevraagd
indicator-distribution = Hoe de antwoorden verdeeld zijn
indicator-alpha = Cronbachs alfa { $alpha }: hoe goed de vragen hetzelfde meten (hoogstens 1).
indicator-concentrated = Bijna alle antwoorden zijn hetzelfde:
indicator-bounded = Bijna alle antwoorden zijn positief, of bijna geen. Hoe ze over de opties verdeeld zijn, wordt niet getoond: dan zou te zien zijn wat enkele mensen antwoordden.
missing-blank = Opengelaten
missing-dont-know = Weet ik niet
missing-not-applicable = Niet van toepassing
missing-prefer-not-to-say = Zeg ik liever niet
missing-not-shown = Niet gevraagd
indicator-missing = Niet meegeteld in de score:
chart-title = { $indicator }: score per groep, van 0 tot 100
chart-value = { $mean } ({ $interval })
