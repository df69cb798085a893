<?cs set:Title = t("Saved searches") ?><?cs set:Me_at = "searches" ?><?cs include!"_parts.cs" ?><?cs include!"_head.cs" ?>
<?cs include!"_me.cs" ?><h1><?cs var:t("Saved searches") ?></h1>
<?cs if:Page.fault.sentence ?><p class="notice bad" role="alert"><?cs var:Page.fault.sentence ?></p>
<?cs /if ?><?cs if:Page.fresh ?><div class="notice good" role="status"><p><strong><?cs var:t("The search is saved. This is its address for a feed reader, which shows what is found anew. It is shown only now; whoever knows it can read along.") ?></strong></p>
<p class="address"><?cs var:Page.fresh ?></p></div>
<?cs /if ?><?cs if:subcount(Page.searches) > 0 ?><table class="cards"><thead><tr><th scope="col"><?cs var:t("Name") ?></th><th scope="col"><?cs var:t("Search") ?></th><th scope="col"><?cs var:t("List") ?></th><th scope="col"><span class="hidden"><?cs var:t("Change") ?></span></th></tr></thead>
<tbody><?cs each:search = Page.searches ?>
<tr><td><?cs if:search.is_gone ?><bdi><?cs var:search.name ?></bdi><?cs else ?><a href="<?cs var:href(search.path) ?>"><bdi><?cs var:search.name ?></bdi></a><?cs /if ?></td><td data-label="<?cs var:t("Search") ?>"><code><?cs var:search.query ?></code></td><td data-label="<?cs var:t("List") ?>"><?cs if:search.is_gone ?><?cs var:t("A list that you may not see now") ?><?cs elif:search.list ?><bdi><?cs var:search.list ?></bdi><?cs else ?><?cs var:t("all lists") ?><?cs /if ?></td>
<td><form method="post" action="/me/searches/<?cs var:search.id ?>/remove"><?cs call:form_mark() ?><button><?cs var:t("Remove") ?></button></form></td></tr><?cs /each ?>
</tbody></table>
<?cs else ?><div class="empty"><p class="lead"><?cs var:t("No search is saved yet.") ?></p>
<p><?cs var:t("Search for something; below the number of posts there is “Save this search”.") ?> <a href="/search"><?cs var:t("Search all lists") ?></a></p></div>
<?cs /if ?></div></div>
<?cs include!"_foot.cs" ?>
