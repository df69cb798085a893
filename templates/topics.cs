<?cs set:Title = t("Topics") ?><?cs set:Tab = "rules" ?><?cs include!"_parts.cs" ?><?cs include!"_rules.cs" ?><?cs include!"_head.cs" ?>
<div class="columns rail"><?cs call:rules_rail() ?>
<div><h1><?cs var:t("Topics") ?></h1>
<p class="muted"><?cs var:t("A post is about a topic when its subject or its keywords match. Members choose which topics they get; without a choice they get every post.") ?></p>
<?cs if:Page.done == "saved" ?><p class="notice good" role="status"><?cs var:t("Saved.") ?></p>
<?cs elif:Page.done == "removed" ?><p class="notice good" role="status"><?cs var:t("The topic was removed. Who had chosen only this one gets every post again.") ?></p>
<?cs /if ?><?cs if:!Page.is_on ?><p class="notice warn"><?cs var:t("Topics are switched off: every member gets every post.") ?> <a href="<?cs var:href(List.path) ?>settings/message_acceptance#set-topics_bodylines_limit"><?cs var:t("Settings") ?></a></p>
<?cs /if ?><?cs if:subcount(Page.topics) > 0 ?><table class="cards"><thead><tr><th scope="col"><?cs var:t("Topic") ?></th><th scope="col"><?cs var:t("What is looked for") ?></th><th scope="col"><?cs var:t("Chosen by") ?></th></tr></thead>
<tbody><?cs each:topic = Page.topics ?>
<tr><td><a href="<?cs var:href(List.path) ?>topics/<?cs var:topic.id ?>"><bdi><?cs var:topic.name ?></bdi></a><?cs if:topic.description ?><br><span class="muted"><bdi><?cs var:topic.description ?></bdi></span><?cs /if ?></td><td data-label="<?cs var:t("What is looked for") ?>"><code><?cs var:topic.pattern ?></code></td><td class="number" data-label="<?cs var:t("Chosen by") ?>"><?cs var:topic.members ?></td></tr><?cs /each ?>
</tbody></table>
<?cs /if ?><h2><?cs var:t("New topic") ?></h2>
<form method="post" action="<?cs var:href(List.path) ?>topics"><?cs call:form_mark() ?><?cs include!"_topic.cs" ?>
<p class="actions"><button class="main"><?cs var:t("Add the topic") ?></button></p></form></div></div>
<?cs include!"_foot.cs" ?>
