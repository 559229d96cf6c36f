//! The same third party by other spellings of its address, from scripts.

use super::Way;

pub const WAYS: &[Way] = &[
    Way::script("host in capitals", "new Image().src = `HTTP://${host.toUpperCase()}:${port}${path}`;"),
    Way::script("host with a trailing dot", "new Image().src = `http://${host}.:${port}${path}`;"),
    Way::script("host below", "new Image().src = `http://eu.${host}:${port}${path}`;"),
    Way::script("user and password, image", "new Image().src = `http://user:secret@${host}:${port}${path}`;"),
    Way::script("user and password, frame", "const made = make('iframe'); made.src = `http://user:secret@${host}:${port}${path}`; put(made);"),
    Way::script("user that looks like a permitted host", "const made = new WebSocket(`ws://partner.localhost@${host}:${port}${path}`);"),
    Way::script("protocol-relative, fetch", "fetch(`//${host}:${port}${path}`, { mode: 'no-cors' }).catch(() => {});"),
    Way::script("protocol-relative, image", "new Image().src = `//${host}:${port}${path}`;"),
    Way::script("backslashes", "new Image().src = `http:\\\\\\\\${host}:${port}${path}`;"),
    Way::script("one slash and another scheme's colon", "new Image().src = `\\\\/${host}:${port}${path}`;"),
    Way::script("tabs and line feeds inside", "new Image().src = ` \\n ht\\ttp://${host.slice(0, 3)}\\n${host.slice(3)}:${port}${path} `;"),
    Way::script("percent-encoded host", "new Image().src = `http://%${host.charCodeAt(0).toString(16)}${host.slice(1)}:${port}${path}`;"),
    Way::script("full-width host", "new Image().src = `http://${[...host].map(c => c === '.' ? '\\u3002' : String.fromCharCode(c.charCodeAt(0) + 0xfee0)).join('')}:${port}${path}`;"),
    Way::script("soft hyphen in the host", "new Image().src = `http://${host.slice(0, 3)}\\u00ad${host.slice(3)}:${port}${path}`;"),
    Way::script("international host", "new Image().src = `http://${idn}:${port}${path}`;"),
    Way::script("international host in punycode", "fetch(`http://${punycode}:${port}${path}`, { mode: 'no-cors' }).catch(() => {});"),
    Way::script("base href, style", "const base = make('base'); base.href = origin; document.head.prepend(base); put(make('p')).style.backgroundImage = `url(${path})`; base.remove();"),
    Way::script("base href, fetch", "const base = make('base'); base.setAttribute('href', origin); document.head.prepend(base);
        fetch(path, { mode: 'no-cors' }).catch(() => {}); base.remove();"),
    Way::script("base href, script", "const base = make('base'), made = make('script'); base.href = origin; document.head.prepend(base);
        made.setAttribute('src', path); put(made); base.remove();"),
    Way::script("base href after src", "const base = make('base'), made = make('script'); made.setAttribute('src', path);
        base.href = origin; document.head.prepend(base); put(made); base.remove();"),
    Way::script("base href, frame", "const base = make('base'), made = make('iframe'); base.href = origin; document.head.prepend(base);
        made.src = path; put(made); base.remove();"),
    Way::script("srcset with several", "const made = make('img'); made.srcset = `${path} 5x, ${url} 1x`; put(made);"),
    Way::script("query and fragment", "new Image().src = `${url}?x=http://www.publisher.localhost/#/y`;"),
];
