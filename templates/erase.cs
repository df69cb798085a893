<?cs set:Title = t("Erase a person") ?><?cs include!"_parts.cs" ?><?cs include!"_head.cs" ?>
<h1><?cs var:t("Erase a person") ?></h1>
<p><?cs var:t("Addresses and names are taken out of all the person's posts on this list, in the stored mail too, and out of everything that is kept about them here. The posts themselves and their addresses stay. Posts of others that name the person are shown to you afterwards. Nothing of it can be undone.") ?></p>
<form method="post" action="<?cs var:href(List.path) ?>erase"><?cs call:form_mark() ?><?cs if:Page.asks ?><input type="hidden" name="sure" value="1"><?cs /if ?>
<div class="row<?cs if:Page.fault.field == "words" ?> fault<?cs /if ?>"><label for="words"><?cs var:t("Mail addresses and names of the person, one on each line") ?></label>
<?cs call:fault("words") ?><textarea id="words" name="words" rows="4" maxlength="12000" required><?cs var:Page.words ?></textarea></div>
<?cs if:Page.asks ?><p class="notice warn" role="alert"><?cs var:t("Are these all addresses and names, and none of somebody else?") ?></p>
<p class="actions"><a class="button" href="<?cs var:href(List.path) ?>removed"><?cs var:t("Keep everything") ?></a> <button class="danger"><?cs var:t("Erase for good") ?></button></p>
<?cs else ?><p class="actions"><button class="main"><?cs var:t("Go on …") ?></button></p>
<?cs /if ?></form>
<?cs include!"_foot.cs" ?>
