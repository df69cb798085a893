<?cs set:Title = t("Sign in") ?><?cs include!"_parts.cs" ?><?cs include!"_head.cs" ?>
<?cs if:Page.is_over ?><h1><?cs if:Page.is_used ?><?cs var:t("This link has been used") ?><?cs else ?><?cs var:t("This link has expired") ?><?cs /if ?></h1>
<p class="lead"><?cs var:t1("It was for signing in as %1, once.", Page.email) ?></p>
<form method="post" action="/login"><?cs call:form_mark() ?><input type="hidden" name="email" value="<?cs var:Page.email ?>"><input type="hidden" name="return" value="<?cs var:Page.return ?>">
<p class="actions"><button class="main"><?cs var:t("Send me a new link") ?></button></p></form>
<?cs else ?><h1><?cs var:t("Sign in") ?></h1>
<p class="lead"><?cs var:t1("You sign in as %1.", Page.email) ?></p>
<form method="post" action="/login/<?cs var:Page.token ?>"><?cs call:form_mark() ?>
<label class="choice"><input type="checkbox" name="own" value="1"> <span><?cs var:t("This is my own device: keep me signed in") ?></span></label>
<p class="actions"><button class="main"><?cs var:t("Sign in") ?></button></p></form>
<?cs /if ?><?cs include!"_foot.cs" ?>
