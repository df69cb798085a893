<?cs if:Page.hash ?><?cs set:Title = t("Answer") ?><?cs else ?><?cs set:Title = t("Write to the list") ?><?cs /if ?><?cs include!"_parts.cs" ?><?cs include!"_head.cs" ?>
<?cs if:Page.hash ?><h1><?cs if:Page.subject_answered ?><?cs var:t1("Answer to “%1”", Page.subject_answered) ?><?cs else ?><?cs var:t("Answer") ?><?cs /if ?></h1>
<p><a href="<?cs var:href(List.path) ?>message/<?cs var:Page.hash ?>"><?cs var:t1("The message by %1", Page.author) ?></a></p>
<?cs else ?><h1><?cs var:t("Write to the list") ?></h1>
<?cs /if ?><?cs if:!Me.signed_in ?><p><?cs var:t("You can answer in your mail program, or here after signing in.") ?></p>
<p class="actions"><a class="button main" href="<?cs var:href(Page.mailto_list) ?>"><?cs var:t("Answer by mail") ?></a> <a class="button" href="?sign-in" rel="nofollow"><?cs var:t("Sign in") ?></a></p>
<?cs else ?><?cs if:Page.fault.sentence && !Page.fault.field ?><p class="notice bad" role="alert"><?cs var:Page.fault.sentence ?></p>
<?cs /if ?><?cs if:Page.verdict.action == "hold" ?><div class="notice warn" role="status"><p><strong><?cs var:t("A moderator will look at it before it is on the list.") ?></strong></p>
<ul><?cs each:reason = Page.verdict.reasons ?><li><?cs var:reason ?></li><?cs /each ?></ul><?cs if:!Page.verdict.is_member ?>
<p><a href="<?cs var:href(List.path) ?>join"><?cs var:t("Join this list first") ?></a></p><?cs /if ?></div>
<?cs elif:Page.verdict.action == "reject" || Page.verdict.action == "discard" ?><div class="notice bad" role="status"><p><strong><?cs var:t("The list would not take this mail.") ?></strong></p>
<ul><?cs each:reason = Page.verdict.reasons ?><li><?cs var:reason ?></li><?cs /each ?></ul><?cs if:!Page.verdict.is_member ?>
<p><a href="<?cs var:href(List.path) ?>join"><?cs var:t("Join this list first") ?></a></p><?cs /if ?></div>
<?cs elif:!Page.verdict.is_member ?><p class="notice"><?cs var:t("You are not a member with this address. The list takes your mail, but answers may not reach you.") ?> <a href="<?cs var:href(List.path) ?>join"><?cs var:t("Join") ?></a></p>
<?cs /if ?><?cs if:Page.preview.address ?><section aria-label="<?cs var:t("Preview") ?>"><h2><?cs var:t("Preview") ?></h2>
<article class="message"><header><p class="person"><bdi><?cs var:Page.preview.author ?></bdi></p><?cs if:Page.preview.address != Page.preview.author ?><p class="muted small"><?cs var:Page.preview.address ?></p><?cs /if ?></header>
<p class="strong"><bdi><?cs if:Page.preview.subject ?><?cs var:Page.preview.subject ?><?cs else ?><?cs var:t("(no subject)") ?><?cs /if ?></bdi></p>
<?cs call:body(Page.preview.body) ?>
<?cs if:subcount(Page.preview.files) > 0 ?><ul class="plain small"><?cs each:file = Page.preview.files ?><li><?cs var:t("Attachment:") ?> <bdi><?cs var:file.name ?></bdi> <span class="muted"><?cs var:file.size ?></span></li><?cs /each ?></ul>
<p class="notice warn"><?cs var:t("Browsers do not keep files over a preview: please choose them again before sending.") ?></p>
<?cs /if ?></article></section>
<?cs /if ?><form method="post" enctype="multipart/form-data" action="<?cs var:href(List.path) ?><?cs if:Page.hash ?>message/<?cs var:Page.hash ?>/reply<?cs else ?>write<?cs /if ?>"><?cs call:form_mark() ?><input type="hidden" name="mark" value="<?cs var:Page.mark ?>">
<div class="row"><label for="from"><?cs var:t("From") ?></label><select id="from" name="from"><?cs each:address = Page.addresses ?><option value="<?cs var:address.id ?>"<?cs if:address.is_chosen ?> selected<?cs /if ?>><?cs var:address.email ?></option><?cs /each ?></select>
<p class="from"><?cs var:t1("To: %1", List.address) ?></p></div>
<div class="row<?cs if:Page.fault.field == "subject" ?> fault<?cs /if ?>"><label for="subject"><?cs var:t("Subject") ?></label><?cs call:fault("subject") ?>
<input type="text" id="subject" name="subject" value="<?cs var:Page.subject ?>" maxlength="300"<?cs if:Page.fault.field == "subject" ?> aria-invalid="true" aria-describedby="why-subject"<?cs /if ?>></div>
<div class="row<?cs if:Page.fault.field == "text" ?> fault<?cs /if ?>"><label for="text"><?cs var:t("Text") ?></label><?cs call:fault("text") ?>
<textarea id="text" name="text" rows="16"<?cs if:Page.fault.field == "text" ?> aria-invalid="true" aria-describedby="why-text"<?cs /if ?>>
<?cs var:Page.text ?></textarea></div>
<div class="row<?cs if:Page.fault.field == "file" ?> fault<?cs /if ?>"><label for="file"><?cs var:t("Attached files") ?></label><?cs call:fault("file") ?>
<p class="help" id="help-file"><?cs var:t1("The whole mail may have %1.", Page.most) ?></p><input type="file" id="file" name="file" multiple aria-describedby="help-file"></div>
<p class="actions"><button class="main" name="act" value="send"><?cs var:t("Send") ?></button> <button name="act" value="preview"><?cs var:t("Preview") ?></button></p></form>
<details class="more"><summary><?cs var:t("Rather in your mail program?") ?></summary><ul class="plain">
<?cs if:Page.mailto ?><li><a href="<?cs var:href(Page.mailto) ?>"><?cs if:Page.hash ?><?cs var:t("Answer as the list has it") ?><?cs else ?><?cs var:t("Write to the list by mail") ?><?cs /if ?></a></li>
<?cs /if ?><?cs if:Page.mailto_list ?><li><a href="<?cs var:href(Page.mailto_list) ?>"><?cs var:t("Answer to the list") ?></a></li>
<?cs /if ?><?cs if:Page.mailto_author ?><li><a href="<?cs var:href(Page.mailto_author) ?>"><?cs var:t1("Answer to %1 alone", Page.author) ?></a></li>
<?cs /if ?></ul></details>
<?cs /if ?><?cs include!"_foot.cs" ?>
