<?cs set:Title = t("What was changed") ?><?cs set:Tab = "settings" ?><?cs include!"_parts.cs" ?><?cs include!"_settings.cs" ?><?cs include!"_head.cs" ?>
<div class="columns rail"><?cs call:settings_rail() ?>
<div><?cs call:settings_place() ?><h1><?cs if:Page.field.label ?><?cs var:Page.field.label ?><?cs else ?><?cs var:t("What was changed") ?><?cs /if ?></h1>
<?cs if:Page.is_done ?><p class="notice good" role="status"><?cs var:t("Taken back.") ?></p>
<?cs /if ?><?cs if:Page.field.name ?><dl class="facts"><dt><?cs var:t("Now") ?></dt><dd><?cs var:Page.field.now ?></dd></dl>
<p><a href="<?cs var:href(Page.base) ?>settings/<?cs var:Page.group ?>#row-<?cs var:Page.field.name ?>"><?cs var:t("Change it") ?></a></p>
<?cs /if ?><?cs if:subcount(Page.changes) > 0 ?><table class="cards"><thead><tr><th scope="col"><?cs var:t("When") ?></th><th scope="col"><?cs var:t("Who") ?></th><th scope="col"><?cs var:t("What") ?></th><th scope="col"><span class="hidden"><?cs var:t("Undo") ?></span></th></tr></thead>
<tbody><?cs each:change = Page.changes ?>
<tr><td data-label="<?cs var:t("When") ?>"><?cs call:time(change.at) ?></td><td data-label="<?cs var:t("Who") ?>"><bdi><?cs var:change.who ?></bdi></td><td><?cs if:!Page.field.name ?><strong><?cs if:change.label ?><?cs var:change.label ?><?cs else ?><?cs var:change.name ?><?cs /if ?></strong><br><?cs /if ?><?cs call:value_change(change) ?><?cs if:change.is_undo ?> <span class="badge"><?cs var:t("taken back") ?></span><?cs /if ?></td><td><?cs if:change.label ?><a href="<?cs var:href(Page.base) ?>setting/undo?id=<?cs var:change.id ?>"><?cs var:t("Undo") ?><span class="hidden"> <?cs var:change.label ?></span></a><?cs /if ?></td></tr><?cs /each ?>
</tbody></table>
<?cs if:Page.older ?><p><a href="<?cs var:href(Page.base) ?>setting/history?before=<?cs var:Page.older ?><?cs if:Page.field.name ?>&amp;name=<?cs var:Page.field.name ?><?cs /if ?>"><?cs var:t("Older") ?> ›</a></p>
<?cs /if ?><?cs else ?><div class="empty"><p class="lead"><?cs var:t("Nothing has been changed yet.") ?></p>
<p><?cs var:t("Each change will stand here with who made it, and can be taken back.") ?></p></div>
<?cs /if ?></div></div>
<?cs include!"_foot.cs" ?>
