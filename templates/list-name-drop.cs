<?cs set:Title = t("Give up an old address") ?><?cs set:Tab = "settings" ?><?cs include!"_parts.cs" ?><?cs include!"_head.cs" ?>
<h1><?cs var:t1("Give up %1?", Page.address) ?></h1>
<p class="lead"><?cs var:t("Mail to it will be refused, links to its pages will lead nowhere, and another list may have the name.") ?></p>
<form method="post" action="<?cs var:href(List.path) ?>rename/drop"><?cs call:form_mark() ?><input type="hidden" name="address" value="<?cs var:Page.address ?>">
<p class="actions"><button class="main"><?cs var:t("Give it up") ?></button> <a href="<?cs var:href(List.path) ?>rename"><?cs var:t("Keep it") ?></a></p></form>
<?cs include!"_foot.cs" ?>
