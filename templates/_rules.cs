<?cs def:rules_link(name, label) ?><a href="<?cs var:href(Page.base) ?><?cs var:name ?>"<?cs if:Page.current == name ?> aria-current="page"<?cs /if ?>><?cs var:label ?></a>
<?cs /def ?><?cs def:rules_rail() ?><nav aria-label="<?cs var:t("Rules") ?>"><?cs if:Page.is_list ?><?cs call:rules_link("rules", t("Rules")) ?><?cs /if ?><?cs call:rules_link("filters", t("Header filters")) ?><?cs call:rules_link("bans", t("Bans")) ?><?cs if:Page.is_list && List.may_own ?><?cs call:rules_link("topics", t("Topics")) ?><?cs call:rules_link("password", t("Password for posts")) ?><?cs /if ?></nav><?cs /def ?><?cs
def:rules_crumb() ?><?cs if:Page.place ?><p class="crumb"><a href="<?cs var:href(Page.base) ?>">‹ <?cs var:Page.place ?></a></p>
<?cs elif:!Page.is_list ?><p class="crumb"><a href="/admin/">‹ <?cs var:t("Administration") ?></a></p>
<?cs /if ?><?cs /def ?>
