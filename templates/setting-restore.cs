<?cs set:Title = Page.field.label ?><?cs set:Tab = "settings" ?><?cs include!"_parts.cs" ?><?cs include!"_settings.cs" ?><?cs include!"_head.cs" ?>
<div class="columns rail"><?cs call:settings_rail() ?>
<div><?cs call:settings_place() ?><h1><?cs var:Page.field.label ?></h1>
<?cs if:Page.field.is_own ?><dl class="facts"><dt><?cs var:t("Now, set here") ?></dt><dd><?cs var:Page.field.now ?></dd>
<dt><?cs if:Page.field.from_domain ?><?cs var:t("Then, from the domain") ?><?cs elif:Page.field.from_site ?><?cs var:t("Then, from the site") ?><?cs else ?><?cs var:t("Then") ?><?cs /if ?></dt><dd><?cs var:Page.field.outer ?></dd></dl>
<?cs if:Page.field.may_change ?><form method="post" action="<?cs var:href(Page.base) ?>setting/restore"><?cs call:form_mark() ?><input type="hidden" name="name" value="<?cs var:Page.field.name ?>">
<p class="actions"><button class="main"><?cs var:t("Take back what was set here") ?></button> <a href="<?cs var:href(Page.base) ?>settings/<?cs var:Page.group ?>"><?cs var:t("Leave it as it is") ?></a></p></form>
<?cs /if ?><?cs else ?><p class="lead"><?cs var:t("Nothing is set here.") ?></p>
<dl class="facts"><dt><?cs if:Page.field.from_domain ?><?cs var:t("From the domain.") ?><?cs elif:Page.field.from_site ?><?cs var:t("From the site.") ?><?cs else ?><?cs var:t("Without any setting") ?><?cs /if ?></dt><dd><?cs var:Page.field.now ?></dd></dl>
<?cs if:Page.field.may_change ?><form method="post" action="<?cs var:href(Page.base) ?>setting/restore"><?cs call:form_mark() ?><input type="hidden" name="name" value="<?cs var:Page.field.name ?>"><input type="hidden" name="keep" value="1">
<p><?cs var:t("Set here, it stays as it is when the others change.") ?></p>
<p class="actions"><button class="main"><?cs var:t("Keep it here") ?></button> <a href="<?cs var:href(Page.base) ?>settings/<?cs var:Page.group ?>"><?cs var:t("Leave it as it is") ?></a></p></form>
<?cs /if ?><?cs /if ?></div></div>
<?cs include!"_foot.cs" ?>
