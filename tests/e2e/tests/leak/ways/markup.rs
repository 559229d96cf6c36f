//! What stands in a page's HTML. The plain text, and the inert one where there is one.

use super::Way;

pub const WAYS: &[Way] = &[
    Way::markup("html-script", r#"<script src="{url}"></script>"#)
        .inert(r#"<script type="text/plain" {held} src="{url}"></script>"#),
    Way::markup("html-script-async", r#"<script async src="{url}"></script>"#)
        .inert(r#"<script type="text/plain" {held} async src="{url}"></script>"#),
    Way::markup("html-script-defer", r#"<script defer src="{url}"></script>"#)
        .inert(r#"<script type="text/plain" {held} defer data-src="{url}"></script>"#),
    Way::markup("html-script-module", r#"<script type="module" src="{url}"></script>"#)
        .inert(r#"<script type="text/plain" data-type="module" {held} src="{url}"></script>"#),
    Way::markup("html-script-module-import", r#"<script type="module">import "{url}";</script>"#)
        .inert(r#"<script type="text/plain" data-type="module" {held}>import "{url}";</script>"#),
    Way::markup("html-script-inline", r#"<script>new Image().src = "{url}";</script>"#)
        .inert(r#"<script type="text/plain" {held}>new Image().src = "{url}";</script>"#),
    Way::markup("html-script-inline-write", r#"<script>document.write('<img alt="" src="{url}">');</script>"#)
        .inert(r#"<script type="text/plain" {held}>document.write('<img alt="" src="{url}">');</script>"#),
    Way::markup("html-script-data", r#"<script src="data:text/javascript,new Image().src='{url}'"></script>"#)
        .inert(r#"<script type="text/plain" {held} src="data:text/javascript,new Image().src='{url}'"></script>"#),
    Way::markup("html-script-redirect", r#"<script src="{redirect}"></script>"#)
        .inert(r#"<script type="text/plain" {held} src="{redirect}"></script>"#),
    Way::markup("html-script-svg", r#"<svg><script href="{url}"></script></svg>"#)
        .inert(r#"<svg><script type="text/plain" {held} data-href="{url}"></script></svg>"#),
    Way::markup("html-script-template-shadow", r#"<div><template shadowrootmode="open"><script src="{url}"></script></template></div>"#)
        .inert(r#"<div><template shadowrootmode="open"><script type="text/plain" {held} src="{url}"></script></template></div>"#),
    Way::markup("html-speculation-rules", r#"<script type="speculationrules">{"prefetch":[{"source":"list","urls":["{url}"],"eagerness":"immediate"}]}</script>"#)
        .inert(r#"<script type="text/plain" data-type="speculationrules" {held}>{"prefetch":[{"source":"list","urls":["{url}"],"eagerness":"immediate"}]}</script>"#)
        .alone(),
    Way::markup("html-speculation-prerender", r#"<script type="speculationrules">{"prerender":[{"source":"list","urls":["{url}"],"eagerness":"immediate"}]}</script>"#)
        .inert(r#"<script type="text/plain" data-type="speculationrules" {held}>{"prerender":[{"source":"list","urls":["{url}"],"eagerness":"immediate"}]}</script>"#)
        .alone(),
    Way::markup("html-img", r#"<img alt="" src="{url}">"#)
        .inert(r#"<img alt="" {held} data-src="{url}">"#),
    Way::markup("html-img-srcset", r#"<img alt="" srcset="{url} 1x">"#)
        .inert(r#"<img alt="" {held} data-srcset="{url} 1x">"#),
    Way::markup("html-img-redirect", r#"<img alt="" src="{redirect}">"#)
        .inert(r#"<img alt="" {held} data-src="{redirect}">"#),
    Way::markup("html-image-tag", r#"<image src="{url}">"#)
        .inert(r#"<image {held} data-src="{url}">"#),
    Way::markup("html-picture", r#"<picture><source srcset="{url}"><img alt="" src="data:,"></picture>"#)
        .inert(r#"<picture><source {held} data-srcset="{url}"><img alt="" src="data:,"></picture>"#),
    Way::markup("html-img-shadow", r#"<div><template shadowrootmode="open"><img alt="" src="{url}"></template></div>"#)
        .inert(r#"<div><template shadowrootmode="open"><img alt="" {held} data-src="{url}"></template></div>"#),
    Way::markup("html-input-image", r#"<input type="image" alt="" src="{url}">"#)
        .inert(r#"<input type="image" alt="" {held} data-src="{url}">"#),
    Way::markup("html-table-background", r#"<table background="{url}"><tr><td>x</table>"#)
        .inert(r#"<table {held} data-background="{url}"><tr><td>x</table>"#),
    Way::markup("html-body-background", r#"<body background="{url}">x"#)
        .inert(r#"<body {held} data-background="{url}">x"#)
        .bare().alone(),
    Way::markup("html-iframe", r#"<iframe title="x" src="{url}"></iframe>"#)
        .inert(r#"<iframe title="x" {held} data-src="{url}"></iframe>"#),
    Way::markup("html-iframe-redirect", r#"<iframe title="x" src="{redirect}"></iframe>"#)
        .inert(r#"<iframe title="x" {held} data-src="{redirect}"></iframe>"#),
    Way::markup("html-iframe-srcdoc", r#"<iframe title="x" srcdoc="<img alt='' src='{url}'>"></iframe>"#)
        .inert(r#"<iframe title="x" {held} data-srcdoc="<img alt='' src='{url}'>"></iframe>"#),
    Way::markup("html-iframe-srcdoc-script", r#"<iframe title="x" srcdoc="<script src='{url}'></script>"></iframe>"#)
        .inert(r#"<iframe title="x" {held} data-srcdoc="<script src='{url}'></script>"></iframe>"#),
    Way::markup("html-iframe-srcdoc-refresh", r#"<iframe title="x" srcdoc="<meta http-equiv=refresh content='0;url={url}'>"></iframe>"#)
        .inert(r#"<iframe title="x" {held} data-srcdoc="<meta http-equiv=refresh content='0;url={url}'>"></iframe>"#),
    Way::markup("html-iframe-data", r#"<iframe title="x" src="data:text/html,<img src='{url}'>"></iframe>"#)
        .inert(r#"<iframe title="x" {held} data-src="data:text/html,<img src='{url}'>"></iframe>"#),
    Way::markup("html-iframe-javascript", r#"<iframe title="x" src="javascript:&quot;<img src='{url}'>&quot;"></iframe>"#)
        .inert(r#"<iframe title="x" {held} data-src="javascript:&quot;<img src='{url}'>&quot;"></iframe>"#),
    Way::markup("html-iframe-own-page", r#"<iframe title="x" src="{own}frame.html?to={url}"></iframe>"#)
        .inert(r#"<iframe title="x" {held} data-src="{own}frame.html?to={url}"></iframe>"#),
    Way::markup("html-frameset", r#"<frameset><frame src="{url}"></frameset>"#)
        .inert(r#"<frameset><frame {held} data-src="{url}"></frameset>"#)
        .bare().alone(),
    Way::markup("html-object", r#"<object data="{url}"></object>"#)
        .inert(r#"<object {held} data-data="{url}"></object>"#),
    Way::markup("html-object-image", r#"<object type="image/gif" data="{url}"></object>"#)
        .inert(r#"<object type="image/gif" {held} data-data="{url}"></object>"#),
    Way::markup("html-embed", r#"<embed src="{url}">"#)
        .inert(r#"<embed {held} data-src="{url}">"#),
    Way::markup("html-video", r#"<video src="{url}"></video>"#)
        .inert(r#"<video {held} data-src="{url}"></video>"#),
    Way::markup("html-video-poster", r#"<video poster="{url}"></video>"#)
        .inert(r#"<video {held} data-poster="{url}"></video>"#),
    Way::markup("html-video-source", r#"<video><source src="{url}"></video>"#)
        .inert(r#"<video><source {held} data-src="{url}"></video>"#),
    Way::markup("html-video-track", r#"<video crossorigin><track default src="{url}"></video>"#)
        .inert(r#"<video crossorigin><track default {held} data-src="{url}"></video>"#),
    Way::markup("html-audio", r#"<audio src="{url}"></audio>"#)
        .inert(r#"<audio {held} data-src="{url}"></audio>"#),
    Way::markup("html-audio-source", r#"<audio><source src="{url}"></audio>"#)
        .inert(r#"<audio><source {held} data-src="{url}"></audio>"#),
    Way::markup("html-link-stylesheet", r#"<link rel="stylesheet" href="{url}">"#)
        .inert(r#"<link rel="stylesheet" {held} data-href="{url}">"#),
    Way::markup("html-link-stylesheet-alternate", r#"<link rel="alternate stylesheet" title="other" href="{url}">"#)
        .inert(r#"<link rel="alternate stylesheet" title="other" {held} data-href="{url}">"#),
    Way::markup("html-link-preload-script", r#"<link rel="preload" as="script" href="{url}">"#)
        .inert(r#"<link rel="preload" as="script" {held} data-href="{url}">"#),
    Way::markup("html-link-preload-style", r#"<link rel="preload" as="style" href="{url}">"#)
        .inert(r#"<link rel="preload" as="style" {held} data-href="{url}">"#),
    Way::markup("html-link-preload-image", r#"<link rel="preload" as="image" href="{url}">"#)
        .inert(r#"<link rel="preload" as="image" {held} data-href="{url}">"#),
    Way::markup("html-link-preload-imagesrcset", r#"<link rel="preload" as="image" imagesrcset="{url} 1x">"#)
        .inert(r#"<link rel="preload" as="image" {held} data-imagesrcset="{url} 1x">"#),
    Way::markup("html-link-preload-font", r#"<link rel="preload" as="font" crossorigin href="{url}">"#)
        .inert(r#"<link rel="preload" as="font" crossorigin {held} data-href="{url}">"#),
    Way::markup("html-link-preload-fetch", r#"<link rel="preload" as="fetch" crossorigin href="{url}">"#)
        .inert(r#"<link rel="preload" as="fetch" crossorigin {held} data-href="{url}">"#),
    Way::markup("html-link-modulepreload", r#"<link rel="modulepreload" href="{url}">"#)
        .inert(r#"<link rel="modulepreload" {held} data-href="{url}">"#),
    Way::markup("html-link-prefetch", r#"<link rel="prefetch" href="{url}">"#)
        .inert(r#"<link rel="prefetch" {held} data-href="{url}">"#),
    Way::markup("html-link-prerender", r#"<link rel="prerender" href="{url}">"#)
        .inert(r#"<link rel="prerender" {held} data-href="{url}">"#)
        .alone(),
    Way::markup("html-link-dictionary", r#"<link rel="compression-dictionary" href="{url}">"#)
        .inert(r#"<link rel="compression-dictionary" {held} data-href="{url}">"#),
    Way::markup("html-link-preconnect", r#"<link rel="preconnect" href="{url}">"#)
        .inert(r#"<link rel="preconnect" {held} data-href="{url}">"#)
        .connects(),
    Way::markup("html-link-icon", r#"<link rel="icon" href="{url}">"#)
        .inert(r#"<link rel="icon" {held} data-href="{url}">"#)
        .head().alone(),
    Way::markup("html-link-manifest", r#"<link rel="manifest" href="{url}">"#)
        .inert(r#"<link rel="manifest" {held} data-href="{url}">"#)
        .head().alone(),
    Way::markup("html-svg-image", r#"<svg><image width="9" height="9" href="{url}"/></svg>"#)
        .inert(r#"<svg><image width="9" height="9" {held} data-href="{url}"/></svg>"#),
    Way::markup("html-svg-image-xlink", r#"<svg><image width="9" height="9" xlink:href="{url}"/></svg>"#)
        .inert(r#"<svg><image width="9" height="9" {held} data-href="{url}"/></svg>"#),
    Way::markup("html-svg-feimage", r##"<svg><filter id="f-{id}"><feImage href="{url}"/></filter><rect width="9" height="9" filter="url(#f-{id})"/></svg>"##)
        .inert(r##"<svg><filter id="f-{id}"><feImage {held} data-href="{url}"/></filter><rect width="9" height="9" filter="url(#f-{id})"/></svg>"##),
    Way::markup("html-svg-use", r##"<svg><use href="{url}#x"/></svg>"##)
        .inert(r##"<svg><use {held} data-href="{url}#x"/></svg>"##),
    Way::markup("html-style-attribute", r#"<p style="background: url({url})">x</p>"#)
        .inert(r##"<style type="text/plain" {held}>#a-{id} { background: url({url}) }</style><p id="a-{id}">x</p>"##),
    Way::markup("html-style-cursor", r#"<p style="cursor: url({url}), auto">x</p>"#),
    Way::markup("html-style-content", r#"<style>#c-{id}::before { content: url({url}) }</style><p id="c-{id}">x</p>"#)
        .inert(r##"<style type="text/plain" {held}>#c-{id}::before { content: url({url}) }</style><p id="c-{id}">x</p>"##),
    Way::markup("html-style-mask", r#"<p style="mask-image: url({url})">x</p>"#),
    Way::markup("html-style-filter", r#"<p style="filter: url({url}#x)">x</p>"#),
    Way::markup("html-style-list", r#"<ul style="list-style-image: url({url})"><li>x</ul>"#),
    Way::markup("html-style-image-set", r#"<p style="background: image-set('{url}' 1x)">x</p>"#),
    Way::markup("html-style-shape", r#"<p style="float: left; shape-outside: url({url})">x</p>"#),
    Way::markup("html-style-url", r#"<style>#s-{id} { background: url({url}) }</style><p id="s-{id}">x</p>"#)
        .inert(r##"<style type="text/plain" {held}>#s-{id} { background: url({url}) }</style><p id="s-{id}">x</p>"##),
    Way::markup("html-style-import", r#"<style>@import "{url}";</style>"#)
        .inert(r#"<link rel="stylesheet" {held} data-href="{url}">"#),
    Way::markup("html-style-font", r#"<style>@font-face { font-family: "f-{id}"; src: url({url}) }</style><p style="font-family: 'f-{id}'">x</p>"#)
        .inert(r#"<style type="text/plain" {held}>@font-face { font-family: "f-{id}"; src: url({url}) }</style><p style="font-family: 'f-{id}'">x</p>"#),
    Way::markup("html-stylesheet-of-own", r#"<link rel="stylesheet" href="data:text/css,@import '{url}';">"#)
        .inert(r#"<link rel="stylesheet" {held} data-href="data:text/css,@import '{url}';">"#),
    Way::markup("html-base-href", r#"<base href="{origin}"><img alt="" src="{path}">"#)
        .inert(r#"<base href="{origin}"><img alt="" {held} data-src="{path}">"#)
        .alone(),
    Way::markup("html-upper-case", r#"<IMG ALT="" SRC="HTTP://{HOST}:{port}{path}">"#)
        .inert(r#"<IMG ALT="" {held} DATA-SRC="HTTP://{HOST}:{port}{path}">"#),
    Way::markup("html-protocol-relative", r#"<script src="//{host}:{port}{path}"></script>"#)
        .inert(r#"<script type="text/plain" {held} src="//{host}:{port}{path}"></script>"#),
];
