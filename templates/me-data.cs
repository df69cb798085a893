<?cs set:Title = t("Your data") ?><?cs set:Me_at = "data" ?><?cs include!"_parts.cs" ?><?cs include!"_head.cs" ?>
<?cs include!"_me.cs" ?><h1><?cs var:t("Your data") ?></h1>
<h2><?cs var:t("All of it as files") ?></h2>
<p><?cs var:t("What this site knows about you (JSON), and your own posts as mails (mbox). The files stay here for a week.") ?></p>
<?cs if:subcount(Page.exports) > 0 ?><ul class="plain"><?cs each:one = Page.exports ?><li><p><?cs if:one.is_done ?><a href="/me/data/<?cs var:one.id ?>/data.json">data.json</a> · <a href="/me/data/<?cs var:one.id ?>/posts.mbox">posts.mbox</a><?cs elif:one.waits ?><?cs var:t("They are being made. Please open this page again in a moment.") ?><?cs else ?><?cs var:t("That did not work") ?><?cs /if ?> <span class="muted small"><?cs call:time(one.at) ?></span></p></li><?cs /each ?></ul>
<?cs /if ?><?cs if:!Page.waits ?><form method="post" action="/me/data"><?cs call:form_mark() ?><button class="main"><?cs var:t("Make the files") ?></button></form>
<?cs /if ?><h2><?cs var:t("Leaving") ?></h2>
<p><?cs var:t("You may leave all your lists at once, or delete your account with everything that is known about you here but your posts.") ?></p>
<p><a href="/me/leave-all"><?cs var:t("Leave all lists") ?></a></p><p><a href="/me/delete"><?cs var:t("Delete this account") ?></a></p></div></div>
<?cs include!"_foot.cs" ?>
