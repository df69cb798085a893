<?cs set:Title = Page.field.label ?><?cs include!"_parts.cs" ?><?cs include!"_steps.cs" ?><?cs include!"_head.cs" ?>
<p class="crumb"><a href="/admin/lists">‹ <?cs var:t("Many lists") ?></a></p>
<h1><?cs var:Page.field.label ?></h1><p class="muted"><?cs var:Page.field.help ?></p>
<form method="post" action="/admin/lists/apply"><?cs call:form_mark() ?><input type="hidden" name="setting" value="<?cs var:Page.field.name ?>"><input type="hidden" name="where" value="<?cs var:Page.where ?>"><?cs if:Page.all ?><input type="hidden" name="all" value="1"><?cs /if ?><?cs each:one = Page.ids ?><input type="hidden" name="id" value="<?cs var:one.id ?>"><?cs /each ?>
<?cs if:Page.is_planned ?><input type="hidden" name="value" value="<?cs var:Page.field.value ?>"><?cs if:Page.field.back ?><input type="hidden" name="back" value="1"><?cs /if ?>
<?cs if:Page.changes > 0 ?><p class="lead"><?cs var:tn("%1 list will change.", "%1 lists will change.", Page.changes) ?><?cs if:Page.same > 0 ?> <?cs var:tn("%1 has the value already.", "%1 have the value already.", Page.same) ?><?cs /if ?></p>
<?cs call:steps() ?><p class="actions"><button class="main" name="step" value="do"><?cs var:tn("Change %1 list", "Change %1 lists", Page.changes) ?></button> <a href="/admin/lists"><?cs var:t("Leave it as it is") ?></a></p>
<?cs else ?><p class="lead"><?cs var:t("Nothing would change: every list has the value already.") ?></p>
<p><a href="/admin/lists"><?cs var:t("Many lists") ?></a></p>
<?cs /if ?><?cs else ?><?cs if:Page.field.kind == "choice" ?><fieldset class="row<?cs if:Page.fault.sentence ?> fault<?cs /if ?>"><legend><?cs var:t("New value") ?></legend><?cs if:Page.fault.sentence ?><p class="why"><?cs var:Page.fault.sentence ?></p><?cs /if ?><?cs each:choice = Page.field.choices ?><label class="choice"><input type="radio" name="value" value="<?cs var:choice.value ?>"<?cs if:choice.is_chosen ?> checked<?cs /if ?>> <span><?cs var:choice.label ?></span></label><?cs /each ?></fieldset>
<?cs else ?><div class="row<?cs if:Page.fault.sentence ?> fault<?cs /if ?>"><label for="value"><?cs var:t("New value") ?></label><?cs if:Page.fault.sentence ?><p class="why"><?cs var:Page.fault.sentence ?></p><?cs /if ?><?cs if:Page.field.kind == "long" ?><textarea id="value" name="value" rows="6"><?cs var:Page.field.value ?></textarea><?cs else ?><input type="text" id="value" name="value" value="<?cs var:Page.field.value ?>"<?cs if:Page.field.kind == "int" ?> class="short" inputmode="numeric"<?cs /if ?>><?cs /if ?></div>
<?cs /if ?><label class="choice"><input type="checkbox" name="back" value="1"<?cs if:Page.field.back ?> checked<?cs /if ?>> <span><?cs var:t("Instead take back what the lists have set, so that they inherit") ?></span></label>
<p class="actions"><button class="main" name="step" value="look"><?cs var:t("Look at what will change") ?></button> <a href="/admin/lists"><?cs var:t("Leave it as it is") ?></a></p>
<?cs /if ?></form>
<?cs include!"_foot.cs" ?>
