### Woorden die elke pagina en elke mail mag gebruiken.

-product = Klankbord

product-name = { -product }

minutes =
    { $count ->
        [one] { $count } minuut
       *[other] { $count } minuten
    }

## Getallen en datums

number-decimal-mark = ,
number-percentage = { $number }%
date-in-words = { $day } { $month } { $year }
month-1 = januari
month-2 = februari
month-3 = maart
month-4 = april
month-5 = mei
month-6 = juni
month-7 = juli
month-8 = augustus
month-9 = september
month-10 = oktober
month-11 = november
month-12 = december

## De groepen die de standaardvragenlijsten bevragen

group-learner = Leerlingen
group-parent = Ouders en verzorgers
group-staff = Medewerkers
group-employer = Werkgevers en partners
