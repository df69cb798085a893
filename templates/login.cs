<?cs set:Title = t("Sign in") ?><?cs include!"_parts.cs" ?><?cs include!"_head.cs" ?>
<?cs if:Me.signed_in ?><h1><?cs var:t("You are signed in") ?></h1>
<p class="lead"><?cs var:Me.name ?></p>
<p class="actions"><a class="button main" href="<?cs if:Page.return ?><?cs var:href(Page.return) ?><?cs else ?>/me/<?cs /if ?>"><?cs var:t("Go on") ?></a></p>
<?cs else ?><h1><?cs var:t("Sign in") ?></h1>
<?cs call:words(Page.sign_in_page) ?><form method="post" action="/login">
<?cs call:form_mark() ?><input type="hidden" name="return" value="<?cs var:Page.return ?>">
<?cs call:email_row("email", t("Your mail address"), t("We send a mail with a link and a code to it. No password is needed.")) ?>
<p class="actions"><button class="main"><?cs var:t("Send the mail") ?></button></p>
</form>
<p><a href="<?cs var:href(Page.password_path) ?>"><?cs var:t("Sign in with a password") ?></a></p>
<p><a href="/moved" rel="nofollow"><?cs var:t("I can no longer read mail at my address") ?></a></p>
<?cs /if ?><?cs include!"_foot.cs" ?>
