<?cs set:Title = t("You") ?><?cs include!"_parts.cs" ?><?cs include!"_head.cs" ?>
<h1><bdi><?cs var:Me.name ?></bdi></h1>
<h2><?cs var:t("Your lists") ?></h2>
<?cs if:subcount(Page.memberships) > 0 ?><table class="cards"><thead><tr><th scope="col"><?cs var:t("List") ?></th><th scope="col"><?cs var:t("With the address") ?></th><th scope="col"><?cs var:t("As") ?></th><th scope="col"><?cs var:t("Since") ?></th></tr></thead>
<tbody><?cs each:membership = Page.memberships ?>
<tr><td><a href="<?cs var:href(membership.path) ?>"><?cs var:membership.title ?></a></td><td data-label="<?cs var:t("With the address") ?>"><?cs var:membership.email ?></td><td data-label="<?cs var:t("As") ?>"><?cs var:t(membership.role) ?><?cs if:membership.is_member && !membership.is_delivered ?>, <?cs var:t("delivery is off") ?><?cs /if ?></td><td data-label="<?cs var:t("Since") ?>"><time datetime="<?cs var:membership.joined_at.iso ?>"><?cs var:membership.joined_at.day ?></time></td></tr><?cs /each ?>
</tbody></table>
<?cs else ?><p><?cs var:t("You do not belong to a list yet.") ?> <a href="/"><?cs var:t("All lists") ?></a></p>
<?cs /if ?><h2><?cs var:t("Your addresses") ?></h2>
<ul class="plain"><?cs each:address = Page.addresses ?><li><?cs var:address.email ?></li><?cs /each ?></ul>
<h2><?cs var:t("Where you are signed in") ?></h2>
<ul class="plain"><?cs each:session = Page.sessions ?><li><?cs if:session.is_this ?><span class="badge"><?cs var:t("here") ?></span> <?cs /if ?><span class="small"><?cs var:session.agent ?></span> <span class="muted small"><time datetime="<?cs var:session.last_seen.iso ?>"><?cs var:session.last_seen.ago ?></time></span></li><?cs /each ?></ul>
<div class="actions"><form method="post" action="/logout"><?cs call:form_mark() ?><button><?cs var:t("Sign out") ?></button></form>
<form method="post" action="/me/sessions/end"><?cs call:form_mark() ?><button><?cs var:t("Sign out everywhere") ?></button></form></div>
<?cs include!"_foot.cs" ?>
