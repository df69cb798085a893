<?cs set:Title = t("Signing in") ?><?cs set:Me_at = "sign-in" ?><?cs include!"_parts.cs" ?><?cs include!"_head.cs" ?>
<?cs include!"_me.cs" ?><h1><?cs var:t("Signing in") ?></h1>
<h2><?cs var:t("Where you are signed in") ?></h2>
<ul class="plain"><?cs each:session = Page.sessions ?><li><p><?cs if:session.is_this ?><span class="badge"><?cs var:t("here") ?></span> <?cs /if ?><span class="small"><?cs var:session.agent ?></span> <span class="muted small"><time datetime="<?cs var:session.last_seen.iso ?>"><?cs var:session.last_seen.ago ?></time></span></p><?cs if:!session.is_this ?><form method="post" action="/me/sessions/<?cs var:session.id ?>/end"><?cs call:form_mark() ?><button><?cs var:t("End this one") ?></button></form><?cs /if ?></li><?cs /each ?></ul>
<div class="actions"><form method="post" action="/logout"><?cs call:form_mark() ?><button><?cs var:t("Sign out") ?></button></form>
<form method="post" action="/me/sessions/end"><?cs call:form_mark() ?><button><?cs var:t("Sign out everywhere") ?></button></form></div>
<h2><?cs var:t("Password") ?></h2>
<p><?cs if:Page.has_password ?><?cs var:t("You have a password. A link by mail works all the same.") ?><?cs else ?><?cs var:t("You have none, and need none: a link by mail is enough. Those who like one may set it here.") ?><?cs /if ?></p>
<form method="post" action="/me/password"><?cs call:form_mark() ?><?cs if:Page.has_password ?><div class="row<?cs if:Page.fault.field == "current" ?> fault<?cs /if ?>"><label for="current"><?cs var:t("Present password") ?></label>
<?cs call:fault("current") ?><input type="password" id="current" name="current" autocomplete="current-password" required></div>
<?cs /if ?><div class="row<?cs if:Page.fault.field == "password" ?> fault<?cs /if ?>"><label for="password"><?cs var:t("New password") ?></label><p class="help" id="help-password"><?cs var:t("Ten characters or more.") ?></p>
<?cs call:fault("password") ?><input type="password" id="password" name="password" autocomplete="new-password" required aria-describedby="help-password"></div>
<p class="actions"><button class="main"><?cs var:t("Set the password") ?></button></p></form>
<?cs if:Page.has_password ?><p><a href="/me/password/remove"><?cs var:t("Remove the password") ?></a></p>
<?cs /if ?></div></div>
<?cs include!"_foot.cs" ?>
