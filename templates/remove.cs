<?cs set:Title = t("Remove or change a post") ?><?cs include!"_parts.cs" ?><?cs include!"_head.cs" ?>
<h1><?cs var:t("Remove or change a post") ?></h1>
<?cs if:Page.done == "hide" ?><p class="notice good" role="status"><?cs var:t("The post is hidden.") ?></p>
<?cs elif:Page.done == "show" ?><p class="notice good" role="status"><?cs var:t("The post is shown again.") ?></p>
<?cs elif:Page.done == "delete" ?><p class="notice good" role="status"><?cs var:t("The post is deleted. Its bytes go as soon as no copy waits to be sent.") ?></p>
<?cs elif:Page.done == "redact" ?><p class="notice good" role="status"><?cs var:t("The words are being taken out. This takes some seconds, or until the last copy is sent.") ?></p>
<?cs /if ?><p class="lead">#<?cs var:Page.number ?> <bdi><?cs if:Page.subject ?><?cs var:Page.subject ?><?cs else ?><?cs var:t("(no subject)") ?><?cs /if ?></bdi></p>
<p class="muted"><bdi><?cs var:Page.author ?></bdi> · <time datetime="<?cs var:Page.at.iso ?>"><?cs var:Page.at ?></time></p>
<?cs if:Page.asks ?><form method="post" action="<?cs var:href(List.path) ?>message/<?cs var:Page.hash ?>/remove"><?cs call:form_mark() ?><input type="hidden" name="act" value="delete"><input type="hidden" name="sure" value="1">
<p><?cs var:t("The post, its attachments and its words in search end for good, here and in the stored mail. Copies that members have are not touched. Its address stays and says that it was deleted.") ?></p>
<p class="actions"><a class="button" href="<?cs var:href(List.path) ?>message/<?cs var:Page.hash ?>/remove"><?cs var:t("Keep it") ?></a> <button class="danger"><?cs var:t("Delete for good") ?></button></p></form>
<?cs elif:Page.is_gone ?><p><?cs var:t("This post was deleted.") ?></p>
<?cs else ?><form method="post" action="<?cs var:href(List.path) ?>message/<?cs var:Page.hash ?>/remove"><?cs call:form_mark() ?>
<?cs if:Page.is_hidden ?><p><?cs var:t("Nobody but owners knows what stands in it.") ?></p><p class="actions"><button class="main" name="act" value="show"><?cs var:t("Show it again") ?></button></p>
<?cs else ?><p><?cs var:t("A hidden post leaves every page, feed and search; you can show it again.") ?></p><p class="actions"><button class="main" name="act" value="hide"><?cs var:t("Hide it") ?></button></p>
<?cs /if ?></form>
<h2><?cs var:t("Take words out") ?></h2>
<form method="post" action="<?cs var:href(List.path) ?>message/<?cs var:Page.hash ?>/remove"><?cs call:form_mark() ?><input type="hidden" name="act" value="redact">
<div class="row<?cs if:Page.fault.field == "words" ?> fault<?cs /if ?>"><label for="words"><?cs var:t("Words or sentences, one on each line") ?></label>
<p class="help" id="help-words"><?cs var:t("They go from the stored mail: from subject, names, text, and file names. This cannot be undone, and signatures over the mail no longer hold.") ?></p>
<?cs call:fault("words") ?><textarea id="words" name="words" rows="4" maxlength="12000" aria-describedby="help-words"><?cs var:Page.words ?></textarea></div>
<p class="actions"><button><?cs var:t("Take them out") ?></button></p></form>
<h2><?cs var:t("Delete") ?></h2>
<form method="post" action="<?cs var:href(List.path) ?>message/<?cs var:Page.hash ?>/remove"><?cs call:form_mark() ?><input type="hidden" name="act" value="delete">
<p class="actions"><button><?cs var:t("Delete for good …") ?></button></p></form>
<?cs /if ?><p><?cs if:Page.thread_hash ?><a href="<?cs var:href(List.path) ?>thread/<?cs var:Page.thread_hash ?>"><?cs var:t("Whole thread") ?></a> · <?cs /if ?><a href="<?cs var:href(List.path) ?>removed"><?cs var:t("Removed posts") ?></a></p>
<?cs include!"_foot.cs" ?>
