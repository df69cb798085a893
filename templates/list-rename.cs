<?cs set:Title = t("Name and address") ?><?cs set:Tab = "settings" ?><?cs include!"_parts.cs" ?><?cs include!"_settings.cs" ?><?cs include!"_head.cs" ?>
<div class="columns rail"><?cs call:settings_rail() ?>
<div><h1><?cs var:t("Name and address") ?></h1>
<?cs if:Page.is_done ?><p class="notice good" role="status"><?cs var:t1("The list is %1 now. Mail to its old address still arrives, and its old pages lead here.", List.address) ?></p>
<?cs /if ?><form method="post" action="<?cs var:href(List.path) ?>rename"><?cs call:form_mark() ?>
<div class="row<?cs if:Page.fault.field == "name" || Page.fault.field == "domain" ?> fault<?cs /if ?>"><label for="name"><?cs var:t("New address") ?></label>
<p class="help" id="help-name"><?cs var:t("Posts, members and settings stay. Mail to the old address still arrives, and old links still work.") ?></p>
<?cs call:fault("name") ?><?cs call:fault("domain") ?><p class="actions"><input type="text" class="short" id="name" name="name" value="<?cs var:Page.name ?>" maxlength="60" autocapitalize="none" autocomplete="off" spellcheck="false" required aria-describedby="help-name"> <span aria-hidden="true">@</span> <label for="domain" class="hidden"><?cs var:t("Domain") ?></label><select id="domain" name="domain"><?cs each:domain = Page.domains ?><option value="<?cs var:domain.name ?>"<?cs if:domain.is_chosen ?> selected<?cs /if ?>><?cs var:domain.name ?></option><?cs /each ?></select></p>
<?cs if:Page.asks_to_take ?><label class="choice"><input type="checkbox" name="take" value="1"> <span><?cs var:t("Take the name all the same: mail to it then comes to this list") ?></span></label>
<?cs /if ?></div>
<p class="actions"><button class="main"><?cs var:t("Rename") ?></button> <span class="muted"><?cs var:t("The name that people read is among the settings, under Identity.") ?></span></p></form>
<?cs if:subcount(Page.old) > 0 ?><h2><?cs var:t("Old addresses that still work") ?></h2>
<table class="cards"><thead><tr><th scope="col"><?cs var:t("Address") ?></th><th scope="col"><?cs var:t("Its address until") ?></th><th scope="col"><?cs var:t("What to do") ?></th></tr></thead>
<tbody><?cs each:old = Page.old ?><tr><td><?cs var:old.address ?></td><td data-label="<?cs var:t("Its address until") ?>"><?cs call:time(old.renamed_at) ?></td><td><a href="<?cs var:href(old.drop) ?>"><?cs var:t("Give it up") ?></a></td></tr><?cs /each ?>
</tbody></table>
<?cs /if ?></div></div>
<?cs include!"_foot.cs" ?>
