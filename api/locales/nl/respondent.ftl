### Pagina's voor de mensen die antwoorden.


## Overal

skip-to-content = Naar de inhoud
language = Taal
next = Volgende
back = Terug
send = Mijn antwoorden versturen
change = Wijzigen
clear = Wissen
required = (antwoord nodig)
shortened = { $text }…
error-prefix = Kijk nog even:
new-window = (opent in een nieuw venster)

## Welkom

welcome-group = Voor: { $group }
welcome-minutes =
    { $count ->
        [one] Duurt ongeveer { $count } minuut
       *[other] Duurt ongeveer { $count } minuten
    }
welcome-closes = Open tot en met { $date }
welcome-start = Beginnen
welcome-again = Opnieuw invullen
welcome-done = Uw antwoorden zijn verstuurd. Dank u wel!
welcome-replace = Uw antwoorden zijn veilig bewaard, dus we kunnen ze niet meer laten zien. U kunt de vragen wel opnieuw invullen; de nieuwe antwoorden komen dan in de plaats van de oude.
welcome-list = Uw vragenlijsten
welcome-list-done = { $done } van { $all } verstuurd. U kunt ze een voor een doen, in elke volgorde.
assignment-done = Verstuurd. Dank u wel!
promise-heading = Wat gebeurt er met uw antwoorden?
promise-anonymous = Dit onderzoek is anoniem.
promise-anonymous-who = Zodra het gesloten is, kan niemand meer achterhalen welke antwoorden van u zijn: de school niet, en de makers van dit systeem ook niet.
promise-how = Hoe werkt dat?
promise-assisted = Uw browser verbergt niet zelf wie de antwoorden stuurt: onze server ziet uw link en uw antwoorden heel even samen, en bewaart ze apart.
promise-confidential = Dit onderzoek is vertrouwelijk.
promise-confidential-who = Bij uw antwoorden staat een code, niet uw naam. Alleen { $keeper } kan die code aan u koppelen, en alleen hiervoor: { $purpose }. Op { $date } wordt de sleutel vernietigd; daarna kan niemand het meer.
promise-identified = Uw naam wordt bij uw antwoorden bewaard.
promise-identified-who = { $organisation } kan zien wat u hebt geantwoord.
promise-voluntary = Meedoen is vrijwillig. U mag een vraag openlaten, behalve waar staat dat een antwoord nodig is.
promise-nothing-saved = Uw antwoorden tellen pas als u ze op de laatste pagina verstuurt. Tot dan kan uw browser ze voor u bewaren.

## Beginnen in een browser met scripts

start-resume = Verdergaan waar u was
start-wait = Een ogenblik: uw browser laat uw recht om te antwoorden ondertekenen, zonder dat wij zien wat we ondertekenen.
start-offline = We zijn niet bereikbaar. Controleer uw verbinding en probeer het opnieuw. Er is niets verloren.
start-failed = Dat lukte niet. Probeer het zo meteen opnieuw. Er is niets verloren.
start-refused = Dat lukte niet. Probeer het zo meteen opnieuw. Of ga zonder verder: dan ziet onze server uw link en uw antwoorden heel even samen, en bewaart ze apart.
start-try = Opnieuw proberen
start-unhidden = Zonder verdergaan
start-code-heading = U bent op een ander apparaat begonnen
start-code-why = Typ de code die u daar ziet, op de pagina met vragen, onder ‘Verder op een ander apparaat’.
start-code-label = Code van 16 letters en cijfers
start-code-wrong = Deze code past niet. Kijk nog eens goed.
start-code-go = Verder met deze code
start-code-without = Zonder de code kunt u opnieuw beginnen. Antwoorden die al verstuurd zijn, blijven staan tot u andere verstuurt.
start-anew = Opnieuw beginnen
start-code-lost = Zonder dat apparaat of de code ervan kunt u niet verder: niemand kan zien welke antwoorden van u zijn, dus niemand kan u een tweede beurt geven.

## Verder op een ander apparaat

draft-elsewhere = Verder op een ander apparaat
draft-code = Open uw link op het andere apparaat en druk op Beginnen. Typ dan deze code:
draft-code-note = Schrijf de code op. Hij staat alleen op dit apparaat; zonder de code kunt u alleen opnieuw beginnen.
draft-code-keep = Schrijf de code op. Hij staat alleen op dit apparaat, en niemand kan hem voor u opzoeken.
draft-shared = Uw antwoorden tot nu toe staan klaar voor het andere apparaat, versleuteld met deze code.
draft-unshared = Uw antwoorden konden nu niet worden klaargezet voor het andere apparaat. Controleer uw verbinding.

## De vragen

section-progress = Deel { $part } van { $parts }
section-problems =
    { $count ->
        [one] Kijk nog even naar één vraag
       *[other] Kijk nog even naar { $count } vragen
    }
section-problems-kept = Alles wat u hebt ingevuld, staat er nog.
section-added =
    { $count ->
        [one] Door uw antwoorden is er een vraag bij gekomen. U vindt die hieronder.
       *[other] Door uw antwoorden zijn er { $count } vragen bij gekomen. U vindt ze hieronder.
    }
section-nothing-saved = Uw antwoorden worden pas op de laatste pagina verstuurd.
to-review = Mijn antwoorden nakijken
ranking-help = Geef elk een eigen plaats. 1 is het belangrijkst.
ranking-none = Nog geen plaats
ranking-place = Plaats { $count }
hint-choices-between = Kies er { $least } tot { $most }.
hint-choices-exactly =
    { $count ->
        [one] Kies er één.
       *[other] Kies er { $count }.
    }
hint-choices-at-least =
    { $count ->
        [one] Kies er minstens één.
       *[other] Kies er minstens { $count }.
    }
hint-choices-at-most =
    { $count ->
        [one] Kies er hoogstens één.
       *[other] Kies er hoogstens { $count }.
    }
hint-choices-any = U mag er meer dan één kiezen.
hint-number-between = Een getal van { $low } tot en met { $high }.
hint-number-from = Een getal, { $low } of meer.
hint-number-to = Een getal, { $high } of minder.
hint-number-any = Een getal.
hint-number-whole = Zonder cijfers achter de komma.

## Wat er mis is met een antwoord

problem-required = Kies of schrijf een antwoord.
problem-number = Schrijf een getal, alleen met cijfers.
problem-range-between = Schrijf een getal van { $low } tot en met { $high }.
problem-range-from = Schrijf { $low } of meer.
problem-range-to = Schrijf { $high } of minder.
problem-precise-whole = Schrijf een heel getal.
problem-precise =
    { $count ->
        [one] Schrijf hoogstens één cijfer achter de komma.
       *[other] Schrijf hoogstens { $count } cijfers achter de komma.
    }
problem-date = Geef een datum zoals 31-05-2026.
problem-date-between = Geef een datum van { $low } tot en met { $high }.
problem-date-from = Geef { $low } of later.
problem-date-to = Geef { $high } of eerder.
problem-too-few =
    { $count ->
        [one] Kies er minstens één.
       *[other] Kies er minstens { $count }.
    }
problem-too-many =
    { $count ->
        [one] Kies er hoogstens één.
       *[other] Kies er hoogstens { $count }.
    }
problem-ranking = Geef elke regel een plaats, of geen enkele.
problem-ranking-twice =
    { $count ->
        [one] Plaats { $count } is twee keer gegeven. Geef elke regel een eigen plaats.
       *[other] Plaats { $count } is twee keer gegeven. Geef elke regel een eigen plaats.
    }
problem-too-long =
    { $count ->
        [one] Gebruik hoogstens { $count } teken.
       *[other] Gebruik hoogstens { $count } tekens.
    }
problem-both = U hebt een antwoord gegeven en ook ‘{ $missing }’ gekozen. Houd één van de twee over.
problem-other = We kunnen dit antwoord niet lezen. Geef het nog eens.

## De antwoorden nakijken

review-title = Uw antwoorden
review-lead = Kijk ze even na voordat u ze verstuurt. U kunt alles nog wijzigen.
review-unanswered =
    { $count ->
        [one] U hebt één vraag opengelaten. Dat mag.
       *[other] U hebt { $count } vragen opengelaten. Dat mag.
    }
review-empty = Er is nog niets beantwoord. Beantwoord minstens één vraag voordat u verstuurt.
review-busy = Het is even druk, dus uw antwoorden zijn nog niet verstuurd. Ze staan hier nog allemaal: wacht een minuut en verstuur ze opnieuw.
review-unavailable = We konden uw antwoorden nu niet bewaren. Ze staan hier nog allemaal: wacht een minuut en verstuur ze opnieuw.
not-answered = Niet beantwoord
review-send-heading = Klopt alles?
review-send-anonymous = Als u uw antwoorden verstuurt, worden ze verzegeld. Na het sluiten kan niemand meer achterhalen dat ze van u zijn.
review-send = Uw antwoorden worden bewaard als u ze verstuurt.

## Na het versturen

thanks-title = Dank u wel!
thanks-stored = Uw antwoorden zijn goed aangekomen.
thanks-replaced = Uw nieuwe antwoorden zijn goed aangekomen. Ze komen in de plaats van de eerdere.
thanks-next =
    { $count ->
        [one] Nog één vragenlijst
       *[other] Nog { $count } vragenlijsten
    }
thanks-after-heading = Wat gebeurt er nu?
thanks-after-opened = Als het onderzoek gesloten is, worden alle antwoorden samen geopend.
thanks-after-opened-on = Het onderzoek sluit op { $date }. Daarna worden alle antwoorden samen geopend.
thanks-after-results = De resultaten komen terug bij iedereen die is gevraagd, met wat ermee gaat gebeuren.
thanks-after-reminders = U krijgt voor deze vragenlijst geen herinneringen meer.
thanks-check = Wat beschermd is, en wat niet
thanks-back = Terug naar uw vragenlijsten
sent-title = Uw antwoorden zijn verstuurd
sent-body = Ze zijn goed aangekomen. Tot het onderzoek sluit, kunt u ze nog wijzigen: ga terug naar uw vragenlijsten en vul de vragen opnieuw in.
thanks-close = U kunt deze pagina nu sluiten.

## Wat iedereen kan controleren

check-title = Wat beschermd is, en wat niet
check-fixed = Dit is vastgelegd toen het onderzoek openging. Het kan niet meer worden veranderd.
check-protected = Wat beschermd is
check-unprotected = Wat niet beschermd is
check-sealed = Uw antwoorden gaan op slot zodra ze aankomen. De sleutel die ze opent, ligt buiten de database, wordt pas na het sluiten gebruikt en wordt daarna vernietigd.
check-sealed-known = Uw antwoorden gaan op slot zodra ze aankomen, en de sleutel die ze opent, ligt buiten de database.
check-apart = Wie heeft meegedaan, wordt apart van de antwoorden bewaard. We noteren niet wanneer iemand antwoordde, en geen enkel nummer verbindt een antwoord met een persoon.
check-blind = Uw link en uw antwoorden reizen apart. Voordat u begint, zetten wij een handtekening onder uw recht om te antwoorden zonder het te zien, zoals een stempel op een dichte envelop. Uw browser stuurt uw antwoorden daarmee mee, en zonder uw link.
check-opening = Na het sluiten worden alle antwoorden samen geopend, in willekeurige volgorde. Daarna worden de sleutels vernietigd, en ook datgene waar de links van zijn gemaakt.
check-small = Resultaten van kleine groepen worden niet getoond.
check-code = Bij uw antwoorden staat een code in plaats van uw naam. Wat de code met u verbindt, wordt apart bewaard en op de genoemde dag vernietigd.
check-watcher = Iemand die de server beheert en stiekem meekijkt terwijl u antwoordt: door internetadressen en tijden te noteren, of door uw browser een veranderde pagina te sturen.
check-assisted = Browsers die oud zijn of geen scripts uitvoeren. Daar ziet onze server uw link en uw antwoorden heel even samen. Waar dat zo is, zeggen de pagina’s het.
check-both = Iemand die vóór het sluiten zowel de database als de sleutels daarbuiten (of de herstelsleutel) heeft. Kopieën uit die tijd blijven een risico zolang iemand ze bewaart.
check-texts = Wat u in eigen woorden schrijft: een naam of een verhaal kan laten zien wie u bent.
check-device = Uw eigen apparaat: wie meekijkt terwijl u antwoordt, ziet wat u antwoordt.
check-keeper = Wie hierboven wordt genoemd, kan tot die dag nagaan welke antwoorden van u zijn, alleen voor dat doel.
check-watcher-known = Iemand die de server beheert, kan antwoorden zien als ze binnenkomen.
check-named = Uw naam staat bij uw antwoorden: wie ze mag zien, ziet dat ze van u zijn.
check-counts = De aantallen
check-counts-later = De aantallen volgen als het onderzoek gesloten is. Eerder zouden ze verraden wie wanneer antwoordt.
check-counts-rule = Geen getal mag groter zijn dan het getal erboven, en de laatste twee zijn gelijk: niemand is dubbel geteld en er is niets bij gestopt.
check-issued = Uitgedeelde vragenlijsten
check-claimed = Waarmee is meegedaan
check-ballots = Stembiljetten in de bus
check-opened = Stembiljetten geopend en geteld
check-counts-more = Er zijn meer stembiljetten dan vragenlijsten waarmee is meegedaan. Dat klopt alleen als er ook langs een andere weg antwoorden kwamen, bijvoorbeeld op papier. { $organisation } kan het uitleggen.
check-keys = De sleutels
check-keys-why = Dit zijn vingerafdrukken van de openbare sleutels. Iedereen ziet hier dezelfde: iemand met een eigen sleutel zou daaraan te herkennen zijn. Vergelijk ze met anderen, of druk deze pagina af en vergelijk later.
check-keys-later = De sleutels die ondertekenen, worden gemaakt als de eerste mensen beginnen.
check-sealing-key = De sleutel die de antwoorden op slot doet
check-signing-key = Sleutel { $number }, die het recht om te antwoorden ondertekent:

## Geen mails meer

unsubscribe-title = Geen mails meer?
unsubscribe-body = Als u dit bevestigt, krijgt u geen uitnodigingen en herinneringen meer per e-mail.
unsubscribe-confirm = Stuur mij geen mails meer
unsubscribe-link = Uw persoonlijke link blijft werken, dus u kunt nog steeds meedoen.
unsubscribed-title = Gelukt: geen mails meer
unsubscribed-body = U krijgt van ons geen uitnodigingen en herinneringen meer.
unsubscribed-again = Stuur mij toch weer mails
unsubscribed-link = Als u zich bedenkt: uw persoonlijke link werkt nog tot het onderzoek sluit.

## Korte pagina's

notice-not-open-yet-title = Nog even geduld
notice-not-open-yet-body = Deze vragen zijn nog niet open. Probeer uw link later nog eens.
notice-not-open-yet-date = Deze vragen gaan open op { $date }. Dan werkt uw link.
notice-closed-title = Dit onderzoek is gesloten
notice-closed-body = Antwoorden versturen kan niet meer. Bedankt voor uw belangstelling. De resultaten komen terug bij iedereen die is gevraagd.
notice-unknown-link-title = We kennen deze link niet
notice-unknown-link-body = Misschien heeft uw mailprogramma hem afgebroken, of is hij niet helemaal gekopieerd.
notice-unknown-link-cut = Open de mail opnieuw en druk op de knop die erin staat.
notice-unknown-link-copy = Of kopieer de hele link, tot en met de laatste letter of het laatste cijfer, en plak hem in de adresbalk.
notice-unknown-link-closed = Of is het onderzoek al een tijd gesloten? Dan werken de links ervan niet meer.
notice-unknown-link-ask = Werkt het nog niet? Vraag de organisatie die u heeft uitgenodigd om een nieuwe link.
notice-too-large-title = Dat was te veel ineens
notice-too-large-body = De antwoorden waren groter dan we kunnen ontvangen. Ga terug, maak de langste teksten korter en probeer het opnieuw.
notice-incomplete-title = Er ontbrak iets
notice-incomplete-body = Uw browser heeft niet de hele pagina verstuurd. Ga terug en probeer het opnieuw, of begin bij de link in uw mail.
notice-busy-title = Het is even druk
notice-busy-body = Er zijn nu veel mensen aan het antwoorden. Wacht een minuut, ga terug naar de vorige pagina en druk nog eens op de knop. Uw antwoorden staan daar nog.
notice-too-many-title = Iets rustiger, alstublieft
notice-too-many-body = Er kwamen veel verzoeken van uw verbinding. Wacht een minuut en probeer het opnieuw.
notice-forbidden-title = U kunt deze pagina niet bekijken
notice-forbidden-body = Uw account heeft er geen recht op. Iemand die uw organisatie beheert, kan u dat recht geven.
notice-not-found-title = We kunnen deze pagina niet vinden
notice-not-found-body = Controleer het adres, of ga terug naar waar u vandaan kwam.
notice-failed-title = Er ging bij ons iets mis
notice-failed-body = Het ligt niet aan u, en het is genoteerd. Ga terug en probeer het zo meteen opnieuw.
notice-unavailable-title = We zijn even niet bereikbaar
notice-unavailable-body = Wacht een minuut, ga terug naar de vorige pagina en probeer het opnieuw. Wat al verstuurd is, is veilig.
notice-full-title = We konden dit niet bewaren
notice-full-body = Onze opslag is vol, dus uw antwoorden zijn niet bewaard. Laat de vorige pagina openstaan en probeer het later opnieuw.
notice-begun-elsewhere-title = U bent op een ander apparaat begonnen
notice-begun-elsewhere-body = Daar worden uw antwoorden zonder uw link verstuurd. Daarom kan niemand hier opzoeken waar u was.
notice-begun-elsewhere-there = Ga verder in de browser waarin u begon.
notice-begun-elsewhere-code = Of open uw link in een browser met scripts (JavaScript) en typ de code die het eerste apparaat toont onder ‘Verder op een ander apparaat’.
notice-begun-elsewhere-lost = Zonder dat apparaat of de code ervan kunt u deze vragenlijst niet meer versturen: niemand kan zien welke antwoorden van u zijn, dus niemand kan u een tweede beurt geven.
notice-wrong-credential-title = Deze antwoorden horen hier niet
notice-wrong-credential-body = De pagina past niet (meer) bij dit onderzoek. Begin opnieuw bij de link in uw mail.
notice-reference = Als u om hulp vraagt, noem dan dit nummer: { $reference }
