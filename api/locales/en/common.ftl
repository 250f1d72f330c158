### Words that every page and mail may use.

-product = Klankbord

product-name = { -product }

minutes =
    { $count ->
        [one] { $count } minute
       *[other] { $count } minutes
    }

## Numbers and dates

number-decimal-mark = .
number-percentage = { $number }%
date-in-words = { $day } { $month } { $year }
month-1 = January
month-2 = February
month-3 = March
month-4 = April
month-5 = May
month-6 = June
month-7 = July
month-8 = August
month-9 = September
month-10 = October
month-11 = November
month-12 = December

## The groups that the standard questionnaires ask

group-learner = Learners
group-parent = Parents and carers
group-staff = Staff
group-employer = Employers and partners
