<?cs set:Title = t("Held") ?><?cs include!"_parts.cs" ?><?cs include!"_held.cs" ?><?cs include!"_keys.cs" ?><?cs include!"_head.cs" ?>
<h1 class="hidden"><?cs var:t("Held for you") ?></h1>
<?cs call:held_done() ?><?cs each:held = Page.held ?><article class="message" data-row id="held-<?cs var:held.id ?>">
<p class="strong"><a href="<?cs var:href(held.href) ?>"><bdi><?cs if:held.subject ?><?cs var:held.subject ?><?cs else ?><?cs var:t("(no subject)") ?><?cs /if ?></bdi></a></p>
<p class="small"><bdi><?cs var:held.author ?></bdi><?cs if:held.has_name ?> <span class="muted"><?cs var:held.address ?></span><?cs /if ?><br><?cs each:reason = held.reasons ?><?cs var:reason.text ?> <?cs /each ?><br><span class="muted"><?cs call:held_proof(held) ?></span><?cs if:held.looker ?><br><strong class="warn"><?cs var:t1("%1 is looking at it.", held.looker) ?></strong><?cs /if ?></p>
<div class="threads"><p class="excerpt"><?cs var:held.excerpt ?></p></div>
<form method="post" action="<?cs var:href(Page.base) ?>"><input type="hidden" name="id" value="<?cs var:held.id ?>">
<p class="thumbs"><button class="main" name="act" value="accept" data-key="a"><?cs var:t("Accept") ?></button> <button name="act" value="reject" data-key="r"><?cs var:t("Refuse") ?></button> <button name="act" value="discard" data-key="d"><?cs var:t("Discard") ?></button></p></form></article>
<?cs /each ?><?cs if:Page.shown == 0 ?><div class="empty"><p class="lead"><?cs if:Page.is_first ?><?cs var:t("Nothing waits for you.") ?><?cs else ?><?cs var:t("These were all.") ?><?cs /if ?></p></div>
<?cs /if ?><?cs if:Page.more ?><p><a href="<?cs var:href(Page.more) ?>"><?cs var:t("More posts") ?> ›</a></p>
<?cs /if ?><?cs call:held_pending() ?><?cs if:Page.shown > 0 || subcount(Page.pending) > 0 ?><?cs call:keys(#1, #0, #1) ?><?cs /if ?>
<form method="post" action="<?cs var:href(Page.base) ?>"><p class="muted small"><?cs var:t1("This page needs no sign-in until %1 and is for you alone: please do not pass the link on.", Page.expires_at) ?></p>
<p class="actions"><button name="act" value="renew"><?cs var:t("Send me a new link") ?></button></p></form>
<?cs include!"_foot.cs" ?>
