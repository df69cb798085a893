<?cs set:Title = t("Leave") ?><?cs include!"_parts.cs" ?><?cs include!"_subscription.cs" ?><?cs include!"_head.cs" ?>
<?cs if:Page.outcome == "mailed" ?><?cs call:mailed("leave") ?>
<?cs elif:Page.outcome == "limited" ?><?cs call:limited() ?>
<?cs elif:Page.outcome == "left" ?><h1><?cs var:t("You have left") ?></h1>
<p class="lead"><?cs var:t1("No more posts come to %1.", Page.email) ?></p>
<p><?cs var:t("The mail about it has a link to take it back, for seven days.") ?></p>
<?cs call:words(Page.left_page) ?><?cs elif:Page.outcome == "asked" ?><h1><?cs var:t("Delivery has stopped") ?></h1>
<p class="lead"><?cs var:t1("No more posts come to %1.", Page.email) ?></p>
<p><?cs var:t("On this list the owners decide about the membership itself. They have been asked.") ?></p>
<?cs call:words(Page.asked_page) ?><?cs else ?><h1><?cs var:t1("Leave %1", List.title) ?></h1>
<?cs call:words(Page.leave_page) ?><?cs if:Page.fault.field == "stamp" ?><?cs call:notice("warn", Page.fault.sentence) ?><?cs /if ?>
<?cs if:subcount(Page.mine) > 0 ?><?cs each:mine = Page.mine ?><form method="post" action="<?cs var:href(List.path) ?>leave"><?cs call:form_mark() ?><input type="hidden" name="email" value="<?cs var:mine.email ?>">
<p class="actions"><button class="main"><?cs var:t1("Leave with %1", mine.email) ?></button></p></form>
<?cs /each ?><p><a href="<?cs var:href(List.path) ?>"><?cs var:t("Stay") ?></a></p>
<?cs else ?><p><?cs var:t("Most mail programs show a button for it beside the sender of any mail from this list. Or have the link sent to you:") ?></p>
<form method="post" action="<?cs var:href(List.path) ?>leave">
<?cs call:stamp() ?><?cs call:email_row("email", t("Your mail address"), "") ?>
<p class="actions"><button class="main"><?cs var:t("Send me the link") ?></button></p>
</form>
<?cs /if ?><p class="small"><a href="<?cs var:href(List.path) ?>moved" rel="nofollow"><?cs var:t("My address has changed") ?></a></p>
<?cs /if ?><?cs include!"_foot.cs" ?>
