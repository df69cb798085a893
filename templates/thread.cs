<?cs if:Page.subject ?><?cs set:Title = Page.subject ?><?cs else ?><?cs set:Title = t("(no subject)") ?><?cs /if ?><?cs set:Tab = "list" ?><?cs set:Feed = List.path + "thread/" + Page.hash + ".atom" ?><?cs include!"_parts.cs" ?><?cs include!"_removed.cs" ?><?cs include!"_head.cs" ?><?cs call:post_words() ?>
<div class="page-head"><h1><bdi><?cs var:Title ?></bdi></h1>
<p class="muted"><?cs var:tn("%1 message", "%1 messages", Page.count) ?> · <?cs var:tn("%1 person", "%1 people", Page.people_count) ?> · <time datetime="<?cs var:Page.started_at.iso ?>"><?cs var:Page.started_at.day ?></time><?cs if:Page.started_at.day != Page.last_at.day ?> – <time datetime="<?cs var:Page.last_at.iso ?>"><?cs var:Page.last_at.day ?></time><?cs /if ?></p></div>
<?cs if:Page.count > 1 ?><p class="small"><?cs var:t("Taking part:") ?> <?cs each:person = Page.people ?><?cs if:!first(person) ?><?cs var:t(", ") ?><?cs /if ?><?cs if:person.hash ?><a href="<?cs var:href(List.path) ?>author/<?cs var:person.hash ?>" rel="nofollow"><bdi><?cs var:person.name ?></bdi></a><?cs else ?><bdi><?cs var:person.name ?></bdi><?cs /if ?><?cs /each ?><?cs if:Page.people_left ?> <?cs var:tn("and %1 more person", "and %1 more people", Page.people_left) ?><?cs /if ?></p>
<?cs if:!Page.is_long ?><p class="tools" role="group" aria-label="<?cs var:t("Order") ?>"><a href="<?cs var:href(List.path) ?>thread/<?cs var:Page.hash ?>"<?cs if:!Page.is_flat ?> aria-current="true"<?cs /if ?>><?cs var:t("As a tree") ?></a><i> · </i><a href="<?cs var:href(List.path) ?>thread/<?cs var:Page.hash ?>?view=flat"<?cs if:Page.is_flat ?> aria-current="true"<?cs /if ?>><?cs var:t("By date") ?></a></p>
<?cs /if ?><?cs /if ?><?cs call:thread_reader(Page.hash, Page.reader) ?><?cs call:vote_form("") ?><?cs if:Page.place ?><p class="muted small"><?cs var:t1("Messages %1", Page.place) ?></p>
<?cs /if ?><?cs if:Page.has_back ?><p class="actions"><a class="button" href="<?cs var:href(List.path) ?>thread/<?cs var:Page.hash ?><?cs var:Page.back ?>"><?cs var:t("Messages before these") ?></a></p>
<?cs /if ?><?cs each:post = Page.posts ?><?cs if:post.has_gap ?><p class="muted small<?cs if:post.gap_depth > 0 ?> answer d<?cs var:post.gap_depth ?><?cs /if ?>"><?cs var:t("A message that is not here") ?></p>
<?cs /if ?><?cs if:post.is_removed ?><?cs call:removed_post(post) ?><?cs else ?><?cs call:post(post, "") ?><?cs /if ?>
<?cs /each ?><?cs if:Page.more ?><p class="actions"><a class="button main" href="<?cs var:href(Page.more) ?>"><?cs var:t("More messages") ?></a>
<a class="button" href="<?cs var:href(Page.last) ?>"><?cs var:t("The last messages") ?></a></p>
<?cs /if ?><nav aria-label="<?cs var:t("Threads") ?>"><p class="actions"><a class="button" href="<?cs var:href(List.path) ?>thread/<?cs var:Page.hash ?>/newer" rel="nofollow" data-key="k">‹ <?cs var:t("Newer thread") ?></a>
<a class="button" href="<?cs var:href(List.path) ?>thread/<?cs var:Page.hash ?>/older" rel="nofollow" data-key="j"><?cs var:t("Older thread") ?> ›</a>
<a class="button" href="<?cs var:href(List.path) ?>" data-key="u"><?cs var:t("All threads") ?></a></p></nav>
<p class="small more"><a href="<?cs var:href(List.path) ?>thread/<?cs var:Page.hash ?>.atom"><?cs var:t("Feed") ?></a> · <a href="<?cs var:href(List.path) ?>thread/<?cs var:Page.hash ?>/mbox.gz" rel="nofollow">mbox.gz</a></p>
<?cs if:List.may_own ?><p class="small"><a href="<?cs var:href(List.path) ?>thread/<?cs var:Page.hash ?>/change" rel="nofollow"><?cs var:t("Change this thread") ?></a></p>
<?cs /if ?><?cs call:keys_link() ?>
<?cs include!"_foot.cs" ?>
