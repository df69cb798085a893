<?cs set:Title = t("Take a change back") ?><?cs set:Tab = "settings" ?><?cs include!"_parts.cs" ?><?cs include!"_settings.cs" ?><?cs include!"_head.cs" ?>
<div class="columns rail"><?cs call:settings_rail() ?>
<div><?cs call:settings_place() ?><h1><?cs var:Page.field.label ?></h1>
<p><?cs var:t1("Changed by %1:", Page.change.who) ?> <?cs call:time(Page.change.at) ?></p>
<dl class="facts"><dt><?cs var:t("Before") ?></dt><dd><?cs var:Page.change.before ?></dd><dt><?cs var:t("After") ?></dt><dd><?cs var:Page.change.after ?></dd>
<dt><?cs var:t("Now") ?></dt><dd><?cs var:Page.field.now ?></dd><?cs if:Page.change.was_inherited ?>
<dt><?cs if:Page.field.from_domain ?><?cs var:t("Then, from the domain") ?><?cs elif:Page.field.from_site ?><?cs var:t("Then, from the site") ?><?cs else ?><?cs var:t("Then") ?><?cs /if ?></dt><dd><?cs var:Page.field.outer ?></dd><?cs /if ?></dl>
<?cs if:Page.is_so_already ?><p class="lead"><?cs var:t("It is again as it was before this change.") ?></p>
<?cs elif:Page.field.may_change ?><form method="post" action="<?cs var:href(Page.base) ?>setting/undo"><?cs call:form_mark() ?><input type="hidden" name="id" value="<?cs var:Page.change.id ?>">
<p class="actions"><button class="main"><?cs if:Page.change.was_inherited ?><?cs var:t("Take back what was set here") ?><?cs else ?><?cs var:t1("Make it again: %1", Page.change.before) ?><?cs /if ?></button> <a href="<?cs var:href(Page.base) ?>setting/history?name=<?cs var:Page.field.name ?>"><?cs var:t("Leave it as it is") ?></a></p></form>
<?cs /if ?></div></div>
<?cs include!"_foot.cs" ?>
