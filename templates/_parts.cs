<?cs def:bars(activity) ?><?cs if:activity.sentence ?><svg class="bars" viewBox="0 0 94 24" width="94" height="24" role="img" aria-label="<?cs var:activity.sentence ?>"><?cs each:bar = activity.bars ?><rect x="<?cs var:bar.x ?>" y="<?cs var:bar.y ?>" width="<?cs var:bar.width ?>" height="<?cs var:bar.height ?>"></rect><?cs /each ?></svg><?cs /if ?><?cs /def ?><?cs
def:time(at) ?><?cs if:Me.is_guest ?><time datetime="<?cs var:at.iso ?>"><?cs var:at.day ?></time><?cs else ?><time datetime="<?cs var:at.iso ?>" title="<?cs var:at ?>"><?cs var:at.ago ?></time><?cs /if ?><?cs /def ?><?cs
def:members_of(list) ?><?cs if:list.is_many ?><?cs var:t("over 1,000") ?><?cs elif:list.is_about ?><?cs var:t1("about %1", list.members) ?><?cs else ?><?cs var:list.members ?><?cs /if ?><?cs /def ?><?cs
def:held_of(list) ?><?cs if:list.holds_many ?><?cs var:t("over 1,000") ?><?cs else ?><?cs var:list.held ?><?cs /if ?><?cs /def ?><?cs
def:form_mark() ?><?cs if:Me.form ?><input type="hidden" name="form" value="<?cs var:Me.form ?>"><?cs /if ?><?cs /def ?><?cs
def:notice(kind, sentence) ?><?cs if:sentence ?><p class="notice <?cs var:kind ?>" role="status"><?cs var:sentence ?></p><?cs /if ?><?cs /def ?>
<?cs def:pieces(block) ?><?cs each:piece = block.pieces ?><?cs if:piece.url ?><a href="<?cs var:href(piece.url) ?>" rel="nofollow noopener"><?cs var:piece.text ?></a><?cs else ?><?cs var:piece.text ?><?cs if:piece.ends_line ?><br><?cs /if ?><?cs /if ?><?cs /each ?><?cs /def ?><?cs
def:body(blocks) ?><?cs each:block = blocks ?><?cs if:block.kind == "quote" && !block.is_folded ?><div class="quote"><div class="text"><?cs call:pieces(block) ?></div></div>
<?cs elif:block.kind == "quote" ?><details class="quote"><summary><?cs var:tn("%1 quoted line", "%1 quoted lines", block.lines) ?></summary><div class="text"><?cs call:pieces(block) ?></div></details>
<?cs elif:block.kind == "signature" ?><div class="text muted small"><?cs call:pieces(block) ?></div>
<?cs else ?><div class="text<?cs if:block.is_fixed ?> fixed<?cs /if ?>"<?cs if:block.is_fixed ?> tabindex="0"<?cs /if ?>><?cs call:pieces(block) ?></div>
<?cs /if ?><?cs /each ?><?cs /def ?><?cs
def:post(post, alone) ?><article class="message" id="<?cs var:post.hash ?>">
<header><p class="person"><bdi><?cs var:post.author ?></bdi></p>
<?cs if:post.address && post.address != post.author ?><p class="muted small"><?cs var:post.address ?></p>
<?cs /if ?><p class="small"><time datetime="<?cs var:post.written_at.iso ?>"><?cs var:post.written_at ?> <?cs var:post.written_at.zone ?></time></p>
<p class="tools"><a href="<?cs var:href(List.path) ?>message/<?cs var:post.hash ?>" title="<?cs var:t("This message alone") ?>">#<?cs var:post.number ?></a>
<a href="<?cs var:href(List.path) ?>message/<?cs var:post.hash ?>/raw" rel="nofollow"><?cs var:t("Raw") ?></a></p></header>
<?cs if:post.parent_hash ?><p class="muted small"><a href="<?cs if:alone ?><?cs var:href(List.path) ?>message/<?cs var:post.parent_hash ?><?cs else ?>#<?cs var:post.parent_hash ?><?cs /if ?>"><?cs var:t1("in reply to %1", post.parent_author) ?></a></p>
<?cs /if ?><?cs call:body(post.blocks) ?>
<?cs if:subcount(post.attachments) > 0 ?><ul class="plain small"><?cs each:attachment = post.attachments ?>
<li><?cs var:t("Attachment:") ?> <bdi><?cs var:attachment.name ?></bdi> <span class="muted"><?cs var:attachment.type ?><?cs if:attachment.size ?>, <?cs var:attachment.size ?><?cs /if ?></span></li><?cs /each ?>
</ul>
<?cs /if ?><?cs if:post.is_cut && !alone ?><p class="small"><a href="<?cs var:href(List.path) ?>message/<?cs var:post.hash ?>"><?cs var:t("This message is long; its beginning is shown here.") ?></a></p>
<?cs /if ?><?cs if:post.signed_by ?><p class="muted small"><?cs var:t1("Signed by %1; the signature was verified.", post.signed_by) ?></p>
<?cs /if ?></article><?cs /def ?><?cs
def:words(words) ?><?cs if:subcount(words.blocks) > 0 ?><div class="words"><?cs call:body(words.blocks) ?></div>
<?cs /if ?><?cs /def ?><?cs
def:fault(name) ?><?cs if:Page.fault.field == name ?><p class="why" id="why-<?cs var:name ?>"><?cs var:Page.fault.sentence ?></p><?cs /if ?><?cs /def ?><?cs
def:email_row(name, label, help) ?><div class="row<?cs if:Page.fault.field == name ?> fault<?cs /if ?>"><label for="email"><?cs var:label ?></label>
<?cs if:help ?><p class="help" id="help-email"><?cs var:help ?></p>
<?cs /if ?><?cs call:fault(name) ?><input type="text" id="email" name="<?cs var:name ?>" value="<?cs var:Page.email ?>" inputmode="email" autocomplete="email" autocapitalize="none" spellcheck="false" maxlength="254" required<?cs if:Page.fault.field == name ?> aria-invalid="true" aria-describedby="why-<?cs var:name ?>"<?cs elif:help ?> aria-describedby="help-email"<?cs /if ?>></div><?cs /def ?>
