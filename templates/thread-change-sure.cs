<?cs set:Title = t("Change this thread") ?><?cs include!"_parts.cs" ?><?cs include!"_head.cs" ?><?cs
def:named(post) ?><p><bdi><?cs var:post.author ?></bdi>: <a href="<?cs var:href(List.path) ?>message/<?cs var:post.hash ?>"><bdi><?cs if:post.subject ?><?cs var:post.subject ?><?cs else ?><?cs var:t("(no subject)") ?><?cs /if ?></bdi></a></p><?cs /def ?>
<h1><?cs if:Page.act == "split" ?><?cs var:t("Make it a thread of its own?") ?><?cs elif:Page.act == "join" ?><?cs var:t("Join the two threads?") ?><?cs else ?><?cs var:t("Move the message?") ?><?cs /if ?></h1>
<p class="lead"><?cs if:Page.act == "split" ?><?cs var:t("This message and what answers it become a thread of their own.") ?><?cs elif:Page.act == "join" ?><?cs var:t("The whole thread of this message goes under the beginning of the other one.") ?><?cs else ?><?cs var:t("This message and what answers it go under the other one.") ?><?cs /if ?></p>
<?cs call:named(Page.post) ?><?cs if:Page.act != "split" ?><p class="muted"><?cs var:t("The other one:") ?></p><?cs call:named(Page.other) ?><?cs /if ?>
<p class="muted"><?cs var:t("What comes later keeps to it. You can take it back at any time.") ?></p>
<form method="post" action="<?cs var:href(List.path) ?>thread/<?cs var:Page.hash ?>/change"><?cs call:form_mark() ?><input type="hidden" name="sure" value="1"><input type="hidden" name="post" value="<?cs var:Page.post.hash ?>"><?cs if:Page.act != "split" ?><input type="hidden" name="under" value="<?cs var:Page.other.hash ?>"><?cs /if ?>
<p class="actions"><button class="main" name="act" value="<?cs var:Page.act ?>"><?cs var:t("Do it") ?></button> <a href="<?cs var:href(List.path) ?>thread/<?cs var:Page.hash ?>/change"><?cs var:t("Leave it as it is") ?></a></p></form>
<?cs include!"_foot.cs" ?>
