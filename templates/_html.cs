<?cs # What of a message can be asked for as HTML: the link, and the frame once somebody asked. ?><?cs
def:html_frame(hash) ?><?cs if:Page.shows_html ?><p class="small"><a href="<?cs var:href(List.path) ?>message/<?cs var:hash ?>"><?cs var:t("Show the text alone") ?></a> · <a href="<?cs var:href(List.path) ?>message/<?cs var:hash ?>/html" rel="nofollow"><?cs var:t("Open the HTML on a page of its own, where its links work") ?></a></p>
<iframe sandbox src="<?cs var:href(List.path) ?>message/<?cs var:hash ?>/html" title="<?cs var:t("Message as HTML") ?>" width="100%" height="640"></iframe>
<?cs elif:Page.has_html ?><p class="small"><a href="<?cs var:href(List.path) ?>message/<?cs var:hash ?>?html=1" rel="nofollow"><?cs var:t("Show as HTML") ?></a></p>
<?cs /if ?><?cs /def ?>
