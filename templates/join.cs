<?cs set:Title = t("Join") ?><?cs include!"_parts.cs" ?><?cs include!"_head.cs" ?>
<?cs if:Page.outcome == "mailed" ?><h1><?cs var:t("Please look into your mail") ?></h1>
<p class="lead"><?cs var:t1("We have written to %1.", Page.email) ?></p>
<p><?cs var:t("Follow the link in that mail to join. It works for three days. If nothing comes within ten minutes, please look among the unwanted mails.") ?></p>
<?cs elif:Page.outcome == "joined" ?><h1><?cs var:t("You are a member") ?></h1>
<p class="lead"><?cs var:t1("Posts will come to %1.", Page.email) ?></p>
<p class="actions"><a class="button main" href="<?cs var:href(List.path) ?>"><?cs var:t("To the list") ?></a></p>
<?cs elif:Page.outcome == "asked" ?><h1><?cs var:t("The owners have been asked") ?></h1>
<p class="lead"><?cs var:t("On this list the owners decide who joins. They have got a mail about you.") ?></p>
<?cs elif:Page.outcome == "refused" ?><h1><?cs var:t("This address cannot join") ?></h1>
<p class="lead"><?cs var:t("The owners of this list do not let this address join. Please write to them if you think that this is a mistake.") ?></p>
<?cs else ?><h1><?cs var:t1("Join %1", List.title) ?></h1>
<?cs if:List.description ?><p class="lead" lang="<?cs var:List.language ?>"><?cs var:List.description ?></p>
<?cs /if ?><form method="post" action="<?cs var:href(List.path) ?>join">
<?cs call:form_mark() ?><?cs call:email_row("email", t("Your mail address"), t("No account and no password is needed: you get a mail with a link.")) ?>
<p class="actions"><button class="main"><?cs var:t("Join") ?></button></p>
</form>
<?cs /if ?><?cs include!"_foot.cs" ?>
