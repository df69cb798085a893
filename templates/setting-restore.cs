<?cs set:Title = Page.field.label ?><?cs set:Tab = "settings" ?><?cs include!"_parts.cs" ?><?cs include!"_head.cs" ?>
<h1><?cs var:Page.field.label ?></h1>
<?cs if:Page.field.is_own ?><dl class="facts"><dt><?cs var:t("Now, set here") ?></dt><dd><?cs var:Page.field.now ?></dd>
<dt><?cs if:Page.field.from_domain ?><?cs var:t("Then, from the domain") ?><?cs elif:Page.field.from_site ?><?cs var:t("Then, from the site") ?><?cs else ?><?cs var:t("Then") ?><?cs /if ?></dt><dd><?cs var:Page.field.outer ?></dd></dl>
<form method="post" action="<?cs var:href(List.path) ?>setting/restore"><?cs call:form_mark() ?><input type="hidden" name="name" value="<?cs var:Page.field.name ?>">
<p class="actions"><button class="main"><?cs var:t("Take back what was set here") ?></button> <a href="<?cs var:href(List.path) ?>settings/<?cs var:Page.group ?>"><?cs var:t("Leave it as it is") ?></a></p></form>
<?cs else ?><p class="lead"><?cs var:t("Nothing is set here.") ?></p>
<p><a href="<?cs var:href(List.path) ?>settings/<?cs var:Page.group ?>"><?cs var:t("Settings") ?></a></p>
<?cs /if ?><?cs include!"_foot.cs" ?>
