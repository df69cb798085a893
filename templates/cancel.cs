<?cs set:Title = t("Take a held post back") ?><?cs include!"_parts.cs" ?><?cs include!"_head.cs" ?>
<?cs if:Page.is_waiting ?><h1><?cs var:t("Take this post back?") ?></h1>
<p class="lead"><bdi><?cs var:Page.subject ?></bdi></p>
<p><?cs var:t1("It waits for a moderator of %1. Taken back, nobody gets it.", List.title) ?></p>
<?cs call:words(Page.waiting_page) ?><form method="post" action="/cancel/<?cs var:Page.token ?>"><p class="actions"><button class="main"><?cs var:t("Take it back") ?></button> <a href="<?cs var:href(List.path) ?>"><?cs var:t("Leave it there") ?></a></p></form>
<?cs elif:Page.is_cancelled ?><h1><?cs var:t("You have taken it back") ?></h1>
<p class="lead"><bdi><?cs var:Page.subject ?></bdi></p>
<p><?cs var:t("Nobody gets it.") ?></p>
<?cs else ?><h1><?cs if:Page.is_accepted ?><?cs var:t("A moderator has accepted it") ?><?cs else ?><?cs var:t("A moderator has turned it down") ?><?cs /if ?></h1>
<p class="lead"><bdi><?cs var:Page.subject ?></bdi></p>
<p><?cs if:Page.is_accepted ?><?cs var:t("It goes to the members and can no longer be taken back.") ?><?cs else ?><?cs var:t("Nobody gets it.") ?><?cs /if ?> <time datetime="<?cs var:Page.decided_at.iso ?>"><?cs var:Page.decided_at ?></time></p>
<?cs /if ?><?cs include!"_foot.cs" ?>
