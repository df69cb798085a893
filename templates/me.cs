<?cs set:Title = t("Your lists") ?><?cs set:Me_at = "lists" ?><?cs include!"_parts.cs" ?><?cs include!"_head.cs" ?>
<?cs include!"_me.cs" ?><h1><?cs var:t("Your lists") ?></h1>
<?cs if:Page.fault.sentence ?><p class="notice bad" role="alert"><?cs var:Page.fault.sentence ?></p>
<?cs /if ?><?cs if:subcount(Page.memberships) > 0 ?><form method="post" action="/me/"><?cs call:form_mark() ?><?cs if:Page.after ?><input type="hidden" name="after" value="<?cs var:Page.after ?>"><input type="hidden" name="id" value="<?cs var:Page.after_id ?>"><?cs /if ?>
<table class="cards"><thead><tr><th scope="col"><?cs var:t("List") ?></th><th scope="col"><?cs var:t("With the address") ?></th><th scope="col"><?cs var:t("As") ?></th><th scope="col"><?cs var:t("Copies of the posts") ?></th><th scope="col"><span class="hidden"><?cs var:t("Change") ?></span></th></tr></thead>
<tbody><?cs each:membership = Page.memberships ?>
<tr><td><a href="<?cs var:href(membership.path) ?>"><?cs var:membership.title ?></a></td><td data-label="<?cs var:t("With the address") ?>"><?cs var:membership.email ?></td><td data-label="<?cs var:t("As") ?>"><?cs var:t(membership.role) ?></td>
<td data-label="<?cs var:t("Copies of the posts") ?>"><?cs if:!membership.is_member ?>–<?cs elif:membership.is_locked ?><?cs var:membership.state ?><?cs else ?><select name="status.<?cs var:membership.id ?>" aria-label="<?cs var:t1("Copies of the posts: %1", membership.title) ?>"><?cs if:membership.is_kept ?><option value="keep" selected><?cs var:membership.state ?></option><?cs /if ?>
<option value="inherit"<?cs if:!membership.is_own && !membership.is_kept ?> selected<?cs /if ?>><?cs if:membership.is_own || membership.is_kept ?><?cs var:t("As for the address or account") ?><?cs elif:membership.comes ?><?cs var:t("They come (as for the account)") ?><?cs else ?><?cs var:t("They do not come (as for the account)") ?><?cs /if ?></option><option value="enabled"<?cs if:membership.is_enabled ?> selected<?cs /if ?>><?cs var:t("They come") ?></option><option value="by_user"<?cs if:membership.is_stopped ?> selected<?cs /if ?>><?cs var:t("They do not come") ?></option></select><?cs /if ?></td>
<td><a href="/me/membership/<?cs var:membership.id ?>" aria-label="<?cs var:t1("Change: %1", membership.title) ?>"><?cs var:t("Change") ?></a></td></tr><?cs /each ?>
</tbody></table>
<p class="actions"><button class="main"><?cs var:t("Save") ?></button> <span class="muted"><?cs var:t("Nothing changes until you save.") ?></span></p></form>
<?cs if:Page.next ?><p><a href="<?cs var:href(Page.next) ?>"><?cs var:t("More lists") ?> ›</a></p>
<?cs /if ?><?cs elif:Page.is_first ?><p class="lead"><?cs var:t("You do not belong to a list yet.") ?></p><p><a class="button main" href="/"><?cs var:t("All lists") ?></a></p>
<?cs else ?><p><?cs var:t("There are no more.") ?> <a href="/me/"><?cs var:t("Your lists") ?></a></p>
<?cs /if ?><div class="actions"><form method="post" action="/logout"><?cs call:form_mark() ?><button><?cs var:t("Sign out") ?></button></form></div>
</div></div>
<?cs include!"_foot.cs" ?>
