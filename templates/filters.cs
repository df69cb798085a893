<?cs set:Title = t("Header filters") ?><?cs set:Tab = "rules" ?><?cs include!"_parts.cs" ?><?cs include!"_rules.cs" ?><?cs include!"_head.cs" ?>
<?cs call:rules_crumb() ?><div class="columns rail"><?cs call:rules_rail() ?>
<div><h1><?cs if:Page.is_list ?><?cs var:t("Header filters") ?><?cs elif:Page.place ?><?cs var:t1("Header filters of all lists of %1", Page.place) ?><?cs else ?><?cs var:t("Header filters of all lists") ?><?cs /if ?></h1>
<p class="muted"><?cs var:t("They are asked in this order, before anybody's rights are looked at. The first that a post meets decides.") ?></p>
<?cs if:Page.done == "saved" ?><p class="notice good" role="status"><?cs var:t("Saved.") ?></p>
<?cs elif:Page.done == "removed" ?><p class="notice good" role="status"><?cs var:t("The filter was removed.") ?></p>
<?cs elif:Page.done == "moved" ?><p class="notice good" role="status"><?cs var:t("The order was changed.") ?></p>
<?cs /if ?><?cs if:subcount(Page.filters) > 0 ?><form method="post" action="<?cs var:href(Page.base) ?>filters/move"><?cs call:form_mark() ?>
<table class="cards"><thead><tr><th scope="col"><?cs var:t("What is looked for") ?></th><th scope="col"><?cs var:t("What happens") ?></th><th scope="col"><?cs var:t("Hits") ?></th><th scope="col"><?cs var:t("Order") ?></th></tr></thead>
<tbody><?cs each:filter = Page.filters ?>
<tr><td><a href="<?cs var:href(Page.base) ?>filters/<?cs var:filter.id ?>"><?cs each:condition = filter.conditions ?><bdi><?cs var:condition.place ?></bdi>: <code><?cs var:condition.pattern ?></code> <?cs /each ?></a><?cs if:filter.note ?><br><span class="muted"><bdi><?cs var:filter.note ?></bdi></span><?cs /if ?></td>
<td data-label="<?cs var:t("What happens") ?>"><?cs var:filter.action ?></td>
<td data-label="<?cs var:t("Hits") ?>"><?cs var:filter.hits ?><?cs if:filter.hits > 0 ?> <span class="muted"><?cs call:time(filter.last_hit_at) ?></span><?cs /if ?><?cs if:filter.costly > 0 ?><br><strong class="warn"><?cs var:tn("Stopped on %1 post: it takes too long", "Stopped on %1 posts: it takes too long", filter.costly) ?></strong><?cs /if ?></td>
<td<?cs if:!filter.is_first || !filter.is_last ?> data-label="<?cs var:t("Order") ?>"<?cs /if ?>><?cs if:!filter.is_first ?><button name="move" value="<?cs var:filter.id ?>.<?cs var:filter.place - #1 ?>" aria-label="<?cs var:t1("Move filter %1 up", filter.place) ?>">↑</button><?cs /if ?> <?cs if:!filter.is_last ?><button name="move" value="<?cs var:filter.id ?>.<?cs var:filter.place + #1 ?>" aria-label="<?cs var:t1("Move filter %1 down", filter.place) ?>">↓</button><?cs /if ?></td></tr><?cs /each ?>
</tbody></table></form>
<?cs else ?><div class="empty"><p class="lead"><?cs var:t("There is no filter yet.") ?></p>
<p><?cs var:t("A filter holds, refuses or discards posts by what stands in their header, such as a subject that begins with [ad].") ?></p></div>
<?cs /if ?><p class="actions"><a class="button main" href="<?cs var:href(Page.base) ?>filters/new"><?cs var:t("New filter") ?></a></p>
<?cs if:Page.is_list ?><p class="small muted"><?cs var:t("Filters of the whole site and of the domain come before these.") ?></p>
<?cs elif:Page.place ?><p class="small muted"><?cs var:t("Filters of the whole site come before these.") ?></p>
<?cs /if ?></div></div>
<?cs include!"_foot.cs" ?>
