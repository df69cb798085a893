<?cs set:Title = t("Confirm") ?><?cs include!"_parts.cs" ?><?cs include!"_head.cs" ?>
<?cs if:Page.outcome == "joined" ?><h1><?cs var:t("You are a member") ?></h1>
<p class="lead"><?cs var:t1("Posts will come to %1.", Page.email) ?></p>
<?cs call:words(Page.joined_page) ?><p class="actions"><a class="button main" href="<?cs var:href(List.path) ?>"><?cs var:t("To the list") ?></a></p>
<?cs elif:Page.outcome == "left" ?><h1><?cs var:t("You have left") ?></h1>
<p class="lead"><?cs var:t1("No more posts come to %1.", Page.email) ?></p>
<p><?cs var:t("The mail about it has a link to take it back, for seven days.") ?></p>
<?cs call:words(Page.left_page) ?><?cs elif:Page.outcome == "asked" && Page.changes ?><h1><?cs var:t("The owners have been asked") ?></h1>
<p class="lead"><?cs var:t("They decide whether posts go to the new address. The old address has been told.") ?></p>
<?cs elif:Page.outcome == "limited" ?><h1><?cs var:t("Please ask again tomorrow") ?></h1>
<p class="lead"><?cs var:t("The old address was told of several such wishes today already, and nothing is changed without telling it.") ?></p>
<p class="actions"><a class="button" href="<?cs var:href(List.path) ?>moved" rel="nofollow"><?cs var:t("Ask for a new link") ?></a></p>
<?cs elif:Page.outcome == "kept" ?><h1><?cs var:t("All stays as it is") ?></h1>
<p class="lead"><?cs var:t1("Posts go on coming to %1.", Page.email) ?></p>
<?cs elif:Page.keeps && Page.ended == "changed" ?><h1><?cs var:t("The owners have decided") ?></h1>
<p class="lead"><?cs var:t("The address was changed already. Please write to the owners if you think that this is a mistake.") ?></p>
<?cs elif:Page.keeps && Page.is_over ?><h1><?cs var:t("All stays as it is") ?></h1>
<p class="lead"><?cs var:t("There is nothing to stop any more.") ?></p>
<?cs elif:Page.keeps ?><h1><?cs var:t("Keep the old address?") ?></h1>
<p class="lead"><?cs var:t1("Somebody asked that posts go to %1 instead of your address.", Page.new_email) ?></p>
<form method="post" action="/confirm/<?cs var:Page.token ?>"><?cs call:form_mark() ?>
<p class="actions"><button class="main"><?cs var:t("Keep my address") ?></button></p></form>
<?cs elif:Page.outcome == "asked" && Page.leaves ?><h1><?cs var:t("Delivery has stopped") ?></h1>
<p class="lead"><?cs var:t1("No more posts come to %1.", Page.email) ?></p>
<p><?cs var:t("On this list the owners decide about the membership itself. They have been asked.") ?></p>
<?cs call:words(Page.asked_page) ?><?cs elif:Page.outcome == "asked" ?><h1><?cs var:t("The owners have been asked") ?></h1>
<p class="lead"><?cs var:t("On this list the owners decide who joins. You get a mail when they have decided.") ?></p>
<?cs call:words(Page.asked_page) ?><?cs elif:Page.outcome == "refused" || Page.ended == "banned" ?><h1><?cs var:t("This address cannot join") ?></h1>
<p class="lead"><?cs var:t("The owners of this list do not let this address join. Please write to them if you think that this is a mistake.") ?></p>
<?cs call:words(Page.refused_page) ?><?cs elif:Page.waits ?><h1><?cs var:t("This link has been used") ?></h1>
<p class="lead"><?cs var:t("The owners have been asked and have not decided yet. You get a mail when they have.") ?></p>
<?cs elif:Page.ended == "joined" || Page.ended == "member" ?><h1><?cs var:t("This link has been used") ?></h1>
<p class="lead"><?cs var:t1("It was for %1 to join, and that was done.", Page.email) ?></p>
<p class="actions"><a class="button main" href="<?cs var:href(List.path) ?>"><?cs var:t("To the list") ?></a></p>
<?cs elif:Page.ended == "left" || Page.ended == "not_member" ?><h1><?cs var:t("This link has been used") ?></h1>
<p class="lead"><?cs var:t1("It was for %1 to leave, and that was done.", Page.email) ?></p>
<?cs elif:Page.ended == "rejected" || Page.ended == "discarded" ?><h1><?cs var:t("The owners have decided") ?></h1>
<p class="lead"><?cs var:t("Your request was not accepted. Please write to the owners if you think that this is a mistake.") ?></p>
<?cs elif:Page.changes && Page.is_over ?><h1><?cs var:t("This link has been used") ?></h1>
<p class="actions"><a class="button" href="<?cs var:href(List.path) ?>moved" rel="nofollow"><?cs var:t("Ask for a new link") ?></a></p>
<?cs elif:Page.changes ?><h1><?cs var:t("Confirm your new address") ?></h1>
<p class="lead"><strong><bdi><?cs var:Page.email ?></bdi></strong></p>
<form method="post" action="/confirm/<?cs var:Page.token ?>"><?cs call:form_mark() ?>
<p class="actions"><button class="main"><?cs var:t("Confirm") ?></button></p></form>
<p class="muted"><?cs var:t("If you did not ask for this, you need not do anything.") ?></p>
<?cs elif:Page.is_over ?><h1><?cs var:t("This link has expired") ?></h1>
<p class="lead"><?cs if:Page.leaves ?><?cs var:t1("It was for %1 to leave, within three days.", Page.email) ?><?cs else ?><?cs var:t1("It was for %1 to join, within three days.", Page.email) ?><?cs /if ?></p>
<p class="actions"><a class="button main" href="<?cs var:href(List.path) ?><?cs if:Page.leaves ?>leave<?cs else ?>join<?cs /if ?>" rel="nofollow"><?cs var:t("Ask for a new link") ?></a></p>
<?cs elif:Page.leaves ?><h1><?cs var:t1("Leave %1", List.title) ?></h1>
<p class="lead"><?cs var:t1("No more posts will come to %1.", Page.email) ?></p>
<form method="post" action="/confirm/<?cs var:Page.token ?>"><?cs call:form_mark() ?>
<p class="actions"><button class="main"><?cs var:t("Leave") ?></button></p></form>
<p class="muted"><?cs var:t("If you did not ask for this, you need not do anything.") ?></p>
<?cs else ?><h1><?cs var:t1("Join %1", List.title) ?></h1>
<?cs if:Page.is_invitation ?><p><?cs var:t("The owners of this list invite you.") ?></p>
<?cs /if ?><p class="lead"><?cs var:t1("Posts will come to %1.", Page.email) ?></p>
<form method="post" action="/confirm/<?cs var:Page.token ?>"><?cs call:form_mark() ?>
<p class="actions"><button class="main"><?cs var:t("Join") ?></button></p></form>
<p class="muted"><?cs var:t("If you did not ask for this, you need not do anything.") ?></p>
<?cs /if ?><?cs include!"_foot.cs" ?>
