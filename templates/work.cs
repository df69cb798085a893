<?cs set:Title = t("One moment") ?><?cs include!"_parts.cs" ?><?cs include!"_subscription.cs" ?><?cs include!"_head.cs" ?>
<h1><?cs var:t("One moment, please") ?></h1>
<p class="lead" role="status"><?cs var:t("Many mails were asked for within the last hour. Your browser computes for a few seconds, to show that you are not one of many machines; then it goes on by itself.") ?></p>
<form method="post" action="<?cs var:href(Page.action) ?>" data-puzzle="<?cs var:Page.puzzle ?>" data-bits="<?cs var:Page.bits ?>"><?cs call:form_mark() ?>
<?cs if:Page.old ?><input type="hidden" name="old" value="<?cs var:Page.old ?>"><?cs /if ?><input type="hidden" name="email" value="<?cs var:Page.email ?>"><input type="hidden" name="stamp" value="<?cs var:Page.stamp ?>"><input type="hidden" name="work" value=""></form>
<h2><?cs var:t("If nothing happens here") ?></h2>
<p><?cs if:Page.changes ?><?cs call:to_owners() ?><?cs else ?><?cs call:by_mail() ?><?cs /if ?></p>
<?cs include!"_foot.cs" ?>
