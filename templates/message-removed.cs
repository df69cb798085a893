<?cs set:Title = t("A removed post") ?><?cs set:Tab = "list" ?><?cs include!"_parts.cs" ?><?cs include!"_head.cs" ?>
<h1><?cs var:t("A removed post") ?></h1>
<p class="lead"><?cs var:t("This post was removed by the owners.") ?></p>
<p class="actions"><?cs if:Page.thread_hash ?><a class="button" href="<?cs var:href(List.path) ?>thread/<?cs var:Page.thread_hash ?>#<?cs var:Page.hash ?>"><?cs var:t("Whole thread") ?></a> <?cs /if ?><a class="button" href="<?cs var:href(List.path) ?>"><?cs var:t("All threads") ?></a><?cs if:List.may_own ?> <a class="button" href="<?cs var:href(List.path) ?>message/<?cs var:Page.hash ?>/remove"><?cs var:t("Remove or change a post") ?></a><?cs /if ?></p>
<?cs include!"_foot.cs" ?>
