<?cs set:Title = Page.title ?><?cs include!"_parts.cs" ?><?cs include!"_head.cs" ?>
<p class="crumb"><a href="<?cs var:href(Page.path) ?>">‹ <?cs var:Page.title ?></a></p>
<?cs if:Page.owner ?><h1><?cs var:t2("Take %2 from %1?", Page.owner, Page.title) ?></h1>
<p class="lead"><?cs var:t("This person can then make no lists here, and keeps only what they own themselves.") ?></p>
<?cs elif:Page.alias ?><h1><?cs var:t1("Remove the name %1?", Page.alias) ?></h1>
<p class="lead"><?cs var:t("Mail to lists at this name will be refused.") ?></p>
<?cs else ?><h1><?cs var:t1("Remove the domain %1?", Page.title) ?></h1>
<?cs if:Page.list_count > 0 ?><p class="lead"><?cs var:tn("It still has %1 list. Remove or move it first.", "It still has %1 lists. Remove or move them first.", Page.list_count) ?></p>
<?cs else ?><p class="lead"><?cs var:t("Its settings, owners, other names and keys go with it. Nothing brings them back.") ?></p><?cs /if ?>
<?cs /if ?><?cs if:Page.fault.sentence && (Page.owner || Page.alias) ?><p class="notice bad" role="alert"><?cs var:Page.fault.sentence ?></p>
<?cs /if ?><?cs if:Page.owner || Page.alias || Page.list_count == 0 ?><form method="post" action="<?cs var:href(Page.path) ?>remove"><?cs call:form_mark() ?>
<?cs if:Page.owner ?><input type="hidden" name="owner" value="<?cs var:Page.owner ?>">
<?cs elif:Page.alias ?><input type="hidden" name="alias" value="<?cs var:Page.alias ?>">
<?cs else ?><div class="row<?cs if:Page.fault.field == "domain" ?> fault<?cs /if ?>"><label for="domain"><?cs var:t1("To be sure, type %1", Page.title) ?></label>
<?cs call:fault("domain") ?><input type="text" id="domain" name="domain" value="" autocapitalize="none" autocomplete="off" spellcheck="false" maxlength="253" required></div>
<?cs /if ?><p class="actions"><button><?cs var:t("Remove") ?></button> <a href="<?cs var:href(Page.path) ?>"><?cs var:t("Leave it as it is") ?></a></p></form>
<?cs else ?><p><a href="<?cs var:href(Page.path) ?>"><?cs var:Page.title ?></a></p>
<?cs /if ?><?cs include!"_foot.cs" ?>
