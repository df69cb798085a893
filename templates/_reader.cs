<?cs def:labels(thread) ?><?cs if:thread.category || subcount(thread.tags) > 0 ?><p class="muted small"><?cs if:thread.category ?><a href="<?cs var:href(List.path) ?>tagged?category=<?cs var:thread.category_id ?>"><bdi><?cs var:thread.category ?></bdi></a><?cs /if ?><?cs each:tag = thread.tags ?> <a href="<?cs var:href(List.path) ?>tagged?tag=<?cs var:tag.escaped ?>">#<bdi><?cs var:tag.name ?></bdi></a><?cs /each ?></p>
<?cs /if ?><?cs /def ?><?cs
def:thread_marks(thread) ?><?cs if:thread.new > 0 ?> <a class="badge wants" href="<?cs var:href(List.path) ?>thread/<?cs var:thread.hash ?>"><?cs var:tn("%1 new", "%1 new", thread.new) ?></a><?cs /if ?><?cs if:thread.is_favourite ?> <span class="badge"><?cs var:t("kept") ?></span><?cs /if ?><?cs if:thread.is_muted ?> <span class="badge"><?cs var:t("muted") ?></span><?cs /if ?><?cs /def ?><?cs
def:older(first, older) ?><p class="actions"><?cs if:!Page.is_first ?><a class="button" href="<?cs var:href(first) ?>"><?cs var:t("Newest") ?></a>
<?cs /if ?><?cs if:older ?><a class="button" href="<?cs var:href(older) ?>"><?cs var:t("Older") ?></a><?cs /if ?></p><?cs /def ?><?cs
def:list_tab(at, here, label) ?><a href="<?cs var:href(List.path) ?><?cs var:at ?>"<?cs if:at == here ?> aria-current="page"<?cs /if ?>><?cs var:label ?></a><?cs /def ?><?cs
def:list_tabs(here) ?><?cs if:Me.signed_in ?><p class="tools" role="group" aria-label="<?cs var:t("Yours") ?>"><?cs if:here ?><?cs call:list_tab("", here, t("All threads")) ?><i> · </i><?cs /if ?><?cs call:list_tab("unread", here, t("New messages")) ?><i> · </i><?cs call:list_tab("kept", here, t("Kept threads")) ?><i> · </i><?cs call:list_tab("tagged", here, t("Tags and categories")) ?></p>
<?cs /if ?><?cs /def ?><?cs
def:list_reader(reader) ?><?cs if:Me.signed_in ?><form class="actions" method="post" action="<?cs var:href(List.path) ?>read"><?cs call:form_mark() ?><input type="hidden" name="upto" value="<?cs var:reader.newest ?>">
<?cs if:reader.new > 0 ?><a class="badge wants" href="<?cs var:href(List.path) ?>unread"><?cs if:reader.is_many ?><?cs var:t("over 1,000 new messages") ?><?cs else ?><?cs var:tn("%1 new message", "%1 new messages", reader.new) ?><?cs /if ?></a>
<?cs elif:reader.marked_at ?><span class="muted"><?cs var:t("Nothing new.") ?></span>
<?cs /if ?><?cs if:reader.new > 0 || !reader.marked_at ?><button class="link"><?cs var:t("Mark all as read") ?></button>
<?cs /if ?><?cs if:reader.marked_at ?><span class="muted small"><?cs var:t1("You last did so on %1.", reader.marked_at) ?></span><?cs /if ?></form>
<?cs /if ?><?cs /def ?><?cs
def:act(act, label) ?><button name="act" value="<?cs var:act ?>"><?cs var:label ?></button><?cs /def ?><?cs
def:thread_reader(hash, reader) ?><?cs call:labels(reader) ?><?cs if:Me.signed_in ?><form class="actions" method="post" action="<?cs var:href(List.path) ?>thread/<?cs var:hash ?>/mark"><?cs call:form_mark() ?><input type="hidden" name="upto" value="<?cs var:reader.newest ?>">
<?cs if:reader.new > 0 ?><a class="button main" href="<?cs var:href(List.path) ?>thread/<?cs var:reader.first_new ?>"><?cs var:t("To the first new message") ?></a>
<?cs call:act("read", t("Mark as read")) ?>
<?cs /if ?><?cs if:reader.is_favourite ?><?cs call:act("drop", t("Keep no longer")) ?><?cs else ?><?cs call:act("keep", t("Keep")) ?><?cs /if ?>
<?cs if:reader.is_muted ?><?cs call:act("unmute", t("Unmute")) ?><?cs elif:List.is_member ?><?cs call:act("mute", t("Mute")) ?><?cs /if ?></form>
<?cs if:reader.is_muted ?><p class="notice"><?cs var:t("This thread is muted: you get no more mails of it.") ?></p>
<?cs /if ?><?cs if:reader.may_tag ?><details class="more"><summary><?cs var:t("Tags and category") ?></summary>
<form method="post" action="<?cs var:href(List.path) ?>thread/<?cs var:hash ?>/tags"><?cs call:form_mark() ?>
<div class="row"><label for="add"><?cs var:t("New tag") ?></label><p class="help" id="help-add"><?cs var:t("All readers see it; members can take it off again.") ?></p><input type="text" class="short" id="add" name="add" maxlength="40" autocapitalize="none" aria-describedby="help-add"></div>
<p class="actions"><button><?cs var:t("Add the tag") ?></button><?cs each:tag = reader.tags ?> <button name="remove" value="<?cs var:tag.name ?>"><?cs var:t1("Take off #%1", tag.name) ?></button><?cs /each ?></p></form>
<?cs if:subcount(reader.categories) > 0 ?><form method="post" action="<?cs var:href(List.path) ?>thread/<?cs var:hash ?>/tags"><?cs call:form_mark() ?>
<label for="category"><?cs var:t("Category") ?></label><p class="actions"><select id="category" name="category"><option value="0"><?cs var:t("none") ?></option><?cs each:category = reader.categories ?><option value="<?cs var:category.id ?>"<?cs if:category.is_chosen ?> selected<?cs /if ?>><?cs var:category.name ?></option><?cs /each ?></select> <button><?cs var:t("Choose") ?></button></p></form>
<?cs /if ?><p class="small"><a href="<?cs var:href(List.path) ?>tagged"><?cs var:t("All tags and categories") ?></a><?cs if:List.may_own ?> · <a href="<?cs var:href(List.path) ?>categories"><?cs var:t("Change the categories") ?></a><?cs /if ?></p></details>
<?cs /if ?><?cs /if ?><?cs /def ?><?cs
def:vote(post, value, sign, label) ?><button class="link" form="vote" formaction="<?cs var:href(List.path) ?>message/<?cs var:post.hash ?>/vote" name="value" value="<?cs if:post.vote == value ?>0<?cs else ?><?cs var:value ?><?cs /if ?>" aria-pressed="<?cs if:post.vote == value ?>true<?cs else ?>false<?cs /if ?>" aria-label="<?cs var:label ?>"><?cs var:sign ?></button><?cs /def ?><?cs
def:votes(post) ?><?cs if:Me.signed_in || post.votes_for || post.votes_against ?><p class="small"><?cs if:Me.signed_in ?><?cs call:vote(post, "1", "+1", T.for) ?> <?cs call:vote(post, "-1", "−1", T.against) ?> <?cs /if ?><span class="muted"><?cs if:post.votes_for ?><?cs var:t1("%1 for", post.votes_for) ?> <?cs /if ?><?cs if:post.votes_against ?><?cs var:t1("%1 against", post.votes_against) ?><?cs /if ?></span></p>
<?cs /if ?><?cs /def ?><?cs
def:vote_form(back) ?><?cs if:Me.signed_in ?><form id="vote" hidden method="post" action="<?cs var:href(List.path) ?>read"><?cs call:form_mark() ?><input type="hidden" name="back" value="<?cs var:back ?>"></form>
<?cs /if ?><?cs /def ?>
