<?cs set:Title = t("Discard without a word") ?><?cs set:Tab = "requests" ?><?cs include!"_parts.cs" ?><?cs include!"_head.cs" ?>
<h1><?cs var:tn("Discard %1 request?", "Discard %1 requests?", Page.count) ?></h1>
<p class="lead"><?cs var:t("Nobody is told. The person may ask again.") ?></p>
<form method="post" action="<?cs var:href(List.path) ?>requests"><?cs call:form_mark() ?><input type="hidden" name="act" value="discard"><input type="hidden" name="sure" value="1"><?cs each:one = Page.ids ?><input type="hidden" name="id" value="<?cs var:one.id ?>"><?cs /each ?>
<p class="actions"><button class="main"><?cs var:t("Discard") ?></button> <a href="<?cs var:href(List.path) ?>requests"><?cs var:t("Keep them") ?></a></p></form>
<?cs include!"_foot.cs" ?>
