<?cs set:Title = t("Categories") ?><?cs set:Tab = "settings" ?><?cs include!"_parts.cs" ?><?cs include!"_head.cs" ?>
<h1><?cs var:t("Categories") ?></h1>
<p class="muted"><?cs var:t("Members sort a thread into one of these on its page; readers find all threads of a category.") ?></p>
<?cs if:Page.done == "saved" ?><p class="notice good" role="status"><?cs var:t("Saved.") ?></p>
<?cs elif:Page.done == "removed" ?><p class="notice good" role="status"><?cs var:t("The category was removed. Its threads are in none now.") ?></p>
<?cs /if ?><?cs if:Page.fault.sentence && Page.typed_id > 0 ?><p class="notice bad" role="alert"><?cs var:Page.fault.sentence ?></p>
<?cs /if ?><?cs if:subcount(Page.categories) > 0 ?><table class="cards"><thead><tr><th scope="col"><?cs var:t("Category") ?></th><th scope="col"><?cs var:t("Threads") ?></th><td></td></tr></thead>
<tbody><?cs each:category = Page.categories ?>
<tr><td><form class="actions" method="post" action="<?cs var:href(List.path) ?>categories"><?cs call:form_mark() ?><input type="hidden" name="id" value="<?cs var:category.id ?>"><input type="text" name="name" value="<?cs var:category.name ?>" maxlength="60" aria-label="<?cs var:t1("Name of %1", category.name) ?>"> <button aria-label="<?cs var:t1("Rename %1", category.name) ?>"><?cs var:t("Rename") ?></button></form></td>
<td class="number" data-label="<?cs var:t("Threads") ?>"><a href="<?cs var:href(List.path) ?>tagged?category=<?cs var:category.id ?>"><?cs var:category.threads ?></a></td>
<td><form class="actions" method="post" action="<?cs var:href(List.path) ?>categories"><?cs call:form_mark() ?><input type="hidden" name="id" value="<?cs var:category.id ?>"><?cs if:!first(category) ?><button name="act" value="raise" aria-label="<?cs var:t1("Move %1 up", category.name) ?>"><?cs var:t("Up") ?></button> <?cs /if ?><button name="act" value="remove" aria-label="<?cs var:t1("Remove %1", category.name) ?>"><?cs var:t("Remove") ?></button></form></td></tr><?cs /each ?>
</tbody></table>
<?cs else ?><div class="empty"><p class="lead"><?cs var:t("There are no categories yet.") ?></p></div>
<?cs /if ?><h2><?cs var:t("New category") ?></h2>
<form method="post" action="<?cs var:href(List.path) ?>categories"><?cs call:form_mark() ?>
<div class="row<?cs if:Page.fault.field == "name" && !(Page.typed_id > 0) ?> fault<?cs /if ?>"><label for="name"><?cs var:t("Name") ?></label><?cs if:!(Page.typed_id > 0) ?><?cs call:fault("name") ?><?cs /if ?>
<input type="text" id="name" name="name" value="<?cs if:!(Page.typed_id > 0) ?><?cs var:Page.typed ?><?cs /if ?>" maxlength="60"></div>
<p class="actions"><button class="main"><?cs var:t("Add the category") ?></button></p></form>
<?cs include!"_foot.cs" ?>
