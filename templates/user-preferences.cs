<?cs set:Title = t("What this person prefers") ?><?cs include!"_parts.cs" ?><?cs include!"_preferences.cs" ?><?cs include!"_head.cs" ?>
<p class="crumb"><a href="/admin/users/<?cs var:Page.id ?>">‹ <?cs var:Page.email ?></a></p><h1><?cs var:t("What this person prefers") ?></h1>
<p><?cs var:t("For:") ?> <?cs if:Page.address == #0 ?><strong><?cs var:t("all lists of the account") ?></strong><?cs else ?><a href="/admin/users/<?cs var:Page.id ?>/preferences"><?cs var:t("all lists of the account") ?></a><?cs /if ?><?cs each:address = Page.addresses ?> · <?cs if:address.is_current ?><strong><?cs var:address.email ?></strong><?cs else ?><a href="/admin/users/<?cs var:Page.id ?>/preferences?address=<?cs var:address.id ?>"><?cs var:address.email ?></a><?cs /if ?><?cs /each ?></p>
<p class="muted"><?cs var:t("The person sees who changed it. A single list may have its own: see the member's page there.") ?></p>
<?cs if:Page.is_saved ?><p class="notice good" role="status"><?cs var:t("Saved.") ?></p>
<?cs /if ?><form method="post" action="/admin/users/<?cs var:Page.id ?>/preferences"><?cs call:form_mark() ?><?cs if:Page.address != #0 ?><input type="hidden" name="address" value="<?cs var:Page.address ?>"><?cs /if ?><?cs call:preferences() ?>
<p class="actions"><button class="main"><?cs var:t("Save") ?></button></p></form>
<?cs include!"_foot.cs" ?>
