<?cs set:Title = t("Leave") ?><?cs include!"_parts.cs" ?><?cs include!"_head.cs" ?>
<?cs if:Page.is_mailed ?><h1><?cs var:t("Please look into your mail") ?></h1>
<p class="lead"><?cs var:t1("We have written to %1.", Page.email) ?></p>
<p><?cs var:t("Follow the link in that mail to leave.") ?></p>
<?cs else ?><h1><?cs var:t1("Leave %1", List.title) ?></h1>
<?cs if:subcount(Page.mine) > 0 ?><?cs each:membership = Page.mine ?><p class="actions"><a class="button main" href="<?cs var:href(membership.path) ?>" rel="nofollow"><?cs var:t1("Leave with %1", membership.email) ?></a></p>
<?cs /each ?><?cs else ?><p><?cs var:t("Most mail programs show a button for it beside the sender of any mail from this list. Or have the link sent to you:") ?></p>
<form method="post" action="<?cs var:href(List.path) ?>leave">
<?cs call:form_mark() ?><?cs call:email_row("email", t("Your mail address"), "") ?>
<p class="actions"><button class="main"><?cs var:t("Send me the link") ?></button></p>
</form>
<?cs /if ?><?cs /if ?><?cs include!"_foot.cs" ?>
