<?cs set:Title = t("Sign in") ?><?cs include!"_parts.cs" ?><?cs include!"_head.cs" ?>
<h1><?cs var:t("Please look into your mail") ?></h1>
<p class="lead"><?cs var:t("Follow the link in the mail, or type the code from it here.") ?></p>
<form method="post" action="/login/code">
<?cs call:form_mark() ?><input type="hidden" name="id" value="<?cs var:Page.id ?>">
<div class="row<?cs if:Page.fault.field == "code" ?> fault<?cs /if ?>"><label for="code"><?cs var:t("Code of six digits") ?></label>
<p class="help" id="help-code"><?cs var:tn("It works for %1 minute.", "It works for %1 minutes.", Page.minutes) ?></p>
<?cs call:fault("code") ?><input type="text" class="short" id="code" name="code" inputmode="numeric" autocomplete="one-time-code" maxlength="20" required aria-describedby="help-code"></div>
<label class="choice"><input type="checkbox" name="own" value="1"> <span><?cs var:t("This is my own device: keep me signed in") ?></span></label>
<p class="actions"><button class="main"><?cs var:t("Sign in") ?></button></p>
</form>
<p class="muted"><?cs var:t("If nothing comes within ten minutes, please look among the unwanted mails.") ?> <a href="/login"><?cs var:t("Ask for a new mail") ?></a></p>
<?cs include!"_foot.cs" ?>
