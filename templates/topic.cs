<?cs set:Title = t("Topic") ?><?cs set:Tab = "rules" ?><?cs include!"_parts.cs" ?><?cs include!"_rules.cs" ?><?cs include!"_head.cs" ?>
<div class="columns rail"><?cs call:rules_rail() ?>
<div><p class="crumb"><a href="<?cs var:href(List.path) ?>topics">‹ <?cs var:t("Topics") ?></a></p>
<h1><bdi><?cs var:Page.name ?></bdi></h1>
<p class="muted"><?cs var:tn("%1 member has chosen it.", "%1 members have chosen it.", Page.members) ?></p>
<form method="post" action="<?cs var:href(List.path) ?>topics/<?cs var:Page.id ?>"><?cs call:form_mark() ?><?cs include!"_topic.cs" ?>
<p class="actions"><button class="main" name="act" value="save"><?cs var:t("Save") ?></button></p>
<details class="more"><summary><?cs var:t("Remove this topic") ?></summary><p><?cs var:t("Who had chosen only this one gets every post again.") ?></p><p class="actions"><button name="act" value="remove"><?cs var:t("Remove") ?></button></p></details></form></div></div>
<?cs include!"_foot.cs" ?>
