<?cs set:Title = t("Removed posts") ?><?cs include!"_parts.cs" ?><?cs include!"_head.cs" ?>
<h1><?cs var:t("Removed posts") ?></h1>
<?cs if:subcount(Page.posts) > 0 ?><table class="cards"><thead><tr><th scope="col"><?cs var:t("Post") ?></th><th scope="col"><?cs var:t("From") ?></th><th scope="col"><?cs var:t("State") ?></th><th scope="col"><?cs var:t("When") ?></th></tr></thead>
<tbody><?cs each:post = Page.posts ?>
<tr><td><a href="<?cs var:href(List.path) ?>message/<?cs var:post.hash ?>/remove">#<?cs var:post.number ?> <bdi><?cs var:post.subject ?></bdi></a></td><td data-label="<?cs var:t("From") ?>"><bdi><?cs var:post.author ?></bdi></td><td data-label="<?cs var:t("State") ?>"><?cs if:post.is_hidden ?><?cs var:t("hidden") ?><?cs else ?><?cs var:t("deleted") ?><?cs /if ?></td><td data-label="<?cs var:t("When") ?>"><time datetime="<?cs var:post.at.iso ?>"><?cs var:post.at ?></time></td></tr><?cs /each ?>
</tbody></table>
<?cs if:Page.older ?><p><a href="<?cs var:href(Page.older) ?>"><?cs var:t("Older") ?> ›</a></p>
<?cs /if ?><?cs else ?><div class="empty"><p class="lead"><?cs var:t("No post was removed.") ?></p>
<p><?cs var:t("To hide a post, to take words out of it or to delete it, open it and choose 'Remove or change a post'.") ?></p></div>
<?cs /if ?><h2><?cs var:t("Erased people") ?></h2>
<?cs if:subcount(Page.erasures) > 0 ?><ul class="plain"><?cs each:erasure = Page.erasures ?>
<li><a href="<?cs var:href(List.path) ?>erase/<?cs var:erasure.id ?>"><time datetime="<?cs var:erasure.at.iso ?>"><?cs var:erasure.at ?></time></a> · <?cs var:tn("%1 post changed", "%1 posts changed", erasure.posts) ?><?cs if:erasure.waits ?> · <strong><?cs var:tn("%1 post of others waits for your decision", "%1 posts of others wait for your decision", erasure.finds) ?></strong><?cs elif:!erasure.is_done ?> · <?cs var:t("is being done") ?><?cs /if ?></li><?cs /each ?></ul>
<?cs /if ?><p class="actions"><a class="button" href="<?cs var:href(List.path) ?>erase"><?cs var:t("Erase a person") ?></a></p>
<?cs include!"_foot.cs" ?>
