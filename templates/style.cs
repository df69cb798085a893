<?cs set:Title = t("Parts of pages") ?><?cs include!"_parts.cs" ?><?cs include!"_head.cs" ?>
<div class="page-head"><h1><?cs var:t("Parts of pages") ?></h1><p class="muted"><?cs var:t("Every part once, to look at in both schemes and languages.") ?></p></div>
<h2><?cs var:t("Text") ?></h2>
<p class="lead">Lead. 先頭の文です。</p><p>Body with a <a href="/">link</a>. 本文と<a href="/">リンク</a>です。 <span class="muted">Muted. 控えめな文字です。</span></p><pre>fixed   width   012345</pre>
<h2><?cs var:t("Notices") ?></h2>
<?cs call:notice("good", t("Saved.")) ?><?cs call:notice("warn", t("This link has expired")) ?><?cs call:notice("bad", t("That did not work")) ?>
<h2><?cs var:t("Buttons and fields") ?></h2>
<form method="get" action="/"><div class="row"><label for="a"><?cs var:t("Your mail address") ?></label><p class="help"><?cs var:t("There is no password.") ?></p><input type="text" id="a"></div>
<div class="row fault"><label for="b"><?cs var:t("Your mail address") ?></label><p class="why"><?cs var:t("This does not look like a mail address. It should be like hana@example.jp.") ?></p><input type="text" id="b" value="hana(at)example.jp"></div>
<label class="choice"><input type="checkbox" checked> <span><?cs var:t("Show in the directory") ?></span></label><label class="choice"><input type="radio" name="r" checked> <span><?cs var:t("yes") ?></span></label><label class="choice"><input type="radio" name="r"> <span><?cs var:t("no") ?></span></label>
<p class="actions"><button class="main" type="button"><?cs var:t("Save") ?></button> <button type="button"><?cs var:t("Undo") ?></button> <a class="button" href="/"><?cs var:t("All lists") ?></a></p></form>
<h2><?cs var:t("Badges, times, people") ?></h2>
<p><span class="badge"><?cs var:t("owner") ?></span> <span class="badge wants"><?cs var:tn("%1 held", "%1 held", #3) ?></span> <?cs call:time(Page.at) ?> <bdi>佐藤 花子</bdi></p>
<h2><?cs var:t("Message") ?></h2>
<article class="message"><header><p class="person">佐藤 花子</p><p class="small"><time><?cs var:Page.at ?></time></p><p class="tools"><a href="#">#12</a></p></header><details class="quote"><summary><?cs var:tn("%1 quoted line", "%1 quoted lines", #12) ?></summary><div class="text">&gt; …</div></details><div class="text">来週の練習は市民会館ではなく、公民館です。</div></article>
<h2><?cs var:t("Empty") ?></h2><div class="empty"><p class="lead"><?cs var:t("Nothing has been posted yet.") ?></p></div>
<?cs include!"_foot.cs" ?>
