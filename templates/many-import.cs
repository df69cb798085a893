<?cs set:Title = t("Set what a text says") ?><?cs include!"_parts.cs" ?><?cs include!"_steps.cs" ?><?cs include!"_head.cs" ?>
<p class="crumb"><a href="/admin/lists">‹ <?cs var:t("Many lists") ?></a></p>
<h1><?cs var:t("Set what a text says") ?></h1>
<?cs if:Page.is_planned ?><form method="post" action="/admin/lists/import"><?cs call:form_mark() ?><textarea name="text" hidden><?cs var:Page.text ?></textarea>
<?cs if:Page.changes > 0 ?><p class="lead"><?cs var:tn("%1 setting will change.", "%1 settings will change.", Page.changes) ?><?cs if:Page.same > 0 ?> <?cs var:tn("%1 has the value already.", "%1 have the value already.", Page.same) ?><?cs /if ?></p>
<?cs call:steps() ?><p class="actions"><button class="main" name="step" value="do"><?cs var:tn("Change %1 setting", "Change %1 settings", Page.changes) ?></button> <a href="/admin/lists"><?cs var:t("Leave it as it is") ?></a></p>
<?cs else ?><p class="lead"><?cs var:t("Nothing would change: all of it is so already.") ?></p><p><a href="/admin/lists"><?cs var:t("Many lists") ?></a></p>
<?cs /if ?></form>
<?cs else ?><p><?cs var:t("A section for each place, and in it a line for each setting; as saved from the lists. Only what is named changes.") ?></p>
<pre>[list name@lists.example.org]
max_message_size = 500
subject_prefix</pre>
<p class="muted"><?cs var:t("A name alone takes back what is set there.") ?></p>
<form method="post" action="/admin/lists/import"><?cs call:form_mark() ?><div class="row<?cs if:Page.fault.sentence ?> fault<?cs /if ?>"><label for="text"><?cs var:t("Text") ?></label><?cs if:Page.fault.sentence ?><p class="why"><?cs var:Page.fault.sentence ?></p><?cs /if ?><textarea id="text" name="text" rows="14" spellcheck="false" class="fixed"><?cs var:Page.text ?></textarea></div>
<p class="actions"><button class="main" name="step" value="look"><?cs var:t("Look at what will change") ?></button> <a href="/admin/lists"><?cs var:t("Leave it as it is") ?></a></p></form>
<?cs /if ?><?cs include!"_foot.cs" ?>
