<?cs set:Title = t("Held") ?><?cs include!"_parts.cs" ?><?cs include!"_head.cs" ?>
<?cs if:Page.is_mailed ?><h1><?cs var:t("Please look into your mail") ?></h1>
<p class="lead"><?cs var:t1("A new link is on its way to %1.", Page.email) ?></p>
<?cs elif:Page.has_role ?><h1><?cs var:t("This link has ended") ?></h1>
<p class="lead"><?cs var:t("It opened the held posts of this list for seven days.") ?></p>
<form method="post" action="/m/<?cs var:Page.token ?>"><p class="actions"><button class="main" name="act" value="renew"><?cs var:t("Send me a new link") ?></button></p></form>
<?cs else ?><h1><?cs var:t("This link has ended") ?></h1>
<p class="lead"><?cs var:t1("%1 no longer decides about posts to this list.", Page.email) ?></p>
<?cs /if ?><?cs include!"_foot.cs" ?>
