<?cs if:Page.subject ?><?cs set:Title = Page.subject ?><?cs else ?><?cs set:Title = t("(no subject)") ?><?cs /if ?><?cs include!"_parts.cs" ?><?cs include!"_head.cs" ?>
<div class="page-head"><h1><bdi><?cs var:Title ?></bdi></h1>
<p class="muted"><?cs var:tn("%1 message", "%1 messages", Page.count) ?> · <?cs var:tn("%1 person", "%1 people", Page.people) ?> · <time datetime="<?cs var:Page.started_at.iso ?>"><?cs var:Page.started_at.day ?></time><?cs if:Page.started_at.day != Page.last_at.day ?> – <time datetime="<?cs var:Page.last_at.iso ?>"><?cs var:Page.last_at.day ?></time><?cs /if ?></p></div>
<?cs each:post = Page.posts ?><?cs call:post(post, "") ?>
<?cs /each ?><p class="actions"><?cs if:Page.more ?><a class="button main" href="<?cs var:href(Page.more) ?>"><?cs var:t("More messages") ?></a><?cs /if ?>
<a class="button" href="<?cs var:href(List.path) ?>"><?cs var:t("All threads") ?></a></p>
<?cs include!"_foot.cs" ?>
