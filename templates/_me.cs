<div class="columns rail"><nav aria-label="<?cs var:t("You") ?>"><a href="/me/"<?cs if:Me_at == "lists" ?> aria-current="page"<?cs /if ?>><?cs var:t("Your lists") ?></a>
<a href="/me/favourites"<?cs if:Me_at == "favourites" ?> aria-current="page"<?cs /if ?>><?cs var:t("Kept threads") ?></a>
<a href="/me/muted"<?cs if:Me_at == "muted" ?> aria-current="page"<?cs /if ?>><?cs var:t("Muted threads") ?></a>
<a href="/me/preferences"<?cs if:Me_at == "preferences" ?> aria-current="page"<?cs /if ?>><?cs var:t("What you prefer") ?></a>
<a href="/me/addresses"<?cs if:Me_at == "addresses" ?> aria-current="page"<?cs /if ?>><?cs var:t("Your addresses") ?></a>
<a href="/me/searches"<?cs if:Me_at == "searches" ?> aria-current="page"<?cs /if ?>><?cs var:t("Saved searches") ?></a>
<a href="/me/feeds"<?cs if:Me_at == "feeds" ?> aria-current="page"<?cs /if ?>><?cs var:t("Private feeds") ?></a>
<a href="/me/sign-in"<?cs if:Me_at == "sign-in" ?> aria-current="page"<?cs /if ?>><?cs var:t("Signing in") ?></a>
<a href="/me/history"<?cs if:Me_at == "history" ?> aria-current="page"<?cs /if ?>><?cs var:t("What was changed") ?></a>
<a href="/me/data"<?cs if:Me_at == "data" ?> aria-current="page"<?cs /if ?>><?cs var:t("Your data") ?></a></nav>
<div><?cs if:Page.is_saved ?><p class="notice good" role="status"><?cs var:t("Saved.") ?></p>
<?cs /if ?>
