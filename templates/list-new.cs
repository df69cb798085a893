<?cs set:Title = t("New list") ?><?cs include!"_parts.cs" ?><?cs include!"_head.cs" ?>
<p class="crumb"><a href="/">‹ <?cs var:t("Lists") ?></a></p>
<h1><?cs var:t("New list") ?></h1>
<?cs if:Page.domain_count == 0 ?><div class="empty"><p class="lead"><?cs var:t("A list needs a domain, and there is none yet.") ?></p>
<p class="actions"><a class="button main" href="/admin/domains/new"><?cs var:t("New domain") ?></a></p></div>
<?cs else ?><?cs if:Page.fault.sentence ?><p class="notice bad" role="alert"><?cs var:t("The list was not made yet: one answer needs another look.") ?></p>
<?cs /if ?><form method="post" action="/admin/lists/new"><?cs call:form_mark() ?>
<div class="row<?cs if:Page.fault.field == "name" || Page.fault.field == "domain" ?> fault<?cs /if ?>"><label for="name"><?cs var:t("Address of the list") ?></label>
<p class="help" id="help-name"><?cs var:t("Small letters, digits and hyphens before the @. People write to this address.") ?></p>
<?cs call:fault("name") ?><?cs call:fault("domain") ?><p class="actions"><input type="text" class="short" id="name" name="name" value="<?cs var:Page.name ?>" maxlength="60" autocapitalize="none" autocomplete="off" spellcheck="false" required aria-describedby="help-name"> <span aria-hidden="true">@</span> <label for="domain" class="hidden"><?cs var:t("Domain") ?></label><select id="domain" name="domain"><?cs each:domain = Page.domains ?><option value="<?cs var:domain.name ?>"<?cs if:domain.is_chosen ?> selected<?cs /if ?>><?cs var:domain.name ?></option><?cs /each ?></select></p>
<?cs if:Page.asks_to_take ?><label class="choice"><input type="checkbox" name="take" value="1"> <span><?cs var:t("Take the name all the same: mail to it then comes to the new list") ?></span></label>
<?cs /if ?></div>
<div class="row<?cs if:Page.fault.field == "display_name" ?> fault<?cs /if ?>"><label for="display_name"><?cs var:t("Name") ?></label>
<p class="help" id="help-display"><?cs var:t("As people read it. Empty: the first part of the list's address.") ?></p>
<?cs call:fault("display_name") ?><input type="text" id="display_name" name="display_name" value="<?cs var:Page.display_name ?>" maxlength="100" aria-describedby="help-display"></div>
<div class="row<?cs if:Page.fault.field == "description" ?> fault<?cs /if ?>"><label for="description"><?cs var:t("Description") ?></label>
<p class="help" id="help-description"><?cs var:t("One line about what the list is for.") ?></p>
<?cs call:fault("description") ?><input type="text" id="description" name="description" value="<?cs var:Page.description ?>" maxlength="300" aria-describedby="help-description"></div>
<fieldset class="row<?cs if:Page.fault.field == "style" ?> fault<?cs /if ?>"><legend><?cs var:t("Kind of list") ?></legend>
<p class="help"><?cs var:t("What it begins with; every setting can be changed afterwards.") ?></p>
<?cs call:fault("style") ?><?cs each:style = Page.styles ?><label class="choice"><input type="radio" name="style" value="<?cs var:style.name ?>"<?cs if:style.is_chosen ?> checked<?cs /if ?>> <span><strong><?cs var:style.label ?></strong><br><span class="muted"><?cs var:style.help ?></span></span></label>
<?cs /each ?></fieldset>
<div class="row<?cs if:Page.fault.field == "advertised" ?> fault<?cs /if ?>"><label for="advertised"><?cs var:t("Show in the directory") ?></label>
<?cs call:fault("advertised") ?><select id="advertised" name="advertised"><option value=""><?cs var:t("As the kind of list says") ?></option><option value="yes"<?cs if:Page.advertised == "yes" ?> selected<?cs /if ?>><?cs var:t("yes") ?></option><option value="no"<?cs if:Page.advertised == "no" ?> selected<?cs /if ?>><?cs var:t("no") ?></option></select></div>
<div class="row<?cs if:Page.fault.field == "preferred_language" ?> fault<?cs /if ?>"><label for="language"><?cs var:t("Language of its mails and pages") ?></label>
<?cs call:fault("preferred_language") ?><select id="language" name="language"><?cs each:language = Page.languages ?><option value="<?cs var:language.code ?>" lang="<?cs var:language.code ?>"<?cs if:language.is_chosen ?> selected<?cs /if ?>><?cs var:language.name ?></option><?cs /each ?></select></div>
<div class="row<?cs if:Page.fault.field == "owners" ?> fault<?cs /if ?>"><label for="owners"><?cs var:t("Owners") ?></label>
<p class="help" id="help-owners"><?cs var:t("One mail address on each line. They get a mail with a link to the list.") ?></p>
<?cs call:fault("owners") ?><textarea id="owners" name="owners" rows="2" maxlength="8000" spellcheck="false" autocapitalize="none" required aria-describedby="help-owners"><?cs var:Page.owners ?></textarea></div>
<details class="row more"<?cs if:Page.like || Page.fault.field == "like" ?> open<?cs /if ?>><summary><?cs var:t("Like another list") ?></summary>
<div class="<?cs if:Page.fault.field == "like" ?>fault<?cs /if ?>"><label for="like"><?cs var:t("Address of that list") ?></label>
<p class="help" id="help-like"><?cs var:t("Its settings are taken instead of the kind chosen above. You must own it.") ?></p>
<?cs call:fault("like") ?><input type="text" id="like" name="like" value="<?cs var:Page.like ?>" inputmode="email" autocapitalize="none" spellcheck="false" maxlength="320" aria-describedby="help-like">
<?cs each:part = Page.parts ?><?cs if:!part.is_settings ?><label class="choice"><input type="checkbox" name="part" value="<?cs var:part.part ?>"> <span><?cs var:part.label ?></span></label>
<?cs /if ?><?cs /each ?></div></details>
<p class="actions"><button class="main"><?cs var:t("Make the list") ?></button> <a href="/"><?cs var:t("Do not make it") ?></a></p></form>
<?cs /if ?><?cs include!"_foot.cs" ?>
