<?cs set:Title = t("Sign in") ?><?cs include!"_parts.cs" ?><?cs include!"_head.cs" ?>
<h1><?cs var:t("Sign in with a password") ?></h1>
<form method="post" action="/login/password"><?cs call:form_mark() ?><input type="hidden" name="return" value="<?cs var:Page.return ?>">
<?cs call:email_row("email", t("Your mail address"), "") ?>
<div class="row<?cs if:Page.fault.field == "password" ?> fault<?cs /if ?>"><label for="password"><?cs var:t("Password") ?></label>
<?cs call:fault("password") ?><input type="password" id="password" name="password" autocomplete="current-password" required></div>
<label class="choice"><input type="checkbox" name="own" value="1"> <span><?cs var:t("This is my own device: keep me signed in") ?></span></label>
<p class="actions"><button class="main"><?cs var:t("Sign in") ?></button> <a href="/login"><?cs var:t("Send me a link instead") ?></a></p></form>
<?cs include!"_foot.cs" ?>
