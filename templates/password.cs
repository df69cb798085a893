<?cs set:Title = t("Password for posts") ?><?cs set:Tab = "rules" ?><?cs include!"_parts.cs" ?><?cs include!"_rules.cs" ?><?cs include!"_head.cs" ?>
<div class="columns rail"><?cs call:rules_rail() ?>
<div><h1><?cs var:t("Password for posts") ?></h1>
<p class="muted"><?cs var:t("A post with this password passes, whoever wrote it, also while every post is held. It stands in a field Approved: or as the first line of the text, and is taken out before anybody sees it.") ?></p>
<pre>Approved: <?cs var:t("the password") ?></pre>
<?cs if:Page.done == "set" ?><p class="notice good" role="status"><?cs var:t("The password was set.") ?></p>
<?cs elif:Page.done == "removed" ?><p class="notice good" role="status"><?cs var:t("There is no password any more.") ?></p>
<?cs elif:Page.is_set ?><p><?cs var:t1("A password is set, by %1.", Page.changed_by) ?> <?cs call:time(Page.changed_at) ?></p>
<?cs else ?><p><?cs var:t("No password is set.") ?></p>
<?cs /if ?><form method="post" action="<?cs var:href(List.path) ?>password"><?cs call:form_mark() ?>
<div class="row<?cs if:Page.fault.field == "password" ?> fault<?cs /if ?>"><label for="password"><?cs var:t("New password") ?></label>
<p class="help" id="help-password"><?cs var:t("8 characters or more. It can be changed, but not shown again.") ?></p>
<?cs call:fault("password") ?><input type="text" id="password" name="password" maxlength="100" autocomplete="off" autocapitalize="none" spellcheck="false" aria-describedby="help-password"></div>
<p class="actions"><button class="main" name="act" value="set"><?cs var:t("Set the password") ?></button></p>
<?cs if:Page.is_set ?><details class="more"><summary><?cs var:t("Take the password away") ?></summary><p><?cs var:t("Then no post passes by a password.") ?></p><p class="actions"><button name="act" value="remove"><?cs var:t("Take it away") ?></button></p></details>
<?cs /if ?></form></div></div>
<?cs include!"_foot.cs" ?>
