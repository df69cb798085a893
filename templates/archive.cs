<?cs set:Title = t("Download the posts") ?><?cs set:Tab = "list" ?><?cs include!"_parts.cs" ?><?cs include!"_head.cs" ?>
<h1><?cs var:t("Download the posts") ?></h1>
<p><?cs var:t("Each month is a packed mailbox (mbox.gz) that mail programs read.") ?> <?cs if:Page.reduced ?><?cs var:Page.reduced ?><?cs else ?><?cs var:t("The mails are as they came.") ?><?cs /if ?></p>
<?cs if:subcount(Page.months) > 0 ?><?cs if:Page.waits ?><p class="notice" role="status"><?cs var:t("The files of all months are being made. Please open this page again in a moment.") ?></p>
<?cs elif:Page.is_made ?><p><?cs var:t("Files of all months were made:") ?> <?cs call:time(Page.made_at) ?></p>
<?cs else ?><?cs if:Page.has_failed ?><p class="notice bad" role="status"><?cs var:t("That did not work") ?></p>
<?cs /if ?><form method="post" action="<?cs var:href(List.path) ?>mbox"><?cs call:form_mark() ?><p class="actions"><button class="main"><?cs var:t("Make files of all months") ?></button> <span class="muted"><?cs var:t("For large archives: they stay for two days and can be fetched at any speed.") ?></span></p></form>
<?cs /if ?><table class="cards"><thead><tr><th scope="col"><?cs var:t("Month") ?></th><th scope="col"><?cs var:t("Posts") ?></th><th scope="col"><?cs var:t("File") ?></th></tr></thead>
<tbody><?cs each:month = Page.months ?>
<tr><td><?cs var:month.name ?></td><td data-label="<?cs var:t("Posts") ?>" class="number"><?cs var:month.posts ?></td><td class="number" data-label="<?cs var:t("File") ?>"><a href="<?cs if:month.made ?><?cs var:href(month.made) ?><?cs else ?><?cs var:href(month.path) ?><?cs /if ?>" rel="nofollow" aria-label="mbox.gz: <?cs var:month.name ?>">mbox.gz</a><?cs if:month.size ?> <span class="muted"><?cs var:month.size ?></span><?cs /if ?></td></tr><?cs /each ?>
</tbody></table>
<?cs else ?><p class="lead"><?cs var:t("Nothing has been posted yet.") ?></p>
<?cs /if ?><?cs include!"_foot.cs" ?>
