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
start-code-lost = Zonder dat apparaat of de code ervan kun je niet verder: niemand kan zien welke antwoorden van jou zijn, dus niemand kan je een tweede beurt geven.
draft-code = Open je link op het andere apparaat en druk op Beginnen. Typ dan deze code:
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
thanks-close = Je kunt deze pagina nu sluiten.
