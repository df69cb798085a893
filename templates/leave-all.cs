<?cs set:Title = t("Leave all lists") ?><?cs set:Me_at = "lists" ?><?cs include!"_parts.cs" ?><?cs include!"_head.cs" ?>
<?cs include!"_me.cs" ?><?cs if:Page.is_done ?><h1><?cs var:t("You have left your lists") ?></h1>
<ul><?cs each:one = Page.left ?><li><?cs var:one.title ?> <span class="muted small"><?cs var:one.email ?></span><?cs if:one.waits ?> <span class="small"><?cs var:t("Nothing comes any more; the owners still have to agree.") ?></span><?cs /if ?></li><?cs /each ?></ul>
<p><a href="/me/"><?cs var:t("Your lists") ?></a></p>
<?cs elif:subcount(Page.memberships) == 0 ?><h1><?cs var:t("Leave all lists") ?></h1><p><?cs var:t("You are a member of no list.") ?></p>
<?cs else ?><h1><?cs var:t("Leave all these lists?") ?></h1>
<ul><?cs each:one = Page.memberships ?><li><?cs var:one.title ?> <span class="muted small"><?cs var:one.email ?></span></li><?cs /each ?></ul>
<p class="actions"><a class="button main" href="/me/"><?cs var:t("Stay") ?></a></p>
<form method="post" action="/me/leave-all"><?cs call:form_mark() ?><button name="sure" value="1"><?cs var:t("Leave all of them") ?></button></form>
<?cs /if ?></div></div>
<?cs include!"_foot.cs" ?>
