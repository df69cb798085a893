<?cs set:Title = t("Administration") ?><?cs include!"_parts.cs" ?><?cs include!"_head.cs" ?>
<h1><?cs var:t("Administration") ?></h1>
<dl class="facts"><dt><?cs var:t("Waiting to be decided") ?></dt><dd class="number"><?cs var:Page.incoming ?></dd>
<dt><?cs var:t("Held for moderators") ?></dt><dd class="number"><?cs var:Page.held ?></dd>
<dt><?cs var:t("Mails of the system waiting") ?></dt><dd class="number"><?cs var:Page.notices ?></dd></dl>
<p class="actions"><a class="button" href="/admin/lists"><?cs var:t("Find and change many lists") ?></a> <a class="button" href="/admin/lists/new"><?cs var:t("New list") ?></a> <a class="button" href="/admin/domains/"><?cs var:t("Domains") ?></a> <a class="button" href="/admin/settings/"><?cs var:t("Settings for all lists") ?></a> <a class="button" href="/admin/users"><?cs var:t("Accounts") ?></a> <a class="button" href="/admin/preferences"><?cs var:t("What members prefer") ?></a> <a class="button" href="/admin/log"><?cs var:t("Log") ?></a></p>
<h2><?cs var:t("Lists") ?></h2>
<?cs if:subcount(Page.lists) > 0 ?><table class="cards"><thead><tr><th scope="col"><?cs var:t("List") ?></th><th scope="col"><?cs var:t("Members") ?></th><th scope="col"><?cs var:t("Posts") ?></th><th scope="col"><?cs var:t("Held") ?></th></tr></thead>
<tbody><?cs each:list = Page.lists ?>
<tr><td><a href="<?cs var:href(list.path) ?>"><?cs var:list.title ?></a> <span class="muted"><?cs var:list.address ?></span></td><td class="number" data-label="<?cs var:t("Members") ?>"><?cs call:members_of(list) ?></td><td class="number" data-label="<?cs var:t("Posts") ?>"><?cs var:list.posts ?></td><td class="number" data-label="<?cs var:t("Held") ?>"><?cs call:held_of(list) ?></td></tr><?cs /each ?>
</tbody></table>
<?cs if:Page.has_more ?><p><a href="/admin/lists"><?cs var:t("All lists") ?> ›</a></p>
<?cs /if ?><?cs else ?><div class="empty"><p class="actions"><a class="button main" href="/admin/lists/new"><?cs var:t("Make the first list") ?></a></p></div>
<?cs /if ?><h2><?cs var:t("On their way") ?></h2>
<?cs if:subcount(Page.queue) > 0 ?><table class="cards"><thead><tr><th scope="col"><?cs var:t("Post") ?></th><th scope="col"><?cs var:t("Waiting") ?></th><th scope="col"><?cs var:t("Next try") ?></th></tr></thead>
<tbody><?cs each:post = Page.queue ?>
<tr><td><bdi><?cs var:post.subject ?></bdi> <span class="muted"><?cs var:post.list ?></span></td><td class="number" data-label="<?cs var:t("Waiting") ?>"><?cs var:t2("%1 of %2", post.waiting, post.members) ?></td><td data-label="<?cs var:t("Next try") ?>"><time datetime="<?cs var:post.due_at.iso ?>"><?cs var:post.due_at ?></time></td></tr><?cs /each ?>
</tbody></table>
<?cs else ?><p class="muted"><?cs var:t("Nothing waits: every copy has been handed on.") ?></p>
<?cs /if ?><p class="small"><a href="/help/troubleshooting"><?cs var:t("When mail does not arrive") ?></a> · <a href="/help/"><?cs var:t("Manual") ?></a></p>
<p class="small"><a href="/admin/templates"><?cs var:t("Texts of the site") ?></a> · <a href="/admin/filters"><?cs var:t("Header filters of all lists") ?></a> · <a href="/admin/bans"><?cs var:t("Bans on all lists") ?></a> · <a href="/admin/style"><?cs var:t("Parts of pages") ?></a></p>
<?cs include!"_foot.cs" ?>
