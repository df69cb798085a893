<?cs set:Title = t("Search") ?><?cs set:Tab = "search" ?><?cs if:Page.was_asked ?><?cs set:Feed = Page.feed_link ?><?cs /if ?><?cs include!"_parts.cs" ?><?cs include!"_search.cs" ?><?cs include!"_head.cs" ?>
<div class="page-head"><h1><?cs if:Page.is_everywhere ?><?cs var:t("Search all lists") ?><?cs else ?><?cs var:t("Search this list") ?><?cs /if ?></h1>
<?cs if:Page.was_asked && (Page.is_first || Page.is_best) ?><p class="muted" role="status"><?cs if:Page.about ?><?cs var:tn("about %1 post", "about %1 posts", Page.about) ?><?cs elif:Page.is_many ?><?cs var:t("more than 1,000 posts") ?><?cs else ?><?cs var:tn("%1 post", "%1 posts", Page.total) ?><?cs /if ?></p>
<?cs /if ?></div>
<?cs call:search_form(Page.path, t("Words, and what else you know")) ?>
<?cs if:Page.was_asked ?><?cs if:Page.hides_addresses ?><p class="notice"><?cs var:t("Mail addresses and recipients are found on lists that show them to you.") ?><?cs if:!Me.signed_in ?> <a href="?sign-in" rel="nofollow"><?cs var:t("Sign in") ?></a><?cs /if ?></p>
<?cs /if ?><?cs if:subcount(Page.hits) > 0 ?><p class="small"><?cs if:Page.is_best ?><a href="<?cs var:href(Page.newest_link) ?>" rel="nofollow"><?cs var:t("Newest first") ?></a><?cs else ?><a href="<?cs var:href(Page.best_link) ?>" rel="nofollow"><?cs var:t("Best first, with counts by list, year and author") ?></a><?cs /if ?><?cs if:!Page.is_everywhere ?> · <a href="<?cs var:href(Page.everywhere_link) ?>" rel="nofollow"><?cs var:t("Search all lists") ?></a><?cs /if ?></p>
<?cs /if ?><?cs if:Me.signed_in && Page.was_asked ?><details class="more"><summary><?cs var:t("Save this search") ?></summary>
<form method="post" action="/me/searches"><?cs call:form_mark() ?><input type="hidden" name="q" value="<?cs var:Page.q ?>"><?cs if:Page.list_id ?><input type="hidden" name="list" value="<?cs var:Page.list_id ?>"><?cs /if ?><div class="row"><label for="save-name"><?cs var:t("Its name") ?></label>
<input type="text" id="save-name" name="name" value="<?cs var:Page.q ?>" maxlength="60" required></div>
<p class="actions"><button><?cs var:t("Save") ?></button></p></form></details>
<?cs /if ?><?cs if:subcount(Page.hits) > 0 ?><?cs if:Page.is_newest_part ?><p class="notice"><?cs var:t("Order and counts are those of the newest 5,000 posts that were found.") ?></p>
<?cs /if ?><?cs if:Page.is_best ?><div class="columns"><div class="content">
<?cs /if ?><h2 class="hidden"><?cs var:t("Posts") ?></h2>
<ul class="threads"><?cs each:hit = Page.hits ?><?cs call:search_hit(hit) ?>
<?cs /each ?></ul>
<?cs /if ?><?cs if:Page.is_cut ?><p class="notice"><?cs var:t1("This search was stopped at %1: too many posts had to be looked through. One more word makes it quicker.", Page.cut_at.day) ?><?cs if:Page.go_on ?> <a href="<?cs var:href(Page.go_on) ?>" rel="nofollow"><?cs var:t("Look further back") ?></a><?cs /if ?></p>
<?cs /if ?><?cs if:subcount(Page.hits) > 0 ?><p class="actions"><?cs if:!Page.is_first ?><a class="button" href="<?cs if:Page.is_best ?><?cs var:href(Page.best_link) ?><?cs else ?><?cs var:href(Page.newest_link) ?><?cs /if ?>" rel="nofollow"><?cs if:Page.is_best ?><?cs var:t("First") ?><?cs else ?><?cs var:t("Newest") ?><?cs /if ?></a><?cs /if ?>
<?cs if:Page.older ?><a class="button" href="<?cs var:href(Page.older) ?>" rel="nofollow"><?cs if:Page.is_best ?><?cs var:t("Next") ?><?cs else ?><?cs var:t("Older") ?><?cs /if ?></a><?cs /if ?></p>
<p class="small"><a href="<?cs var:href(Page.feed_link) ?>" rel="nofollow"><?cs var:t("Feed") ?></a> · <a href="<?cs var:href(Page.json_link) ?>" rel="nofollow">JSON</a> · <a href="<?cs var:href(Page.mbox_link) ?>" rel="nofollow">mbox.gz</a> <span class="muted"><?cs var:t("The file holds the newest 5,000 posts that were found at most, and no more than 16 MB.") ?></span></p>
<?cs if:Page.is_best ?></div><aside><h2><?cs var:t("Found in") ?></h2>
<?cs call:search_counts(t("Lists"), Page.lists) ?><?cs call:search_counts(t("Years"), Page.years) ?><?cs call:search_counts(t("Authors"), Page.authors) ?></aside></div>
<?cs /if ?><?cs elif:!Page.is_cut ?><div class="empty"><p class="lead"><?cs var:t("No post was found that has all of this.") ?></p>
<p><?cs var:t("Try fewer words, or the beginning of a word with * behind it.") ?><?cs if:!Page.is_everywhere ?> <a href="<?cs var:href(Page.everywhere_link) ?>" rel="nofollow"><?cs var:t("Search all lists") ?></a><?cs /if ?></p></div>
<?cs /if ?><?cs /if ?><?cs call:search_help() ?>
<?cs include!"_foot.cs" ?>
