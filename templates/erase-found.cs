<?cs set:Title = t("An erasure") ?><?cs include!"_parts.cs" ?><?cs include!"_head.cs" ?>
<h1><?cs var:t("An erasure") ?></h1>
<p class="muted"><time datetime="<?cs var:Page.at.iso ?>"><?cs var:Page.at ?></time> · <?cs var:tn("%1 post changed", "%1 posts changed", Page.changed) ?></p>
<?cs if:Page.works ?><p class="notice"><?cs var:t("This is being done. Open the page again in a minute.") ?></p>
<?cs elif:Page.waits ?><p><?cs var:t("These posts of others name the person. Choose those from which the person is to be taken out, too.") ?></p>
<form method="post" action="<?cs var:href(List.path) ?>erase/<?cs var:Page.id ?>"><?cs call:form_mark() ?>
<ul class="plain"><?cs each:post = Page.posts ?>
<li><label class="choice"><input type="checkbox" name="post" value="<?cs var:post.id ?>"> <span><bdi><?cs if:post.subject ?><?cs var:post.subject ?><?cs else ?><?cs var:t("(no subject)") ?><?cs /if ?></bdi> · <bdi><?cs var:post.author ?></bdi> · <?cs var:tn("%1 place", "%1 places", post.hits) ?></span></label> <a href="<?cs var:href(List.path) ?>message/<?cs var:post.hash ?>"><?cs var:t("Open") ?></a></li><?cs /each ?></ul>
<?cs if:Page.more ?><p><a href="<?cs var:href(Page.more) ?>"><?cs var:t("More posts") ?> ›</a></p>
<?cs /if ?><p class="actions"><button class="main" name="way" value="chosen"><?cs var:t("Change those chosen, and end") ?></button> <button name="way" value="all"><?cs var:t("Change all that were found") ?></button> <button name="way" value="none"><?cs var:t("Leave all as they are") ?></button></p></form>
<?cs else ?><p><?cs var:t("It is done. What was taken out is not kept anywhere here.") ?></p>
<?cs /if ?><p><a href="<?cs var:href(List.path) ?>removed"><?cs var:t("Removed posts") ?></a></p>
<?cs include!"_foot.cs" ?>
