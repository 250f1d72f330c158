### Mails to respondents.

## Subjects

mail-invitation-subject = { $organisation } would like to hear from you: { $round }
mail-reminder-subject = Reminder from { $organisation }: { $round }

## Texts

mail-greeting = Hello,
mail-invitation-ask = { $organisation } would like to know what you think. Will you answer the questions of “{ $round }”?
mail-reminder-ask = { $organisation } wrote to you about “{ $round }”. Your answers are still very welcome. Have you answered in the meantime? Then you need not do anything.
mail-group = You are invited in this group: { $group }.
mail-duration =
    { $minutes ->
        [one] It takes about one minute.
       *[other] It takes about { $minutes } minutes.
    }
mail-closes = You can answer until { $date }.
mail-start = Answer the questions
mail-start-below = Open this link to answer the questions:
mail-link-in-full = Does the button not work? Then copy this link into your browser:
mail-personal = This link is meant for you alone. Please do not pass it on: whoever has it can answer in your place.
mail-sender = { -product } sent you this e-mail on behalf of { $organisation }.
mail-unsubscribe = I do not want these e-mails any more
