<?cs set:Title = t("Requests") ?><?cs set:Tab = "requests" ?><?cs include!"_parts.cs" ?><?cs include!"_keys.cs" ?><?cs include!"_head.cs" ?>
<div class="page-head"><h1><?cs if:Page.shows_unconfirmed ?><?cs var:t("Waiting for confirmation") ?><?cs else ?><?cs var:t("Requests") ?><?cs /if ?></h1>
<p><?cs if:Page.shows_unconfirmed ?><a href="<?cs var:href(List.path) ?>requests"><?cs var:tn("%1 waits for you", "%1 wait for you", Page.waiting) ?></a><?cs else ?><a href="<?cs var:href(List.path) ?>requests?show=confirm"><?cs var:tn("%1 has not confirmed yet", "%1 have not confirmed yet", Page.unconfirmed) ?></a><?cs /if ?></p></div>
<?cs if:Page.done > 0 ?><p class="notice good" role="status"><?cs if:Page.act == "accept" ?><?cs var:tn("%1 request was accepted.", "%1 requests were accepted.", Page.done) ?><?cs elif:Page.act == "reject" ?><?cs var:tn("%1 request was refused.", "%1 requests were refused.", Page.done) ?><?cs else ?><?cs var:tn("%1 request was discarded.", "%1 requests were discarded.", Page.done) ?><?cs /if ?></p>
<?cs /if ?><?cs if:Page.gone > 0 ?><p class="notice warn" role="status"><?cs var:tn("%1 request was decided by somebody else before; below you see by whom.", "%1 requests were decided by somebody else before; below you see by whom.", Page.gone) ?></p>
<?cs /if ?><?cs if:subcount(Page.requests) > 0 ?><form method="post" action="<?cs var:href(List.path) ?>requests">
<?cs call:form_mark() ?><label class="choice" data-select-all="input[name=id]" hidden><input type="checkbox"> <span><?cs var:t("Choose all") ?></span></label>
<ul class="threads held"><?cs each:request = Page.requests ?>
<li data-row><div class="pick"><input type="checkbox" name="id" value="<?cs var:request.id ?>" id="request-<?cs var:request.id ?>">
<div><p class="subject"><label for="request-<?cs var:request.id ?>"><?cs if:request.name ?><bdi><?cs var:request.name ?></bdi> <?cs /if ?><bdi><?cs var:request.email ?></bdi></label></p>
<p><?cs if:request.kind == "join" ?><?cs var:t("asks to join") ?><?cs elif:request.kind == "leave" && Page.shows_unconfirmed ?><?cs var:t("asks to leave") ?><?cs elif:request.kind == "leave" ?><?cs var:t("asks to leave; delivery has stopped") ?><?cs elif:request.is_known ?><?cs var:t1("is the new address of %1", request.old) ?><?cs else ?><?cs var:t1("is the new address of %1, who is not a member", request.old) ?><?cs /if ?></p></div></div>
<div class="who"><?cs if:request.is_invitation ?><p><?cs var:t("Invited by the owners.") ?></p>
<?cs elif:request.approved_by ?><p><?cs var:t1("%1 has agreed beforehand.", request.approved_by) ?></p>
<?cs /if ?><p class="muted"><?cs call:time(request.at) ?></p></div></li><?cs /each ?>
</ul>
<?cs if:Page.next ?><p><a href="<?cs var:href(List.path) ?>requests?<?cs if:Page.shows_unconfirmed ?>show=confirm&amp;<?cs /if ?>after=<?cs var:Page.next ?>"><?cs var:t("More") ?> ›</a></p>
<?cs /if ?><h2><?cs var:t("With the requests chosen") ?></h2>
<?cs if:Page.shows_unconfirmed ?><p class="muted"><?cs var:t("These addresses are not proved yet. What you accept now is done as soon as the person confirms; a refusal is told to nobody.") ?></p>
<?cs /if ?><p class="actions"><button class="main" name="act" value="accept" data-key="a"><?cs var:t("Accept") ?></button>
<button name="act" value="discard" data-key="d"><?cs var:t("Discard without a word") ?></button></p>
<details class="more" data-key="r"><summary><?cs var:t("Refuse with a reason") ?></summary>
<div class="row"><label for="reason"><?cs var:t("Reason, for the person") ?></label>
<textarea id="reason" name="reason" rows="4" maxlength="2000"></textarea>
<p class="actions"><button name="act" value="reject"><?cs var:t("Refuse") ?></button></p></div></details>
</form>
<?cs call:keys(#1, #1, #0) ?><?cs else ?><div class="empty"><p class="lead"><?cs var:t("Nobody waits for you.") ?></p>
<p><?cs var:t("Requests to join and to leave that need your consent will stand here.") ?></p></div>
<?cs /if ?><?cs if:subcount(Page.recent) > 0 ?><h2><?cs var:t("Decided in the last seven days") ?></h2>
<table class="cards"><thead><tr><th scope="col"><?cs var:t("Who") ?></th><th scope="col"><?cs var:t("What") ?></th><th scope="col"><?cs var:t("Decided by") ?></th><th scope="col"><?cs var:t("When") ?></th></tr></thead>
<tbody><?cs each:recent = Page.recent ?>
<tr><td data-label="<?cs var:t("Who") ?>"><bdi><?cs var:recent.email ?></bdi></td><td data-label="<?cs var:t("What") ?>"><?cs if:recent.outcome == "joined" ?><?cs var:t("joined") ?><?cs elif:recent.outcome == "left" ?><?cs var:t("left") ?><?cs elif:recent.outcome == "changed" ?><?cs var:t("address changed") ?><?cs elif:recent.outcome == "rejected" ?><?cs var:t("refused") ?><?cs else ?><?cs var:t("discarded") ?><?cs /if ?><?cs if:recent.reason ?> <span class="muted"><bdi><?cs var:recent.reason ?></bdi></span><?cs /if ?></td>
<td data-label="<?cs var:t("Decided by") ?>"><bdi><?cs var:recent.by ?></bdi></td><td data-label="<?cs var:t("When") ?>"><?cs call:time(recent.at) ?></td></tr><?cs /each ?>
</tbody></table>
<?cs /if ?><?cs include!"_foot.cs" ?>
