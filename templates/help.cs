<?cs set:Title = t("Manual") ?><?cs include!"_parts.cs" ?><?cs include!"_head.cs" ?>
<h1><?cs var:t("Manual") ?></h1>
<?cs call:body(Page.body) ?>
<?cs each:part = Page.parts ?><h2><?cs var:part.title ?></h2>
<ul class="plain"><?cs each:chapter = part.chapters ?>
<li><p><a class="strong" href="/help/<?cs var:chapter.name ?>"><?cs var:chapter.title ?></a><br><span class="muted"><?cs var:chapter.summary ?></span></p></li><?cs /each ?>
</ul>
<?cs /each ?><?cs if:subcount(Page.parts) > 0 ?><p class="small"><a href="/help/all"><?cs var:t("The whole manual on one page, to print") ?></a></p>
<?cs else ?><div class="empty"><p class="lead"><?cs var:t("The manual is not installed here.") ?></p></div>
<?cs /if ?><?cs include!"_foot.cs" ?>
