<?cs set:Title = Page.title ?><?cs include!"_parts.cs" ?><?cs include!"_head.cs" ?>
<p class="crumb"><a href="/help/">‹ <?cs var:t("Manual") ?></a></p>
<h1><?cs var:Page.title ?></h1>
<div class="columns"><?cs if:subcount(Page.sections) > 1 ?><aside><h2><?cs var:t("On this page") ?></h2>
<ul class="plain"><?cs each:section = Page.sections ?>
<li><a href="#<?cs var:section.id ?>"><?cs var:section.title ?></a></li><?cs /each ?>
</ul></aside>
<?cs /if ?><div class="content"><?cs call:body(Page.body) ?>
<p class="actions"><?cs if:Page.before.name ?><a class="button" href="/help/<?cs var:Page.before.name ?>">‹ <?cs var:Page.before.title ?></a> <?cs /if ?><?cs if:Page.after.name ?><a class="button" href="/help/<?cs var:Page.after.name ?>"><?cs var:Page.after.title ?> ›</a><?cs /if ?></p></div></div>
<?cs include!"_foot.cs" ?>
