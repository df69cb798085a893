<?cs set:Title = t("Take as a table") ?><?cs set:Tab = "members" ?><?cs include!"_parts.cs" ?><?cs include!"_head.cs" ?>
<p class="crumb"><a href="<?cs var:href(List.path) ?>members">‹ <?cs var:t("Members") ?></a></p>
<h1><?cs var:t("Take as a table") ?></h1>
<p class="lead"><?cs var:t("A file for spreadsheets with address, name and everything that is set for each person. The same file can be read in again.") ?></p>
<ul class="lists"><?cs each:role = Page.files ?><li><p class="strong"><?cs var:role.title ?></p><p class="tools"><a href="<?cs var:href(role.path) ?>" download><?cs var:t("UTF-8 (usual)") ?></a> <a href="<?cs var:href(role.path) ?>?charset=cp932" download><?cs var:t("Shift_JIS (older Japanese programs)") ?></a></p></li>
<?cs /each ?></ul>
<p class="help"><?cs var:t("Letters that Shift_JIS does not have are written as ? there, and the file's last line says how many. Cells that a spreadsheet would take for a formula begin with an apostrophe.") ?></p>
<?cs include!"_foot.cs" ?>
