<?cs def:settings_rail() ?><nav aria-label="<?cs var:t("Groups of settings") ?>"><?cs each:group = Page.groups ?><a href="<?cs var:href(Page.base) ?>settings/<?cs var:group.name ?>"<?cs if:group.is_current ?> aria-current="page"<?cs /if ?>><?cs var:group.title ?></a>
<?cs /each ?><a href="<?cs var:href(Page.base) ?>setting/search"><?cs var:t("Find a setting") ?></a>
<a href="<?cs var:href(Page.base) ?>setting/history"><?cs var:t("What was changed") ?></a><?cs if:Page.scope == "list" ?>
<?cs if:List.may_rename ?><a href="<?cs var:href(List.path) ?>rename"<?cs if:Page.current == "rename" ?> aria-current="page"<?cs /if ?>><?cs var:t("Name and address") ?></a>
<?cs /if ?><a href="<?cs var:href(List.path) ?>copy"<?cs if:Page.current == "copy" ?> aria-current="page"<?cs /if ?>><?cs var:t("Copy from another list") ?></a>
<a href="<?cs var:href(List.path) ?>delete"<?cs if:Page.current == "delete" ?> aria-current="page"<?cs /if ?>><?cs var:t("Remove this list") ?></a><?cs /if ?></nav><?cs /def ?><?cs
def:settings_place() ?><?cs if:Page.scope == "domain" ?><p class="crumb"><a href="<?cs var:href(Page.base) ?>">‹ <?cs var:Page.place ?></a></p><p class="muted"><?cs var:t1("For all lists of %1 that set nothing else.", Page.place) ?></p>
<?cs elif:Page.scope == "site" ?><p class="crumb"><a href="/admin/">‹ <?cs var:t("Administration") ?></a></p><p class="muted"><?cs var:t("For all lists of this site that set nothing else.") ?></p>
<?cs /if ?><?cs /def ?><?cs
def:value_change(change) ?><?cs var:t2("%1 → %2", change.before, change.after) ?><?cs /def ?>
