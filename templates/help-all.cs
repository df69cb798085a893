<?cs set:Title = t("Manual") ?><?cs include!"_parts.cs" ?><?cs include!"_head.cs" ?>
<p class="crumb"><a href="/help/">‹ <?cs var:t("Manual") ?></a></p>
<h1><?cs var:t("Manual") ?></h1>
<?cs call:body(Page.body) ?><?cs include!"_foot.cs" ?>
