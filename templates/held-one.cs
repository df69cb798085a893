<?cs if:Page.subject ?><?cs set:Title = Page.subject ?><?cs else ?><?cs set:Title = t("(no subject)") ?><?cs /if ?><?cs set:Tab = "held" ?><?cs include!"_parts.cs" ?><?cs include!"_held.cs" ?><?cs include!"_keys.cs" ?><?cs include!"_head.cs" ?>
<p class="crumb"><a href="<?cs var:href(Page.base) ?>">‹ <?cs var:t("Held for you") ?></a></p>
<h1><bdi><?cs var:Title ?></bdi></h1>
<?cs if:Page.is_decided ?><p class="notice warn" role="status"><?cs var:Page.fate ?> <time datetime="<?cs var:Page.decided_at.iso ?>"><?cs var:Page.decided_at ?></time></p>
<?cs else ?><?cs if:Page.is_pending ?><p class="notice good" role="status"><?cs var:t1("%1 has accepted it; it is about to go out.", Page.accepted_by) ?></p>
<form method="post" action="<?cs var:href(Page.base) ?>"><?cs call:form_mark() ?><input type="hidden" name="id" value="<?cs var:Page.id ?>"><p class="actions"><button name="act" value="undo" data-key="u"><?cs var:t("Undo") ?></button></p></form>
<?cs /if ?><?cs each:looker = Page.lookers ?><p class="notice warn"><?cs var:t1("%1 is looking at it.", looker.who) ?> <time datetime="<?cs var:looker.at.iso ?>"><?cs var:looker.at.ago ?></time></p>
<?cs /each ?><dl class="facts"><?cs if:Page.list ?><dt><?cs var:t("List") ?></dt><dd><a href="<?cs var:href(Page.list_path) ?>"><bdi><?cs var:Page.list ?></bdi></a></dd>
<?cs /if ?><dt><?cs var:t("From") ?></dt><dd><bdi><?cs var:Page.author ?></bdi><?cs if:Page.has_name ?> <span class="muted"><?cs var:Page.address ?></span><?cs /if ?></dd>
<dt><?cs var:t("Held because") ?></dt><dd><?cs each:reason = Page.reasons ?><?cs var:reason.text ?> <?cs /each ?></dd>
<dt><?cs var:t("Sender") ?></dt><dd><?cs call:held_proof(Page) ?><?cs each:result = Page.authentication ?><br><span class="muted small"><?cs var:result.text ?></span><?cs /each ?></dd>
<?cs if:Page.history.is_known ?><dt><?cs var:t("On this list") ?></dt><dd><?cs if:Page.history.role == "member" ?><?cs var:t1("Member since %1.", Page.history.joined_at.day) ?> <?cs elif:Page.history.role == "owner" || Page.history.role == "moderator" ?><?cs var:t("Owner or moderator.") ?> <?cs else ?><?cs var:t("Not a member.") ?> <?cs /if ?><?cs if:Page.history.posts > 0 ?><?cs var:tn("%1 post accepted", "%1 posts accepted", Page.history.posts) ?> (<?cs var:t1("last: %1", Page.history.newest.day) ?>)<?cs else ?><?cs var:t("No post accepted so far") ?><?cs /if ?> · <?cs var:tn("%1 held", "%1 held", Page.history.held) ?> · <?cs var:tn("%1 turned down", "%1 turned down", Page.history.refused) ?><?cs if:Page.history.action == "accept" ?> <br><?cs var:t("Posts by this author are always accepted.") ?><?cs elif:Page.history.action == "hold" ?> <br><?cs var:t("Posts by this author are always held.") ?><?cs /if ?></dd>
<?cs /if ?><dt><?cs var:t("Since") ?></dt><dd><time datetime="<?cs var:Page.held_at.iso ?>"><?cs var:Page.held_at ?></time> · <?cs var:Page.size ?></dd></dl>
<article class="message"><?cs call:body(Page.body) ?><?cs if:subcount(Page.attachments) > 0 ?><ul class="plain small"><?cs each:attachment = Page.attachments ?>
<li><?cs var:t("Attachment:") ?> <bdi><?cs var:attachment.name ?></bdi> <span class="muted"><?cs var:attachment.type ?><?cs if:attachment.size ?>, <?cs var:attachment.size ?><?cs /if ?></span></li><?cs /each ?></ul>
<?cs /if ?><?cs if:Page.raw ?><p class="small"><a href="<?cs var:href(Page.raw) ?>" rel="nofollow"><?cs var:t("Save as it came") ?></a></p><?cs /if ?></article>
<?cs if:!Page.is_pending ?><form method="post" action="<?cs var:href(Page.base) ?>">
<?cs call:form_mark() ?><input type="hidden" name="id" value="<?cs var:Page.id ?>">
<p class="actions"><button class="main" name="act" value="accept" data-key="a"><?cs var:t("Accept") ?></button>
<button name="act" value="always"><?cs var:t("Accept, and always accept") ?></button>
<button name="act" value="discard" data-key="d"><?cs var:t("Discard …") ?></button>
<?cs if:Page.may_ban ?><button name="act" value="ban"><?cs var:t("Discard and ban …") ?></button>
<?cs /if ?><button name="act" value="forward"><?cs var:t("Send to the owners") ?></button></p>
<div class="row"><label for="future"><?cs var:t("Posts by this author from now on") ?></label>
<select id="future" name="future"><option value=""><?cs var:t("no change") ?></option><option value="defer"><?cs var:t("Let the other rules decide") ?></option><option value="accept"><?cs var:t("Accept at once") ?></option><option value="hold"><?cs var:t("Hold for a moderator") ?></option><option value="reject"><?cs var:t("Refuse with a notice to the author") ?></option><option value="discard"><?cs var:t("Discard without a word") ?></option></select></div>
<details class="more" data-key="r"><summary><?cs var:t("Refuse with a reason") ?></summary>
<p class="help"><?cs var:t("It is sent only where the author's address is proved.") ?></p>
<fieldset><legend><?cs var:t("Reason, for the author") ?></legend>
<?cs call:held_canned() ?></fieldset>
<div class="row"><label for="reason"><?cs var:t("Or in your own words") ?></label>
<textarea id="reason" name="reason" rows="4" maxlength="4000"></textarea>
<p class="actions"><button name="act" value="reject"><?cs var:t("Refuse") ?></button></p></div></details>
</form>
<?cs /if ?><?cs call:keys(#0, #0, #1) ?><?cs /if ?><?cs include!"_foot.cs" ?>
