<?cs set:Title = t("Rules") ?><?cs set:Tab = "rules" ?><?cs include!"_parts.cs" ?><?cs include!"_rules.cs" ?><?cs include!"_head.cs" ?>
<div class="columns rail"><?cs call:rules_rail() ?>
<div><h1><?cs if:Page.is_asked ?><?cs var:Page.sentence ?><?cs else ?><?cs var:t("Rules") ?><?cs /if ?></h1>
<?cs if:Page.is_asked ?><p class="lead"><?cs var:Page.reason ?></p>
<?cs if:Page.topics ?><p><?cs var:t1("Topics: %1", Page.topics) ?></p>
<?cs /if ?><p class="muted"><?cs var:t("Nothing was changed by asking.") ?></p>
<?cs else ?><p class="muted"><?cs var:t("What is asked of every post, in this order. What a rule does is decided in the settings.") ?> <a href="<?cs var:href(List.path) ?>settings/message_acceptance"><?cs var:t("Settings") ?></a></p>
<?cs /if ?><ol class="plain"><?cs each:rule = Page.rules ?>
<li><?cs if:rule.answer == "hit" ?><p><?cs var:rule.question ?> <strong class="warn"><?cs var:t("yes") ?></strong><br><?cs var:rule.reason ?><?cs if:rule.detail ?> <code><?cs var:rule.detail ?></code><?cs /if ?></p><?cs elif:rule.answer == "missed" ?><p><?cs var:rule.question ?> <span class="muted"><?cs var:t("no") ?></span></p><?cs elif:rule.answer ?><p class="muted"><?cs var:rule.question ?> <?cs var:t("not asked any more") ?></p><?cs else ?><p><?cs var:rule.question ?></p><?cs /if ?></li><?cs /each ?>
</ol>
<h2><?cs var:t("What would become of a message?") ?></h2>
<form method="post" action="<?cs var:href(List.path) ?>rules"><?cs call:form_mark() ?>
<div class="row<?cs if:Page.fault.field == "message" ?> fault<?cs /if ?>"><label for="message"><?cs var:t("A message with its header") ?></label>
<p class="help" id="help-message"><?cs var:t("Paste its source, as mail programs show it. It is not kept.") ?></p>
<?cs call:fault("message") ?><textarea id="message" name="message" rows="8" spellcheck="false" aria-describedby="help-message"><?cs var:Page.message ?></textarea></div>
<div class="row"><label for="sender"><?cs var:t("Sender on the envelope") ?></label><p class="help" id="help-sender"><?cs var:t("Empty: the address in From.") ?></p><input type="text" id="sender" name="sender" value="<?cs var:Page.sender ?>" maxlength="254" inputmode="email" autocapitalize="none" spellcheck="false" aria-describedby="help-sender"></div>
<fieldset class="row"><legend><?cs var:t("Suppose that") ?></legend><?cs each:proof = Page.proofs ?><label class="choice"><input type="radio" name="proof" value="<?cs var:proof.word ?>"<?cs if:proof.is_chosen ?> checked<?cs /if ?>> <span><?cs var:proof.label ?></span></label>
<?cs /each ?></fieldset>
<p class="actions"><button class="main"><?cs var:t("Ask the rules") ?></button></p></form></div></div>
<?cs include!"_foot.cs" ?>
