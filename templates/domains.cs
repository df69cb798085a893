<?cs set:Title = t("Domains") ?><?cs include!"_parts.cs" ?><?cs include!"_head.cs" ?>
<p class="crumb"><?cs if:Me.is_admin ?><a href="/admin/">‹ <?cs var:t("Administration") ?></a><?cs else ?><a href="/">‹ <?cs var:t("Lists") ?></a><?cs /if ?></p>
<h1><?cs var:t("Domains") ?></h1>
<?cs if:subcount(Page.domains) > 0 ?><table class="cards"><thead><tr><th scope="col"><?cs var:t("Domain") ?></th><th scope="col"><?cs var:t("Web host") ?></th><th scope="col"><?cs var:t("Lists") ?></th></tr></thead>
<tbody><?cs each:domain = Page.domains ?><tr><td><a href="<?cs var:href(domain.path) ?>"><?cs var:domain.name ?></a><?cs if:domain.description ?> <span class="muted"><?cs var:domain.description ?></span><?cs /if ?></td><td data-label="<?cs var:t("Web host") ?>"><?cs var:domain.web_host ?></td><td class="number" data-label="<?cs var:t("Lists") ?>"><?cs var:domain.lists ?></td></tr><?cs /each ?>
</tbody></table>
<?cs else ?><div class="empty"><p class="lead"><?cs var:t("There is no domain yet. Lists have addresses in a domain, such as lists.example.jp.") ?></p></div>
<?cs /if ?><?cs if:Me.is_admin ?><p class="actions"><a class="button main" href="/admin/domains/new"><?cs var:t("New domain") ?></a></p>
<?cs /if ?><?cs include!"_foot.cs" ?>
