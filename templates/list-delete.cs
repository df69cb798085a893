<?cs set:Title = t("Remove this list") ?><?cs set:Tab = "settings" ?><?cs include!"_parts.cs" ?><?cs include!"_settings.cs" ?><?cs include!"_head.cs" ?>
<div class="columns rail"><?cs call:settings_rail() ?>
<div><h1><?cs var:t("Remove this list") ?></h1>
<p class="lead"><?cs var:tn("It takes no more mail from now on, and nobody sees it. After %1 day it is erased.", "It takes no more mail from now on, and nobody sees it. After %1 days it is erased.", Page.days) ?></p>
<ul><li><?cs var:t1("Until %1 you, the other owners and the site's administrators can bring it back with one press, as it was.", Page.erase_at) ?></li>
<li><?cs var:t("Then its members, settings and all posts with their attachments are erased for good.") ?></li>
<li><?cs var:t("The owners get a mail about it. Members are not told: write to them before, if they should know.") ?></li></ul>
<form method="post" action="<?cs var:href(List.path) ?>delete"><?cs call:form_mark() ?>
<div class="row<?cs if:Page.fault.field == "name" ?> fault<?cs /if ?>"><label for="name"><?cs var:t1("To be sure, type %1", List.address) ?></label>
<?cs call:fault("name") ?><input type="text" id="name" name="name" value="<?cs var:Page.typed ?>" inputmode="email" autocapitalize="none" autocomplete="off" spellcheck="false" maxlength="320" required></div>
<p class="actions"><button><?cs var:t("Remove the list") ?></button> <a href="<?cs var:href(List.path) ?>"><?cs var:t("Keep it") ?></a></p></form></div></div>
<?cs include!"_foot.cs" ?>
