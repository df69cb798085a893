<?cs set:Title = Page.name ?><?cs set:Tab = "list" ?><?cs include!"_parts.cs" ?><?cs include!"_head.cs" ?>
<div class="page-head"><h1><?cs var:Page.name ?></h1><p class="muted"><?cs var:tn("%1 message", "%1 messages", Page.count) ?></p></div>
<p class="tools" role="group" aria-label="<?cs var:t("Order") ?>"><a href="?"<?cs if:!Page.is_flat ?> aria-current="true"<?cs /if ?>><?cs var:t("Threads") ?></a><i> · </i><a href="?view=flat"<?cs if:Page.is_flat ?> aria-current="true"<?cs /if ?>><?cs var:t("By date") ?></a></p>
<?cs if:Page.is_flat ?><table class="cards"><thead><tr><th scope="col"><?cs var:t("Subject") ?></th><th scope="col"><?cs var:t("From") ?></th><th scope="col"><?cs var:t("Day") ?></th></tr></thead>
<tbody><?cs each:post = Page.posts ?>
<tr data-row><td><a href="<?cs var:href(List.path) ?>message/<?cs var:post.hash ?>"><?cs call:subject(post.subject) ?></a></td><td><bdi><?cs var:post.author ?></bdi></td><td nowrap><time datetime="<?cs var:post.at.iso ?>"><?cs var:post.at.day ?></time></td></tr><?cs /each ?>
</tbody></table>
<?cs else ?><ul class="threads"><?cs each:thread = Page.threads ?>
<?cs call:thread_row(thread) ?><?cs /each ?></ul>
<?cs /if ?><?cs if:Page.more || !Page.is_first ?><p class="actions"><?cs if:!Page.is_first ?><a class="button" href="?<?cs if:Page.is_flat ?>view=flat<?cs /if ?>"><?cs var:t("Beginning of the month") ?></a>
<?cs /if ?><?cs if:Page.more ?><a class="button main" href="<?cs var:href(Page.more) ?>"><?cs var:t("More") ?></a><?cs /if ?></p>
<?cs /if ?><nav aria-label="<?cs var:t("Months") ?>"><p class="actions"><?cs if:Page.before.path ?><a class="button" href="<?cs var:href(Page.before.path) ?>" rel="prev" data-key="p">‹ <?cs var:Page.before.name ?></a>
<?cs /if ?><?cs if:Page.after.path ?><a class="button" href="<?cs var:href(Page.after.path) ?>" rel="next" data-key="n"><?cs var:Page.after.name ?> ›</a>
<?cs /if ?><a class="button" href="<?cs var:href(List.path) ?>" data-key="u"><?cs var:t("All threads") ?></a></p></nav>
<p class="small"><a href="mbox.gz" rel="nofollow">mbox.gz</a></p>
<?cs call:keys_link() ?>
<?cs include!"_foot.cs" ?>
