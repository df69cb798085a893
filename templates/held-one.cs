<?cs if:Page.subject ?><?cs set:Title = Page.subject ?><?cs else ?><?cs set:Title = t("(no subject)") ?><?cs /if ?><?cs set:Tab = "held" ?><?cs include!"_parts.cs" ?><?cs include!"_head.cs" ?>
<p class="crumb"><a href="<?cs var:href(List.path) ?>held">‹ <?cs var:t("Held for you") ?></a></p>
<h1><bdi><?cs var:Title ?></bdi></h1>
<dl class="facts"><dt><?cs var:t("From") ?></dt><dd><bdi><?cs var:Page.author ?></bdi><?cs if:Page.has_name ?> <span class="muted"><?cs var:Page.address ?></span><?cs /if ?></dd>
<dt><?cs var:t("Sender") ?></dt><dd><?cs if:Page.passes ?><?cs var:t("The sender is proved (DMARC pass).") ?><?cs elif:Page.fails ?><?cs var:t("The sender may be forged (DMARC fail).") ?><?cs else ?><?cs var:t("The sender is not proved.") ?><?cs /if ?></dd>
<dt><?cs var:t("Held because") ?></dt><dd><?cs each:reason = Page.reasons ?><?cs var:reason.text ?> <?cs /each ?></dd>
<dt><?cs var:t("Since") ?></dt><dd><time datetime="<?cs var:Page.held_at.iso ?>"><?cs var:Page.held_at ?></time></dd></dl>
<article class="message"><?cs call:body(Page.blocks) ?></article>
<form method="post" action="<?cs var:href(List.path) ?>held">
<?cs call:form_mark() ?><input type="hidden" name="id" value="<?cs var:Page.id ?>">
<p class="actions"><button class="main" name="act" value="accept"><?cs var:t("Accept") ?></button>
<button name="act" value="discard"><?cs var:t("Discard without a word") ?></button></p>
<details class="more"><summary><?cs var:t("Refuse with a reason") ?></summary>
<div class="row"><label for="reason"><?cs var:t("Reason, for the author") ?></label>
<p class="help"><?cs var:t("It is sent only where the author's address is proved.") ?></p>
<textarea id="reason" name="reason" rows="4" maxlength="4000"></textarea>
<p class="actions"><button name="act" value="reject"><?cs var:t("Refuse") ?></button></p></div></details>
</form>
<?cs include!"_foot.cs" ?>
