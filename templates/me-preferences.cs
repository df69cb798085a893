<?cs set:Title = t("What you prefer") ?><?cs set:Me_at = "preferences" ?><?cs include!"_parts.cs" ?><?cs include!"_preferences.cs" ?><?cs include!"_head.cs" ?>
<?cs include!"_me.cs" ?><h1><?cs var:t("What you prefer") ?></h1>
<p class="muted"><?cs var:t("This holds for all your lists. A single list or address may have its own.") ?></p>
<form method="post" action="/me/preferences"><?cs call:form_mark() ?>
<div class="row"><label for="name"><?cs var:t("Your name") ?></label><p class="help"><?cs var:t("As you write it. Owners of your lists see it.") ?></p><input type="text" id="name" name="name" value="<?cs var:Page.name ?>" maxlength="200" autocomplete="name"></div>
<?cs call:preferences() ?><div class="row<?cs if:Page.fault.field == "time_zone" ?> fault<?cs /if ?>"><label for="zone"><?cs var:t("Time zone") ?></label><p class="help"><?cs var:t("In which the pages show you times.") ?></p>
<?cs call:fault("time_zone") ?><select id="zone" name="time_zone"><option value=""><?cs var:t("As the list or the site has it") ?></option><?cs each:zone = Page.zones ?><option<?cs if:zone.is_chosen ?> selected<?cs /if ?>><?cs var:zone.name ?></option><?cs /each ?></select></div>
<p class="actions"><button class="main"><?cs var:t("Save") ?></button> <span class="muted"><?cs var:t("Nothing changes until you save.") ?></span></p></form></div></div>
<?cs include!"_foot.cs" ?>
