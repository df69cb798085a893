<?cs set:Title = Page.name ?><?cs include!"_parts.cs" ?><?cs include!"_head.cs" ?>
<div class="page-head"><h1><?cs var:Page.name ?></h1></div>
<table class="cards"><thead><tr><th scope="col"><?cs var:t("Subject") ?></th><th scope="col"><?cs var:t("From") ?></th><th scope="col"><?cs var:t("Day") ?></th></tr></thead>
<tbody><?cs each:post = Page.posts ?>
<tr><td><a href="<?cs var:href(List.path) ?>thread/<?cs var:post.hash ?>"><bdi><?cs if:post.subject ?><?cs var:post.subject ?><?cs else ?><?cs var:t("(no subject)") ?><?cs /if ?></bdi></a></td><td><bdi><?cs var:post.author ?></bdi></td><td><time datetime="<?cs var:post.at.iso ?>"><?cs var:post.at.day ?></time></td></tr><?cs /each ?>
</tbody></table>
<?cs if:Page.more ?><p class="actions"><a class="button" href="<?cs var:href(Page.more) ?>"><?cs var:t("More") ?></a></p>
<?cs /if ?><?cs include!"_foot.cs" ?>
