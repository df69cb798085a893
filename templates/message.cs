<?cs if:Page.post.subject ?><?cs set:Title = Page.post.subject ?><?cs else ?><?cs set:Title = t("(no subject)") ?><?cs /if ?><?cs set:Tab = "list" ?><?cs include!"_parts.cs" ?><?cs include!"_html.cs" ?><?cs include!"_head.cs" ?><?cs call:post_words() ?>
<h1><bdi><?cs var:Title ?></bdi></h1>
<?cs call:post(Page.post, "1") ?><?cs call:vote_form("message") ?>
<?cs call:html_frame(Page.post.hash) ?>
<?cs if:Page.shows_markdown ?><p class="small"><a href="<?cs var:href(List.path) ?>message/<?cs var:Page.post.hash ?>?text=1" rel="nofollow"><?cs var:t("Show as it was written") ?></a></p>
<?cs elif:Page.shows_text ?><p class="small"><a href="<?cs var:href(List.path) ?>message/<?cs var:Page.post.hash ?>"><?cs var:t("Show with headings and lists") ?></a></p>
<?cs /if ?><p class="actions"><a class="button" href="<?cs var:href(List.path) ?>thread/<?cs var:Page.thread_hash ?>#<?cs var:Page.post.hash ?>" data-key="u"><?cs var:t("Whole thread") ?></a>
<?cs if:Page.previous_hash ?><a class="button" href="<?cs var:href(List.path) ?>message/<?cs var:Page.previous_hash ?>" rel="prev" data-key="p"><?cs var:t("Previous message") ?></a>
<?cs /if ?><?cs if:Page.next_hash ?><a class="button" href="<?cs var:href(List.path) ?>message/<?cs var:Page.next_hash ?>" rel="next" data-key="n"><?cs var:t("Next message") ?></a>
<?cs /if ?><a class="button" href="<?cs var:href(List.path) ?><?cs var:Page.month ?>/"><?cs var:t("This month") ?></a></p>
<?cs if:List.may_own ?><p class="small"><a href="<?cs var:href(List.path) ?>thread/<?cs var:Page.post.hash ?>/change" rel="nofollow"><?cs var:t("Change this thread") ?></a> · <a href="<?cs var:href(List.path) ?>message/<?cs var:Page.post.hash ?>/remove" rel="nofollow"><?cs var:t("Remove or change a post") ?></a></p>
<?cs /if ?><?cs call:keys_link() ?>
<?cs include!"_foot.cs" ?>
