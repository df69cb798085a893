<?cs set:Title = t("What was changed") ?><?cs set:Me_at = "history" ?><?cs include!"_parts.cs" ?><?cs include!"_head.cs" ?>
<?cs include!"_me.cs" ?><h1><?cs var:t("What was changed") ?></h1><p class="muted"><?cs var:t("About your addresses and memberships, by you and by others, the newest first.") ?></p>
<?cs if:subcount(Page.lines) > 0 ?><table class="cards"><thead><tr><th scope="col"><?cs var:t("When") ?></th><th scope="col"><?cs var:t("Who") ?></th><th scope="col"><?cs var:t("What") ?></th><th scope="col"><?cs var:t("Details") ?></th></tr></thead>
<tbody><?cs each:line = Page.lines ?>
<tr><td data-label="<?cs var:t("When") ?>"><?cs call:time(line.at) ?></td><td data-label="<?cs var:t("Who") ?>"><bdi><?cs var:line.who ?></bdi></td><td data-label="<?cs var:t("What") ?>"><?cs var:line.what ?></td><td><?cs if:line.list ?><span class="muted"><?cs var:line.list ?></span> <?cs /if ?><bdi><?cs var:line.object ?></bdi><?cs if:line.detail ?> <span class="muted"><?cs var:line.detail ?></span><?cs /if ?></td></tr><?cs /each ?>
</tbody></table>
<?cs if:Page.older ?><p><a href="<?cs var:href(Page.older) ?>"><?cs var:t("Older") ?> ›</a></p>
<?cs /if ?><?cs else ?><div class="empty"><p class="lead"><?cs var:t("Nothing has been changed yet.") ?></p></div>
<?cs /if ?></div></div>
<?cs include!"_foot.cs" ?>
