<?cs set:Title = Page.email ?><?cs include!"_parts.cs" ?><?cs include!"_head.cs" ?>
<p class="crumb"><a href="/admin/users">‹ <?cs var:t("Accounts") ?></a></p><h1><?cs if:Page.name ?><bdi><?cs var:Page.name ?></bdi><?cs else ?><?cs var:Page.email ?><?cs /if ?></h1>
<?cs if:Page.is_saved ?><p class="notice good" role="status"><?cs var:t("Saved.") ?></p>
<?cs /if ?><?cs if:Page.fault.sentence ?><p class="notice bad" role="alert"><?cs var:Page.fault.sentence ?></p>
<?cs /if ?><p class="muted"><?cs if:Page.is_admin ?><span class="badge"><?cs var:t("administrator") ?></span> <?cs /if ?><?cs var:t1("Since %1", Page.created_at.day) ?></p>
<h2><?cs var:t("Addresses") ?></h2><ul class="plain"><?cs each:address = Page.addresses ?><li><?cs var:address.email ?><?cs if:address.is_preferred ?> <span class="badge"><?cs var:t("preferred") ?></span><?cs /if ?> <span class="muted small"><?cs if:address.verified_at.iso ?><?cs var:t1("proved %1", address.verified_at.day) ?><?cs else ?><?cs var:t("not proved") ?><?cs /if ?></span></li><?cs /each ?></ul>
<p><a href="/admin/users/<?cs var:Page.id ?>/preferences"><?cs var:t("What this person prefers") ?></a> · <a href="<?cs var:href(Page.log_path) ?>"><?cs var:t("What was changed") ?></a></p>
<h2><?cs var:t("Lists") ?></h2>
<?cs if:subcount(Page.memberships) > 0 ?><table class="cards"><thead><tr><th scope="col"><?cs var:t("List") ?></th><th scope="col"><?cs var:t("With the address") ?></th><th scope="col"><?cs var:t("As") ?></th></tr></thead><tbody><?cs each:membership = Page.memberships ?>
<tr><td><a href="<?cs var:href(membership.path) ?>"><?cs var:membership.title ?></a></td><td data-label="<?cs var:t("With the address") ?>"><?cs var:membership.email ?></td><td data-label="<?cs var:t("As") ?>"><?cs var:t(membership.role) ?><?cs if:!membership.comes ?> <span class="muted small"><?cs var:membership.state ?></span><?cs /if ?></td></tr><?cs /each ?></tbody></table>
<?cs else ?><p class="muted"><?cs var:t("None.") ?></p>
<?cs /if ?><h2><?cs var:t("Where this account is signed in") ?></h2>
<?cs if:subcount(Page.sessions) > 0 ?><ul class="plain"><?cs each:session = Page.sessions ?><li><span class="small"><?cs var:session.agent ?></span> <span class="muted small"><?cs call:time(session.last_seen) ?></span></li><?cs /each ?></ul>
<form method="post" action="/admin/users/<?cs var:Page.id ?>/sessions/end"><?cs call:form_mark() ?><button><?cs var:t("Sign out everywhere") ?></button></form>
<?cs else ?><p class="muted"><?cs var:t("Nowhere.") ?></p>
<?cs /if ?><h2><?cs var:t("Rights") ?></h2>
<form method="post" action="/admin/users/<?cs var:Page.id ?>/admin"><?cs call:form_mark() ?><?cs if:Page.is_admin ?><input type="hidden" name="is" value="0"><button><?cs var:t("No longer an administrator") ?></button><?cs else ?><input type="hidden" name="is" value="1"><button><?cs var:t("Make this account an administrator") ?></button><?cs /if ?></form>
<p><a href="/admin/users/<?cs var:Page.id ?>/delete"><?cs var:t("Delete this account") ?></a></p>
<?cs include!"_foot.cs" ?>
