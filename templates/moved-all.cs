<?cs set:Title = t("New address") ?><?cs include!"_parts.cs" ?><?cs include!"_subscription.cs" ?><?cs include!"_head.cs" ?>
<?cs if:Page.outcome == "mailed" ?><h1><?cs var:t("Please look into your mail") ?></h1>
<p class="lead"><?cs var:t("We have written to this address:") ?> <strong><bdi><?cs var:Page.email ?></bdi></strong></p>
<p><?cs var:t("Follow the link in that mail to confirm the address. It works for three days.") ?></p>
<p><a href="/moved" rel="nofollow"><?cs var:t("That is not my address") ?></a></p>
<p class="muted"><?cs var:t("If nothing comes within ten minutes, please look among the unwanted mails.") ?></p>
<?cs elif:Page.outcome == "limited" ?><h1><?cs var:t("Please write to us instead") ?></h1>
<p class="lead"><?cs var:t("Very many people asked for mails from here within the last hour, so this form rests for a while.") ?></p>
<p><?cs var:t("You can write to the owners of each list from your new address; theirs is on the list's page.") ?></p>
<?cs else ?><h1><?cs var:t("My address has changed") ?></h1>
<p class="lead"><?cs var:t("For all your lists here at once, where you can no longer read mail at the old address. You prove the new one; the owners of each list decide, and the old address is told.") ?></p>
<p><?cs var:t("Can you still read mail there? Then it is quicker:") ?> <a href="<?cs if:Me.signed_in ?>/me/addresses<?cs else ?>/login?return=/me/addresses<?cs /if ?>"><?cs var:t("Sign in with the old address and change it yourself") ?></a></p>
<?cs if:Page.fault.field == "stamp" ?><?cs call:notice("warn", Page.fault.sentence) ?><?cs /if ?>
<form method="post" action="/moved"><?cs call:stamp() ?>
<div class="row<?cs if:Page.fault.field == "old" ?> fault<?cs /if ?>"><label for="old"><?cs var:t("Old address") ?></label>
<?cs call:fault("old") ?><input type="text" id="old" name="old" value="<?cs var:Page.old ?>" inputmode="email" autocapitalize="none" spellcheck="false" maxlength="254" required<?cs if:Page.fault.field == "old" ?> aria-invalid="true" aria-describedby="why-old"<?cs /if ?>></div>
<?cs call:email_row("email", t("New address"), "") ?>
<p class="actions"><button class="main"><?cs var:t("Ask for the change") ?></button></p></form>
<?cs /if ?><?cs include!"_foot.cs" ?>
