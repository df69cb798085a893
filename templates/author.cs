<?cs set:Title = Page.name ?><?cs set:Tab = "list" ?><?cs include!"_parts.cs" ?><?cs include!"_head.cs" ?>
<div class="page-head"><h1><bdi><?cs var:Page.name ?></bdi></h1>
<p class="muted"><?cs if:Page.is_many ?><?cs var:t("more than 1,000 messages on this list") ?><?cs else ?><?cs var:tn("%1 message on this list", "%1 messages on this list", Page.count) ?><?cs /if ?></p></div>
<?cs if:Page.address && Page.address != Page.name ?><p class="muted"><?cs var:Page.address ?></p>
<?cs /if ?><ul class="threads"><?cs each:post = Page.posts ?>
<li data-row><div><p class="subject"><a href="<?cs var:href(List.path) ?>message/<?cs var:post.hash ?>"><?cs call:subject(post.subject) ?></a></p>
<p class="excerpt"><?cs var:post.excerpt ?></p></div>
<div class="who"><p class="muted"><?cs call:time(post.at) ?></p></div></li><?cs /each ?>
</ul>
<p class="actions"><?cs if:!Page.is_first ?><a class="button" href="?"><?cs var:t("Newest messages") ?></a>
<?cs /if ?><?cs if:Page.older ?><a class="button" href="<?cs var:href(Page.older) ?>"><?cs var:t("Older messages") ?></a>
<?cs /if ?><a class="button" href="<?cs var:href(List.path) ?>" data-key="u"><?cs var:t("All threads") ?></a></p>
<?cs call:keys_link() ?>
<?cs include!"_foot.cs" ?>
