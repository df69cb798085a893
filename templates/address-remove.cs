<?cs set:Title = t("Give this address up") ?><?cs set:Me_at = "addresses" ?><?cs include!"_parts.cs" ?><?cs include!"_head.cs" ?>
<?cs include!"_me.cs" ?><h1><?cs var:t1("Give up %1?", Page.email) ?></h1>
<?cs if:Page.fault.sentence ?><p class="notice bad" role="alert"><?cs var:Page.fault.sentence ?><?cs if:Page.fault.hint ?> <?cs var:Page.fault.hint ?><?cs /if ?></p>
<?cs /if ?><p><?cs if:Page.memberships > 0 ?><?cs var:tn("It leaves %1 list. To keep it, first choose another address for the list.", "It leaves %1 lists. To keep them, first choose another address for each.", Page.memberships) ?><?cs else ?><?cs var:t("No list writes to it.") ?><?cs /if ?></p>
<p class="actions"><a class="button main" href="/me/addresses/<?cs var:Page.id ?>"><?cs var:t("Keep it") ?></a></p>
<form method="post" action="/me/addresses/<?cs var:Page.id ?>/remove"><?cs call:form_mark() ?><button><?cs var:t("Give it up") ?></button></form></div></div>
<?cs include!"_foot.cs" ?>
