<?cs set:Title = Page.title ?><?cs set:Me_at = "lists" ?><?cs include!"_parts.cs" ?><?cs include!"_preferences.cs" ?><?cs include!"_head.cs" ?>
<?cs include!"_me.cs" ?><h1><?cs var:Page.title ?></h1>
<p class="muted"><a href="<?cs var:href(Page.path) ?>"><?cs var:Page.list ?></a> · <?cs var:t(Page.role) ?> · <time datetime="<?cs var:Page.joined_at.iso ?>"><?cs var:Page.joined_at.day ?></time></p>
<form method="post" action="/me/membership/<?cs var:Page.id ?>"><?cs call:form_mark() ?><?cs call:preferences() ?>
<fieldset class="row<?cs if:Page.fault.field == "address" ?> fault<?cs /if ?>"><legend><?cs var:t("With the address") ?></legend>
<?cs call:fault("address") ?><label class="choice"><input type="radio" name="address" value="0"<?cs if:Page.follows ?> checked<?cs /if ?>> <span><?cs var:t1("The one I prefer, always: now %1", Page.preferred) ?></span></label>
<?cs each:address = Page.addresses ?><label class="choice"><input type="radio" name="address" value="<?cs var:address.id ?>"<?cs if:address.is_chosen ?> checked<?cs /if ?>> <span><?cs var:address.email ?></span></label>
<?cs /each ?></fieldset>
<p class="actions"><button class="main"><?cs var:t("Save") ?></button> <a href="/me/"><?cs var:t("Back") ?></a></p></form>
<?cs if:Page.is_member ?><p><a href="<?cs var:href(Page.path) ?>leave"><?cs var:t("Leave this list") ?></a> · <a href="<?cs var:href(Page.path) ?>moved"><?cs var:t("My address has changed") ?></a></p>
<?cs /if ?></div></div>
<?cs include!"_foot.cs" ?>
