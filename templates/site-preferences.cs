<?cs set:Title = t("What members prefer") ?><?cs include!"_parts.cs" ?><?cs include!"_preferences.cs" ?><?cs include!"_head.cs" ?>
<p class="crumb"><a href="/admin/">‹ <?cs var:t("Administration") ?></a></p><h1><?cs var:t("What members prefer") ?></h1>
<p class="muted"><?cs var:t("This holds for everybody who chose nothing else, on all lists.") ?></p>
<?cs if:Page.is_saved ?><p class="notice good" role="status"><?cs var:t("Saved.") ?></p>
<?cs /if ?><form method="post" action="/admin/preferences"><?cs call:form_mark() ?><?cs call:preferences() ?>
<p class="actions"><button class="main"><?cs var:t("Save") ?></button></p></form>
<?cs include!"_foot.cs" ?>
