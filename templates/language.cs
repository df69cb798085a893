<?cs set:Title = t("Language") ?><?cs include!"_parts.cs" ?><?cs include!"_head.cs" ?>
<h1><?cs var:t("Language") ?></h1>
<form method="post" action="/language" class="stack">
<?cs call:form_mark() ?><input type="hidden" name="return" value="<?cs var:Page.return ?>">
<p class="actions"><?cs each:language = Page.languages ?><button name="language" value="<?cs var:language.code ?>" lang="<?cs var:language.code ?>"<?cs if:!language.is_current ?> class="main"<?cs /if ?>><?cs var:language.name ?></button>
<?cs /each ?></p>
</form>
<?cs include!"_foot.cs" ?>
