<?cs def:steps() ?><table class="cards"><thead><tr><th scope="col"><?cs var:t("Where") ?></th><th scope="col"><?cs var:t("Setting") ?></th><th scope="col"><?cs var:t("Before") ?></th><th scope="col"><?cs var:t("After") ?></th></tr></thead>
<tbody><?cs each:step = Page.steps ?>
<tr><td><?cs var:step.place ?></td><td data-label="<?cs var:t("Setting") ?>"><?cs var:step.label ?></td><td data-label="<?cs var:t("Before") ?>"><?cs var:step.before ?></td><td data-label="<?cs var:t("After") ?>"><?cs var:step.after ?><?cs if:step.is_undone ?> <span class="badge"><?cs var:t("changed again since") ?></span><?cs /if ?></td></tr><?cs /each ?>
</tbody></table>
<?cs if:Page.hidden > 0 ?><p class="muted"><?cs var:tn("and %1 more", "and %1 more", Page.hidden) ?></p>
<?cs /if ?><?cs /def ?>
