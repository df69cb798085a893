<?cs set:Title = Page.name ?><?cs include!"_parts.cs" ?><?cs include!"_head.cs" ?>
<p class="crumb"><a href="/admin/domains/">‹ <?cs var:t("Domains") ?></a></p>
<h1><?cs var:Page.name ?></h1>
<?cs if:Page.description ?><p class="lead"><?cs var:Page.description ?></p>
<?cs /if ?><?cs if:Page.is_done ?><p class="notice good" role="status"><?cs var:t("Saved.") ?></p>
<?cs /if ?><dl class="facts"><dt><?cs var:t("Pages at") ?></dt><dd><?cs var:Page.web_host ?></dd>
<dt><?cs var:t("Bounces and leave addresses at") ?></dt><dd><?cs var:Page.token_domain ?></dd>
<dt><?cs var:t("Lists") ?></dt><dd class="number"><?cs var:Page.list_count ?></dd></dl>
<p class="actions"><a class="button" href="<?cs var:href(Page.path) ?>edit"><?cs var:t("Change") ?></a> <a class="button" href="<?cs var:href(Page.path) ?>settings/"><?cs var:t("Settings for its lists") ?></a> <a class="button" href="<?cs var:href(Page.path) ?>templates"><?cs var:t("Texts for its lists") ?></a> <a class="button" href="<?cs var:href(Page.path) ?>filters"><?cs var:t("Filters for its lists") ?></a> <a class="button" href="<?cs var:href(Page.path) ?>bans"><?cs var:t("Bans on its lists") ?></a></p>
<h2 id="lists"><?cs var:t("Lists") ?></h2>
<?cs if:subcount(Page.lists) > 0 ?><ul class="plain"><?cs each:list = Page.lists ?><li><a href="<?cs var:href(list.path) ?>"><?cs var:list.title ?></a> <span class="muted"><?cs var:list.name ?>@</span></li><?cs /each ?></ul>
<?cs else ?><p class="muted"><?cs var:t("There is no list in this domain yet.") ?></p>
<?cs /if ?><p class="actions"><a class="button" href="/admin/lists/new?domain=<?cs var:Page.ascii ?>"><?cs var:t("New list") ?></a><?cs if:!Page.is_first ?> <a class="button" href="<?cs var:href(Page.path) ?>"><?cs var:t("From the beginning") ?></a><?cs /if ?><?cs if:Page.next ?> <a class="button" href="<?cs var:href(Page.next) ?>"><?cs var:t("More lists") ?></a><?cs /if ?></p>
<h2><?cs var:t("Owners of the domain") ?></h2>
<p class="help"><?cs var:t("They make lists in this domain and have an owner's rights on all of them.") ?></p>
<?cs if:subcount(Page.owners) > 0 ?><ul class="plain"><?cs each:owner = Page.owners ?><li><?cs if:owner.name && owner.name != owner.email ?><bdi><?cs var:owner.name ?></bdi> <?cs /if ?><span class="muted"><?cs var:owner.email ?></span><?cs if:Me.is_admin ?> <a href="<?cs var:href(owner.drop) ?>"><?cs var:t("Remove") ?></a><?cs /if ?></li><?cs /each ?></ul>
<?cs else ?><p class="muted"><?cs var:t("Nobody yet: only site administrators make lists here.") ?></p>
<?cs /if ?><?cs if:Me.is_admin ?><form method="post" action="<?cs var:href(Page.path) ?>"><?cs call:form_mark() ?><div class="row<?cs if:Page.fault.field == "owner" ?> fault<?cs /if ?>"><label for="owner"><?cs var:t("Mail address of a new owner") ?></label>
<?cs call:fault("owner") ?><input type="text" id="owner" name="owner" value="<?cs var:Page.owner ?>" inputmode="email" autocapitalize="none" spellcheck="false" maxlength="254" required>
<p class="actions"><button><?cs var:t("Add the owner") ?></button></p></div></form>
<?cs /if ?><h2><?cs var:t("Other names of the domain") ?></h2>
<p class="help"><?cs var:t1("Mail to a list at another name reaches the same list at %1.", Page.name) ?></p>
<?cs if:subcount(Page.aliases) > 0 ?><ul class="plain"><?cs each:alias = Page.aliases ?><li><?cs var:alias.name ?><?cs if:Me.is_admin ?> <a href="<?cs var:href(alias.drop) ?>"><?cs var:t("Remove") ?></a><?cs /if ?></li><?cs /each ?></ul>
<?cs else ?><p class="muted"><?cs var:t("None.") ?></p>
<?cs /if ?><?cs if:Me.is_admin ?><form method="post" action="<?cs var:href(Page.path) ?>"><?cs call:form_mark() ?><div class="row<?cs if:Page.fault.field == "alias" ?> fault<?cs /if ?>"><label for="alias"><?cs var:t("Another name") ?></label>
<p class="help" id="help-alias"><?cs var:t("Its MX record must lead to this server.") ?></p>
<?cs call:fault("alias") ?><?cs if:Page.fault.field == "name" ?><p class="why"><?cs var:Page.fault.sentence ?></p><?cs /if ?><input type="text" id="alias" name="alias" value="<?cs var:Page.alias ?>" autocapitalize="none" spellcheck="false" maxlength="253" required aria-describedby="help-alias">
<p class="actions"><button><?cs var:t("Add the name") ?></button></p></div></form>
<?cs /if ?><h2><?cs var:t("Signing keys, and their DNS records") ?></h2>
<p class="small"><a href="/help/dns"><?cs var:t("How records are put into DNS") ?></a></p>
<?cs if:subcount(Page.records) > 0 ?><dl><?cs each:record = Page.records ?><dt><code><?cs var:record.name ?></code> <span class="badge">TXT</span> <span class="muted small"><?cs if:record.active ?><?cs var:t("for new mail") ?><?cs else ?><?cs var:t("still published for mail on its way") ?><?cs /if ?></span></dt>
<dd class="small"><code><?cs var:record.value ?></code></dd><?cs /each ?></dl>
<?cs else ?><p><?cs var:t("There is no key yet, so nothing can be sent. On the server, run:") ?></p><pre>kairan dkim new <?cs var:Page.ascii ?></pre>
<?cs /if ?><?cs if:Me.is_admin ?><p><a href="<?cs var:href(Page.path) ?>remove"><?cs var:t("Remove the domain") ?></a></p>
<?cs /if ?><?cs include!"_foot.cs" ?>
