### Pages for the people who answer.


## Everywhere

skip-to-content = Skip to content
language = Language
next = Next
back = Back
send = Send my answers
change = Change
clear = Clear
required = (answer needed)
shortened = { $text }…
error-prefix = Please check:
new-window = (opens in a new window)

## Welcome

welcome-group = For: { $group }
welcome-minutes =
    { $count ->
        [one] Takes about { $count } minute
       *[other] Takes about { $count } minutes
    }
welcome-closes = Open until { $date }
welcome-start = Start
welcome-again = Fill in again
welcome-done = You have sent your answers. Thank you!
welcome-replace = Your answers are stored safely, so we cannot show them again. You can fill in the questions once more; the new answers then take the place of the old ones.
welcome-list = Your questionnaires
welcome-list-done = { $done } of { $all } sent. You can do them one at a time, in any order.
assignment-done = Sent. Thank you!
promise-heading = What happens with your answers?
promise-anonymous = This survey is anonymous.
promise-anonymous-who = Once it has closed nobody can find out which answers are yours: not the school, and not the makers of this system.
promise-how = How does that work?
promise-assisted = Your browser does not hide by itself who sends the answers: our server sees your link and your answers together for a moment, and stores them apart.
promise-confidential = This survey is confidential.
promise-confidential-who = Your answers carry a code, not your name. Only { $keeper } can connect that code to you, and only for this purpose: { $purpose }. On { $date } the key is destroyed; after that nobody can.
promise-identified = Your name is stored with your answers.
promise-identified-who = { $organisation } can see what you answered.
promise-voluntary = Taking part is up to you. You may leave a question open, except where we say that an answer is needed.
promise-nothing-saved = Your answers count once you send them on the last page. Until then your browser may keep them for you.

## Starting in a browser with scripts

start-resume = Go on where you were
start-wait = One moment: your browser gets your right to answer signed, without our seeing what we sign.
start-offline = We cannot be reached. Please check your connection and try again. Nothing is lost.
start-failed = That did not work. Please try again in a moment. Nothing is lost.
start-refused = That did not work. Please try again in a moment. Or go on without it: then our server sees your link and your answers together for a moment, and stores them apart.
start-try = Try again
start-unhidden = Go on without it
start-code-heading = You began on another device
start-code-why = Please type the code that you see there, on the page with the questions, below “Continue on another device”.
start-code-label = Code of 16 letters and digits
start-code-wrong = This code does not fit. Please look at it once more.
start-code-go = Go on with this code
start-code-without = Without the code you can begin anew. Answers that were sent stay as they are until you send others.
start-anew = Begin anew
start-code-lost = Without that device or its code you cannot go on: nobody can see which answers are yours, so nobody can give you a second turn.

## Going on elsewhere

draft-elsewhere = Continue on another device
draft-code = Open your link on the other device and press Start. Then type this code:
draft-code-note = Write it down. It is kept on this device only; without it you can only begin anew.
draft-code-keep = Write it down. It is kept on this device only, and nobody can look it up for you.
draft-shared = Your answers so far are ready for the other device, encrypted with this code.
draft-unshared = Your answers could not be made ready for the other device just now. Please check your connection.

## The questions

section-progress = Part { $part } of { $parts }
section-problems =
    { $count ->
        [one] One question needs another look
       *[other] { $count } questions need another look
    }
section-problems-kept = Everything you filled in is still here.
section-added =
    { $count ->
        [one] Your answers led to one more question. You find it below.
       *[other] Your answers led to { $count } more questions. You find them below.
    }
section-nothing-saved = Your answers are sent on the last page, not before.
to-review = Look over my answers
ranking-help = Give each one its own place. 1 is the most important.
ranking-none = No place yet
ranking-place = Place { $count }
hint-choices-between = Choose { $least } to { $most }.
hint-choices-exactly =
    { $count ->
        [one] Choose one.
       *[other] Choose { $count }.
    }
hint-choices-at-least =
    { $count ->
        [one] Choose at least one.
       *[other] Choose at least { $count }.
    }
hint-choices-at-most =
    { $count ->
        [one] Choose at most one.
       *[other] Choose at most { $count }.
    }
hint-choices-any = You may choose more than one.
hint-number-between = A number from { $low } to { $high }.
hint-number-from = A number, { $low } or more.
hint-number-to = A number, { $high } or less.
hint-number-any = A number.
hint-number-whole = Without decimals.

## What is wrong with an answer

problem-required = Please choose or write an answer.
problem-number = Please write a number, with digits only.
problem-range-between = Please write a number from { $low } to { $high }.
problem-range-from = Please write { $low } or more.
problem-range-to = Please write { $high } or less.
problem-precise-whole = Please write a whole number.
problem-precise =
    { $count ->
        [one] Please write at most one digit after the decimal mark.
       *[other] Please write at most { $count } digits after the decimal mark.
    }
problem-date = Please give a date such as 2026-05-31.
problem-date-between = Please give a date from { $low } to { $high }.
problem-date-from = Please give { $low } or later.
problem-date-to = Please give { $high } or earlier.
problem-too-few =
    { $count ->
        [one] Please choose at least one.
       *[other] Please choose at least { $count }.
    }
problem-too-many =
    { $count ->
        [one] Please choose at most one.
       *[other] Please choose at most { $count }.
    }
problem-ranking = Please give every line a place, or none of them.
problem-ranking-twice =
    { $count ->
        [one] Place { $count } is given twice. Please give every line its own place.
       *[other] Place { $count } is given twice. Please give every line its own place.
    }
problem-too-long =
    { $count ->
        [one] Please use at most { $count } character.
       *[other] Please use at most { $count } characters.
    }
problem-both = You gave an answer and also chose “{ $missing }”. Please keep one of the two.
problem-other = We cannot read this answer. Please give it again.

## Looking over the answers

review-title = Your answers
review-lead = Take a look before you send them. You can still change everything.
review-unanswered =
    { $count ->
        [one] You left one question open. That is fine.
       *[other] You left { $count } questions open. That is fine.
    }
review-empty = Nothing has been answered yet. Please answer at least one question before you send.
review-busy = It is busy right now, so your answers have not been sent yet. They are all still here: please wait a minute and send them again.
review-unavailable = We could not save your answers just now. They are all still here: please wait a minute and send them again.
not-answered = Not answered
review-send-heading = All good?
review-send-anonymous = Once you send your answers they are sealed. Once the survey has closed, nobody can find out that they are yours.
review-send = Your answers are saved when you send them.

## After sending

thanks-title = Thank you!
thanks-stored = Your answers have been received safely.
thanks-replaced = Your new answers have been received safely. They take the place of the earlier ones.
thanks-next =
    { $count ->
        [one] One more questionnaire
       *[other] { $count } more questionnaires
    }
thanks-after-heading = What happens next?
thanks-after-opened = When the survey has closed, all answers are opened together.
thanks-after-opened-on = The survey closes on { $date }. Then all answers are opened together.
thanks-after-results = The results come back to everyone who was asked, with what will be done about them.
thanks-after-reminders = You get no more reminders for this questionnaire.
thanks-check = What is protected, and what is not
thanks-back = Back to your questionnaires
sent-title = Your answers have been sent
sent-body = They were received safely. You can still change them until the survey closes: go back to your questionnaires and fill in the questions again.
thanks-close = You can close this page now.

## What anyone can check

check-title = What is protected, and what is not
check-fixed = This was fixed when the survey opened. It cannot be changed any more.
check-protected = What is protected
check-unprotected = What is not protected
check-sealed = Your answers are locked the moment they arrive. The key that opens them is kept outside the database, is used only after the survey has closed, and is then destroyed.
check-sealed-known = Your answers are locked the moment they arrive, and the key that opens them is kept outside the database.
check-apart = Who has taken part is stored apart from the answers. We do not note when somebody answered, and no number ties an answer to a person.
check-blind = Your link and your answers travel separately. Before you start, we sign your right to answer without seeing it, as if stamping a closed envelope. Your browser then sends your answers with that, and without your link.
check-opening = After closing, all answers are opened together, in a random order. Then the keys are destroyed, and so is what the links were made from.
check-small = Results of small groups are not shown.
check-code = Your answers carry a code instead of your name. What ties the code to you is kept apart, and is destroyed on the day named above.
check-watcher = Somebody who runs the server and secretly watches it while you answer: by noting internet addresses and times, or by sending your browser a changed page.
check-assisted = Browsers that are old or do not run scripts. There, our server sees your link and your answers together for a moment. The pages say so where that is the case.
check-both = Somebody who has both the database and the keys outside it (or the recovery key) before the survey closes. Copies made in that time remain a risk for as long as somebody keeps them.
check-texts = What you write in your own words: a name or a story can show who you are.
check-device = Your own device: whoever looks at it while you answer sees what you answer.
check-keeper = The one named above can find out, until that day, which answers are yours, for that purpose.
check-watcher-known = Somebody who runs the server can see answers as they come in.
check-named = Your name is stored with your answers: whoever may see them sees that they are yours.
check-counts = The counts
check-counts-later = The counts follow when the survey has closed. Before that, they would tell who answers when.
check-counts-rule = No number may be larger than the one above it, and the last two are the same: nobody was counted twice, and nothing was slipped in.
check-issued = Questionnaires handed out
check-claimed = Taken part with
check-ballots = Ballots in the box
check-opened = Ballots opened and counted
check-counts-more = There are more ballots than questionnaires that were taken part with. That is right only if answers also came in another way, such as on paper. { $organisation } can explain it.
check-keys = The keys
check-keys-why = These are fingerprints of the public keys. Everybody sees the same ones here: somebody with a key of their own could be recognised by it. Compare them with other people, or print this page and compare later.
check-keys-later = The keys that sign are made when the first people start.
check-sealing-key = The key that locks the answers
check-signing-key = Key { $number }, which signs the right to answer:

## No more mails

unsubscribe-title = No more mails?
unsubscribe-body = If you confirm, you get no more invitations and reminders by e-mail.
unsubscribe-confirm = Send me no more mails
unsubscribe-link = Your personal link keeps working, so you can still take part.
unsubscribed-title = Done: no more mails
unsubscribed-body = You get no more invitations and reminders from us.
unsubscribed-again = Send me mails after all
unsubscribed-link = If you change your mind: your personal link still works until the survey closes.

## Short pages

notice-not-open-yet-title = A little early
notice-not-open-yet-body = These questions are not open yet. Please try your link again later.
notice-not-open-yet-date = These questions open on { $date }. Your link will work then.
notice-closed-title = This survey has closed
notice-closed-body = It is no longer possible to send answers. Thank you for your interest. The results come back to everyone who was asked.
notice-unknown-link-title = We do not know this link
notice-unknown-link-body = It may have been cut off by your mail program, or it was not copied completely.
notice-unknown-link-cut = Open the mail again and press the button in it.
notice-unknown-link-copy = Or copy the whole link, up to the last letter or digit, and paste it into the address bar.
notice-unknown-link-closed = Or did the survey close some time ago? Then its links no longer work.
notice-unknown-link-ask = Does it still not work? Ask the organisation that invited you for a new link.
notice-too-large-title = That was too much at once
notice-too-large-body = The answers were larger than we can receive. Go back, shorten the longest texts, and try again.
notice-incomplete-title = Something was missing
notice-incomplete-body = Your browser did not send the whole page. Please go back and try again, or start from the link in your mail.
notice-busy-title = It is busy right now
notice-busy-body = Many people are answering at this moment. Please wait a minute, go back to the page before and press the button again. Your answers are still there.
notice-too-many-title = A little slower, please
notice-too-many-body = There were many requests from your connection. Please wait a minute and try again.
notice-forbidden-title = You cannot see this page
notice-forbidden-body = Your account has no right to it. Someone who manages your organisation can give you that right.
notice-not-found-title = We cannot find this page
notice-not-found-body = Please check the address, or go back to where you came from.
notice-failed-title = Something went wrong on our side
notice-failed-body = It is not your fault, and it has been noted. Please go back and try again in a moment.
notice-unavailable-title = We cannot be reached for a moment
notice-unavailable-body = Please wait a minute, go back to the page before and try again. What was sent before is safe.
notice-full-title = We could not save this
notice-full-body = Our storage is full, so your answers were not saved. Please keep the page before open and try again later.
notice-begun-elsewhere-title = You began on another device
notice-begun-elsewhere-body = There, your answers are sent without your link, so nobody here can look up where you were.
notice-begun-elsewhere-there = Go on in the browser in which you began.
notice-begun-elsewhere-code = Or open your link in a browser with scripts (JavaScript) and type the code that the first device shows below “Continue on another device”.
notice-begun-elsewhere-lost = Without that device or its code these answers cannot be sent any more: nobody can see which answers are yours, so nobody can give you a second turn.
notice-wrong-credential-title = These answers do not belong here
notice-wrong-credential-body = The page does not fit this survey, or not any more. Please start again from the link in your mail.
notice-reference = If you ask for help, mention this number: { $reference }
