<?cs set:Title = Page.title ?><?cs set:Tab = "members" ?><?cs include!"_parts.cs" ?><?cs include!"_head.cs" ?>
<p class="crumb"><a href="<?cs var:href(Page.role_path) ?>">‹ <?cs var:Page.role_title ?></a></p>
<h1><?cs var:Page.title ?></h1>
<p class="muted"><?cs var:t("Nothing happens yet: the next page shows what would happen, line by line.") ?></p>
<form method="post" action="<?cs var:href(List.path) ?>members/add" enctype="multipart/form-data"><?cs call:form_mark() ?><?cs if:Page.is_removal ?><input type="hidden" name="act" value="remove"><?cs /if ?><input type="hidden" name="role" value="<?cs var:Page.role ?>">
<div class="row<?cs if:Page.fault.field == "people" ?> fault<?cs /if ?>"><label for="people"><?cs var:t("Addresses, one on each line") ?></label>
<p class="help" id="help-people"><?cs var:t("Such as hana@example.jp or Hana Sato <hana@example.jp>. Lines copied from a spreadsheet or a mail work too.") ?></p>
<?cs call:fault("people") ?><textarea id="people" name="people" rows="8" autocapitalize="none" spellcheck="false" aria-describedby="help-people"><?cs var:Page.people ?></textarea></div>
<div class="row<?cs if:Page.fault.field == "file" ?> fault<?cs /if ?>"><label for="file"><?cs var:t("Or a file") ?></label>
<p class="help" id="help-file"><?cs var:t("A table saved as CSV or text (UTF-8, UTF-16 or Shift_JIS). Its first row may name columns: address, name, delivery, language, moderation.") ?></p>
<?cs call:fault("file") ?><input type="file" id="file" name="file" accept=".csv,.tsv,.txt,text/csv,text/plain" aria-describedby="help-file"></div>
<?cs if:Page.is_removal && Page.is_member_role ?><label class="choice"><input type="checkbox" name="everybody" value="1"> <span><?cs var:t("Or everybody: all members of this list") ?></span></label>
<?cs /if ?><?cs if:!Page.is_removal && Page.is_member_role ?><fieldset class="row"><legend><?cs var:t("How") ?></legend>
<label class="choice"><input type="radio" name="act" value="add"<?cs if:Page.act != "invite" ?> checked<?cs /if ?>> <span><?cs var:t("Add them at once. They have agreed to be on this list.") ?></span></label>
<label class="choice"><input type="radio" name="act" value="invite"<?cs if:Page.act == "invite" ?> checked<?cs /if ?>> <span><?cs var:t("Invite them. Each gets a mail and joins by its link.") ?></span></label></fieldset>
<?cs elif:!Page.is_removal ?><input type="hidden" name="act" value="add"><?cs /if ?>
<?cs if:Page.is_member_role ?><label class="choice"><input type="checkbox" name="greet" value="1"<?cs if:Page.greet ?> checked<?cs /if ?>> <span><?cs if:Page.is_removal ?><?cs var:t("Send each a mail that says goodbye") ?><?cs else ?><?cs var:t("Send those who are added a mail of welcome") ?><?cs /if ?></span></label>
<?cs /if ?><details class="more"><summary><?cs var:t("If names come out wrong") ?></summary><div class="row"><label for="charset"><?cs var:t("Encoding of the file") ?></label><select id="charset" name="charset"><option value=""><?cs var:t("find out") ?></option><option value="utf-8">UTF-8</option><option value="cp932">Shift_JIS (CP932)</option><option value="utf-16le">UTF-16</option><option value="euc-jp">EUC-JP</option><option value="windows-1252">Windows-1252</option></select></div></details>
<p class="actions"><button class="main"><?cs var:t("Show what would happen") ?></button> <a href="<?cs var:href(Page.role_path) ?>"><?cs var:t("Leave it as it is") ?></a></p></form>
<?cs if:subcount(Page.runs) > 0 && !Page.is_removal ?><h2><?cs var:t("Invitations that go out little by little") ?></h2>
<ul class="plain"><?cs each:run = Page.runs ?><li><a href="<?cs var:href(List.path) ?>members/invited/<?cs var:run.id ?>"><?cs var:t2("%1 of %2 people have been invited.", run.invited, run.total) ?></a> <span class="muted"><?cs call:time(run.asked_at) ?></span></li><?cs /each ?></ul>
<?cs /if ?><?cs include!"_foot.cs" ?>
