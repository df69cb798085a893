<?cs set:Title = t("Invitations") ?><?cs set:Tab = "members" ?><?cs include!"_parts.cs" ?><?cs include!"_head.cs" ?>
<p class="crumb"><a href="<?cs var:href(Page.role_path) ?>">‹ <?cs var:Page.role_title ?></a></p>
<h1><?cs if:Page.is_open ?><?cs var:t("The invitations are going out") ?><?cs elif:Page.stopped_by ?><?cs var:t("The invitations were stopped") ?><?cs else ?><?cs var:t("The invitations have gone out") ?><?cs /if ?></h1>
<p class="lead"><?cs var:t2("%1 of %2 people have been invited.", Page.invited, Page.total) ?></p>
<?cs if:Page.is_open ?><p><?cs var:t1("At most %1 go out in an hour, so that mail services do not take them for unwanted mail. You may close this page.", Page.an_hour) ?><?cs if:Page.hours ?> <?cs var:tn("It takes about %1 hour more.", "It takes about %1 hours more.", Page.hours) ?><?cs /if ?></p>
<?cs /if ?><dl class="facts"><?cs if:Page.left_out > 0 ?><dt><?cs var:t("Left out, as they joined or were banned meanwhile") ?></dt><dd><?cs var:Page.left_out ?></dd>
<?cs /if ?><dt><?cs var:t("Asked for by") ?></dt><dd><bdi><?cs var:Page.who ?></bdi>, <?cs call:time(Page.asked_at) ?></dd><?cs if:Page.stopped_by ?>
<dt><?cs var:t("Stopped by") ?></dt><dd><bdi><?cs var:Page.stopped_by ?></bdi>, <?cs call:time(Page.ended_at) ?></dd><?cs /if ?></dl>
<?cs if:Page.is_open ?><p class="actions"><a class="button main" href="<?cs var:href(List.path) ?>members/invited/<?cs var:Page.id ?>"><?cs var:t("Look again") ?></a></p>
<form method="post" action="<?cs var:href(List.path) ?>members/invited/<?cs var:Page.id ?>"><?cs call:form_mark() ?><p class="actions"><button><?cs var:t("Stop: invite nobody else") ?></button></p></form>
<?cs else ?><p class="actions"><a class="button" href="<?cs var:href(List.path) ?>requests?show=confirm"><?cs var:t("Who has not answered yet") ?></a></p>
<?cs /if ?><?cs include!"_foot.cs" ?>
