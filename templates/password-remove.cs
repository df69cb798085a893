<?cs set:Title = t("Remove the password") ?><?cs set:Me_at = "sign-in" ?><?cs include!"_parts.cs" ?><?cs include!"_head.cs" ?>
<?cs include!"_me.cs" ?><h1><?cs var:t("Remove the password") ?></h1>
<p><?cs var:t("From then on a link by mail is the only way to sign in.") ?></p>
<?cs if:Page.id > 0 ?><form method="post" action="/me/password/remove"><?cs call:form_mark() ?><input type="hidden" name="id" value="<?cs var:Page.id ?>">
<div class="row<?cs if:Page.fault.field == "code" ?> fault<?cs /if ?>"><label for="code"><?cs var:t("Code of six digits") ?></label><p class="help"><?cs var:t("It is in the mail that we have just sent you.") ?></p>
<?cs call:fault("code") ?><input type="text" class="short" id="code" name="code" inputmode="numeric" autocomplete="one-time-code" maxlength="20" required></div>
<p class="actions"><button class="main"><?cs var:t("Remove the password") ?></button> <a href="/me/sign-in"><?cs var:t("Back") ?></a></p></form>
<?cs else ?><form method="post" action="/me/password/remove"><?cs call:form_mark() ?><div class="row<?cs if:Page.fault.field == "current" ?> fault<?cs /if ?>"><label for="current"><?cs var:t("Present password") ?></label>
<?cs call:fault("current") ?><input type="password" id="current" name="current" autocomplete="current-password" required></div>
<p class="actions"><button class="main"><?cs var:t("Remove the password") ?></button> <a href="/me/sign-in"><?cs var:t("Back") ?></a></p></form>
<form method="post" action="/me/password/code"><?cs call:form_mark() ?><button><?cs var:t("I forgot it: send me a code") ?></button></form>
<?cs /if ?></div></div>
<?cs include!"_foot.cs" ?>
