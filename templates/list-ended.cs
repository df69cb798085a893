<?cs set:Title = Page.title ?><?cs include!"_parts.cs" ?><?cs include!"_head.cs" ?>
<p class="crumb"><a href="/">‹ <?cs var:t("Lists") ?></a></p>
<h1><?cs var:Page.title ?></h1><p class="muted address"><?cs var:Page.address ?></p>
<?cs if:Page.is_over ?><p class="lead"><?cs var:t("This list is being erased. It cannot be brought back any more.") ?></p>
<?cs else ?><p class="lead"><?cs if:Page.erase_at ?><?cs var:t1("This list was removed and ends on %1.", Page.erase_at) ?><?cs else ?><?cs var:t("This list was removed.") ?><?cs /if ?></p>
<p><?cs var:t("Until then it can be brought back as it was: with its members, settings and posts.") ?></p>
<form method="post" action="<?cs var:href(Page.path) ?>"><?cs call:form_mark() ?>
<p class="actions"><button class="main"><?cs var:t("Bring it back") ?></button></p></form>
<?cs /if ?><?cs include!"_foot.cs" ?>
