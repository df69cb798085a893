<?cs if:Page.subject ?><?cs set:Title = Page.subject ?><?cs else ?><?cs set:Title = t("(no subject)") ?><?cs /if ?><?cs include!"_parts.cs" ?><?cs include!"_head.cs" ?>
<p class="crumb"><a href="/demo/mail">‹ <?cs var:t("Demo mailbox") ?></a></p>
<h1><bdi><?cs var:Title ?></bdi></h1>
<dl class="facts"><dt><?cs var:t("From") ?></dt><dd><bdi><?cs var:Page.author ?></bdi></dd><dt><?cs var:t("To") ?></dt><dd><?cs var:Page.to ?></dd></dl>
<article class="message"><?cs call:body(Page.body) ?></article>
<?cs if:Page.leave_url ?><p class="actions"><a class="button" href="<?cs var:href(Page.leave_url) ?>" rel="nofollow"><?cs var:t("Unsubscribe (the mail program's button)") ?></a></p>
<?cs /if ?><details class="more"><summary><?cs var:t("All header fields") ?></summary>
<dl class="facts small"><?cs each:field = Page.header ?><dt><?cs var:field.name ?></dt><dd><?cs var:field.value ?></dd>
<?cs /each ?></dl></details>
<?cs include!"_foot.cs" ?>
