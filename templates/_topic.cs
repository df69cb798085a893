<div class="row<?cs if:Page.fault.field == "name" ?> fault<?cs /if ?>"><label for="name"><?cs var:t("Name of the topic") ?></label>
<?cs call:fault("name") ?><input type="text" id="name" name="name" value="<?cs var:Page.name ?>" maxlength="60"></div>
<div class="row<?cs if:Page.fault.field == "pattern" ?> fault<?cs /if ?>"><label for="pattern"><?cs var:t("What is looked for in the subject and the keywords") ?></label>
<p class="help" id="help-pattern"><?cs var:t("A word, several with | between them, or another regular expression.") ?></p>
<?cs call:fault("pattern") ?><?cs if:Page.fault.field == "pattern" && Page.fault.hint ?><p class="help"><code><?cs var:Page.fault.hint ?></code></p><?cs /if ?><input type="text" id="pattern" name="pattern" value="<?cs var:Page.pattern ?>" maxlength="500" autocapitalize="none" spellcheck="false" aria-describedby="help-pattern"></div>
<div class="row"><label for="description"><?cs var:t("Description, for members") ?></label><input type="text" id="description" name="description" value="<?cs var:Page.description ?>" maxlength="300"></div>
