<?cs set:Title = Page.role_title ?><?cs set:Tab = "members" ?><?cs include!"_parts.cs" ?><?cs include!"_head.cs" ?>
<div class="page-head"><h1><?cs var:Page.role_title ?></h1>
<p class="muted"><?cs if:Page.is_many ?><?cs var:t("more than 1,000 people") ?><?cs elif:Page.is_about ?><?cs var:tn("about %1 person", "about %1 people", Page.count) ?><?cs elif:Page.is_plain || Page.q ?><?cs var:tn("%1 person", "%1 people", Page.count) ?><?cs else ?><?cs var:Page.filter ?><?cs /if ?></p></div>
<?cs if:Page.done == "added" ?><p class="notice good" role="status"><?cs var:tn("%1 person was added.", "%1 people were added.", Page.done_count) ?></p>
<?cs elif:Page.done == "invited" ?><p class="notice good" role="status"><?cs var:tn("%1 person was invited.", "%1 people were invited.", Page.done_count) ?></p>
<?cs elif:Page.done == "changed" ?><p class="notice good" role="status"><?cs var:tn("%1 person was changed.", "%1 people were changed.", Page.done_count) ?></p>
<?cs elif:Page.done == "removed" ?><p class="notice good" role="status"><?cs var:tn("%1 person was removed.", "%1 people were removed.", Page.done_count) ?></p>
<?cs /if ?><?cs if:Page.may_change ?><nav class="tabs" aria-label="<?cs var:t("Roles") ?>"><?cs each:role = Page.roles ?>
<a href="<?cs var:href(role.path) ?>"<?cs if:role.is_current ?> aria-current="page"<?cs /if ?>><?cs var:role.title ?></a><?cs /each ?></nav>
<?cs if:Page.is_member_role ?><p class="actions"><a class="button main" href="<?cs var:href(List.path) ?>members/add"><?cs var:t("Add or invite people") ?></a>
<a class="button" href="<?cs var:href(List.path) ?>members/add?act=remove"><?cs var:t("Remove several") ?></a>
<a class="button" href="<?cs var:href(List.path) ?>members/export"><?cs var:t("Take as a table") ?></a></p>
<?cs /if ?><?cs if:!Page.is_empty ?><form method="get" action="<?cs var:href(Page.role_path) ?>" role="search"><label for="q"><?cs var:t("Find by the beginning of an address or a name") ?></label>
<p class="actions"><input type="search" id="q" name="q" value="<?cs var:Page.q ?>" maxlength="100" autocapitalize="none" spellcheck="false"> <button><?cs var:t("Find") ?></button></p></form>
<details class="more"><summary><?cs var:t("Show only some") ?></summary><ul class="plain"><?cs each:filter = Page.filters ?><li><a href="<?cs var:href(filter.path) ?>"<?cs if:filter.is_current ?> aria-current="true"<?cs /if ?>><?cs var:filter.label ?></a></li><?cs /each ?></ul></details>
<?cs /if ?><?cs if:!Page.is_plain ?><p><a href="<?cs var:href(Page.role_path) ?>"><?cs var:t("Show all") ?></a></p>
<?cs /if ?><?cs /if ?><?cs if:subcount(Page.people) > 0 ?><?cs if:Page.may_change ?><?cs if:Page.is_member_role ?><form method="post" action="<?cs var:href(List.path) ?>members/chosen"><?cs call:form_mark() ?><label class="choice" data-select-all="input[name=id]" hidden><input type="checkbox"> <span><?cs var:t("Choose all") ?></span></label>
<?cs /if ?><table class="cards"><thead><tr><?cs if:Page.is_member_role ?><th scope="col"><span class="hidden"><?cs var:t("Chosen") ?></span></th><?cs /if ?><?cs each:sort = Page.sorts ?><th scope="col"<?cs if:sort.is_current && sort.is_up ?> aria-sort="ascending"<?cs elif:sort.is_current ?> aria-sort="descending"<?cs /if ?>><a href="<?cs var:href(sort.path) ?>"><?cs var:sort.title ?><?cs if:sort.is_current && sort.is_up ?> ↑<?cs elif:sort.is_current ?> ↓<?cs /if ?></a></th><?cs /each ?><?cs if:Page.is_member_role ?><th scope="col"><?cs var:t("Delivery") ?></th><?cs /if ?></tr></thead>
<tbody><?cs each:person = Page.people ?>
<tr><?cs if:Page.is_member_role ?><td><input type="checkbox" name="id" value="<?cs var:person.id ?>" aria-label="<?cs var:person.email ?>"></td><?cs /if ?><td><a href="<?cs var:href(List.path) ?>members/<?cs var:person.id ?>"><?cs var:person.email ?></a></td><td><bdi><?cs var:person.name ?></bdi><?cs if:person.moderation ?> <span class="badge"><?cs var:person.moderation ?></span><?cs /if ?></td><td data-label="<?cs var:t("Joined") ?>"><time datetime="<?cs var:person.joined_at.iso ?>"><?cs var:person.joined_at.day ?></time></td><td<?cs if:person.last_bounce_at ?> data-label="<?cs var:t("Mail came back") ?>"<?cs /if ?>><?cs if:person.last_bounce_at ?><time datetime="<?cs var:person.last_bounce_at.iso ?>"><?cs var:person.last_bounce_at.day ?></time><?cs /if ?></td><?cs if:Page.is_member_role ?><td data-label="<?cs var:t("Delivery") ?>"><?cs if:person.is_stopped ?><strong class="warn"><?cs var:person.delivery ?></strong><?cs else ?><?cs var:person.delivery ?><?cs /if ?></td><?cs /if ?></tr><?cs /each ?>
</tbody></table>
<?cs if:Page.is_member_role ?><h2><?cs var:t("With the people chosen") ?></h2>
<p class="actions"><button name="act" value="usual"><?cs var:t("Posts as the list says") ?></button> <button name="act" value="hold"><?cs var:t("Hold their posts") ?></button> <button name="act" value="send"><?cs var:t("Send posts to them") ?></button> <button name="act" value="stop"><?cs var:t("Stop delivery") ?></button> <button name="act" value="remove"><?cs var:t("Remove ...") ?></button></p></form>
<?cs /if ?><?cs else ?><table class="cards"><thead><tr><th scope="col"><?cs var:t("Name") ?></th><th scope="col"><?cs var:t("Address") ?></th><th scope="col"><?cs var:t("Joined") ?></th></tr></thead>
<tbody><?cs each:person = Page.people ?><tr><td><bdi><?cs var:person.name ?></bdi></td><td><?cs var:person.email ?></td><td data-label="<?cs var:t("Joined") ?>"><time datetime="<?cs var:person.joined_at.iso ?>"><?cs var:person.joined_at.day ?></time></td></tr>
<?cs /each ?></tbody></table>
<?cs /if ?><?cs elif:Page.is_empty ?><div class="empty"><p class="lead"><?cs var:Page.none ?></p></div>
<?cs else ?><div class="empty"><p class="lead"><?cs var:t("Nobody was found.") ?></p></div>
<?cs /if ?><?cs if:Page.first || Page.next ?><p class="actions"><?cs if:Page.first ?><a class="button" href="<?cs var:href(Page.first) ?>"><?cs var:t("First") ?></a><?cs /if ?>
<?cs if:Page.previous ?><a class="button" rel="prev" href="<?cs var:href(Page.previous) ?>"><?cs var:t("Previous") ?></a><?cs /if ?>
<?cs if:Page.next ?><a class="button" rel="next" href="<?cs var:href(Page.next) ?>"><?cs var:t("Next") ?></a><?cs /if ?>
<?cs if:Page.last ?><a class="button" href="<?cs var:href(Page.last) ?>"><?cs var:t("Last") ?></a><?cs /if ?></p>
<?cs /if ?><?cs if:!Page.is_member_role && (Page.may_own || (Page.may_change && Page.role == "nonmember")) ?><h2><?cs if:Page.role == "owner" ?><?cs var:t("Make somebody an owner") ?><?cs elif:Page.role == "moderator" ?><?cs var:t("Make somebody a moderator") ?><?cs else ?><?cs var:t("Remember somebody who writes") ?><?cs /if ?></h2>
<form method="post" action="<?cs var:href(Page.role_path) ?>"><?cs call:form_mark() ?><?cs if:Page.role == "nonmember" ?><?cs call:email_row("email", t("Mail address"), t("Their page then says what happens to their posts.")) ?><?cs else ?><?cs call:email_row("email", t("Mail address"), t("An address of theirs. The role counts for their whole account, by whichever of its addresses they sign in.")) ?><?cs /if ?>
<p class="actions"><button class="main"><?cs var:t("Add") ?></button></p></form>
<?cs /if ?><?cs include!"_foot.cs" ?>
