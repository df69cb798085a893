<?cs if:Page.is_muted ?><?cs set:Title = t("Muted threads") ?><?cs set:Me_at = "muted" ?><?cs else ?><?cs set:Title = t("Kept threads") ?><?cs set:Me_at = "favourites" ?><?cs /if ?><?cs include!"_parts.cs" ?><?cs include!"_head.cs" ?>
<?cs include!"_me.cs" ?><h1><?cs var:Title ?></h1>
<?cs if:Page.is_muted ?><p class="muted"><?cs var:t("You get no mails of these threads. They can still be read here.") ?></p>
<?cs /if ?><?cs if:subcount(Page.threads) > 0 ?><ul class="threads"><?cs each:thread = Page.threads ?>
<li><div><p class="subject"><a href="<?cs var:href(thread.path) ?>thread/<?cs var:thread.hash ?>"><bdi><?cs if:thread.subject ?><?cs var:thread.subject ?><?cs else ?><?cs var:t("(no subject)") ?><?cs /if ?></bdi></a></p>
<p class="muted"><bdi><?cs var:thread.list ?></bdi> · <?cs var:tn("%1 message", "%1 messages", thread.posts) ?> · <?cs call:time(thread.last_at) ?></p></div>
<form class="who" method="post" action="<?cs var:href(thread.path) ?>thread/<?cs var:thread.hash ?>/mark"><?cs call:form_mark() ?><?cs if:Page.is_muted ?><input type="hidden" name="back" value="muted"><button name="act" value="unmute" aria-label="<?cs var:t1("Unmute: %1", thread.subject) ?>"><?cs var:t("Unmute") ?></button><?cs else ?><input type="hidden" name="back" value="favourites"><button name="act" value="drop" aria-label="<?cs var:t1("Keep no longer: %1", thread.subject) ?>"><?cs var:t("Keep no longer") ?></button><?cs /if ?></form></li><?cs /each ?>
</ul>
<?cs if:Page.older ?><p class="actions"><a class="button" href="<?cs var:href(Page.older) ?>"><?cs var:t("Older") ?></a></p>
<?cs /if ?><?cs elif:Page.is_muted ?><div class="empty"><p class="lead"><?cs var:t("No thread is muted.") ?></p><p><?cs var:t("A thread's page has a button for it, on lists that you are a member of.") ?></p></div>
<?cs else ?><div class="empty"><p class="lead"><?cs var:t("You have kept no thread yet.") ?></p><p><?cs var:t("A thread's page has a button for it.") ?></p></div>
<?cs /if ?></div></div>
<?cs include!"_foot.cs" ?>
