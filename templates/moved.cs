<?cs set:Title = t("New address") ?><?cs include!"_parts.cs" ?><?cs include!"_subscription.cs" ?><?cs include!"_head.cs" ?>
<?cs if:Page.outcome == "mailed" ?><?cs call:mailed("moved") ?>
<?cs elif:Page.outcome == "limited" ?><?cs call:limited() ?>
<?cs elif:Page.outcome == "changed" ?><h1><?cs var:t("The address was changed") ?></h1>
<p class="lead"><?cs var:t1("Posts will come to %1.", Page.email) ?></p>
<p><?cs var:t("Both addresses are told.") ?></p>
<?cs else ?><h1><?cs if:Page.is_owner ?><?cs var:t("A member's new address") ?><?cs else ?><?cs var:t("My address has changed") ?><?cs /if ?></h1>
<p class="lead"><?cs if:Page.is_owner ?><?cs var:t("The membership goes on with its settings and history. Both addresses are told.") ?><?cs else ?><?cs var:t("For members who can no longer read mail at their old address. You prove the new one; the owners decide, and the old address is told.") ?><?cs /if ?></p>
<?cs if:!Page.is_owner ?><p><a href="/moved" rel="nofollow"><?cs var:t("For all my lists at once") ?></a></p><?cs /if ?>
<?cs if:Page.fault.field == "stamp" ?><?cs call:notice("warn", Page.fault.sentence) ?><?cs /if ?>
<form method="post" action="<?cs var:href(List.path) ?>moved"><?cs call:stamp() ?>
<div class="row<?cs if:Page.fault.field == "old" ?> fault<?cs /if ?>"><label for="old"><?cs var:t("Old address") ?></label>
<?cs call:fault("old") ?><input type="text" id="old" name="old" value="<?cs var:Page.old ?>" inputmode="email" autocapitalize="none" spellcheck="false" maxlength="254" required<?cs if:Page.fault.field == "old" ?> aria-invalid="true" aria-describedby="why-old"<?cs /if ?>></div>
<?cs call:email_row("email", t("New address"), "") ?>
<p class="actions"><button class="main"><?cs if:Page.is_owner ?><?cs var:t("Change it") ?><?cs else ?><?cs var:t("Ask for the change") ?><?cs /if ?></button></p></form>
<?cs /if ?><?cs include!"_foot.cs" ?>
