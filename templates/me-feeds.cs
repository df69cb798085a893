<?cs set:Title = t("Private feeds") ?><?cs set:Me_at = "feeds" ?><?cs include!"_parts.cs" ?><?cs include!"_head.cs" ?>
<?cs include!"_me.cs" ?><h1><?cs var:t("Private feeds") ?></h1>
<?cs if:Page.fault.sentence ?><p class="notice bad" role="alert"><?cs var:Page.fault.sentence ?></p>
<?cs /if ?><?cs if:Page.fresh ?><div class="notice good" role="status"><p><strong><?cs var:t("This is the address of the new feed. It is shown only now: copy it into your feed reader.") ?></strong></p>
<p class="address"><?cs var:Page.fresh ?></p></div>
<?cs /if ?><p><?cs var:t("A feed shows new posts in a feed reader, from lists for members too. Whoever knows its address can read along: give it to nobody, and end a feed that you no longer use.") ?></p>
<?cs if:subcount(Page.feeds) > 0 ?><table class="cards"><thead><tr><th scope="col"><?cs var:t("Feed") ?></th><th scope="col"><?cs var:t("Made") ?></th><th scope="col"><span class="hidden"><?cs var:t("Change") ?></span></th></tr></thead>
<tbody><?cs each:feed = Page.feeds ?>
<tr><td><bdi><?cs if:feed.is_gone ?><?cs var:t("A list that you may not see now") ?><?cs elif:feed.title ?><?cs var:feed.title ?><?cs else ?><?cs var:t("All your lists") ?><?cs /if ?></bdi></td><td data-label="<?cs var:t("Made") ?>"><?cs call:time(feed.at) ?></td>
<td><form method="post" action="/me/feeds/<?cs var:feed.id ?>/end"><?cs call:form_mark() ?><button><?cs var:t("End this feed") ?></button></form></td></tr><?cs /each ?>
</tbody></table>
<?cs /if ?><form method="post" action="/me/feeds"><?cs call:form_mark() ?><div class="row"><label for="list"><?cs var:t("New feed of") ?></label>
<select id="list" name="list"><option value=""><?cs var:t("All your lists") ?></option><?cs each:list = Page.lists ?><option value="<?cs var:list.id ?>"><?cs var:list.title ?></option><?cs /each ?></select></div>
<p class="actions"><button class="main"><?cs var:t("Make a feed") ?></button></p></form></div></div>
<?cs include!"_foot.cs" ?>
