<?cs set:Title = t("Accounts") ?><?cs include!"_parts.cs" ?><?cs include!"_head.cs" ?>
<p class="crumb"><a href="/admin/">‹ <?cs var:t("Administration") ?></a></p>
<div class="page-head"><h1><?cs var:t("Accounts") ?></h1><p class="muted"><?cs if:Page.is_many ?><?cs var:t("more than 1,000 accounts") ?><?cs elif:Page.is_about ?><?cs var:tn("about %1 account", "about %1 accounts", Page.all) ?><?cs else ?><?cs var:tn("%1 account", "%1 accounts", Page.all) ?><?cs /if ?></p></div>
<form method="get" action="/admin/users" role="search"><label for="q"><?cs var:t("Beginning of an address, or a piece of a name") ?></label><p class="actions"><input type="search" id="q" name="q" value="<?cs var:Page.q ?>" maxlength="200"> <button><?cs var:t("Search") ?></button></p></form>
<?cs if:subcount(Page.users) > 0 ?><table class="cards"><thead><tr><th scope="col"><?cs var:t("Address") ?></th><th scope="col"><?cs var:t("Name") ?></th><th scope="col"><?cs var:t("Lists") ?></th><th scope="col"><?cs var:t("Last seen") ?></th></tr></thead>
<tbody><?cs each:user = Page.users ?>
<tr><td><a href="/admin/users/<?cs var:user.id ?>"><?cs if:user.email ?><?cs var:user.email ?><?cs else ?><?cs var:t("no address") ?><?cs /if ?></a><?cs if:user.is_admin ?> <span class="badge"><?cs var:t("administrator") ?></span><?cs /if ?></td><td<?cs if:user.name ?> data-label="<?cs var:t("Name") ?>"<?cs /if ?>><bdi><?cs var:user.name ?></bdi></td><td class="number" data-label="<?cs var:t("Lists") ?>"><?cs var:user.memberships ?></td><td data-label="<?cs var:t("Last seen") ?>"><?cs if:user.last_seen.iso ?><?cs call:time(user.last_seen) ?><?cs else ?>–<?cs /if ?></td></tr><?cs /each ?>
</tbody></table>
<?cs if:Page.next ?><p><a href="<?cs var:href(Page.next) ?>"><?cs var:t("More accounts") ?> ›</a></p>
<?cs /if ?><?cs elif:Page.q ?><div class="empty"><p class="lead"><?cs var:t("Nobody is called so.") ?></p><p><a href="/admin/users"><?cs var:t("All accounts") ?></a></p></div>
<?cs else ?><div class="empty"><p class="lead"><?cs var:t("There are no more.") ?></p></div>
<?cs /if ?><?cs include!"_foot.cs" ?>
