<?cs if:Page.is_new ?><?cs set:Title = t("New domain") ?><?cs else ?><?cs set:Title = Page.title ?><?cs /if ?><?cs include!"_parts.cs" ?><?cs include!"_head.cs" ?>
<p class="crumb"><a href="/admin/domains/">‹ <?cs var:t("Domains") ?></a></p>
<h1><?cs var:Title ?></h1>
<form method="post" action="<?cs if:Page.is_new ?>/admin/domains/new<?cs else ?><?cs var:href(Page.path) ?>edit<?cs /if ?>"><?cs call:form_mark() ?>
<?cs if:Page.is_new ?><div class="row<?cs if:Page.fault.field == "name" ?> fault<?cs /if ?>"><label for="name"><?cs var:t("Domain") ?></label>
<p class="help" id="help-name"><?cs var:t("The part after the @ of its lists, such as lists.example.jp. Its MX record must lead to this server.") ?></p>
<?cs call:fault("name") ?><input type="text" id="name" name="name" value="<?cs var:Page.name ?>" autocapitalize="none" spellcheck="false" maxlength="253" required aria-describedby="help-name"></div>
<?cs /if ?><div class="row<?cs if:Page.fault.field == "description" ?> fault<?cs /if ?>"><label for="description"><?cs var:t("Description") ?></label>
<p class="help" id="help-description"><?cs var:t("One line about what the domain is for. Only its owners see it.") ?></p>
<?cs call:fault("description") ?><input type="text" id="description" name="description" value="<?cs var:Page.description ?>" maxlength="300" aria-describedby="help-description"></div>
<?cs if:Me.is_admin ?><div class="row<?cs if:Page.fault.field == "web_host" ?> fault<?cs /if ?>"><label for="web_host"><?cs var:t("Web host") ?></label>
<p class="help" id="help-host"><?cs var:t("Host name under which its pages are reached. Several domains may share one. Empty: the domain's own name.") ?></p>
<?cs call:fault("web_host") ?><input type="text" id="web_host" name="web_host" value="<?cs var:Page.web_host ?>" autocapitalize="none" spellcheck="false" maxlength="260" aria-describedby="help-host"></div>
<div class="row<?cs if:Page.fault.field == "token_domain" ?> fault<?cs /if ?>"><label for="token_domain"><?cs var:t("Domain of bounce and leave addresses") ?></label>
<p class="help" id="help-token"><?cs var:t("Its MX record must lead to this server. Empty: the domain itself.") ?></p>
<?cs call:fault("token_domain") ?><input type="text" id="token_domain" name="token_domain" value="<?cs var:Page.token_domain ?>" autocapitalize="none" spellcheck="false" maxlength="253" aria-describedby="help-token"></div>
<?cs /if ?><p class="actions"><button class="main"><?cs if:Page.is_new ?><?cs var:t("Make the domain") ?><?cs else ?><?cs var:t("Save") ?><?cs /if ?></button> <a href="<?cs if:Page.is_new ?>/admin/domains/<?cs else ?><?cs var:href(Page.path) ?><?cs /if ?>"><?cs var:t("Leave it as it is") ?></a></p></form>
<?cs include!"_foot.cs" ?>
