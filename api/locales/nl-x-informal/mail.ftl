### Dezelfde mails voor leerlingen: met je en jij. Wat hier niet staat, komt uit het gewone Nederlands.

## Onderwerpen

mail-invitation-subject = { $organisation } hoort graag van jou: { $round }

## Teksten

mail-invitation-ask = { $organisation } wil graag weten wat jij vindt. Wil je de vragen van “{ $round }” beantwoorden?
mail-reminder-ask = { $organisation } schreef je over “{ $round }”. Je antwoorden zijn nog steeds heel welkom. Heb je de vragen intussen al beantwoord? Dan hoef je niets te doen.
mail-group = Je bent uitgenodigd in deze groep: { $group }.
mail-closes = Je kunt antwoorden tot en met { $date }.
mail-link-in-full = Werkt de knop niet? Kopieer deze link dan naar je browser:
mail-personal = Deze link is alleen voor jou. Geef hem niet door: wie hem heeft, kan in jouw plaats antwoorden.
mail-sender = { -product } stuurde je deze e-mail namens { $organisation }.
