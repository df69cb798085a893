<?cs set:Title = t("Lists") ?><?cs include!"_parts.cs" ?><?cs include!"_head.cs" ?>
<div class="page-head"><h1><?cs var:t("Lists") ?></h1>
<p class="muted"><?cs var:tn("%1 list that you may see", "%1 lists that you may see", Page.count) ?></p></div>
<?cs if:Page.count > 0 ?><ul class="lists"><?cs each:list = Page.lists ?>
<li><div class="what"><h2 lang="<?cs var:list.language ?>"><a href="<?cs var:href(list.path) ?>"><?cs var:list.title ?></a></h2>
<?cs if:list.description ?><p lang="<?cs var:list.language ?>"><?cs var:list.description ?></p>
<?cs /if ?><p class="muted address"><?cs var:list.name ?>@<?cs var:list.domain ?></p></div>
<div class="how"><?cs call:bars(list.activity) ?>
<?cs if:list.recent > 0 ?><p><?cs var:tn("%1 post in 30 days", "%1 posts in 30 days", list.recent) ?></p>
<?cs /if ?><?cs if:list.last_subject ?><p class="muted"><?cs var:t("Last:") ?> <bdi><?cs var:list.last_subject ?></bdi> · <?cs call:time(list.last_at) ?></p>
<?cs /if ?><?cs if:list.is_owner || list.is_moderator || list.is_member ?><p><?cs if:list.is_owner ?><span class="badge"><?cs var:t("owner") ?></span> <?cs /if ?><?cs if:list.is_moderator ?><span class="badge"><?cs var:t("moderator") ?></span> <?cs /if ?><?cs if:list.is_member ?><span class="badge"><?cs var:t("member") ?></span> <?cs /if ?><?cs if:list.held > 0 ?><a class="badge wants" href="<?cs var:href(list.path) ?>held"><?cs var:tn("%1 held", "%1 held", list.held) ?></a><?cs /if ?></p>
<?cs /if ?></div></li><?cs /each ?>
</ul>
<?cs else ?><div class="empty"><p><?cs var:t("There is no list here that you may see yet.") ?></p>
<p><?cs if:Me.is_admin ?><?cs var:t("Make the first one on the command line:") ?></p>
<pre>kairan list create name@example.org</pre>
<?cs elif:Me.signed_in ?><?cs var:t("Lists that you belong to will be shown here.") ?></p>
<?cs else ?><?cs var:t("Some lists are shown to their members only.") ?> <a href="?sign-in" rel="nofollow"><?cs var:t("Sign in") ?></a></p>
<?cs /if ?></div>
<?cs /if ?><?cs include!"_foot.cs" ?>
