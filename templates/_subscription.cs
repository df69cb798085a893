<?cs def:by_mail() ?><?cs var:t("Or write an empty mail from your address; then no mail of ours is needed:") ?> <a href="mailto:<?cs var:Page.mail_to ?>"><?cs var:Page.mail_to ?></a><?cs /def ?><?cs
def:to_owners() ?><?cs var:t("Or write to the owners from your new address:") ?> <a href="mailto:<?cs var:Page.mail_to ?>"><?cs var:Page.mail_to ?></a><?cs /def ?><?cs
def:stamp() ?><?cs call:form_mark() ?><input type="hidden" name="stamp" value="<?cs var:Page.stamp ?>"><div class="hidden" aria-hidden="true"><label for="website"><?cs var:t("Leave this empty") ?></label><input type="text" id="website" name="website" tabindex="-1" autocomplete="off"></div><?cs /def ?><?cs
def:mailed(again) ?><h1><?cs var:t("Please look into your mail") ?></h1>
<p class="lead"><?cs var:t("We have written to this address:") ?> <strong><bdi><?cs var:Page.email ?></bdi></strong></p>
<p><?cs if:Page.changes ?><?cs var:t("Follow the link in that mail to confirm the address, or just answer it. It works for three days.") ?><?cs elif:Page.leaves ?><?cs var:t("Follow the link in that mail to leave, or just answer it. It works for three days.") ?><?cs else ?><?cs var:t("Follow the link in that mail to join, or just answer it. It works for three days.") ?><?cs /if ?></p>
<p><a href="<?cs var:href(List.path) ?><?cs var:again ?>" rel="nofollow"><?cs var:t("That is not my address") ?></a></p>
<h2><?cs var:t("If nothing comes within ten minutes") ?></h2>
<ul>
<li><?cs var:t("Look among the unwanted mails.") ?></li>
<li><?cs var:t("Did you ask earlier today? We write to an address once a day about a list, and three times a day in all. Please use the mail that came first.") ?></li>
<li><?cs var:t1("Let mail from %1 through, then ask again tomorrow:", Page.mail_domain) ?>
<ul class="plain"><li><?cs var:t("docomo: My docomo, mail settings, list of senders to receive from") ?></li>
<li><?cs var:t("au: My au, unwanted mail filter, list of senders to receive from") ?></li>
<li><?cs var:t("SoftBank: My SoftBank, unwanted mail, mail to be allowed") ?></li></ul></li>
<?cs if:!Page.changes ?><li><?cs call:by_mail() ?></li><?cs else ?><li><?cs call:to_owners() ?></li><?cs /if ?>
</ul><?cs /def ?><?cs
def:limited() ?><h1><?cs var:t("Please write to us instead") ?></h1>
<p class="lead"><?cs var:t("Very many people asked for mails from here within the last hour, so this form rests for a while.") ?></p>
<p><?cs if:!Page.changes ?><?cs call:by_mail() ?><?cs else ?><?cs call:to_owners() ?><?cs /if ?></p><?cs /def ?>
