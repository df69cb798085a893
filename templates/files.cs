<?cs set:Title = t("Attachments") ?><?cs set:Tab = "list" ?><?cs include!"_parts.cs" ?><?cs include!"_head.cs" ?>
<div class="page-head"><h1><?cs var:t("Attachments") ?></h1></div>
<?cs if:subcount(Page.pictures) > 0 ?><h2><?cs var:t("Pictures") ?></h2>
<ul class="plain pictures"><?cs each:file = Page.pictures ?>
<li><a href="<?cs var:href(file.path) ?>"><?cs if:file.is_picture ?><img src="<?cs var:href(file.path) ?>" width="176" height="132" loading="lazy" alt="<?cs var:file.name ?>"><?cs else ?><bdi><?cs var:file.name ?></bdi> <span class="muted"><?cs var:file.type ?><?cs var:t(", ") ?><?cs var:file.size ?></span><?cs /if ?></a>
<a class="small" href="<?cs var:href(List.path) ?>message/<?cs var:file.hash ?>"><?cs call:subject(file.subject) ?></a> <span class="muted small"><bdi><?cs var:file.author ?></bdi> · <?cs call:time(file.at) ?></span></li><?cs /each ?>
</ul>
<?cs /if ?><?cs if:subcount(Page.files) > 0 ?><h2><?cs var:t("Files") ?></h2>
<table class="cards"><thead><tr><th scope="col"><?cs var:t("Name") ?></th><th scope="col"><?cs var:t("Size") ?></th><th scope="col"><?cs var:t("Message") ?></th><th scope="col"><?cs var:t("From") ?></th><th scope="col"><?cs var:t("Day") ?></th></tr></thead>
<tbody><?cs each:file = Page.files ?>
<tr data-row><td><a href="<?cs var:href(file.path) ?>"><bdi><?cs var:file.name ?></bdi></a></td><td class="number" nowrap><?cs var:file.type ?><?cs var:t(", ") ?><?cs var:file.size ?></td><td><a href="<?cs var:href(List.path) ?>message/<?cs var:file.hash ?>"><?cs call:subject(file.subject) ?></a></td><td><bdi><?cs var:file.author ?></bdi></td><td nowrap><?cs call:time(file.at) ?></td></tr><?cs /each ?>
</tbody></table>
<?cs /if ?><?cs if:subcount(Page.files) == 0 && subcount(Page.pictures) == 0 ?><div class="empty"><p class="lead"><?cs var:t("Nothing has been attached to a post yet.") ?></p></div>
<?cs /if ?><p class="actions"><?cs if:!Page.is_first ?><a class="button" href="?"><?cs var:t("Newest attachments") ?></a>
<?cs /if ?><?cs if:Page.older ?><a class="button" href="<?cs var:href(Page.older) ?>"><?cs var:t("Older attachments") ?></a>
<?cs /if ?><a class="button" href="<?cs var:href(List.path) ?>" data-key="u"><?cs var:t("All threads") ?></a></p>
<?cs call:keys_link() ?>
<?cs include!"_foot.cs" ?>
