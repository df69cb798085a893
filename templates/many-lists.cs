<?cs set:Title = t("Many lists") ?><?cs include!"_parts.cs" ?><?cs include!"_head.cs" ?>
<?cs def:sorted(sort, title) ?><th scope="col"<?cs if:sort.is_current ?><?cs if:sort.is_down ?> aria-sort="descending"<?cs else ?> aria-sort="ascending"<?cs /if ?><?cs /if ?>><a href="<?cs var:href(sort.path) ?>"><?cs var:title ?><?cs if:sort.is_current ?><?cs if:sort.is_down ?> ↓<?cs else ?> ↑<?cs /if ?><?cs /if ?></a></th><?cs /def ?>
<p class="crumb"><?cs if:Me.is_admin ?><a href="/admin/">‹ <?cs var:t("Administration") ?></a><?cs /if ?></p>
<h1><?cs var:t("Many lists") ?></h1>
<form method="get" action="/admin/lists"><?cs if:Page.sort ?><input type="hidden" name="sort" value="<?cs var:Page.sort ?>"><?cs /if ?><?cs if:Page.is_down ?><input type="hidden" name="back" value="1"><?cs /if ?><div class="row"><label for="q"><?cs var:t("Part of the address or name") ?></label><input type="search" id="q" name="q" value="<?cs var:Page.q ?>" maxlength="100"></div>
<details class="more"<?cs if:Page.where || Page.shown || Page.fault.sentence ?> open<?cs /if ?>><summary><?cs var:t("More conditions") ?></summary>
<div class="row"><label for="domain"><?cs var:t("Domain") ?></label><input type="text" id="domain" name="domain" value="<?cs var:Page.domain ?>" maxlength="253" autocapitalize="none"></div>
<div class="row"><label for="state"><?cs var:t("State") ?></label><select id="state" name="state"><option value=""><?cs var:t("any") ?></option><?cs each:state = Page.states ?><option value="<?cs var:state.name ?>"<?cs if:state.is_chosen ?> selected<?cs /if ?>><?cs var:state.label ?></option><?cs /each ?></select></div>
<div class="row"><label for="setting"><?cs var:t("Setting") ?></label><select id="setting" name="setting"><option value=""><?cs var:t("any") ?></option><?cs each:setting = Page.settings ?><option value="<?cs var:setting.name ?>"<?cs if:setting.is_chosen ?> selected<?cs /if ?>><?cs var:setting.group ?>: <?cs var:setting.label ?></option><?cs /each ?></select></div>
<div class="row<?cs if:Page.fault.sentence ?> fault<?cs /if ?>"><label for="sign"><?cs var:t("Its value") ?></label><?cs if:Page.fault.sentence ?><p class="why"><?cs var:Page.fault.sentence ?></p><?cs /if ?>
<select id="sign" name="sign"><option value=""><?cs var:t("is shown") ?></option><?cs each:sign = Page.signs ?><option value="<?cs var:sign.sign ?>"<?cs if:sign.is_chosen ?> selected<?cs /if ?>><?cs var:sign.label ?></option><?cs /each ?></select>
<input type="text" name="value" value="<?cs var:Page.value ?>" maxlength="500" aria-label="<?cs var:t("Its value") ?>"></div>
<label class="choice"><input type="checkbox" name="own" value="1"<?cs if:Page.own ?> checked<?cs /if ?>> <span><?cs var:t("Only where the list itself has set it") ?></span></label></details>
<p class="actions"><button class="main"><?cs var:t("Show") ?></button> <a href="/admin/lists"><?cs var:t("All lists") ?></a></p></form>
<?cs if:subcount(Page.lists) > 0 ?><form method="post" action="/admin/lists/apply"><?cs call:form_mark() ?><input type="hidden" name="where" value="<?cs var:Page.where ?>">
<label class="choice" data-select-all="input[name=id]" hidden><input type="checkbox"> <span><?cs var:t("Choose all") ?></span></label>
<table class="cards"><thead><tr><?cs call:sorted(Page.sorts.address, t("List")) ?><?cs if:Page.shown ?><th scope="col"><?cs var:Page.shown ?></th><?cs /if ?><?cs call:sorted(Page.sorts.members, t("Members")) ?><th scope="col"><?cs var:t("Owners") ?></th><?cs call:sorted(Page.sorts.held, t("Held")) ?><?cs call:sorted(Page.sorts.last, t("Last post")) ?><?cs call:sorted(Page.sorts.created, t("Made")) ?></tr></thead>
<tbody><?cs each:list = Page.lists ?>
<tr><td><label class="choice"><input type="checkbox" name="id" value="<?cs var:list.id ?>"> <span><?cs var:list.title ?> <span class="muted"><?cs var:list.address ?></span></span></label> <a class="small" href="<?cs var:href(list.path) ?>settings/"><?cs var:t("Settings") ?><span class="hidden"> <?cs var:list.title ?></span></a></td><?cs if:Page.shown ?><td data-label="<?cs var:Page.shown ?>"><?cs var:list.value ?><?cs if:list.is_own ?> <span class="badge"><?cs var:t("set there") ?></span><?cs /if ?></td><?cs /if ?><td class="number" data-label="<?cs var:t("Members") ?>"><?cs call:members_of(list) ?></td><td class="number" data-label="<?cs var:t("Owners") ?>"><?cs var:list.owners ?></td><td class="number" data-label="<?cs var:t("Held") ?>"><?cs call:held_of(list) ?></td><td data-label="<?cs var:t("Last post") ?>"><?cs if:list.last_at ?><?cs call:time(list.last_at) ?><?cs else ?><span class="muted"><?cs var:t("none") ?></span><?cs /if ?></td><td data-label="<?cs var:t("Made") ?>"><time datetime="<?cs var:list.created_at.iso ?>"><?cs var:list.created_at.day ?></time></td></tr><?cs /each ?>
</tbody></table>
<?cs if:Page.more ?><p><a href="<?cs var:href(Page.more) ?>"><?cs var:t("More") ?> ›</a></p>
<?cs /if ?><h2><?cs var:t("Change a setting of those chosen") ?></h2>
<div class="row"><label for="change"><?cs var:t("Setting") ?></label><select id="change" name="setting"><?cs each:setting = Page.settings ?><option value="<?cs var:setting.name ?>"<?cs if:setting.is_chosen ?> selected<?cs /if ?>><?cs var:setting.group ?>: <?cs var:setting.label ?></option><?cs /each ?></select></div>
<label class="choice"><input type="checkbox" name="all" value="1"> <span><?cs var:t("Of all lists that meet the conditions, also on further pages") ?></span></label>
<p class="actions"><button class="main"><?cs var:t("Choose the value") ?></button> <span class="muted"><?cs var:t("You will see what changes before anything does.") ?></span></p></form>
<?cs else ?><div class="empty"><p class="lead"><?cs var:t("No list meets these conditions.") ?></p></div>
<?cs /if ?><h2><?cs var:t("As text") ?></h2>
<p><a href="/admin/lists/export?where=<?cs var:Page.where_url ?>"><?cs var:t("Save what is set on these lists as a text file") ?></a> · <a href="/admin/lists/import"><?cs var:t("Set what a text says") ?></a></p>
<?cs if:subcount(Page.acts) > 0 ?><h2><?cs var:t("Changed together lately") ?></h2>
<ul class="plain"><?cs each:act = Page.acts ?>
<li><a href="/admin/lists/act/<?cs var:act.id ?>"><?cs var:act.words ?></a> <span class="muted"><?cs var:tn("%1 change", "%1 changes", act.changes) ?> · <?cs var:act.who ?></span> <?cs call:time(act.at) ?><?cs if:act.is_undone ?> <span class="badge"><?cs var:t("taken back") ?></span><?cs /if ?></li><?cs /each ?>
</ul>
<?cs /if ?><?cs include!"_foot.cs" ?>
