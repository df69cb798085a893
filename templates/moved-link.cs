<?cs set:Title = t("New address") ?><?cs include!"_parts.cs" ?><?cs include!"_head.cs" ?>
<?cs def:moved_lists() ?><?cs if:subcount(Page.lists) > 0 ?><ul class="plain"><?cs each:list = Page.lists ?><li><p><bdi><?cs var:list.title ?></bdi> <span class="muted"><?cs if:list.waits ?><?cs var:t("the owners have not decided yet") ?><?cs elif:list.is_changed ?><?cs var:t("goes to the new address already") ?><?cs else ?><?cs var:t("stays as it is") ?><?cs /if ?></span></p></li><?cs /each ?></ul><?cs /if ?><?cs /def ?>
<?cs if:Page.keeps && Page.is_done ?><h1><?cs var:t("All stays as it is") ?></h1>
<p class="lead"><?cs var:t1("Posts go on coming to %1.", Page.old) ?></p><?cs call:moved_lists() ?>
<p class="muted"><?cs var:t("Where a list goes to the new address already, please write to its owners.") ?></p>
<?cs elif:Page.keeps && Page.waits && !Page.is_over ?><h1><?cs var:t("Keep the old address?") ?></h1>
<p class="lead"><?cs var:t1("Somebody asked that posts go to %1 instead of your address.", Page.email) ?></p><?cs call:moved_lists() ?>
<form method="post" action="/confirm/<?cs var:Page.token ?>"><?cs call:form_mark() ?>
<p class="actions"><button class="main"><?cs var:t("Keep my address on all of them") ?></button></p></form>
<?cs elif:Page.keeps ?><h1><?cs var:t("There is nothing to stop any more.") ?></h1><?cs call:moved_lists() ?>
<?cs elif:Page.is_done ?><h1><?cs var:t("The owners have been asked") ?></h1>
<p class="lead"><?cs var:t1("The owners of the lists to which %1 belongs decide whether their posts go to the new address. The old address has been told.", Page.old) ?></p>
<p><?cs var:t1("About each list a mail comes to %1 when it is decided.", Page.email) ?></p>
<?cs elif:Page.is_over ?><h1><?cs if:Page.is_used ?><?cs var:t("This link has been used") ?><?cs else ?><?cs var:t("This link has expired") ?><?cs /if ?></h1>
<p class="lead"><?cs var:t1("It was for confirming %1 as your new address.", Page.email) ?></p>
<p class="actions"><a class="button" href="/moved" rel="nofollow"><?cs var:t("Ask for a new link") ?></a></p>
<?cs else ?><h1><?cs var:t("Confirm your new address") ?></h1>
<p class="lead"><strong><bdi><?cs var:Page.email ?></bdi></strong></p>
<form method="post" action="/confirm/<?cs var:Page.token ?>"><?cs call:form_mark() ?>
<p class="actions"><button class="main"><?cs var:t("Confirm") ?></button></p></form>
<p class="muted"><?cs var:t("If you did not ask for this, you need not do anything.") ?></p>
<?cs /if ?><?cs include!"_foot.cs" ?>
