<?cs set:Title = t("Join") ?><?cs include!"_parts.cs" ?><?cs include!"_subscription.cs" ?><?cs include!"_head.cs" ?>
<?cs if:Page.outcome == "mailed" ?><?cs call:mailed("join") ?>
<?cs elif:Page.outcome == "limited" ?><?cs call:limited() ?>
<?cs elif:Page.outcome == "joined" && Page.paused ?><h1><?cs var:t("You are a member, but delivery is stopped") ?></h1>
<p class="lead"><?cs var:t1("No posts come to %1 now.", Page.email) ?></p>
<p><?cs if:Page.is_locked ?><?cs var:t("An owner of the list stopped it. Please ask the owners.") ?><?cs else ?><?cs var:t("You can start it again in the settings of your membership.") ?><?cs /if ?></p>
<p class="actions"><a class="button main" href="/me/membership/<?cs var:Page.paused ?>"><?cs var:t("Membership") ?></a> <a href="<?cs var:href(List.path) ?>"><?cs var:t("To the list") ?></a></p>
<?cs elif:Page.outcome == "joined" ?><h1><?cs var:t("You are a member") ?></h1>
<p class="lead"><?cs var:t1("Posts will come to %1.", Page.email) ?></p>
<?cs call:words(Page.joined_page) ?><p class="actions"><a class="button main" href="<?cs var:href(List.path) ?>"><?cs var:t("To the list") ?></a></p>
<?cs elif:Page.outcome == "asked" ?><h1><?cs var:t("The owners have been asked") ?></h1>
<p class="lead"><?cs var:t("On this list the owners decide who joins. You get a mail when they have decided.") ?></p>
<?cs call:words(Page.asked_page) ?><?cs elif:Page.outcome == "refused" ?><h1><?cs var:t("This address cannot join") ?></h1>
<p class="lead"><?cs var:t("The owners of this list do not let this address join. Please write to them if you think that this is a mistake.") ?></p>
<?cs call:words(Page.refused_page) ?><?cs else ?><h1><?cs var:t1("Join %1", List.title) ?></h1>
<?cs if:List.description ?><p class="lead" lang="<?cs var:List.language ?>"><?cs var:List.description ?></p>
<?cs /if ?><?cs call:words(Page.join_page) ?><?cs if:Page.fault.field == "stamp" ?><?cs call:notice("warn", Page.fault.sentence) ?><?cs /if ?>
<?cs if:subcount(Page.own) > 0 ?><form method="post" action="<?cs var:href(List.path) ?>join"><?cs call:form_mark() ?>
<fieldset class="row"><legend><?cs var:t("Which of your addresses?") ?></legend><?cs each:own = Page.own ?>
<label class="choice"><input type="radio" name="email" value="<?cs var:own.email ?>"<?cs if:own.is_first ?> checked<?cs /if ?>> <span><bdi><?cs var:own.email ?></bdi></span></label><?cs /each ?>
</fieldset><p class="actions"><button class="main"><?cs var:t("Join") ?></button></p></form>
<h2><?cs var:t("With another address") ?></h2>
<?cs /if ?><form method="post" action="<?cs var:href(List.path) ?>join">
<?cs call:stamp() ?><?cs call:email_row("email", t("Your mail address"), t("No account and no password is needed: you get a mail with a link.")) ?>
<p class="actions"><button class="main"><?cs var:t("Join") ?></button></p>
</form>
<?cs /if ?><?cs include!"_foot.cs" ?>
