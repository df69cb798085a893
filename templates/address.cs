<?cs set:Title = Page.email ?><?cs set:Me_at = "addresses" ?><?cs include!"_parts.cs" ?><?cs include!"_preferences.cs" ?><?cs include!"_head.cs" ?>
<?cs include!"_me.cs" ?><p class="crumb"><a href="/me/addresses">‹ <?cs var:t("Your addresses") ?></a></p><h1><?cs var:Page.email ?></h1>
<p class="muted"><?cs var:t("This holds for the lists that write to this address. A single list may have its own.") ?></p>
<form method="post" action="/me/addresses/<?cs var:Page.id ?>"><?cs call:form_mark() ?><?cs call:preferences() ?>
<p class="actions"><button class="main"><?cs var:t("Save") ?></button></p></form>
<?cs if:Page.memberships > 0 ?><h2><?cs var:t("This address has changed?") ?></h2>
<?cs if:subcount(Page.others) > 0 ?><form method="post" action="/me/addresses/<?cs var:Page.id ?>/move"><?cs call:form_mark() ?><label for="to"><?cs var:t("From now on its lists write to") ?></label>
<p class="actions"><select id="to" name="to"><?cs each:other = Page.others ?><option value="<?cs var:other.id ?>"><?cs var:other.email ?></option><?cs /each ?></select> <button><?cs var:t("Change it for all of them") ?></button></p></form>
<?cs /if ?><form method="post" action="/me/addresses/<?cs var:Page.id ?>/move"><?cs call:form_mark() ?><div class="row<?cs if:Page.fault.field == "email" ?> fault<?cs /if ?>"><label for="new"><?cs var:t("From now on its lists write to this new address") ?></label>
<p class="help" id="help-new"><?cs var:t("We send a mail with a link and a code to it. With that all lists change at once, and this address is told.") ?></p>
<?cs call:fault("email") ?><input type="text" id="new" name="email" value="<?cs var:Page.new_email ?>" inputmode="email" autocomplete="email" autocapitalize="none" spellcheck="false" maxlength="254" required aria-describedby="help-new"></div>
<p class="actions"><button><?cs var:t("Send the mail") ?></button></p></form>
<?cs /if ?><?cs if:!Page.is_only ?><div class="actions"><?cs if:!Page.is_preferred ?><form method="post" action="/me/addresses/<?cs var:Page.id ?>/prefer"><?cs call:form_mark() ?><button><?cs var:t("Prefer this address") ?></button></form>
<?cs /if ?><a href="/me/addresses/<?cs var:Page.id ?>/remove"><?cs var:t("Give this address up") ?></a></div>
<?cs /if ?></div></div>
<?cs include!"_foot.cs" ?>
