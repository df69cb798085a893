<?cs set:Title = t("Bans") ?><?cs set:Tab = "rules" ?><?cs include!"_parts.cs" ?><?cs include!"_rules.cs" ?><?cs include!"_head.cs" ?>
<?cs call:rules_crumb() ?><div class="columns rail"><?cs call:rules_rail() ?>
<div><h1><?cs if:Page.is_list ?><?cs var:t("Bans") ?><?cs elif:Page.place ?><?cs var:t1("Bans on all lists of %1", Page.place) ?><?cs else ?><?cs var:t("Bans on all lists") ?><?cs /if ?></h1>
<p class="muted"><?cs var:t("Who is banned can neither post nor join; their mail is discarded without a word.") ?></p>
<?cs if:Page.done == "added" ?><p class="notice good" role="status"><?cs var:t1("%1 is banned now.", Page.pattern) ?></p>
<?cs elif:Page.done == "removed" ?><form class="notice good" method="post" action="<?cs var:href(Page.base) ?>bans" role="status"><?cs call:form_mark() ?><input type="hidden" name="pattern" value="<?cs var:Page.pattern ?>"><input type="hidden" name="reason" value="<?cs var:Page.reason ?>"><?cs var:t1("%1 is no longer banned.", Page.pattern) ?> <button><?cs var:t("Ban again") ?></button></form>
<?cs /if ?><form method="post" action="<?cs var:href(Page.base) ?>bans"><?cs call:form_mark() ?>
<div class="row<?cs if:Page.fault.field == "pattern" ?> fault<?cs /if ?>"><label for="pattern"><?cs var:t("Address, @domain or ^regular expression") ?></label>
<?cs call:fault("pattern") ?><input type="text" id="pattern" name="pattern" value="<?cs var:Page.typed ?>" maxlength="500" autocapitalize="none" spellcheck="false"<?cs if:Page.fault.field == "pattern" ?> aria-invalid="true" aria-describedby="why-pattern"<?cs /if ?>></div>
<div class="row"><label for="reason"><?cs var:t("Reason, for those who look after the list") ?></label><input type="text" id="reason" name="reason" value="<?cs var:Page.typed_reason ?>" maxlength="500"></div>
<p class="actions"><button class="main"><?cs var:t("Ban") ?></button></p></form>
<h2><?cs var:t("Banned") ?></h2>
<?cs if:Page.q || subcount(Page.bans) > 9 ?><form method="get" action="<?cs var:href(Page.base) ?>bans"><div class="row"><label for="q"><?cs var:t("Find") ?></label><input type="search" id="q" name="q" value="<?cs var:Page.q ?>" maxlength="100"></div><p class="actions"><button><?cs var:t("Find") ?></button> <a href="<?cs var:href(Page.base) ?>bans"><?cs var:t("All") ?></a></p></form>
<?cs /if ?><?cs if:subcount(Page.bans) > 0 ?><table class="cards"><thead><tr><th scope="col"><?cs var:t("Who") ?></th><th scope="col"><?cs var:t("Why") ?></th><th scope="col"><?cs var:t("By whom") ?></th><th scope="col"><?cs var:t("When") ?></th><td></td></tr></thead>
<tbody><?cs each:ban = Page.bans ?>
<tr><td data-label="<?cs var:t("Who") ?>"><bdi><?cs var:ban.pattern ?></bdi></td><td data-label="<?cs var:t("Why") ?>"><bdi><?cs var:ban.reason ?></bdi></td><td data-label="<?cs var:t("By whom") ?>"><bdi><?cs var:ban.by ?></bdi></td><td data-label="<?cs var:t("When") ?>"><?cs call:time(ban.at) ?></td>
<td><form method="post" action="<?cs var:href(Page.base) ?>bans"><?cs call:form_mark() ?><input type="hidden" name="pattern" value="<?cs var:ban.pattern ?>"><input type="hidden" name="reason" value="<?cs var:ban.reason ?>"><button name="act" value="remove" aria-label="<?cs var:t1("Take back the ban of %1", ban.pattern) ?>"><?cs var:t("Take back") ?></button></form></td></tr><?cs /each ?>
</tbody></table>
<?cs if:Page.next ?><p><a href="<?cs var:href(Page.base) ?>bans?after=<?cs var:Page.next ?>&amp;q=<?cs var:Page.q_escaped ?>"><?cs var:t("More") ?> ›</a></p>
<?cs /if ?><?cs elif:Page.q ?><div class="empty"><p class="lead"><?cs var:t("Nobody like that is banned here.") ?></p></div>
<?cs else ?><div class="empty"><p class="lead"><?cs var:t("Nobody is banned here.") ?></p></div>
<?cs /if ?></div></div>
<?cs include!"_foot.cs" ?>
