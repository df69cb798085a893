<?cs set:Title = t("Delete this account") ?><?cs include!"_parts.cs" ?><?cs include!"_head.cs" ?>
<p class="crumb"><a href="/admin/users">‹ <?cs var:t("Accounts") ?></a></p><h1><?cs var:t1("Delete the account of %1?", Page.email) ?></h1>
<?cs if:Page.fault.sentence ?><p class="notice bad" role="alert"><?cs var:Page.fault.sentence ?><?cs if:Page.fault.hint ?> <?cs var:Page.fault.hint ?><?cs /if ?></p>
<?cs /if ?><p><?cs var:t("Its memberships and roles end, and it is signed out. Posts stay in the archives; nothing connects them with an account any more. This cannot be undone.") ?></p>
<?cs if:subcount(Page.memberships) > 0 ?><ul><?cs each:membership = Page.memberships ?><li><?cs var:membership.title ?> <span class="muted small"><?cs var:membership.email ?>, <?cs var:t(membership.role) ?></span></li><?cs /each ?></ul>
<?cs /if ?><p class="actions"><a class="button main" href="/admin/users/<?cs var:Page.id ?>"><?cs var:t("Keep it") ?></a></p>
<form method="post" action="/admin/users/<?cs var:Page.id ?>/delete"><?cs call:form_mark() ?><button><?cs var:t("Delete the account") ?></button></form>
<?cs include!"_foot.cs" ?>
