</main>
<footer class="site">
<?cs call:words(Site.foot) ?><p><?cs if:Site.contact ?><?cs var:t("Questions?") ?> <a href="mailto:<?cs var:Site.contact ?>"><?cs var:Site.contact ?></a> · <?cs /if ?><a href="/help/"><?cs var:t("Manual") ?></a> · <?cs var:t("This site runs Kairan, mailing lists for everybody.") ?></p>
</footer>
</body>
</html>
