<?cs set:Title = t("Texts") ?><?cs set:Tab = "texts" ?><?cs include!"_parts.cs" ?><?cs include!"_head.cs" ?>
<?cs def:origin(text) ?><?cs if:text.is_own ?><strong><?cs var:t("changed here") ?></strong><?cs elif:text.from_domain ?><?cs var:t("from the domain") ?><?cs elif:text.from_site ?><?cs var:t("from the site") ?><?cs else ?><?cs var:t("as shipped") ?><?cs /if ?><?cs /def ?>
<?cs if:!Page.is_list ?><p class="crumb"><?cs if:Page.is_domain ?><a href="/admin/domains/<?cs var:Page.domain ?>/">‹ <?cs var:Page.domain ?></a><?cs else ?><a href="/admin/">‹ <?cs var:t("Administration") ?></a><?cs /if ?></p>
<?cs /if ?><h1><?cs if:Page.is_list ?><?cs var:t("Texts") ?><?cs elif:Page.is_domain ?><?cs var:t1("Texts of %1", Page.domain) ?><?cs else ?><?cs var:t("Texts of the site") ?><?cs /if ?></h1>
<p class="muted"><?cs if:Page.is_list ?><?cs var:t("What the list writes to people, in its own words. What you change here counts for this list alone.") ?><?cs elif:Page.is_domain ?><?cs var:t("They count for all lists of the domain that have no text of their own.") ?><?cs else ?><?cs var:t("They count for all lists, unless a domain or a list has a text of its own.") ?><?cs /if ?></p>
<?cs each:group = Page.groups ?><h2><?cs var:group.title ?></h2>
<table class="cards"><thead><tr><th scope="col"><?cs var:t("Texts") ?></th><th scope="col">English</th><th scope="col" lang="ja">日本語</th></tr></thead>
<tbody><?cs each:text = group.texts ?>
<tr><td><a href="<?cs var:href(Page.base) ?>/<?cs var:text.name ?>"><?cs var:text.label ?></a></td><?cs each:language = text.languages ?><td data-label="<?cs var:language.name ?>"><a href="<?cs var:href(Page.base) ?>/<?cs var:text.name ?>?language=<?cs var:language.code ?>"><?cs call:origin(language) ?></a></td><?cs /each ?></tr><?cs /each ?>
</tbody></table>
<?cs /each ?><?cs include!"_foot.cs" ?>
