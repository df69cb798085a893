<?cs set:Title = t("Lists") ?><?cs include!"_parts.cs" ?><?cs include!"_head.cs" ?>
<?cs def:list_row(list) ?><li><div class="what"><h3 lang="<?cs var:list.language ?>"><a href="<?cs var:href(list.path) ?>"><?cs var:list.title ?></a></h3>
<?cs if:list.description ?><p lang="<?cs var:list.language ?>"><?cs var:list.description ?></p>
<?cs /if ?><p class="muted address"><?cs var:list.name ?>@<?cs var:list.domain ?></p></div>
<div class="how"><?cs call:bars(list.activity) ?>
<?cs if:list.recent > 0 ?><p><?cs var:tn("%1 post in 30 days", "%1 posts in 30 days", list.recent) ?></p>
<?cs /if ?><?cs if:list.last_at.iso ?><p class="muted"><?cs var:t("Last:") ?> <?cs call:subject(list.last_subject) ?> · <?cs call:time(list.last_at) ?></p>
<?cs /if ?><?cs if:list.is_owner || list.is_moderator || list.is_member ?><p><?cs if:list.is_owner ?><span class="badge"><?cs var:t("owner") ?></span> <?cs /if ?><?cs if:list.is_moderator ?><span class="badge"><?cs var:t("moderator") ?></span> <?cs /if ?><?cs if:list.is_member ?><span class="badge"><?cs var:t("member") ?></span> <?cs /if ?><?cs if:list.held > 0 ?><a class="badge wants" href="<?cs var:href(list.path) ?>held"><?cs var:tn("%1 held", "%1 held", list.held) ?></a><?cs /if ?></p>
<?cs /if ?></div></li><?cs /def ?>
<div class="page-head"><h1><?cs var:t("Lists") ?></h1>
<p class="muted"><?cs if:Page.q ?><?cs var:tn("%1 list found", "%1 lists found", Page.count) ?><?cs else ?><?cs var:tn("%1 list that you may see", "%1 lists that you may see", Page.count) ?><?cs /if ?></p></div>
<?cs call:words(Page.home_page) ?><?cs if:subcount(Page.ended) > 0 ?><div class="notice warn"><?cs each:list = Page.ended ?><p><?cs if:list.erase_at ?><?cs var:t2("%1 was removed and ends on %2.", list.address, list.erase_at) ?><?cs else ?><?cs var:t1("%1 was removed.", list.address) ?><?cs /if ?> <a href="<?cs var:href(list.path) ?>"><?cs var:t("Bring it back") ?></a></p><?cs /each ?></div>
<?cs /if ?><?cs if:Page.count > 5 || Page.q ?><form method="get" action="/" role="search"><?cs if:Page.by_activity ?><input type="hidden" name="sort" value="activity"><?cs /if ?><label for="q" class="hidden"><?cs var:t("Words in a list's name or description") ?></label>
<p class="actions"><input type="search" id="q" name="q" value="<?cs var:Page.q ?>" maxlength="60"><button><?cs var:t("Search") ?></button></p></form>
<?cs /if ?><?cs if:Page.count > 0 ?><p class="small"><a href="/search"><?cs var:t("Search the posts of all lists") ?></a></p>
<?cs /if ?><?cs if:Page.may_make ?><p class="actions"><a class="button" href="/admin/lists/new"><?cs var:t("New list") ?></a><?cs if:!Me.is_admin ?> <a class="button" href="/admin/domains/"><?cs var:t("Domains") ?></a><?cs /if ?></p>
<?cs /if ?><?cs if:subcount(Page.mine) > 0 ?><h2><?cs var:t("Your lists") ?></h2>
<?cs if:Page.waits_on_several ?><p><a href="/held"><?cs var:t("Held posts of all your lists") ?></a></p>
<?cs /if ?><ul class="lists"><?cs each:list = Page.mine ?><?cs call:list_row(list) ?><?cs /each ?></ul>
<?cs /if ?><?cs if:subcount(Page.lists) > 0 ?><?cs if:subcount(Page.mine) > 0 ?><h2><?cs var:t("Other lists") ?></h2><?cs else ?><h2 class="hidden"><?cs var:t("All lists") ?></h2><?cs /if ?>
<?cs if:Page.count > 5 ?><p class="small"><?cs if:Page.by_activity ?><a href="<?cs var:href(Page.by_name_link) ?>"><?cs var:t("In order of names") ?></a><?cs else ?><a href="<?cs var:href(Page.by_activity_link) ?>"><?cs var:t("Newest posts first") ?></a><?cs /if ?></p>
<?cs /if ?><ul class="lists"><?cs each:list = Page.lists ?><?cs call:list_row(list) ?><?cs /each ?></ul>
<?cs if:!Page.is_first || Page.next_link ?><p class="actions"><?cs if:!Page.is_first ?><a class="button" href="<?cs var:href(Page.first_link) ?>"><?cs var:t("From the beginning") ?></a><?cs /if ?>
<?cs if:Page.next_link ?><a class="button" href="<?cs var:href(Page.next_link) ?>"><?cs var:t("More lists") ?></a><?cs /if ?></p>
<?cs /if ?><?cs elif:Page.q ?><div class="empty"><p class="lead"><?cs var:t("No list that you may see has these words.") ?></p>
<p><a href="/"><?cs var:t("All lists") ?></a></p></div>
<?cs elif:subcount(Page.mine) == 0 ?><div class="empty"><p><?cs var:t("There is no list here that you may see yet.") ?></p>
<?cs if:Page.may_make ?><p class="actions"><a class="button main" href="/admin/lists/new"><?cs var:t("Make the first list") ?></a></p>
<?cs elif:Me.signed_in ?><p><?cs var:t("Lists that you belong to will be shown here.") ?></p>
<?cs else ?><p><?cs var:t("Some lists are shown to their members only.") ?> <a href="?sign-in" rel="nofollow"><?cs var:t("Sign in") ?></a></p>
<?cs /if ?></div>
<?cs /if ?><?cs include!"_foot.cs" ?>
