<?cs set:Title = t("Leave") ?><?cs include!"_parts.cs" ?><?cs include!"_head.cs" ?>
<?cs if:Page.is_member ?><?cs if:Page.is_done ?><h1><?cs var:t("You are a member again") ?></h1>
<p class="lead"><?cs var:t1("Posts will come to %1.", Page.email) ?></p>
<?cs else ?><h1><?cs var:t1("Leave %1", List.title) ?></h1>
<p class="lead"><?cs var:t1("No more posts will come to %1.", Page.email) ?></p>
<form method="post" action="/u/<?cs var:Page.token ?>">
<p class="actions"><button class="main" name="action" value="leave"><?cs var:t("Leave") ?></button> <a href="<?cs var:href(List.path) ?>"><?cs var:t("Stay") ?></a></p></form>
<?cs /if ?><?cs elif:Page.is_stopped ?><h1><?cs var:t("Delivery has stopped") ?></h1>
<p class="lead"><?cs var:t1("No more posts come to %1.", Page.email) ?></p>
<?cs if:Page.is_asked ?><p><?cs var:t("On this list the owners decide about the membership itself. They have been asked.") ?></p>
<?cs /if ?><?cs elif:Page.is_left ?><h1><?cs var:t("You have left") ?></h1>
<p class="lead"><?cs var:t1("No more posts come to %1.", Page.email) ?></p>
<?cs else ?><h1><?cs var:t("This link has ended") ?></h1>
<p class="lead"><?cs var:t("It belonged to an earlier membership.") ?></p>
<p class="actions"><a class="button" href="<?cs var:href(List.path) ?>leave" rel="nofollow"><?cs var:t("Leave this list") ?></a></p>
<?cs /if ?><?cs if:Page.may_undo ?><form method="post" action="/u/<?cs var:Page.token ?>">
<p><?cs var:t("Was that a mistake? You can take it back for seven days.") ?></p>
<p class="actions"><button name="action" value="undo"><?cs var:t("Undo") ?></button></p></form>
<?cs /if ?><?cs include!"_foot.cs" ?>
