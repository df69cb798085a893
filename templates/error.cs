<?cs include!"_parts.cs" ?><?cs if:Page.not_found ?><?cs set:Title = t("Nothing here that you may see") ?><?cs else ?><?cs set:Title = t("That did not work") ?><?cs /if ?><?cs include!"_head.cs" ?>
<h1><?cs var:Title ?></h1>
<p class="lead"><?cs if:Page.not_found ?><?cs var:t("The address may be mistyped, or what is here is for other people, or it has gone.") ?><?cs else ?><?cs var:Page.sentence ?><?cs /if ?></p>
<?cs if:Page.hint ?><p><?cs var:Page.hint ?></p>
<?cs /if ?><?cs if:Page.wants_sign_in ?><?cs if:Page.not_found ?><p><?cs var:t("Members: sign in to read this. You will come back to this page.") ?></p>
<?cs /if ?><p class="actions"><a class="button main" href="?sign-in" rel="nofollow"><?cs var:t("Sign in") ?></a></p>
<?cs elif:Page.is_temporary ?><p class="actions"><a class="button main" href=""><?cs var:t("Try again") ?></a></p>
<?cs /if ?><p><a href="/"><?cs var:t("All lists") ?></a></p>
<?cs include!"_foot.cs" ?>
