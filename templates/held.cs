<?cs set:Title = t("Held") ?><?cs set:Tab = "held" ?><?cs include!"_parts.cs" ?><?cs include!"_held.cs" ?><?cs include!"_keys.cs" ?><?cs include!"_head.cs" ?>
<div class="page-head"><h1><?cs var:t("Held for you") ?></h1>
<p class="muted"><?cs if:Page.is_many ?><?cs var:t("More than 1,000 posts") ?><?cs else ?><?cs var:tn("%1 post", "%1 posts", Page.count) ?><?cs /if ?></p></div>
<?cs call:held_done() ?><?cs if:Page.has_no_lists ?><div class="empty"><p class="lead"><?cs var:t("You are not a moderator of any list.") ?></p>
<p><a href="/"><?cs var:t("Lists") ?></a></p></div>
<?cs else ?><?cs call:held_pending() ?><?cs if:Page.shown > 0 || Page.q || !Page.is_first ?><form method="get" action="<?cs var:href(Page.base) ?>" role="search"><p class="actions"><label for="q" class="hidden"><?cs var:t("Search among the held posts") ?></label><input type="search" id="q" name="q" value="<?cs var:Page.q ?>" maxlength="200" placeholder="<?cs var:t("Subject, sender or text") ?>"> <button><?cs var:t("Search") ?></button><?cs if:Page.q ?> <a href="<?cs var:href(Page.base) ?>"><?cs var:t("Show all") ?></a><?cs /if ?></p></form>
<?cs /if ?><?cs if:Page.shown > 0 ?><form method="post" action="<?cs var:href(Page.base) ?>">
<?cs call:form_mark() ?><input type="hidden" name="q" value="<?cs var:Page.q ?>">
<label class="choice" data-select-all="input[name=id]" hidden><input type="checkbox"> <span><?cs var:t("Choose all") ?></span></label>
<ul class="threads held"><?cs each:held = Page.held ?>
<li data-row><div class="pick"><label class="choice"><input type="checkbox" name="id" value="<?cs var:held.id ?>"><span class="hidden"><?cs var:t("Choose") ?> <bdi><?cs var:held.subject ?></bdi></span></label>
<div><p class="subject"><a href="<?cs var:href(held.href) ?>"><bdi><?cs if:held.subject ?><?cs var:held.subject ?><?cs else ?><?cs var:t("(no subject)") ?><?cs /if ?></bdi></a></p>
<p><bdi><?cs var:held.author ?></bdi><?cs if:held.has_name ?> <span class="muted"><?cs var:held.address ?></span><?cs /if ?></p>
<p class="excerpt"><?cs var:held.excerpt ?></p></div></div>
<div class="who"><?cs if:held.list ?><p><?cs var:held.list ?></p><?cs /if ?><?cs each:reason = held.reasons ?><p><?cs var:reason.text ?></p><?cs /each ?>
<p class="muted"><?cs call:held_proof(held) ?></p>
<p class="muted"><time datetime="<?cs var:held.held_at.iso ?>"><?cs var:held.held_at.ago ?></time></p><?cs if:held.looker ?><p><strong class="warn"><?cs var:t1("%1 is looking at it.", held.looker) ?></strong></p><?cs /if ?></div></li><?cs /each ?>
</ul>
<?cs if:Page.more ?><p><a href="<?cs var:href(Page.more) ?>"><?cs var:t("More posts") ?> ›</a></p>
<?cs /if ?><h2><?cs var:t("With those chosen") ?></h2>
<p class="actions"><button class="main" name="act" value="accept" data-key="a"><?cs var:t("Accept") ?></button>
<button name="act" value="always"><?cs var:t("Accept, and always accept") ?></button>
<button name="act" value="reject" data-key="r"><?cs var:t("Refuse …") ?></button>
<button name="act" value="discard" data-key="d"><?cs var:t("Discard …") ?></button>
<?cs if:Page.may_ban ?><button name="act" value="ban"><?cs var:t("Discard and ban …") ?></button>
<?cs /if ?><button name="act" value="forward"><?cs var:t("Send to the owners") ?></button></p></form>
<?cs if:Page.more || Page.q ?><form method="post" action="<?cs var:href(Page.base) ?>">
<?cs call:form_mark() ?><input type="hidden" name="match" value="1"><input type="hidden" name="q" value="<?cs var:Page.q ?>">
<h2><?cs if:Page.q && Page.is_many ?><?cs var:t("With all that match the search") ?><?cs elif:Page.q ?><?cs var:tn("With all %1 that match the search", "With all %1 that match the search", Page.count) ?><?cs else ?><?cs var:t("With all that wait") ?><?cs /if ?></h2>
<p class="actions"><button name="act" value="accept"><?cs var:t("Accept …") ?></button> <button name="act" value="reject"><?cs var:t("Refuse …") ?></button> <button name="act" value="discard"><?cs var:t("Discard …") ?></button></p></form>
<?cs /if ?><?cs elif:Page.q || !Page.is_first ?><div class="empty"><p class="lead"><?cs var:t("Nothing found.") ?></p>
<p><a href="<?cs var:href(Page.base) ?>"><?cs var:t("Show all") ?></a></p></div>
<?cs else ?><div class="empty"><p class="lead"><?cs var:t("Nothing waits for you.") ?></p>
<p><?cs var:t("Posts that need a decision will stand here.") ?></p></div>
<?cs /if ?><?cs if:Page.shown > 0 || subcount(Page.pending) > 0 ?><?cs call:keys(#1, #1, #1) ?>
<?cs /if ?><?cs if:List.path && Me.signed_in ?><p><a href="/held"><?cs var:t("Held posts of all your lists") ?></a></p>
<?cs /if ?><?cs if:subcount(Page.aside) > 0 ?><h2><?cs var:t("Could not be processed") ?></h2>
<p><?cs var:t("Our program failed at these messages. They are safe; you can try them again, or save one and look at it.") ?></p>
<ul class="threads held"><?cs each:aside = Page.aside ?>
<li><div><p class="subject"><?cs var:aside.sender ?></p><p class="muted"><time datetime="<?cs var:aside.received_at.iso ?>"><?cs var:aside.received_at ?></time> · <?cs var:aside.size ?></p>
<p><?cs var:aside.reason ?></p>
<form method="post" action="<?cs var:href(aside.path) ?>set-aside"><?cs call:form_mark() ?><input type="hidden" name="id" value="<?cs var:aside.id ?>">
<p class="actions"><button name="act" value="retry"><?cs var:t("Try again") ?></button> <button name="act" value="discard"><?cs var:t("Discard …") ?></button> <a href="<?cs var:href(aside.path) ?>set-aside/<?cs var:aside.id ?>/raw" rel="nofollow"><?cs var:t("Save as it came") ?></a></p></form></div></li><?cs /each ?>
</ul>
<?cs /if ?><?cs /if ?><?cs include!"_foot.cs" ?>
