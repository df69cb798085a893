<?cs set:Title = t("Your mail to the list") ?><?cs include!"_parts.cs" ?><?cs include!"_head.cs" ?>
<h1><?cs var:t("Your mail to the list") ?></h1>
<?cs if:Page.state == "accepted" ?><p class="notice good" role="status"><?cs var:t("It is on the list.") ?></p>
<?cs elif:Page.state == "held" ?><div class="notice warn" role="status"><p><strong><?cs var:t("It waits for a moderator.") ?></strong></p><ul><?cs each:reason = Page.reasons ?><li><?cs var:reason ?></li><?cs /each ?></ul></div>
<?cs elif:Page.state == "refused" ?><div class="notice bad" role="status"><p><strong><?cs var:t("The list did not take it.") ?></strong></p><ul><?cs each:reason = Page.reasons ?><li><?cs var:reason ?></li><?cs /each ?></ul></div>
<?cs elif:Page.state == "received" ?><p class="notice" role="status"><?cs var:t("It is on its way, and will be on the list in a moment.") ?></p>
<?cs else ?><p class="notice" role="status"><?cs var:t("It was handed to the list.") ?></p>
<?cs /if ?><p class="actions"><?cs if:Page.hash ?><a class="button main" href="<?cs var:href(List.path) ?>thread/<?cs var:Page.hash ?>"><?cs var:t("Look at it") ?></a>
<?cs elif:Page.state == "received" ?><a class="button main" href="<?cs var:href(List.path) ?>written/<?cs var:Page.id ?>"><?cs var:t("Look again") ?></a>
<?cs /if ?><a class="button" href="<?cs var:href(List.path) ?>"><?cs var:t("All threads") ?></a></p>
<?cs include!"_foot.cs" ?>
