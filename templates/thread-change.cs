<?cs set:Title = t("Change this thread") ?><?cs include!"_parts.cs" ?><?cs include!"_head.cs" ?><?cs
def:closing(count) ?><?cs loop:level = #1, count, #1 ?></li></ul><?cs /loop ?><?cs /def ?>
<p class="crumb"><a href="<?cs var:href(List.path) ?>thread/<?cs var:Page.hash ?>">‹ <bdi><?cs if:Page.subject ?><?cs var:Page.subject ?><?cs else ?><?cs var:t("(no subject)") ?><?cs /if ?></bdi></a></p>
<h1><?cs var:Title ?></h1>
<?cs if:Page.done == "split" ?><p class="notice good" role="status"><?cs var:t("The message and its answers are a thread of their own now.") ?></p>
<?cs elif:Page.done == "join" ?><p class="notice good" role="status"><?cs var:t("The two threads are one now.") ?></p>
<?cs elif:Page.done == "reattach" ?><p class="notice good" role="status"><?cs var:t("The message was moved.") ?></p>
<?cs elif:Page.done == "undone" ?><p class="notice good" role="status"><?cs var:t("This was taken back.") ?></p>
<?cs /if ?><?cs if:Page.undo ?><form method="post" action="<?cs var:href(List.path) ?>thread/<?cs var:Page.hash ?>/change"><?cs call:form_mark() ?><input type="hidden" name="id" value="<?cs var:Page.undo ?>"><p class="actions"><button name="act" value="undo"><?cs var:t("Undo") ?></button></p></form>
<?cs /if ?><p class="muted"><?cs var:t("Every address of a message stays as it is. Nothing happens before you are asked once more.") ?></p>
<form method="post" action="<?cs var:href(List.path) ?>thread/<?cs var:Page.hash ?>/change"><?cs call:form_mark() ?>
<fieldset<?cs if:Page.fault.field == "post" ?> class="fault" aria-describedby="why-post"<?cs /if ?>><legend><?cs var:t("Which message?") ?></legend>
<?cs call:fault("post") ?><?cs each:line = Page.lines ?><?cs if:line.is_first || line.is_deeper ?><ul class="plain<?cs if:line.is_deeper ?> indent<?cs /if ?>"><?cs elif:line.closes > 0 ?><?cs call:closing(line.closes) ?></li><?cs else ?></li><?cs /if ?>
<li><?cs if:line.hash ?><label class="choice"><input type="radio" name="post" value="<?cs var:line.hash ?>"<?cs if:line.is_chosen ?> checked<?cs /if ?>> <span><bdi><?cs var:line.author ?></bdi> <time datetime="<?cs var:line.written_at.iso ?>"><?cs var:line.written_at ?></time><?cs if:line.has_subject ?> <span class="cut muted"><?cs call:subject(line.subject) ?></span><?cs /if ?></span></label><?cs else ?><span class="muted"><?cs var:t("A message that is not here") ?></span><?cs /if ?><?cs /each ?><?cs call:closing(Page.closes) ?></li></ul>
<?cs if:Page.is_cut ?><p class="muted"><?cs var:t("The rest of this long thread is not shown. Each message's own page leads to this one, with the message chosen.") ?></p>
<?cs /if ?></fieldset>
<p class="actions"><button class="main" name="act" value="split"><?cs var:t("Make it a thread of its own …") ?></button></p>
<div class="row<?cs if:Page.fault.field == "under" ?> fault<?cs /if ?>"><label for="under"><?cs var:t("Or another message") ?></label>
<p class="help" id="help-under"><?cs var:t("The address of its page, its Message-ID, or its number in the list.") ?></p>
<?cs call:fault("under") ?><input type="text" id="under" name="under" value="<?cs var:Page.under ?>" maxlength="1000" autocapitalize="none" spellcheck="false" aria-describedby="help-under<?cs if:Page.fault.field == "under" ?> why-under<?cs /if ?>"<?cs if:Page.fault.field == "under" ?> aria-invalid="true"<?cs /if ?>></div>
<p class="actions"><button name="act" value="reattach"><?cs var:t("Move the chosen message under it …") ?></button>
<button name="act" value="join"><?cs var:t("Join this whole thread to its thread …") ?></button></p></form>
<?cs if:subcount(Page.changes) > 0 ?><h2><?cs var:t("Changed so far") ?></h2>
<form method="post" action="<?cs var:href(List.path) ?>thread/<?cs var:Page.hash ?>/change"><?cs call:form_mark() ?><input type="hidden" name="act" value="undo"><ul class="plain"><?cs each:change = Page.changes ?>
<li><?cs if:change.act == "split" ?><?cs var:t("Made a thread of its own:") ?><?cs elif:change.act == "join" ?><?cs var:t("Joined to another thread:") ?><?cs else ?><?cs var:t("Moved under another message:") ?><?cs /if ?> <a href="<?cs var:href(List.path) ?>message/<?cs var:change.hash ?>"><bdi><?cs if:change.subject ?><?cs var:change.subject ?><?cs else ?><?cs var:t("(no subject)") ?><?cs /if ?></bdi></a><?cs if:change.other_hash ?> → <a href="<?cs var:href(List.path) ?>message/<?cs var:change.other_hash ?>"><bdi><?cs if:change.other ?><?cs var:change.other ?><?cs else ?><?cs var:t("(no subject)") ?><?cs /if ?></bdi></a><?cs /if ?> <span class="muted"><time datetime="<?cs var:change.written_at.iso ?>"><?cs var:change.written_at ?></time></span> <?cs if:change.is_undone ?><span class="badge"><?cs var:t("taken back") ?></span><?cs else ?><button name="id" value="<?cs var:change.id ?>"><?cs var:t("Undo") ?></button><?cs /if ?></li><?cs /each ?></ul></form>
<?cs /if ?><?cs include!"_foot.cs" ?>
