<?cs set:Title = t("Topics") ?><?cs set:Tab = "list" ?><?cs include!"_parts.cs" ?><?cs include!"_head.cs" ?>
<h1><?cs var:t("Which posts do you want?") ?></h1>
<?cs if:Page.is_saved ?><p class="notice good" role="status"><?cs var:t("Saved.") ?></p>
<?cs /if ?><?cs if:subcount(Page.topics) > 0 ?><form method="post" action="<?cs var:href(List.path) ?>my-topics"><?cs call:form_mark() ?>
<fieldset class="row"><legend><?cs var:t("Posts about") ?></legend><p class="help"><?cs var:t("Nothing ticked: you get every post.") ?></p>
<?cs each:topic = Page.topics ?><label class="choice"><input type="checkbox" name="topic" value="<?cs var:topic.id ?>"<?cs if:topic.is_chosen ?> checked<?cs /if ?>> <span><bdi><?cs var:topic.name ?></bdi><?cs if:topic.description ?> <span class="muted"><bdi><?cs var:topic.description ?></bdi></span><?cs /if ?></span></label>
<?cs /each ?></fieldset>
<label class="choice"><input type="checkbox" name="others" value="1"<?cs if:Page.others ?> checked<?cs /if ?>> <span><?cs var:t("Also posts that are about none of these") ?></span></label>
<p class="actions"><button class="main"><?cs var:t("Save") ?></button></p></form>
<?cs else ?><div class="empty"><p class="lead"><?cs var:t("This list has no topics: you get every post.") ?></p></div>
<?cs /if ?><?cs include!"_foot.cs" ?>
