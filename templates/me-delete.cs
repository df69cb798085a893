<?cs set:Title = t("Delete this account") ?><?cs set:Me_at = "data" ?><?cs include!"_parts.cs" ?><?cs include!"_head.cs" ?>
<?cs if:Page.is_done ?><h1><?cs var:t("Your account is deleted") ?></h1><p><?cs var:t("You are signed out, and no list writes to you any more.") ?></p><p><a href="/"><?cs var:t("All lists") ?></a></p>
<?cs else ?><?cs include!"_me.cs" ?><h1><?cs var:t("Delete your account?") ?></h1>
<?cs if:Page.fault.field == "owner" || Page.fault.field == "admin" ?><p class="notice bad" role="alert"><?cs var:Page.fault.sentence ?><?cs if:Page.fault.hint ?> <?cs var:Page.fault.hint ?><?cs /if ?></p>
<?cs /if ?><p><?cs var:t("Its memberships and roles end, and it is signed out. Posts stay in the archives; nothing connects them with an account any more. This cannot be undone.") ?></p>
<?cs if:subcount(Page.memberships) > 0 ?><ul><?cs each:membership = Page.memberships ?><li><?cs var:membership.title ?> <span class="muted small"><?cs var:membership.email ?> · <?cs var:t(membership.role) ?></span></li><?cs /each ?></ul>
<?cs /if ?><p class="actions"><a class="button main" href="/me/data"><?cs var:t("Keep it") ?></a></p>
<?cs if:Page.id > 0 ?><form method="post" action="/me/delete"><?cs call:form_mark() ?><input type="hidden" name="id" value="<?cs var:Page.id ?>">
<div class="row<?cs if:Page.fault.field == "code" ?> fault<?cs /if ?>"><label for="code"><?cs var:t("Code of six digits") ?></label><p class="help"><?cs var:t("It is in the mail that we have just sent you.") ?></p>
<?cs call:fault("code") ?><input type="text" class="short" id="code" name="code" inputmode="numeric" autocomplete="one-time-code" maxlength="20" required></div>
<button><?cs var:t("Delete the account") ?></button></form>
<?cs else ?><?cs if:Page.has_password ?><form method="post" action="/me/delete"><?cs call:form_mark() ?><div class="row<?cs if:Page.fault.field == "password" ?> fault<?cs /if ?>"><label for="password"><?cs var:t("Password") ?></label>
<?cs call:fault("password") ?><input type="password" id="password" name="password" autocomplete="current-password" required></div><button><?cs var:t("Delete the account") ?></button></form>
<?cs /if ?><form method="post" action="/me/delete/code"><?cs call:form_mark() ?><p><?cs var:t1("To be sure that it is you, we send a code to %1.", Page.email) ?></p><button><?cs var:t("Send me a code") ?></button></form>
<?cs /if ?></div></div><?cs /if ?>
<?cs include!"_foot.cs" ?>
