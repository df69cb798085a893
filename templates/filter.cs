<?cs if:Page.id ?><?cs set:Title = t("Filter") ?><?cs else ?><?cs set:Title = t("New filter") ?><?cs /if ?><?cs set:Tab = "rules" ?><?cs include!"_parts.cs" ?><?cs include!"_rules.cs" ?><?cs include!"_head.cs" ?>
<?cs def:condition(row) ?><div class="row"><label for="where<?cs var:row.number ?>"><?cs var:t("Where to look") ?></label>
<select id="where<?cs var:row.number ?>" name="where<?cs var:row.number ?>"><?cs each:place = row.places ?><option value="<?cs var:place.word ?>"<?cs if:place.is_chosen ?> selected<?cs /if ?>><?cs var:place.label ?></option><?cs /each ?></select></div>
<div class="row<?cs if:Page.fault.field == row.field_name ?> fault<?cs /if ?>"><label for="field<?cs var:row.number ?>"><?cs var:t("Name of the field") ?></label>
<p class="help" id="help-field<?cs var:row.number ?>"><?cs var:t("Such as Subject, From or X-Mailer. Only needed for a header field.") ?></p>
<?cs call:fault(row.field_name) ?><input type="text" id="field<?cs var:row.number ?>" name="field<?cs var:row.number ?>" value="<?cs var:row.field ?>" maxlength="60" autocapitalize="none" spellcheck="false" aria-describedby="help-field<?cs var:row.number ?>"></div>
<div class="row<?cs if:Page.fault.field == row.pattern_name ?> fault<?cs /if ?>"><label for="pattern<?cs var:row.number ?>"><?cs var:t("What is looked for") ?></label>
<p class="help" id="help-pattern<?cs var:row.number ?>"><?cs var:t("A word, or a regular expression such as ^sale. Capitals and small letters are the same. For size and score: a number.") ?></p>
<?cs call:fault(row.pattern_name) ?><?cs if:Page.fault.field == row.pattern_name && Page.fault.hint ?><p class="help"><code><?cs var:Page.fault.hint ?></code></p><?cs /if ?><input type="text" id="pattern<?cs var:row.number ?>" name="pattern<?cs var:row.number ?>" value="<?cs var:row.pattern ?>" maxlength="500" autocapitalize="none" spellcheck="false" aria-describedby="help-pattern<?cs var:row.number ?>"></div><?cs /def ?>
<?cs call:rules_crumb() ?><div class="columns rail"><?cs call:rules_rail() ?>
<div><p class="crumb"><a href="<?cs var:href(Page.base) ?>filters">‹ <?cs var:t("Header filters") ?></a></p>
<h1><?cs var:Title ?></h1>
<?cs if:Page.changed_by ?><p class="muted"><?cs var:tn("%1 hit.", "%1 hits.", Page.hits) ?> <?cs var:t1("Last changed by %1.", Page.changed_by) ?></p>
<?cs /if ?><?cs if:Page.costly > 0 ?><p class="notice warn"><?cs var:t("This filter took too long on some posts; they were held instead. A simpler expression helps: fewer + and * inside one another.") ?></p>
<?cs /if ?><?cs if:Page.fault.sentence ?><p class="notice bad" role="alert"><?cs var:t("Nothing was saved yet: one answer needs another look.") ?></p>
<?cs elif:Page.trial.is_there ?><div class="notice <?cs if:Page.trial.is_met ?>good<?cs else ?>warn<?cs /if ?>" role="status"><p><?cs if:Page.trial.is_met ?><?cs var:t("The message meets this filter. Nothing is saved yet.") ?><?cs elif:Page.trial.is_costly ?><?cs var:t("The expression takes too long on this message. Posts like it would be held.") ?><?cs else ?><?cs var:t("The message does not meet this filter. Nothing is saved yet.") ?><?cs /if ?></p>
<?cs each:found = Page.trial.found ?><p class="small"><?cs var:t("Found in:") ?> <bdi><?cs var:found ?></bdi></p><?cs /each ?></div>
<?cs /if ?><form method="post" action="<?cs var:href(Page.base) ?>filters/<?cs if:Page.id ?><?cs var:Page.id ?><?cs else ?>new<?cs /if ?>"><?cs call:form_mark() ?>
<?cs each:row = Page.conditions ?><?cs if:row.number == #1 ?><fieldset><legend class="hidden"><?cs var:t("First condition") ?></legend><?cs call:condition(row) ?></fieldset><?cs /if ?><?cs /each ?>
<details class="more"<?cs if:Page.has_more ?> open<?cs /if ?>><summary><?cs var:t("Further conditions") ?></summary><p class="muted"><?cs var:t("All of them must be met.") ?></p>
<?cs each:row = Page.conditions ?><?cs if:row.number > #1 && row.number < #4 ?><fieldset><legend><?cs var:t1("Condition %1", row.number) ?></legend><?cs call:condition(row) ?></fieldset><?cs /if ?><?cs /each ?></details>
<fieldset class="row<?cs if:Page.fault.field == "action" ?> fault<?cs /if ?>"><legend><?cs var:t("What happens") ?></legend>
<?cs call:fault("action") ?><?cs each:choice = Page.actions ?><label class="choice"><input type="radio" name="action" value="<?cs var:choice.word ?>"<?cs if:choice.is_chosen ?> checked<?cs /if ?>> <span><?cs var:choice.label ?></span></label>
<?cs /each ?></fieldset>
<div class="row<?cs if:Page.fault.field == "reject_text" ?> fault<?cs /if ?>"><label for="reject_text"><?cs var:t("What a refused author is told") ?></label>
<p class="help" id="help-reject"><?cs var:t("Empty: that a filter of the list was met.") ?></p>
<?cs call:fault("reject_text") ?><textarea id="reject_text" name="reject_text" rows="3" maxlength="1000" aria-describedby="help-reject"><?cs var:Page.reject_text ?></textarea></div>
<div class="row"><label for="note"><?cs var:t("Note, for those who look after the list") ?></label><input type="text" id="note" name="note" value="<?cs var:Page.note ?>" maxlength="200"></div>
<p class="actions"><button class="main" name="act" value="save"><?cs var:t("Save") ?></button></p>
<h2><?cs var:t("Try it on a message") ?></h2>
<div class="row<?cs if:Page.fault.field == "message" ?> fault<?cs /if ?>"><label for="message"><?cs var:t("A message with its header") ?></label>
<p class="help" id="help-message"><?cs var:t("Paste its source, as mail programs show it. It is not kept.") ?></p>
<?cs call:fault("message") ?><textarea id="message" name="message" rows="8" spellcheck="false" aria-describedby="help-message"><?cs var:Page.message ?></textarea></div>
<p class="actions"><button name="act" value="try"><?cs var:t("Try") ?></button></p>
<?cs if:Page.id ?><details class="more"><summary><?cs var:t("Remove this filter") ?></summary><p><?cs var:t("It is gone at once, and its count of hits with it.") ?></p><p class="actions"><button name="act" value="remove"><?cs var:t("Remove") ?></button></p></details>
<?cs /if ?></form></div></div>
<?cs include!"_foot.cs" ?>
