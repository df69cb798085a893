<?cs def:marked(rows) ?><?cs each:piece = rows ?><?cs if:piece.is_hit ?><mark><?cs var:piece.text ?></mark><?cs else ?><?cs var:piece.text ?><?cs /if ?><?cs /each ?><?cs /def ?><?cs
def:search_form(path, label) ?><form method="get" action="<?cs var:href(path) ?>" role="search"><?cs each:list = Page.chosen ?><input type="hidden" name="list" value="<?cs var:list.id ?>"><?cs /each ?><div class="row<?cs if:Page.fault.field == "q" ?> fault<?cs /if ?>"><label for="q"><?cs var:label ?></label>
<?cs call:fault("q") ?><p class="actions"><input type="search" id="q" name="q" value="<?cs var:Page.q ?>" maxlength="1000" autocapitalize="none" spellcheck="false"<?cs if:Page.fault.field == "q" ?> aria-invalid="true" aria-describedby="why-q"<?cs /if ?>> <button class="main"><?cs var:t("Search") ?></button></p></div></form><?cs /def ?><?cs
def:search_hit(hit) ?><li><div><p class="subject"><a href="<?cs var:href(hit.path) ?>"><bdi><?cs if:subcount(hit.subject) > 0 ?><?cs call:marked(hit.subject) ?><?cs else ?><?cs var:t("(no subject)") ?><?cs /if ?></bdi></a></p>
<p class="excerpt"<?cs if:hit.language ?> lang="<?cs var:hit.language ?>"<?cs /if ?>><?cs if:subcount(hit.beginning) > 0 ?><?cs call:marked(hit.beginning) ?><?cs else ?><?cs call:marked(hit.snippet) ?><?cs /if ?></p></div>
<div class="who"><p><bdi><?cs var:hit.author ?></bdi></p>
<p class="muted"><?cs if:Page.is_everywhere ?><a href="<?cs var:href(hit.list_path) ?>" lang="<?cs var:hit.list_language ?>"><?cs var:hit.list_title ?></a> · <?cs /if ?><?cs call:time(hit.at) ?></p></div></li><?cs /def ?><?cs
def:search_counts(title, rows) ?><?cs if:subcount(rows) > 0 ?><h3><?cs var:title ?></h3>
<ul class="plain"><?cs each:row = rows ?><li><?cs if:row.path ?><a href="<?cs var:href(row.path) ?>" rel="nofollow"><bdi><?cs var:row.name ?></bdi></a><?cs else ?><bdi><?cs var:row.name ?></bdi><?cs /if ?> <span class="muted number"><?cs var:row.posts ?></span></li><?cs /each ?></ul>
<?cs /if ?><?cs /def ?><?cs
def:search_help() ?><details class="more"<?cs if:!Page.q ?> open<?cs /if ?>><summary><?cs var:t("What can be written here") ?></summary>
<dl class="facts">
<dt><code><?cs var:t("rehearsal hall") ?></code></dt><dd><?cs var:t("posts in which both words stand; capitals, accents, width and kana make no difference") ?></dd>
<dt><code>"<?cs var:t("rehearsal hall") ?>"</code></dt><dd><?cs var:t("these words next to each other") ?></dd>
<dt><code>rehears*</code></dt><dd><?cs var:t("words that begin so") ?></dd>
<dt><code><?cs var:t("rehearsal -hall") ?></code></dt><dd><?cs var:t("with the one word, and without the other") ?></dd>
<dt><code><?cs var:t("hall OR theatre") ?></code></dt><dd><?cs var:t("one or the other; brackets hold together what belongs together") ?></dd>
<dt><code>from: to: subject: body: filename:</code></dt><dd><?cs var:t("only there, directly before the word: subject:hall") ?></dd>
<dt><code>after:2026-04 before:2026-11-21 date:2025</code></dt><dd><?cs var:t("from then on, until the day before, in that year, month or day") ?></dd>
<dt><code>has:attachment lang:ja list:<?cs var:t("name") ?> id:&lt;Message-ID&gt;</code></dt><dd><?cs var:t("with an attachment, in a language, on a list, one message") ?></dd>
</dl></details><?cs /def ?>
