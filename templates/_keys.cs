<?cs def:keys(has_rows, has_boxes, has_undo) ?><details class="more" data-keys hidden><summary><?cs var:t("Keys") ?></summary>
<label class="choice"><input type="checkbox"> <span><?cs var:t("Decide with single letters in this browser") ?></span></label>
<p class="help"><?cs var:t("They do nothing in a field, together with Ctrl, Alt or Command, and while characters are being converted.") ?> <?cs if:has_boxes ?><?cs var:t("They are for those chosen, or else for the one you are at.") ?><?cs elif:has_rows ?><?cs var:t("They are for the one you are at.") ?><?cs /if ?></p>
<ul class="plain"><?cs if:has_rows ?><li><kbd>j</kbd> <?cs var:t("The next one") ?></li><li><kbd>k</kbd> <?cs var:t("The one before") ?></li>
<?cs if:has_boxes ?><li><kbd>x</kbd> <?cs var:t("Choose it, or choose it no more") ?></li>
<?cs /if ?><?cs if:has_undo ?><li><kbd>o</kbd> <?cs var:t("Open it") ?></li>
<?cs /if ?><?cs /if ?><li><kbd>a</kbd> <?cs var:t("Accept") ?></li><li><kbd>r</kbd> <?cs var:t("Refuse …") ?></li><li><kbd>d</kbd> <?cs var:t("Discard …") ?></li>
<?cs if:has_undo ?><li><kbd>u</kbd> <?cs var:t("Undo") ?></li>
<?cs /if ?><li><kbd>?</kbd> <?cs var:t("Show these keys") ?></li></ul></details><?cs /def ?>
