<?cs set:Title = t("Log") ?><?cs set:Tab = "log" ?><?cs include!"_parts.cs" ?><?cs include!"_head.cs" ?>
<h1><?cs var:t("Log") ?></h1><p class="muted"><?cs var:t("Who changed what, the newest first.") ?></p>
<details class="more"<?cs if:Page.is_filtered ?> open<?cs /if ?>><summary><?cs var:t("Show only some") ?></summary>
<form method="get" action="<?cs var:href(Page.base) ?>log"><div class="row"><label for="who"><?cs var:t("Person") ?></label><input type="search" id="who" name="who" value="<?cs var:Page.who ?>" maxlength="100"></div>
<div class="row"><label for="what"><?cs var:t("What") ?></label><select id="what" name="what"><option value=""><?cs var:t("Everything") ?></option><?cs each:action = Page.actions ?><option value="<?cs var:action.action ?>"<?cs if:action.is_chosen ?> selected<?cs /if ?>><?cs var:action.label ?></option><?cs /each ?></select></div>
<div class="row"><label for="from"><?cs var:t("From the day") ?></label><p class="help" id="help-from"><?cs var:t("Such as 2026-04-01") ?></p><input type="text" class="short" id="from" name="from" value="<?cs var:Page.from ?>" maxlength="10" aria-describedby="help-from"></div>
<div class="row"><label for="until"><?cs var:t("Until the day") ?></label><input type="text" class="short" id="until" name="until" value="<?cs var:Page.until ?>" maxlength="10" aria-describedby="help-from"></div>
<p class="actions"><button class="main"><?cs var:t("Show") ?></button> <a href="<?cs var:href(Page.base) ?>log"><?cs var:t("Everything") ?></a></p></form></details>
<?cs if:subcount(Page.lines) > 0 ?><table class="cards"><thead><tr><th scope="col"><?cs var:t("When") ?></th><th scope="col"><?cs var:t("Who") ?></th><th scope="col"><?cs var:t("What") ?></th><th scope="col"><?cs var:t("Details") ?></th></tr></thead>
<tbody><?cs each:line = Page.lines ?>
<tr><td data-label="<?cs var:t("When") ?>"><?cs call:time(line.at) ?></td><td data-label="<?cs var:t("Who") ?>"><bdi><?cs var:line.who ?></bdi></td><td data-label="<?cs var:t("What") ?>"><?cs var:line.what ?></td><td><?cs if:line.list ?><span class="muted"><?cs var:line.list ?></span> <?cs /if ?><bdi><?cs var:line.object ?></bdi><?cs if:line.detail ?> <span class="muted"><?cs var:line.detail ?></span><?cs /if ?></td></tr><?cs /each ?>
</tbody></table>
<?cs if:Page.older ?><p><a href="<?cs var:href(Page.older) ?>"><?cs var:t("Older") ?> ›</a></p>
<?cs /if ?><?cs else ?><div class="empty"><p class="lead"><?cs if:Page.is_filtered ?><?cs var:t("Nothing fits. Show everything, or less exactly.") ?><?cs else ?><?cs var:t("Nothing has been changed yet.") ?><?cs /if ?></p></div>
<?cs /if ?><?cs include!"_foot.cs" ?>
