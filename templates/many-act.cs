<?cs set:Title = t("What was changed together") ?><?cs include!"_parts.cs" ?><?cs include!"_steps.cs" ?><?cs include!"_head.cs" ?>
<p class="crumb"><a href="/admin/lists">‹ <?cs var:t("Many lists") ?></a></p>
<h1><?cs var:Page.words ?></h1>
<?cs if:Page.is_done ?><p class="notice good" role="status"><?cs var:t("Saved.") ?></p>
<?cs /if ?><p><?cs var:tn("%1 change", "%1 changes", Page.count) ?> · <bdi><?cs var:Page.who ?></bdi> · <?cs call:time(Page.at) ?></p>
<?cs if:Page.is_undone ?><p class="notice"><?cs var:t("This was taken back.") ?></p>
<?cs elif:Page.standing > 0 ?><form method="post" action="/admin/lists/act/<?cs var:Page.id ?>"><?cs call:form_mark() ?><p class="actions"><button><?cs var:tn("Take %1 change back", "Take %1 changes back", Page.standing) ?></button> <span class="muted"><?cs var:t("What was changed again since stays.") ?></span></p></form>
<?cs /if ?><?cs call:steps() ?>
<?cs include!"_foot.cs" ?>
