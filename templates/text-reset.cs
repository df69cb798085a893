<?cs set:Title = Page.label ?><?cs set:Tab = "texts" ?><?cs include!"_parts.cs" ?><?cs include!"_head.cs" ?>
<h1><?cs var:Page.label ?></h1>
<?cs if:Page.is_changed ?><p class="lead"><?cs var:t("Take back the text that was written here?") ?></p>
<p><?cs if:Page.from_domain ?><?cs var:t("Then the domain's text counts:") ?><?cs elif:Page.from_site ?><?cs var:t("Then the site's text counts:") ?><?cs else ?><?cs var:t("Then the shipped text counts:") ?><?cs /if ?></p>
<article class="message" lang="<?cs var:Page.language ?>"><?cs if:Page.is_mail ?><header><p class="person"><bdi><?cs var:Page.preview.subject ?></bdi></p></header>
<?cs /if ?><div class="text"><?cs if:Page.preview.body ?><?cs var:Page.preview.body ?><?cs else ?><?cs var:t("Nothing is added.") ?><?cs /if ?></div></article>
<form method="post" action="<?cs var:href(Page.base) ?>/<?cs var:Page.name ?>/reset"><?cs call:form_mark() ?><input type="hidden" name="language" value="<?cs var:Page.language ?>">
<p class="actions"><button class="main"><?cs var:t("Take back what was set here") ?></button> <a href="<?cs var:href(Page.base) ?>/<?cs var:Page.name ?>?language=<?cs var:Page.language ?>"><?cs var:t("Leave it as it is") ?></a></p></form>
<?cs else ?><p class="lead"><?cs var:t("Nothing is set here.") ?></p>
<p><a href="<?cs var:href(Page.base) ?>/<?cs var:Page.name ?>?language=<?cs var:Page.language ?>"><?cs var:t("Texts") ?></a></p>
<?cs /if ?><?cs include!"_foot.cs" ?>
