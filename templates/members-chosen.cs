<?cs set:Title = t("Remove") ?><?cs set:Tab = "members" ?><?cs include!"_parts.cs" ?><?cs include!"_head.cs" ?>
<h1><?cs var:tn("Remove %1 person from this list?", "Remove %1 people from this list?", Page.count) ?></h1>
<p class="lead"><?cs var:t("Copies that are already on their way still arrive. The archive keeps their posts. Adding the address again brings nothing else back.") ?></p>
<form method="post" action="<?cs var:href(List.path) ?>members/chosen"><?cs call:form_mark() ?><input type="hidden" name="act" value="remove"><input type="hidden" name="sure" value="1">
<ul class="plain"><?cs each:person = Page.people ?><li><?cs var:person.email ?> <bdi class="muted"><?cs var:person.name ?></bdi><input type="hidden" name="id" value="<?cs var:person.id ?>"></li>
<?cs /each ?></ul>
<label class="choice"><input type="checkbox" name="goodbye" value="1"> <span><?cs var:t("Send each a mail that says goodbye") ?></span></label>
<p class="actions"><button class="main"><?cs var:t("Remove") ?></button> <a href="<?cs var:href(List.path) ?>members"><?cs var:t("Leave it as it is") ?></a></p></form>
<?cs include!"_foot.cs" ?>
