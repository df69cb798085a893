<?cs set:Title = Page.person ?><?cs set:Tab = "members" ?><?cs include!"_parts.cs" ?><?cs include!"_head.cs" ?>
<p class="crumb"><a href="<?cs var:href(List.path) ?>members/<?cs var:Page.id ?>">‹ <bdi><?cs var:Page.person ?></bdi></a></p>
<?cs if:Page.is_last_owner && !Page.is_admin ?><h1><?cs var:t("This is the last owner") ?></h1>
<p class="lead"><?cs var:t("A list without an owner has nobody to decide about it, so the last one stays. Make somebody else an owner first.") ?></p>
<p class="actions"><a class="button main" href="<?cs var:href(List.path) ?>members/owner"><?cs var:t("Owners") ?></a></p>
<?cs else ?><h1><?cs if:Page.is_member ?><?cs var:t1("Remove %1 from this list?", Page.email) ?><?cs else ?><?cs var:t2("Take the role of %1 away: %2?", Page.email, Page.role_title) ?><?cs /if ?></h1>
<?cs if:Page.is_last_owner ?><p class="notice warn" role="status"><?cs var:t("This is the last owner: afterwards only site administrators look after this list.") ?></p>
<?cs elif:Page.is_member ?><p class="lead"><?cs var:t("Copies that are already on their way still arrive. The archive keeps their posts. Adding the address again brings nothing else back.") ?></p>
<?cs /if ?><form method="post" action="<?cs var:href(List.path) ?>members/<?cs var:Page.id ?>/remove"><?cs call:form_mark() ?><input type="hidden" name="sure" value="1"><?cs if:Page.is_last_owner ?><input type="hidden" name="last_owner" value="1"><?cs /if ?>
<?cs if:Page.is_member ?><label class="choice"><input type="checkbox" name="goodbye" value="1"> <span><?cs var:t("Send a mail that says goodbye") ?></span></label>
<?cs if:Page.may_ban ?><label class="choice"><input type="checkbox" name="ban" value="1"> <span><?cs var:t("Ban the address: it may neither post nor join again") ?></span></label>
<div class="row"><label for="reason"><?cs var:t("Reason of the ban, for the owners") ?></label><input type="text" id="reason" name="reason" maxlength="300"></div>
<?cs /if ?><?cs /if ?><p class="actions"><button class="main"><?cs if:Page.is_member ?><?cs var:t("Remove") ?><?cs else ?><?cs var:t("Take the role away") ?><?cs /if ?></button> <a href="<?cs var:href(List.path) ?>members/<?cs var:Page.id ?>"><?cs var:t("Leave it as it is") ?></a></p></form>
<?cs /if ?><?cs include!"_foot.cs" ?>
