<?cs set:Title = t("Demo mailbox") ?><?cs include!"_parts.cs" ?><?cs include!"_head.cs" ?>
<div class="page-head"><h1><?cs var:t("Demo mailbox") ?></h1><p class="muted"><?cs var:tn("%1 mail", "%1 mails", Page.count) ?></p></div>
<p><?cs var:t("In this try-out no mail leaves the machine. What the members got is here.") ?></p>
<?cs if:Page.count > 0 ?><table class="cards"><thead><tr><th scope="col"><?cs var:t("To") ?></th><th scope="col"><?cs var:t("Subject") ?></th><th scope="col"><?cs var:t("From") ?></th><th scope="col"><?cs var:t("When") ?></th></tr></thead>
<tbody><?cs each:mail = Page.mails ?>
<tr><td data-label="<?cs var:t("To") ?>"><?cs var:mail.to ?></td><td><a href="/demo/mail/<?cs var:mail.name ?>"><bdi><?cs if:mail.subject ?><?cs var:mail.subject ?><?cs else ?><?cs var:t("(no subject)") ?><?cs /if ?></bdi></a></td><td data-label="<?cs var:t("From") ?>"><bdi><?cs var:mail.author ?></bdi></td><td><time datetime="<?cs var:mail.at.iso ?>"><?cs var:mail.at.ago ?></time></td></tr><?cs /each ?>
</tbody></table>
<?cs else ?><div class="empty"><p class="lead"><?cs var:t("No mail has come yet. Post something to a list.") ?></p></div>
<?cs /if ?><?cs include!"_foot.cs" ?>
