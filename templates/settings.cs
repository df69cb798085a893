<?cs set:Title = Page.title ?><?cs set:Tab = "settings" ?><?cs include!"_parts.cs" ?><?cs include!"_settings.cs" ?><?cs include!"_head.cs" ?>
<?cs def:origin(field) ?><?cs if:field.has_effect ?><?cs if:Page.effect.name == field.name ?><div class="notice" role="status"><?cs each:sentence = Page.effect.sentences ?><p><?cs var:sentence ?></p><?cs /each ?></div><?cs /if ?><p class="from"><button class="link" name="ask" value="<?cs var:field.name ?>" formaction="<?cs var:href(Page.base) ?>setting/effect#row-<?cs var:field.name ?>"><?cs var:t("What would this change?") ?><span class="hidden"> <?cs var:field.label ?></span></button></p><?cs /if ?><?cs if:field.why_closed ?><p class="from"><?cs var:field.why_closed ?></p><?cs elif:field.is_own ?><p class="from"><?cs if:field.from_domain ?><?cs var:t1("Set here. The domain's choice is: %1.", field.outer) ?><?cs elif:field.from_site ?><?cs var:t1("Set here. The site's choice is: %1.", field.outer) ?><?cs else ?><?cs var:t1("Set here. Without it: %1.", field.outer) ?><?cs /if ?> <a href="<?cs var:href(Page.base) ?>setting/restore?name=<?cs var:field.name ?>"><?cs if:field.from_domain ?><?cs var:t("Use the domain's") ?><?cs elif:field.from_site ?><?cs var:t("Use the site's") ?><?cs else ?><?cs var:t("Take back") ?><?cs /if ?></a> · <a href="<?cs var:href(Page.base) ?>setting/history?name=<?cs var:field.name ?>"><?cs var:t("History") ?></a></p><?cs elif:field.from_domain || field.from_site ?><p class="from"><?cs if:field.from_domain ?><?cs var:t("From the domain.") ?><?cs else ?><?cs var:t("From the site.") ?><?cs /if ?> <a href="<?cs var:href(Page.base) ?>setting/restore?name=<?cs var:field.name ?>"><?cs var:t("Keep it here") ?></a></p><?cs /if ?><?cs /def ?>
<div class="columns rail"><?cs call:settings_rail() ?>
<div><?cs call:settings_place() ?><h1><?cs var:Page.title ?></h1>
<p class="muted"><?cs var:Page.help ?></p>
<?cs if:Page.is_saved ?><p class="notice good" role="status"><?cs var:t("Saved.") ?></p>
<?cs /if ?><?cs if:Page.fault.sentence ?><p class="notice bad" role="alert"><?cs var:t("Nothing was saved yet: one answer needs another look.") ?></p>
<?cs /if ?><form method="post" action="<?cs var:href(Page.base) ?>settings/<?cs var:Page.group ?>">
<?cs call:form_mark() ?><button class="hidden" tabindex="-1" aria-hidden="true"><?cs var:t("Save") ?></button><?cs each:field = Page.fields ?><?cs if:field.may_change ?><input type="hidden" name="has.<?cs var:field.name ?>" value="1"><?cs /if ?>
<?cs if:field.kind == "choice" ?><fieldset id="row-<?cs var:field.name ?>" class="row<?cs if:Page.fault.field == field.name ?> fault<?cs /if ?>"><legend><?cs var:field.label ?></legend>
<p class="help"><?cs var:field.help ?></p>
<?cs call:fault(field.name) ?><?cs each:choice = field.choices ?><label class="choice"><input type="radio" name="set.<?cs var:field.name ?>" value="<?cs var:choice.value ?>"<?cs if:choice.is_chosen ?> checked<?cs /if ?><?cs if:!field.may_change ?> disabled<?cs /if ?>> <span><?cs var:choice.label ?></span></label>
<?cs /each ?><?cs call:origin(field) ?></fieldset>
<?cs elif:field.kind == "bool" ?><div id="row-<?cs var:field.name ?>" class="row<?cs if:Page.fault.field == field.name ?> fault<?cs /if ?>"><label class="choice strong"><input type="checkbox" name="set.<?cs var:field.name ?>" value="yes"<?cs if:field.is_on ?> checked<?cs /if ?><?cs if:!field.may_change ?> disabled<?cs /if ?> aria-describedby="help-<?cs var:field.name ?>"> <span><?cs var:field.label ?></span></label>
<p class="help indent" id="help-<?cs var:field.name ?>"><?cs var:field.help ?></p>
<?cs call:fault(field.name) ?><?cs call:origin(field) ?></div>
<?cs else ?><div id="row-<?cs var:field.name ?>" class="row<?cs if:Page.fault.field == field.name ?> fault<?cs /if ?>"><label for="set-<?cs var:field.name ?>"><?cs var:field.label ?></label>
<p class="help" id="help-<?cs var:field.name ?>"><?cs var:field.help ?></p>
<?cs call:fault(field.name) ?><?cs if:field.kind == "long" || field.kind == "lines" ?><textarea id="set-<?cs var:field.name ?>" name="set.<?cs var:field.name ?>" rows="<?cs if:field.kind == "long" ?>6<?cs else ?>3<?cs /if ?>" aria-describedby="help-<?cs var:field.name ?>"<?cs if:!field.may_change ?> disabled<?cs /if ?><?cs if:field.kind == "lines" ?> spellcheck="false"<?cs /if ?>><?cs var:field.value ?></textarea>
<?cs else ?><input type="text" id="set-<?cs var:field.name ?>" name="set.<?cs var:field.name ?>" value="<?cs var:field.value ?>"<?cs if:field.kind == "int" ?> class="short" inputmode="numeric"<?cs /if ?> aria-describedby="help-<?cs var:field.name ?>"<?cs if:!field.may_change ?> disabled<?cs /if ?>>
<?cs /if ?><?cs call:origin(field) ?></div>
<?cs /if ?><?cs /each ?>
<p class="small"><a href="/help/settings"><?cs var:t("All settings in the manual") ?></a></p>
<p class="actions"><button class="main"><?cs var:t("Save") ?></button> <span class="muted"><?cs var:t("Nothing changes until you save.") ?></span></p>
</form></div></div>
<?cs include!"_foot.cs" ?>
