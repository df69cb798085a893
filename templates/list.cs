<?cs set:Tab = "list" ?><?cs set:IsTop = #1 ?><?cs if:List.may_read ?><?cs set:Feed = List.path + "feed.atom" ?><?cs /if ?><?cs include!"_parts.cs" ?><?cs include!"_head.cs" ?>
<h1 class="hidden" lang="<?cs var:List.language ?>"><?cs var:List.title ?></h1>
<?cs if:Page.is_new ?><div class="notice good" role="status"><p><strong><?cs var:t("The list is there. Three next steps:") ?></strong></p>
<ol><li><a href="<?cs var:href(List.path) ?>members/add"><?cs var:t("Invite or add members") ?></a></li>
<li><a href="<?cs var:href(List.path) ?>settings/"><?cs var:t("Look through the settings") ?></a></li>
<li><a href="mailto:<?cs var:List.address ?>"><?cs var:t1("Write the first post to %1", List.address) ?></a></li></ol></div>
<?cs /if ?><div class="columns"><div class="intro"><?cs if:List.description ?><p lang="<?cs var:List.language ?>"><?cs var:List.description ?></p>
<?cs /if ?><p class="actions"><?cs if:List.is_member ?><a class="button main" href="<?cs var:href(List.path) ?>write"><?cs var:t("Write to the list") ?></a><?cs
elif:Page.is_announcement ?><a class="button main" href="<?cs var:href(List.path) ?>join" rel="nofollow"><?cs var:t("Subscribe") ?></a><?cs
else ?><a class="button main" href="<?cs var:href(List.path) ?>join" rel="nofollow"><?cs var:t("Join") ?></a><?cs /if ?></p>
<?cs call:words(Page.write_page) ?></div>
<div class="content">
<?cs call:notice("warn", Page.importing) ?><?cs call:words(Page.list_page) ?><?cs if:!List.may_read ?><?cs if:List.has_archive ?><p class="lead"><?cs var:t("Old posts are for members.") ?></p>
<?cs if:!Me.signed_in ?><p class="actions"><a class="button" href="?sign-in" rel="nofollow"><?cs var:t("Sign in") ?></a></p><?cs /if ?>
<?cs else ?><p class="lead"><?cs var:t("This list keeps no archive: posts go to the members and nowhere else.") ?></p>
<?cs /if ?><?cs call:words(Page.closed_page) ?><?cs elif:subcount(Page.threads) > 0 ?><?cs call:search_box() ?><h2 class="hidden"><?cs var:t("Threads") ?></h2>
<?cs call:list_tabs("") ?><?cs call:list_reader(Page.reader) ?><p class="tools" role="group" aria-label="<?cs var:t("Order") ?>"><a href="<?cs var:href(List.path) ?>"<?cs if:!Page.by_posts ?> aria-current="true"<?cs /if ?>><?cs var:t("Newest threads") ?></a><i> · </i><a href="?sort=active"<?cs if:Page.by_posts ?> aria-current="true"<?cs /if ?>><?cs var:t("Most active threads") ?></a></p>
<?cs if:Page.by_posts ?><p class="muted small"><?cs var:t("Of the 200 threads with the newest messages, those with the most.") ?></p>
<?cs /if ?><ul class="threads"><?cs each:thread = Page.threads ?>
<?cs call:thread_row(thread) ?><?cs /each ?></ul>
<?cs if:Page.older || !Page.is_first ?><p class="actions"><?cs if:!Page.is_first ?><a class="button" href="<?cs var:href(List.path) ?>"><?cs var:t("Newest") ?></a>
<?cs /if ?><?cs if:Page.older ?><a class="button" href="<?cs var:href(Page.older) ?>"><?cs var:t("Older") ?></a><?cs /if ?></p>
<?cs /if ?><?cs call:keys_link() ?>
<?cs else ?><div class="empty"><p class="lead"><?cs var:t("Nothing has been posted yet.") ?></p>
<p><?cs var:t("The first post is a mail to this address:") ?> <a href="mailto:<?cs var:List.address ?>"><?cs var:List.address ?></a></p></div>
<?cs /if ?></div>
<aside>
<div lang="<?cs var:List.language ?>"><?cs call:body(Page.about.body) ?></div>
<?cs if:Page.activity.sentence ?><p><?cs call:bars(Page.activity) ?><br><span class="muted small"><?cs var:Page.activity.sentence ?></span></p>
<?cs /if ?><?cs if:subcount(Page.years) > 0 ?><h2><?cs var:t("Months") ?></h2>
<?cs each:year = Page.years ?><details class="more"<?cs if:first(year) ?> open<?cs /if ?>><summary><?cs var:t1("Year %1", year.year) ?></summary>
<ul class="plain"><?cs each:month = year.months ?><li><a href="<?cs var:href(month.path) ?>"><?cs var:month.name ?></a> <span class="muted number"><?cs var:month.posts ?></span></li>
<?cs /each ?></ul></details>
<?cs /each ?><?cs /if ?><?cs if:Page.has_topics && List.is_member ?><p class="small"><a href="<?cs var:href(List.path) ?>my-topics"><?cs var:t("Choose topics") ?></a></p>
<?cs /if ?><?cs if:List.may_read ?><p class="small"><a href="<?cs var:href(List.path) ?>files"><?cs var:t("Attachments") ?></a> · <a href="<?cs if:Me.signed_in ?>/me/feeds<?cs else ?><?cs var:href(List.path) ?>feed.atom<?cs /if ?>"><?cs var:t("Feed") ?></a> · <a href="<?cs var:href(List.path) ?>mbox" rel="nofollow"><?cs var:t("Download the posts") ?></a></p>
<?cs /if ?><p class="small"><a href="<?cs var:href(List.path) ?>leave" rel="nofollow"><?cs if:Page.is_announcement ?><?cs var:t("Unsubscribe") ?><?cs else ?><?cs var:t("Leave this list") ?><?cs /if ?></a></p>
</aside></div>
<?cs include!"_foot.cs" ?>
