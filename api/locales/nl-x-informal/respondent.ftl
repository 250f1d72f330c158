### Dezelfde pagina's voor leerlingen: met je en jij. Wat hier niet staat, komt uit het gewone Nederlands.

## Welkom

welcome-done = Je antwoorden zijn verstuurd. Dank je wel!
welcome-replace = Je antwoorden zijn veilig bewaard, dus we kunnen ze niet meer laten zien. Je kunt de vragen wel opnieuw invullen; de nieuwe antwoorden komen dan in de plaats van de oude.
welcome-list = Jouw vragenlijsten
welcome-list-done = { $done } van { $all } verstuurd. Je kunt ze een voor een doen, in elke volgorde.
assignment-done = Verstuurd. Dank je wel!
promise-heading = Wat gebeurt er met je antwoorden?
promise-anonymous-who = Als het gesloten is, kan niemand meer weten welke antwoorden van jou zijn: je school niet, en de makers van dit systeem ook niet.
promise-assisted = Je browser verbergt niet zelf wie de antwoorden stuurt: onze server ziet jouw link en jouw antwoorden heel even samen, en bewaart ze apart.
promise-confidential-who = Bij je antwoorden staat een code, niet je naam. Alleen { $keeper } kan die code aan jou koppelen, en alleen hiervoor: { $purpose }. Op { $date } wordt de sleutel vernietigd; daarna kan niemand het meer.
promise-identified = Je naam wordt bij je antwoorden bewaard.
promise-identified-who = { $organisation } kan zien wat je hebt geantwoord.
promise-voluntary = Je hoeft niet mee te doen. Je mag een vraag openlaten, behalve waar staat dat een antwoord nodig is.
promise-nothing-saved = Je antwoorden tellen pas als je ze op de laatste pagina verstuurt. Tot dan kan je browser ze voor je bewaren.

start-resume = Verdergaan waar je was
start-wait = Een ogenblik: je browser laat je recht om te antwoorden ondertekenen, zonder dat wij zien wat we ondertekenen.
start-offline = We zijn niet bereikbaar. Kijk of je verbinding hebt en probeer het opnieuw. Er is niets verloren.
start-refused = Dat lukte niet. Probeer het zo meteen opnieuw. Of ga zonder verder: dan ziet onze server jouw link en jouw antwoorden heel even samen, en bewaart ze apart.
start-code-heading = Je bent op een ander apparaat begonnen
start-code-why = Typ de code die je daar ziet, op de pagina met vragen, onder ‘Verder op een ander apparaat’.
start-code-without = Zonder de code kun je opnieuw beginnen. Antwoorden die al verstuurd zijn, blijven staan tot je andere verstuurt.
start-code-lost = Zonder dat apparaat of de code ervan kun je niet verder: niemand kan zien welke antwoorden van jou zijn, dus niemand kan je een tweede beurt geven.
draft-code = Open je link op het andere apparaat en druk op Beginnen. Typ dan deze code:
draft-code-note = Schrijf de code op. Hij staat alleen op dit apparaat; zonder de code kun je alleen opnieuw beginnen.
draft-code-keep = Schrijf de code op. Hij staat alleen op dit apparaat, en niemand kan hem voor je opzoeken.
draft-shared = Je antwoorden tot nu toe staan klaar voor het andere apparaat, versleuteld met deze code.
draft-unshared = Je antwoorden konden nu niet worden klaargezet voor het andere apparaat. Kijk of je verbinding hebt.

## De vragen

section-problems-kept = Alles wat je hebt ingevuld, staat er nog.
section-added =
    { $count ->
        [one] Door je antwoorden is er een vraag bij gekomen. Je vindt die hieronder.
       *[other] Door je antwoorden zijn er { $count } vragen bij gekomen. Je vindt ze hieronder.
    }
section-nothing-saved = Je antwoorden worden pas op de laatste pagina verstuurd.
hint-choices-any = Je mag er meer dan één kiezen.
problem-both = Je hebt een antwoord gegeven en ook ‘{ $missing }’ gekozen. Houd één van de twee over.

## De antwoorden nakijken

review-title = Jouw antwoorden
review-lead = Kijk ze even na voordat je ze verstuurt. Je kunt alles nog veranderen.
review-unanswered =
    { $count ->
        [one] Je hebt één vraag opengelaten. Dat mag.
       *[other] Je hebt { $count } vragen opengelaten. Dat mag.
    }
review-empty = Er is nog niets beantwoord. Beantwoord minstens één vraag voordat je verstuurt.
review-busy = Het is even druk, dus je antwoorden zijn nog niet verstuurd. Ze staan hier nog allemaal: wacht een minuut en verstuur ze opnieuw.
review-unavailable = We konden je antwoorden nu niet bewaren. Ze staan hier nog allemaal: wacht een minuut en verstuur ze opnieuw.
review-send-anonymous = Als je je antwoorden verstuurt, gaan ze op slot. Na het sluiten kan niemand meer weten dat ze van jou zijn.
review-send = Je antwoorden worden bewaard als je ze verstuurt.

## Na het versturen

thanks-title = Dank je wel!
thanks-stored = Je antwoorden zijn goed aangekomen.
thanks-replaced = Je nieuwe antwoorden zijn goed aangekomen. Ze komen in de plaats van de eerdere.
thanks-after-reminders = Je krijgt voor deze vragenlijst geen herinneringen meer.
thanks-back = Terug naar je vragenlijsten
sent-title = Je antwoorden zijn verstuurd
sent-body = Ze zijn goed aangekomen. Tot het onderzoek sluit, kun je ze nog veranderen: ga terug naar je vragenlijsten en vul de vragen opnieuw in.
thanks-close = Je kunt deze pagina nu sluiten.

## Wat iedereen kan controleren

check-sealed = Je antwoorden gaan op slot zodra ze aankomen. De sleutel die ze opent, ligt buiten de database, wordt pas na het sluiten gebruikt en wordt daarna vernietigd.
check-sealed-known = Je antwoorden gaan op slot zodra ze aankomen, en de sleutel die ze opent, ligt buiten de database.
check-blind = Je link en je antwoorden reizen apart. Voordat je begint, zetten wij een handtekening onder je recht om te antwoorden zonder het te zien, zoals een stempel op een dichte envelop. Je browser stuurt je antwoorden daarmee mee, en zonder je link.
check-code = Bij je antwoorden staat een code in plaats van je naam. Wat de code met jou verbindt, wordt apart bewaard en op de genoemde dag vernietigd.
check-watcher = Iemand die de server beheert en stiekem meekijkt terwijl je antwoordt: door internetadressen en tijden te noteren, of door je browser een veranderde pagina te sturen.
check-assisted = Browsers die oud zijn of geen scripts uitvoeren. Daar ziet onze server je link en je antwoorden heel even samen. Waar dat zo is, zeggen de pagina’s het.
check-texts = Wat je in eigen woorden schrijft: een naam of een verhaal kan laten zien wie je bent.
check-device = Je eigen apparaat: wie meekijkt terwijl je antwoordt, ziet wat je antwoordt.
check-keeper = Wie hierboven wordt genoemd, kan tot die dag nagaan welke antwoorden van jou zijn, alleen voor dat doel.
check-named = Je naam staat bij je antwoorden: wie ze mag zien, ziet dat ze van jou zijn.

## Geen mails meer

unsubscribe-body = Als je dit bevestigt, krijg je geen uitnodigingen en herinneringen meer per e-mail.
unsubscribe-link = Je persoonlijke link blijft werken, dus je kunt nog steeds meedoen.
unsubscribed-body = Je krijgt van ons geen uitnodigingen en herinneringen meer.
unsubscribed-link = Als je je bedenkt: je persoonlijke link werkt nog tot het onderzoek sluit.

## Korte pagina's

notice-not-open-yet-body = Deze vragen zijn nog niet open. Probeer je link later nog eens.
notice-not-open-yet-date = Deze vragen gaan open op { $date }. Dan werkt je link.
notice-closed-body = Antwoorden versturen kan niet meer. Bedankt voor je belangstelling. De resultaten komen terug bij iedereen die is gevraagd.
notice-unknown-link-body = Misschien heeft je mailprogramma hem afgebroken, of is hij niet helemaal gekopieerd.
notice-unknown-link-ask = Werkt het nog niet? Vraag je school om een nieuwe link.
notice-incomplete-body = Je browser heeft niet de hele pagina verstuurd. Ga terug en probeer het opnieuw, of begin bij de link die je hebt gekregen.
notice-busy-body = Er zijn nu veel mensen aan het antwoorden. Wacht een minuut, ga terug naar de vorige pagina en druk nog eens op de knop. Je antwoorden staan daar nog.
notice-too-many-body = Er kwamen veel verzoeken van jouw verbinding. Wacht een minuut en probeer het opnieuw.
notice-forbidden-title = Je kunt deze pagina niet bekijken
notice-forbidden-body = Je account heeft er geen recht op. Iemand van je school kan je dat recht geven.
notice-not-found-body = Kijk of het adres klopt, of ga terug naar waar je vandaan kwam.
notice-failed-body = Het ligt niet aan jou, en het is genoteerd. Ga terug en probeer het zo meteen opnieuw.
notice-full-body = Onze opslag is vol, dus je antwoorden zijn niet bewaard. Laat de vorige pagina openstaan en probeer het later opnieuw.
notice-begun-elsewhere-title = Je bent op een ander apparaat begonnen
notice-begun-elsewhere-body = Daar worden je antwoorden zonder je link verstuurd. Daarom kan niemand hier opzoeken waar je was.
notice-begun-elsewhere-there = Ga verder in de browser waarin je begon.
notice-begun-elsewhere-code = Of open je link in een browser met scripts (JavaScript) en typ de code die het eerste apparaat toont onder ‘Verder op een ander apparaat’.
notice-begun-elsewhere-lost = Zonder dat apparaat of de code ervan kun je deze vragenlijst niet meer versturen: niemand kan zien welke antwoorden van jou zijn, dus niemand kan je een tweede beurt geven.
notice-wrong-credential-body = De pagina past niet (meer) bij dit onderzoek. Begin opnieuw bij de link die je hebt gekregen.
notice-reference = Als je om hulp vraagt, noem dan dit nummer: { $reference }
