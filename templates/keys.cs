<?cs set:Title = t("Keys") ?><?cs include!"_parts.cs" ?><?cs include!"_head.cs" ?>
<h1><?cs var:t("Keys") ?></h1>
<p><?cs var:t("Those who like a keyboard may read and decide with single letters.") ?></p>
<div data-keys hidden><label class="choice"><input type="checkbox"> <span><?cs var:t("Single letters are keys in this browser") ?></span></label></div>
<p class="help"><?cs var:t("They do nothing in a field, together with Ctrl, Alt or Command, and while characters are being converted.") ?> <?cs var:t("They need JavaScript.") ?></p>
<h2><?cs var:t("Everywhere") ?></h2>
<ul class="plain"><li><kbd>u</kbd> <?cs var:t("Up: from a message to its thread, from a thread to its list") ?></li><li><kbd>/</kbd> <?cs var:t("Search") ?></li><li><kbd>?</kbd> <?cs var:t("This page") ?></li></ul>
<h2><?cs var:t("In a list of threads or messages") ?></h2>
<ul class="plain"><li><kbd>j</kbd> <?cs var:t("The next one") ?></li><li><kbd>k</kbd> <?cs var:t("The one before") ?></li><li><kbd>o</kbd> <?cs var:t("Open it") ?></li><li><kbd>n</kbd> <?cs var:t("Next month") ?></li><li><kbd>p</kbd> <?cs var:t("Previous month") ?></li></ul>
<h2><?cs var:t("In a thread, and at a message") ?></h2>
<ul class="plain"><li><kbd>n</kbd> <?cs var:t("Next message") ?></li><li><kbd>p</kbd> <?cs var:t("Previous message") ?></li><li><kbd>j</kbd> <?cs var:t("Older thread") ?></li><li><kbd>k</kbd> <?cs var:t("Newer thread") ?></li><li><kbd>o</kbd> <?cs var:t("Open the message alone") ?></li></ul>
<?cs include!"_foot.cs" ?>
