<?cs set:Title = t("Held") ?><?cs set:Tab = "held" ?><?cs include!"_parts.cs" ?><?cs include!"_head.cs" ?>
<div class="page-head"><h1><?cs var:t("Held for you") ?></h1>
<p class="muted"><?cs var:tn("%1 post", "%1 posts", Page.count) ?></p></div>
<?cs if:Page.done > 0 ?><p class="notice good" role="status"><?cs if:Page.act == "accept" ?><?cs var:tn("%1 post was accepted. It goes to the members now.", "%1 posts were accepted. They go to the members now.", Page.done) ?><?cs elif:Page.act == "reject" ?><?cs var:tn("%1 post was refused.", "%1 posts were refused.", Page.done) ?><?cs else ?><?cs var:tn("%1 post was discarded.", "%1 posts were discarded.", Page.done) ?><?cs /if ?></p>
<?cs /if ?><?cs if:Page.gone > 0 ?><p class="notice warn" role="status"><?cs var:tn("%1 post was decided by somebody else before.", "%1 posts were decided by somebody else before.", Page.gone) ?></p>
<?cs /if ?><?cs if:Page.count > 0 ?><form method="post" action="<?cs var:href(List.path) ?>held">
<?cs call:form_mark() ?><label class="choice" data-select-all="input[name=id]" hidden><input type="checkbox"> <span><?cs var:t("Choose all") ?></span></label>
<ul class="threads held"><?cs each:held = Page.held ?>
<li><div class="pick"><input type="checkbox" name="id" value="<?cs var:held.id ?>" id="held-<?cs var:held.id ?>">
<div><p class="subject"><label for="held-<?cs var:held.id ?>"><bdi><?cs if:held.subject ?><?cs var:held.subject ?><?cs else ?><?cs var:t("(no subject)") ?><?cs /if ?></bdi></label></p>
<p><bdi><?cs var:held.author ?></bdi><?cs if:held.has_name ?> <span class="muted"><?cs var:held.address ?></span><?cs /if ?></p>
<p class="excerpt"><?cs var:held.excerpt ?></p>
<p><a href="<?cs var:href(List.path) ?>held/<?cs var:held.id ?>"><?cs var:t("Read it") ?></a></p></div></div>
<div class="who"><?cs each:reason = held.reasons ?><p><?cs var:reason.text ?></p><?cs /each ?>
<p class="muted"><?cs if:held.passes ?><?cs var:t("The sender is proved (DMARC pass).") ?><?cs elif:held.fails ?><strong class="warn"><?cs var:t("The sender may be forged (DMARC fail).") ?></strong><?cs else ?><?cs var:t("The sender is not proved.") ?><?cs /if ?></p>
<p class="muted"><time datetime="<?cs var:held.held_at.iso ?>"><?cs var:held.held_at.ago ?></time></p></div></li><?cs /each ?>
</ul>
<h2><?cs var:t("With those chosen") ?></h2>
<p class="actions"><button class="main" name="act" value="accept"><?cs var:t("Accept") ?></button>
<button name="act" value="discard"><?cs var:t("Discard without a word") ?></button></p>
<details class="more"><summary><?cs var:t("Refuse with a reason") ?></summary>
<div class="row"><label for="reason"><?cs var:t("Reason, for the author") ?></label>
<p class="help"><?cs var:t("It is sent only where the author's address is proved.") ?></p>
<textarea id="reason" name="reason" rows="4" maxlength="4000"></textarea>
<p class="actions"><button name="act" value="reject"><?cs var:t("Refuse") ?></button></p></div></details>
</form>
<?cs else ?><div class="empty"><p class="lead"><?cs var:t("Nothing waits for you.") ?></p>
<p><?cs var:t("Posts that need a decision will stand here.") ?></p></div>
<?cs /if ?><?cs include!"_foot.cs" ?>
