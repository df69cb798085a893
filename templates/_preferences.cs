<?cs def:preferences() ?><?cs each:one = Page.preferences ?><fieldset class="row<?cs if:Page.fault.field == one.name ?> fault<?cs /if ?>"><legend><?cs var:one.label ?></legend>
<p class="help"><?cs var:one.help ?></p>
<?cs call:fault(one.name) ?><?cs if:one.is_locked ?><p class="notice warn"><?cs var:t("An owner of the list stopped it. Please ask the owners.") ?></p>
<?cs else ?><?cs each:choice = one.choices ?><label class="choice"><input type="radio" name="set.<?cs var:one.name ?>" value="<?cs var:choice.value ?>"<?cs if:choice.is_chosen ?> checked<?cs /if ?><?cs if:choice.comes_later ?> disabled<?cs /if ?>> <span><?cs var:choice.label ?><?cs if:choice.comes_later ?> <span class="muted small"><?cs var:t("comes later") ?></span><?cs /if ?></span></label>
<?cs /each ?><?cs if:one.is_status ?><p><label for="until"><?cs var:t("They come again on") ?></label> <input type="date" class="short" id="until" name="set.vacation_until" value="<?cs var:one.until ?>"></p>
<?cs /if ?><?cs /if ?></fieldset>
<?cs /each ?><?cs /def ?>
