<?cs set:Title = t("Your addresses") ?><?cs set:Me_at = "addresses" ?><?cs include!"_parts.cs" ?><?cs include!"_head.cs" ?>
<?cs include!"_me.cs" ?><h1><?cs var:t("Please look into your mail") ?></h1>
<p class="lead"><?cs var:t("Type the code from it here, or follow the link in the mail in this browser.") ?></p>
<form method="post" action="/me/addresses/code"><?cs call:form_mark() ?><input type="hidden" name="id" value="<?cs var:Page.id ?>">
<div class="row<?cs if:Page.fault.field == "code" ?> fault<?cs /if ?>"><label for="code"><?cs var:t("Code of six digits") ?></label>
<?cs call:fault("code") ?><input type="text" class="short" id="code" name="code" inputmode="numeric" autocomplete="one-time-code" maxlength="20" required></div>
<p class="actions"><button class="main"><?cs var:t("Add the address") ?></button></p></form>
<p class="muted"><?cs var:t("If nothing comes within ten minutes, please look among the unwanted mails.") ?> <a href="/me/addresses"><?cs var:t("Back") ?></a></p></div></div>
<?cs include!"_foot.cs" ?>
