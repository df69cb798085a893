<?cs set:Title = t("Your addresses") ?><?cs set:Me_at = "addresses" ?><?cs include!"_parts.cs" ?><?cs include!"_head.cs" ?>
<?cs include!"_me.cs" ?><h1><?cs var:t("Your lists write to another address") ?></h1>
<p class="lead"><?cs var:t1("Posts will come to %1.", Page.to) ?></p>
<?cs if:subcount(Page.moved) > 0 ?><ul class="plain"><?cs each:one = Page.moved ?><li><p><bdi><?cs var:one.title ?></bdi> <span class="muted"><?cs var:t(one.role) ?> · <?cs if:one.is_banned ?><?cs var:t1("does not take that address and still writes to %1", Page.from) ?><?cs else ?><?cs var:t("changed") ?><?cs /if ?></span></p></li><?cs /each ?></ul>
<p class="muted"><?cs var:t1("%1 is told.", Page.from) ?></p>
<?cs else ?><p><?cs var:t("There was no list to change.") ?></p>
<?cs /if ?><p><a href="/me/addresses"><?cs var:t("Your addresses") ?></a></p></div></div>
<?cs include!"_foot.cs" ?>
