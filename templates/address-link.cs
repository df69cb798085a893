<?cs set:Title = t("Your addresses") ?><?cs set:Me_at = "addresses" ?><?cs include!"_parts.cs" ?><?cs include!"_head.cs" ?>
<?cs include!"_me.cs" ?><?cs if:Page.is_other ?><h1><?cs var:t("This link is for another account") ?></h1>
<p><?cs var:t("Please sign in with the account that asked for it, and follow the link again. If you did not ask, you need not do anything.") ?></p>
<?cs elif:Page.is_over ?><h1><?cs if:Page.is_used ?><?cs var:t("This link has been used") ?><?cs else ?><?cs var:t("This link has expired") ?><?cs /if ?></h1>
<p class="lead"><?cs var:t1("It was for adding %1 to your addresses, once.", Page.email) ?></p><p><a class="button main" href="/me/addresses"><?cs var:t("Your addresses") ?></a></p>
<?cs else ?><h1><?cs var:t("Add this address?") ?></h1><p class="lead"><?cs var:Page.email ?></p>
<p><?cs var:t("If it has an account here, that becomes one with yours, with its lists.") ?></p>
<form method="post" action="/me/address/<?cs var:Page.token ?>"><?cs call:form_mark() ?><p class="actions"><button class="main"><?cs var:t("Add the address") ?></button></p></form>
<?cs /if ?></div></div>
<?cs include!"_foot.cs" ?>
