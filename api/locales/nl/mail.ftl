### Mails aan wie gevraagd wordt mee te doen.

## Onderwerpen

mail-invitation-subject = { $organisation } hoort graag van u: { $round }
mail-reminder-subject = Herinnering van { $organisation }: { $round }

## Teksten

mail-greeting = Hallo,
mail-invitation-ask = { $organisation } wil graag weten wat u vindt. Wilt u de vragen van “{ $round }” beantwoorden?
mail-reminder-ask = { $organisation } schreef u over “{ $round }”. Uw antwoorden zijn nog steeds heel welkom. Hebt u de vragen intussen beantwoord? Dan hoeft u niets te doen.
mail-group = U bent uitgenodigd in deze groep: { $group }.
mail-duration =
    { $minutes ->
        [one] Het kost ongeveer één minuut.
       *[other] Het kost ongeveer { $minutes } minuten.
    }
mail-closes = U kunt antwoorden tot en met { $date }.
mail-start = Beantwoord de vragen
mail-start-below = Open deze link om de vragen te beantwoorden:
mail-link-in-full = Werkt de knop niet? Kopieer dan deze link naar uw browser:
mail-personal = Deze link is alleen voor u. Geef hem niet door: wie hem heeft, kan in uw plaats antwoorden.
mail-sender = { -product } stuurde u deze e-mail namens { $organisation }.
mail-unsubscribe = Ik wil deze e-mails niet meer krijgen
