<?cs set:Title = t("Your data") ?><?cs set:Me_at = "data" ?><?cs include!"_parts.cs" ?><?cs include!"_head.cs" ?>
<?cs include!"_me.cs" ?><h1><?cs var:t("Your data") ?></h1>
<h2><?cs var:t("Leaving") ?></h2>
<p><?cs var:t("You may leave all your lists at once, or delete your account with everything that is known about you here but your posts.") ?></p>
<p><a href="/me/leave-all"><?cs var:t("Leave all lists") ?></a></p><p><a href="/me/delete"><?cs var:t("Delete this account") ?></a></p></div></div>
<?cs include!"_foot.cs" ?>
