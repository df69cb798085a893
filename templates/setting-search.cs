<?cs set:Title = t("Find a setting") ?><?cs set:Tab = "settings" ?><?cs include!"_parts.cs" ?><?cs include!"_settings.cs" ?><?cs include!"_head.cs" ?>
<div class="columns rail"><?cs call:settings_rail() ?>
<div><?cs call:settings_place() ?><h1><?cs var:t("Find a setting") ?></h1>
<form method="get" action="<?cs var:href(Page.base) ?>setting/search"><div class="row"><label for="q"><?cs var:t("A word of its name or help") ?></label>
<input type="search" id="q" name="q" value="<?cs var:Page.q ?>" maxlength="100"></div>
<p class="actions"><button class="main"><?cs var:t("Search") ?></button></p></form>
<?cs if:subcount(Page.found) > 0 ?><table class="cards"><thead><tr><th scope="col"><?cs var:t("Setting") ?></th><th scope="col"><?cs var:t("Group") ?></th><th scope="col"><?cs var:t("Now") ?></th></tr></thead>
<tbody><?cs each:found = Page.found ?>
<tr><td><a href="<?cs var:href(Page.base) ?>settings/<?cs var:found.group ?>#row-<?cs var:found.name ?>"><?cs var:found.label ?></a></td><td data-label="<?cs var:t("Group") ?>"><?cs var:found.title ?></td><td data-label="<?cs var:t("Now") ?>"><?cs var:found.now ?></td></tr><?cs /each ?>
</tbody></table>
<?cs elif:Page.q ?><p class="lead"><?cs var:t("No setting has this word. Try a shorter one.") ?></p>
<?cs /if ?></div></div>
<?cs include!"_foot.cs" ?>
