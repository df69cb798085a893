<?cs set:Title = t("Kept threads") ?><?cs set:Tab = "list" ?><?cs include!"_parts.cs" ?><?cs include!"_head.cs" ?>
<h1><?cs var:t("Kept threads") ?></h1>
<?cs call:list_tabs("kept") ?><?cs if:subcount(Page.threads) > 0 ?><ul class="threads"><?cs each:thread = Page.threads ?><?cs call:thread_row(thread) ?><?cs /each ?></ul><?cs call:older("?", Page.older) ?>
<?cs else ?><div class="empty"><p class="lead"><?cs var:t("You have kept no thread of this list.") ?></p><p><?cs var:t("A thread's page has a button for it.") ?></p></div>
<?cs /if ?><?cs include!"_foot.cs" ?>
