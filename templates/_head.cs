<!DOCTYPE html>
<html lang="<?cs var:Lang.code ?>">
<head>
<meta charset="utf-8">
<title><?cs if:Title ?><?cs var:Title ?> · <?cs /if ?><?cs if:List.title ?><?cs var:List.title ?> · <?cs /if ?><?cs var:Site.name ?></title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="<?cs var:href(Site.icon) ?>" type="image/svg+xml">
<link rel="stylesheet" href="<?cs var:href(Site.style) ?>">
<?cs if:Feed ?><link rel="alternate" type="application/atom+xml" href="<?cs var:href(Feed) ?>">
<?cs /if ?><script src="<?cs var:href(Site.script) ?>" defer></script>
</head>
<body>
<a class="skip" href="#main"><?cs var:t("Skip to the content") ?></a>
<header class="site">
<a class="brand" href="/"><?cs var:Site.name ?></a>
<nav aria-label="<?cs var:t("Site") ?>"><?cs if:Me.is_admin ?><a href="/admin/"><?cs var:t("Administration") ?></a>
<?cs elif:Me.owns_domains ?><a href="/admin/domains/"><?cs var:t("Domains") ?></a>
<?cs /if ?><?cs if:Site.has_demo ?><a href="/demo/mail"><?cs var:t("Demo mailbox") ?></a>
<?cs /if ?><a href="?language" lang="<?cs var:Lang.other ?>"><?cs var:Lang.other_name ?></a>
<?cs if:Me.signed_in ?><a href="/me/"><bdi><?cs var:Me.name ?></bdi></a><?cs else ?><a href="?sign-in" rel="nofollow"><?cs var:t("Sign in") ?></a><?cs /if ?></nav>
</header>
<?cs if:List.path ?><section class="list-head" aria-label="<?cs var:t("List") ?>">
<p class="crumb"><a href="/"<?cs if:IsTop ?> data-key="u"<?cs /if ?>>‹ <?cs var:t("Lists") ?></a></p>
<div class="list-title"><p class="title<?cs if:IsTop ?> top<?cs /if ?>" lang="<?cs var:List.language ?>"><a href="<?cs var:href(List.path) ?>"><?cs var:List.title ?></a></p>
<p class="muted address"><?cs var:List.address ?></p></div>
<?cs if:List.may_moderate || List.may_decide_requests || List.may_ban || List.may_own || List.may_see_members ?><nav class="tabs" aria-label="<?cs var:t("This list") ?>">
<a href="<?cs var:href(List.path) ?>"<?cs if:Tab == "list" ?> aria-current="page"<?cs /if ?>><?cs var:t("Posts") ?></a>
<?cs if:List.may_see_members ?><i> · </i><a href="<?cs var:href(List.path) ?>members"<?cs if:Tab == "members" ?> aria-current="page"<?cs /if ?>><?cs var:t("Members") ?></a>
<?cs /if ?><?cs if:List.may_moderate ?><i> · </i><a href="<?cs var:href(List.path) ?>held"<?cs if:Tab == "held" ?> aria-current="page"<?cs /if ?>><?cs var:t("Held") ?><?cs if:List.held > 0 ?> <span class="count"><?cs var:List.held ?></span><?cs /if ?></a>
<?cs /if ?><?cs if:List.may_decide_requests ?><i> · </i><a href="<?cs var:href(List.path) ?>requests"<?cs if:Tab == "requests" ?> aria-current="page"<?cs /if ?>><?cs var:t("Requests") ?><?cs if:List.requests > 0 ?> <span class="count"><?cs var:List.requests ?></span><?cs /if ?></a>
<?cs /if ?><?cs if:List.may_ban ?><i> · </i><a href="<?cs var:href(List.path) ?>rules"<?cs if:Tab == "rules" ?> aria-current="page"<?cs /if ?>><?cs var:t("Rules") ?></a>
<?cs /if ?><?cs if:List.may_own ?><i> · </i><a href="<?cs var:href(List.path) ?>settings/"<?cs if:Tab == "settings" ?> aria-current="page"<?cs /if ?>><?cs var:t("Settings") ?></a>
<i> · </i><a href="<?cs var:href(List.path) ?>log"<?cs if:Tab == "log" ?> aria-current="page"<?cs /if ?>><?cs var:t("Log") ?></a>
<i> · </i><a href="<?cs var:href(List.path) ?>templates"<?cs if:Tab == "texts" ?> aria-current="page"<?cs /if ?>><?cs var:t("Texts") ?></a>
<?cs /if ?></nav>
<?cs /if ?></section>
<?cs /if ?><main id="main">
