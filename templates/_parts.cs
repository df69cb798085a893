<?cs def:bars(activity) ?><?cs if:activity.sentence ?><svg class="bars" viewBox="0 0 94 24" width="94" height="24" role="img" aria-label="<?cs var:activity.sentence ?>"><?cs each:bar = activity.bars ?><rect x="<?cs var:bar.x ?>" y="<?cs var:bar.y ?>" width="<?cs var:bar.width ?>" height="<?cs var:bar.height ?>"></rect><?cs /each ?></svg><?cs /if ?><?cs /def ?><?cs
def:time(at) ?><?cs if:Me.is_guest ?><time datetime="<?cs var:at.iso ?>"><?cs var:at.day ?></time><?cs else ?><time datetime="<?cs var:at.iso ?>" title="<?cs var:at ?>"><?cs var:at.ago ?></time><?cs /if ?><?cs /def ?><?cs
def:members_of(list) ?><?cs if:list.is_many ?><?cs var:t("over 1,000") ?><?cs elif:list.is_about ?><?cs var:t1("about %1", list.members) ?><?cs else ?><?cs var:list.members ?><?cs /if ?><?cs /def ?><?cs
def:held_of(list) ?><?cs if:list.holds_many ?><?cs var:t("over 1,000") ?><?cs else ?><?cs var:list.held ?><?cs /if ?><?cs /def ?><?cs
def:form_mark() ?><?cs if:Me.form ?><input type="hidden" name="form" value="<?cs var:Me.form ?>"><?cs /if ?><?cs /def ?><?cs
def:notice(kind, sentence) ?><?cs if:sentence ?><p class="notice <?cs var:kind ?>" role="status"><?cs var:sentence ?></p><?cs /if ?><?cs /def ?>
<?cs def:body(html) ?><?cs uvar:html ?><?cs /def ?><?cs include!"_reader.cs" ?><?cs
def:subject(subject) ?><bdi><?cs if:subject ?><?cs var:subject ?><?cs else ?><?cs var:t("(no subject)") ?><?cs /if ?></bdi><?cs /def ?><?cs
def:thread_row(thread) ?><li data-row><div><p class="subject"><a href="<?cs var:href(List.path) ?>thread/<?cs var:thread.hash ?><?cs if:thread.at ?>#<?cs var:thread.at ?><?cs /if ?>"><?cs call:subject(thread.subject) ?></a><?cs call:thread_marks(thread) ?></p>
<p class="excerpt"><?cs var:thread.excerpt ?></p><?cs call:labels(thread) ?></div>
<div class="who"><p><bdi><?cs var:thread.authors ?></bdi></p>
<p class="muted"><?cs var:tn("%1 message", "%1 messages", thread.posts) ?> · <?cs call:time(thread.last_at) ?></p></div></li>
<?cs /def ?><?cs
def:search_box() ?><form method="get" action="<?cs var:href(List.path) ?>search" role="search"><p class="actions"><label for="q" class="hidden"><?cs var:t("Search this list") ?></label><input type="search" id="q" name="q" maxlength="1000" autocapitalize="none" spellcheck="false" data-key="/"> <button><?cs var:t("Search") ?></button></p></form>
<?cs /def ?><?cs
def:keys_link() ?><p class="small more"><?cs if:!IsTop ?><a href="<?cs var:href(List.path) ?>search" data-key="/"><?cs var:t("Search this list") ?></a> · <?cs /if ?><a href="/keys" data-key="?"><?cs var:t("Keys") ?></a></p><?cs /def ?><?cs
def:post_words() ?><?cs set:T.alone = t("This message alone") ?><?cs set:T.raw = t("Raw") ?><?cs set:T.more = t("More by this person") ?><?cs set:T.file = t("Attachment:") ?><?cs set:T.answer = t("Answer") ?><?cs set:T.for = t("For this message") ?><?cs set:T.against = t("Against this message") ?><?cs /def ?><?cs
def:post_tools(post) ?><a href="<?cs var:href(List.path) ?>message/<?cs var:post.hash ?>" title="<?cs var:T.alone ?>">#<?cs var:post.number ?></a><i> · </i><a href="<?cs var:href(List.path) ?>message/<?cs var:post.hash ?>/raw" rel="nofollow"><?cs var:T.raw ?></a><i> · </i><a href="<?cs var:href(List.path) ?>message/<?cs var:post.hash ?>/reply" rel="nofollow"><?cs var:T.answer ?></a><?cs /def ?><?cs
def:post_foot(post) ?><?cs if:post.signed_by ?><p class="muted small"><?cs var:t1("Signed by %1; the signature was verified.", post.signed_by) ?></p>
<?cs /if ?><?cs call:votes(post) ?><?cs /def ?><?cs
def:post_files(post) ?><?cs if:subcount(post.attachments) > 0 ?><ul class="plain small"><?cs each:file = post.attachments ?>
<li><?cs if:file.path && file.is_picture ?><a href="<?cs var:href(file.path) ?>"><img src="<?cs var:href(file.path) ?>" width="264" height="198" loading="lazy" alt="<?cs var:file.name ?>"></a><?cs else ?><?cs var:T.file ?> <?cs if:file.path ?><a href="<?cs var:href(file.path) ?>"><bdi><?cs var:file.name ?></bdi></a><?cs else ?><bdi><?cs var:file.name ?></bdi><?cs /if ?> <span class="muted">· <?cs var:file.type ?><?cs var:t(", ") ?><?cs var:file.size ?></span><?cs /if ?></li><?cs /each ?>
</ul>
<?cs /if ?><?cs /def ?><?cs
def:post(post, alone) ?><article class="message<?cs if:post.depth ?> answer d<?cs var:post.depth ?><?cs /if ?>" id="<?cs var:post.hash ?>">
<header><h2><?cs if:post.has_author_page ?><a href="<?cs var:href(List.path) ?>author/<?cs var:post.hash ?>" rel="nofollow" title="<?cs var:T.more ?>"><bdi><?cs var:post.author ?></bdi></a><?cs else ?><bdi><?cs var:post.author ?></bdi><?cs /if ?><?cs if:post.is_new ?> <span class="badge wants"><?cs var:t("new") ?></span><?cs /if ?></h2>
<?cs if:post.address ?><p class="muted small"><?cs var:post.address ?></p>
<?cs /if ?><p class="small"><time datetime="<?cs var:post.at_iso ?>"><?cs var:post.at ?></time></p>
<p class="tools"><?cs call:post_tools(post) ?></p></header>
<?cs if:post.parent_hash ?><p class="muted small"><a href="<?cs if:post.parent_is_here ?>#<?cs elif:alone ?><?cs var:href(List.path) ?>message/<?cs else ?><?cs var:href(List.path) ?>thread/<?cs /if ?><?cs var:post.parent_hash ?>"><?cs var:t1("in reply to %1", post.parent_author) ?></a></p>
<?cs /if ?><?cs if:post.new_subject && !alone ?><p class="strong"><?cs var:t("New subject:") ?> <bdi><?cs var:post.new_subject ?></bdi></p>
<?cs /if ?><div lang="<?cs var:post.language ?>"><?cs call:body(post.body) ?></div>
<?cs call:post_files(post) ?><?cs if:subcount(post.reactions) > 0 ?><ul class="plain small"><?cs each:reaction = post.reactions ?>
<li><?cs var:reaction.sign ?> <?cs var:reaction.count ?> <bdi class="muted"><?cs var:reaction.names ?></bdi></li><?cs /each ?>
</ul>
<?cs /if ?><?cs each:fault = post.broken ?><p class="muted small"><?cs var:fault ?></p>
<?cs /each ?><?cs if:post.is_cut && !alone ?><p class="small"><a href="<?cs var:href(List.path) ?>message/<?cs var:post.hash ?>"><?cs var:t("This message is long; its beginning is shown here.") ?></a></p>
<?cs /if ?><?cs call:post_foot(post) ?></article><?cs /def ?><?cs
def:words(words) ?><?cs if:words.body ?><div class="words"><?cs call:body(words.body) ?></div>
<?cs /if ?><?cs /def ?><?cs
def:fault(name) ?><?cs if:Page.fault.field == name ?><p class="why" id="why-<?cs var:name ?>"><?cs var:Page.fault.sentence ?></p><?cs /if ?><?cs /def ?><?cs
def:email_row(name, label, help) ?><div class="row<?cs if:Page.fault.field == name ?> fault<?cs /if ?>"><label for="email"><?cs var:label ?></label>
<?cs if:help ?><p class="help" id="help-email"><?cs var:help ?></p>
<?cs /if ?><?cs call:fault(name) ?><input type="text" id="email" name="<?cs var:name ?>" value="<?cs var:Page.email ?>" inputmode="email" autocomplete="email" autocapitalize="none" spellcheck="false" maxlength="254" required<?cs if:Page.fault.field == name ?> aria-invalid="true" aria-describedby="why-<?cs var:name ?>"<?cs elif:help ?> aria-describedby="help-email"<?cs /if ?>></div><?cs /def ?>
