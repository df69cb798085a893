<?cs set:Title = t("New messages") ?><?cs set:Tab = "list" ?><?cs include!"_parts.cs" ?><?cs include!"_head.cs" ?>
<h1><?cs var:t("New messages") ?></h1>
<?cs call:list_tabs("unread") ?><?cs call:list_reader(Page.reader) ?>
<?cs if:subcount(Page.threads) > 0 ?><ul class="threads"><?cs each:thread = Page.threads ?><?cs call:thread_row(thread) ?><?cs /each ?></ul><?cs call:older("?", Page.older) ?>
<?cs else ?><div class="empty"><p class="lead"><?cs var:t("There is nothing new here for you.") ?></p></div>
<?cs /if ?><?cs include!"_foot.cs" ?>
