<?cs set:Title = t("Your addresses") ?><?cs set:Me_at = "addresses" ?><?cs include!"_parts.cs" ?><?cs include!"_head.cs" ?>
<?cs include!"_me.cs" ?><h1><?cs var:t("Your addresses") ?></h1>
<ul class="plain"><?cs each:address = Page.addresses ?><li><p><a href="/me/addresses/<?cs var:address.id ?>"><?cs var:address.email ?></a><?cs if:address.is_preferred && Page.has_several ?> <span class="badge"><?cs var:t("preferred") ?></span><?cs /if ?> <span class="muted small"><?cs var:tn("%1 list", "%1 lists", address.memberships) ?></span></p></li><?cs /each ?></ul>
<h2><?cs var:t("Add an address") ?></h2>
<form method="post" action="/me/addresses"><?cs call:form_mark() ?><?cs call:email_row("email", t("Another mail address of yours"), t("We send a mail with a link and a code to it. If it has an account here, that becomes one with this.")) ?>
<p class="actions"><button class="main"><?cs var:t("Send the mail") ?></button></p></form></div></div>
<?cs include!"_foot.cs" ?>
