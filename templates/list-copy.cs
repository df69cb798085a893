<?cs set:Title = t("Copy from another list") ?><?cs set:Tab = "settings" ?><?cs include!"_parts.cs" ?><?cs include!"_settings.cs" ?><?cs include!"_head.cs" ?>
<div class="columns rail"><?cs call:settings_rail() ?>
<div><h1><?cs var:t("Copy from another list") ?></h1>
<?cs if:Page.is_done ?><p class="notice good" role="status"><?cs var:t("It was copied.") ?> <a href="<?cs var:href(List.path) ?>setting/history"><?cs var:t("What was changed") ?></a></p>
<?cs /if ?><?cs if:Page.from.address ?><?cs if:subcount(Page.differences) > 0 ?><p class="lead"><?cs var:tn("%1 setting differs.", "%1 settings differ.", subcount(Page.differences)) ?></p>
<table class="cards"><thead><tr><th scope="col"><?cs var:t("Setting") ?></th><th scope="col"><?cs var:t("Now") ?></th><th scope="col"><?cs var:t("Then") ?></th></tr></thead>
<tbody><?cs each:row = Page.differences ?><tr><td><?cs var:row.label ?></td><td data-label="<?cs var:t("Now") ?>"><?cs var:row.before ?></td><td data-label="<?cs var:t("Then") ?>"><?cs var:row.after ?></td></tr><?cs /each ?>
</tbody></table>
<?cs else ?><p class="lead"><?cs var:t("The settings of both lists are the same.") ?></p>
<?cs /if ?><form method="post" action="<?cs var:href(List.path) ?>copy"><?cs call:form_mark() ?><input type="hidden" name="from" value="<?cs var:Page.from.address ?>">
<fieldset class="row<?cs if:Page.fault.field == "part" ?> fault<?cs /if ?>"><legend><?cs var:t1("Copy from %1", Page.from.address) ?></legend>
<p class="help"><?cs var:t("Settings and texts are replaced; people, bans and filters are added to those that are there.") ?></p>
<?cs call:fault("part") ?><?cs each:part = Page.parts ?><label class="choice"><input type="checkbox" name="part" value="<?cs var:part.part ?>"<?cs if:part.is_chosen ?> checked<?cs /if ?>> <span><?cs var:part.label ?></span></label>
<?cs /each ?></fieldset>
<p class="actions"><button class="main"><?cs var:t("Copy") ?></button> <a href="<?cs var:href(List.path) ?>settings/"><?cs var:t("Leave it as it is") ?></a></p></form>
<?cs else ?><form method="get" action="<?cs var:href(List.path) ?>copy"><div class="row<?cs if:Page.fault.field == "like" ?> fault<?cs /if ?>"><label for="from"><?cs var:t("Address of the list to copy from") ?></label>
<p class="help" id="help-from"><?cs var:t("You must own it. Nothing is changed yet: you will see what would change.") ?></p>
<?cs call:fault("like") ?><input type="text" id="from" name="from" value="<?cs var:Page.typed ?>" inputmode="email" autocapitalize="none" spellcheck="false" maxlength="320" required aria-describedby="help-from"></div>
<p class="actions"><button class="main"><?cs var:t("Compare") ?></button></p></form>
<?cs if:Page.like_link ?><p><a href="<?cs var:href(Page.like_link) ?>"><?cs var:t("Or make a new list like this one") ?></a></p>
<?cs /if ?><?cs /if ?></div></div>
<?cs include!"_foot.cs" ?>
