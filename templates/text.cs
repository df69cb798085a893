<?cs set:Title = Page.label ?><?cs set:Tab = "texts" ?><?cs include!"_parts.cs" ?><?cs include!"_head.cs" ?>
<p class="crumb"><a href="<?cs var:href(Page.base) ?>">‹ <?cs if:Page.is_domain ?><?cs var:t1("Texts of %1", Page.domain) ?><?cs elif:Page.is_site ?><?cs var:t("Texts of the site") ?><?cs else ?><?cs var:t("Texts") ?><?cs /if ?></a></p>
<h1><?cs var:Page.label ?></h1>
<nav class="tabs" aria-label="<?cs var:t("Language") ?>"><?cs each:language = Page.languages ?><a href="<?cs var:href(Page.base) ?>/<?cs var:Page.name ?>?language=<?cs var:language.code ?>" lang="<?cs var:language.code ?>"<?cs if:language.is_current ?> aria-current="page"<?cs /if ?>><?cs var:language.name ?></a> <?cs /each ?></nav>
<?cs if:Page.is_saved ?><p class="notice good" role="status"><?cs var:t("Saved.") ?></p>
<?cs /if ?><?cs if:Page.fault.sentence ?><p class="notice bad" role="alert"><?cs var:t("Nothing was saved yet: one answer needs another look.") ?></p>
<?cs /if ?><?cs if:subcount(Page.preview) > 0 ?><section aria-labelledby="preview"><h2 id="preview"><?cs var:t("Preview") ?></h2>
<article class="message" lang="<?cs var:Page.language ?>"><?cs if:Page.is_mail ?><header><p class="person"><bdi><?cs var:Page.preview.subject ?></bdi></p></header>
<?cs /if ?><div class="text"><?cs var:Page.preview.body ?></div></article></section>
<?cs /if ?><form method="post" action="<?cs var:href(Page.base) ?>/<?cs var:Page.name ?>">
<?cs call:form_mark() ?><input type="hidden" name="language" value="<?cs var:Page.language ?>">
<?cs if:Page.is_mail ?><div class="row<?cs if:Page.fault.field == "subject" ?> fault<?cs /if ?>"><label for="subject"><?cs var:t("Subject") ?></label>
<p class="help"><?cs var:t("One line; it may have variables too.") ?></p>
<?cs if:Page.fault.field == "subject" ?><p class="why" id="why-subject"><?cs var:Page.fault.sentence ?><?cs if:Page.fault.hint ?> <code><?cs var:Page.fault.hint ?></code><?cs /if ?></p>
<?cs /if ?><input type="text" id="subject" name="subject" lang="<?cs var:Page.language ?>" value="<?cs var:Page.subject ?>" maxlength="800"<?cs if:Page.fault.field == "subject" ?> aria-invalid="true" aria-describedby="why-subject"<?cs /if ?>></div>
<?cs /if ?><div class="row<?cs if:Page.fault.field == "body" ?> fault<?cs /if ?>"><label for="body"><?cs var:t("Text") ?></label>
<?cs if:Page.fault.field == "body" ?><p class="why" id="why-body"><?cs var:Page.fault.sentence ?><?cs if:Page.fault.hint ?> <code><?cs var:Page.fault.hint ?></code><?cs /if ?></p>
<?cs /if ?><p class="help" id="help-body"><?cs if:Page.is_mail ?><?cs var:t("Plain text. A paragraph may be one long line; an address of a page stands alone on its line.") ?><?cs elif:Page.name == "post_header" || Page.name == "post_footer" ?><?cs var:t("It changes every post, so the authors' From has to be replaced. Posts carry it in the list's language. In plain text it stands within the text; any other post (HTML, several forms, signed) is put whole into a new mail, with these words before or behind it. Empty: nothing is added.") ?><?cs else ?><?cs var:t("Plain text; addresses of pages become links. Empty: nothing is added.") ?><?cs /if ?></p>
<textarea id="body" name="body" lang="<?cs var:Page.language ?>" rows="14"<?cs if:Page.fault.field == "body" ?> aria-invalid="true" aria-describedby="why-body"<?cs else ?> aria-describedby="help-body"<?cs /if ?>><?cs var:Page.body ?></textarea>
<p class="from"><?cs if:Page.is_own ?><?cs var:t("Changed here.") ?> <a href="<?cs var:href(Page.base) ?>/<?cs var:Page.name ?>/reset?language=<?cs var:Page.language ?>"><?cs var:t("Take back") ?></a><?cs elif:Page.from_domain ?><?cs var:t("From the domain.") ?><?cs elif:Page.from_site ?><?cs var:t("From the site.") ?><?cs else ?><?cs var:t("As shipped.") ?><?cs /if ?></p></div>
<p class="actions"><button class="main" name="act" value="save"><?cs var:t("Save") ?></button>
<button name="act" value="preview"><?cs var:t("Preview") ?></button>
<span class="muted"><?cs var:t("Nothing changes until you save.") ?></span></p>
</form>
<h2><?cs var:t("Variables") ?></h2>
<p class="muted"><?cs var:t("They are replaced when the text is sent. Write $$ for a dollar sign.") ?></p>
<table class="cards"><thead><tr><th scope="col"><?cs var:t("Variable") ?></th><th scope="col"><?cs var:t("What it is") ?></th><th scope="col"><?cs var:t("For example") ?></th></tr></thead>
<tbody><?cs each:variable = Page.variables ?>
<tr><td><code>$<?cs var:variable.name ?></code></td><td data-label="<?cs var:t("What it is") ?>"><?cs var:variable.help ?></td><td data-label="<?cs var:t("For example") ?>"><bdi><?cs var:variable.value ?></bdi></td></tr><?cs /each ?>
</tbody></table>
<?cs include!"_foot.cs" ?>
