<?cs set:Title = t("Join") ?><?cs include!"_parts.cs" ?><?cs include!"_head.cs" ?>
<?cs if:Page.outcome == "joined" ?><h1><?cs var:t("You are a member") ?></h1>
<p class="lead"><?cs var:t1("Posts will come to %1.", Page.email) ?></p>
<p class="actions"><a class="button main" href="<?cs var:href(List.path) ?>"><?cs var:t("To the list") ?></a></p>
<?cs elif:Page.outcome == "asked" ?><h1><?cs var:t("The owners have been asked") ?></h1>
<p class="lead"><?cs var:t("On this list the owners decide who joins. They have got a mail about you.") ?></p>
<?cs elif:Page.outcome == "refused" ?><h1><?cs var:t("This address cannot join") ?></h1>
<p class="lead"><?cs var:t("The owners of this list do not let this address join. Please write to them if you think that this is a mistake.") ?></p>
<?cs elif:Page.is_used ?><h1><?cs var:t("This link has been used") ?></h1>
<p class="lead"><?cs var:t1("It was for %1 to join, and that was done.", Page.email) ?></p>
<p class="actions"><a class="button main" href="<?cs var:href(List.path) ?>"><?cs var:t("To the list") ?></a></p>
<?cs elif:Page.is_over ?><h1><?cs var:t("This link has expired") ?></h1>
<p class="lead"><?cs var:t1("It was for %1 to join, within three days.", Page.email) ?></p>
<p class="actions"><a class="button main" href="<?cs var:href(List.path) ?>join" rel="nofollow"><?cs var:t("Ask for a new link") ?></a></p>
<?cs else ?><h1><?cs var:t1("Join %1", List.title) ?></h1>
<p class="lead"><?cs var:t1("Posts will come to %1.", Page.email) ?></p>
<form method="post" action="/confirm/<?cs var:Page.token ?>"><?cs call:form_mark() ?>
<p class="actions"><button class="main"><?cs var:t("Join") ?></button></p></form>
<p class="muted"><?cs var:t("If you did not ask for this, you need not do anything.") ?></p>
<?cs /if ?><?cs include!"_foot.cs" ?>
