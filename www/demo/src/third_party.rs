//! The third parties: what a tracker, an advertiser or a video host answers. Anything asked of
//! them is answered, so that whatever reaches them looks as if it had worked.

use std::path::Path;

use axum::{
    body::Body,
    http::{HeaderMap, Method, StatusCode, header, request::Parts},
    response::Response,
};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use sha1_smol::Sha1;

use crate::{host, reply};

/// Stands in the files below for the origin that serves them.
const ORIGIN: &str = "__ORIGIN__";

const TAG: &str = include_str!("../third-party/tag.js");
const AD: &str = include_str!("../third-party/ad.js");
const WEATHER: &str = include_str!("../third-party/weather.js");
const AUDIENCE: &str = include_str!("../third-party/audience.js");
const GPT: &str = include_str!("../third-party/gpt.js");
const GTAG: &str = include_str!("../third-party/gtag.js");
const EMBED: &str = include_str!("../third-party/embed.html");
const WEATHER_ICON: &str = include_str!("../third-party/weather.svg");
const IMAGE: &str = include_str!("../third-party/image.svg");

/// One transparent pixel.
const GIF: &[u8] = b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\0\0\0!\xf9\x04\x01\0\0\0\0,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;";

const SVG: &str = "image/svg+xml";

/// What a frame of an odd path shows.
const PLAIN_PAGE: &str = "<!doctype html><html lang=\"en\"><title>Third party</title><p>A third party's page.</p></html>\n";

/// Answers a request to a third party, and gives the browser an id to be known by. The ad server knows
/// its visitors by what their pages send.
pub fn answer(parts: &Parts) -> Response {
    let mut response = content(parts);
    let headers = response.headers_mut();
    reply::allow_any_origin(headers);
    if !has_id(&parts.headers) && host::of(parts).as_deref() != Some(host::AD_SERVER) {
        let id = fastrand::u64(..);
        // A tracker's cookie crosses sites, which browsers allow to secure ones only. They take
        // `localhost` for secure; elsewhere on plain http they drop it.
        let cookie = format!("tid={id:016x}; Path=/; Max-Age=31536000; SameSite=None; Secure");
        reply::set(headers, header::SET_COOKIE.as_str(), &cookie);
    }
    response
}

fn content(parts: &Parts) -> Response {
    let ok = |content_type: &str, body: Body| reply::reply(StatusCode::OK, content_type, body);
    let script = |text: &str| ok(reply::SCRIPT, at_origin(text, parts));
    if parts.method == Method::OPTIONS {
        return reply::empty(StatusCode::NO_CONTENT);
    }
    if let Some(key) = parts.headers.get(header::SEC_WEBSOCKET_KEY) {
        return accept_socket(key.as_bytes());
    }
    match parts.uri.path() {
        "/tag.js" => script(TAG),
        "/ad.js" => script(AD),
        "/weather.js" => script(WEATHER),
        "/audience.js" => script(AUDIENCE),
        "/tag/js/gpt.js" => script(GPT),
        "/gtag/js" => script(GTAG),
        "/weather.svg" => ok(SVG, WEATHER_ICON.into()),
        "/embed" => ok(reply::HTML, EMBED.into()),
        "/collect" | "/g/collect" => reply::empty(StatusCode::NO_CONTENT),
        path => match kind(path, &parts.headers) {
            Kind::Script => ok(reply::SCRIPT, "/* ran */\n".into()),
            Kind::Style => ok("text/css; charset=utf-8", "/* applied */\n".into()),
            Kind::Page => ok(reply::HTML, PLAIN_PAGE.into()),
            Kind::Gif => ok("image/gif", GIF.into()),
            Kind::Svg => ok(SVG, IMAGE.into()),
            Kind::Json => ok(reply::JSON, "{}\n".into()),
            // One message, and a pause that outlasts any visit before the browser comes again.
            Kind::Events => ok("text/event-stream", "retry: 86400000\ndata: ok\n\n".into()),
            Kind::Other(content_type) => ok(&content_type, Body::empty()),
            Kind::Unknown => ok(reply::TEXT, "ok\n".into()),
        },
    }
}

/// Opens a web socket, which then ends: browsers put off the next ones of a page whose sockets
/// fail before they are open.
fn accept_socket(key: &[u8]) -> Response {
    let mut hash = Sha1::from(key);
    hash.update(b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11");
    let accept = BASE64_STANDARD.encode(hash.digest().bytes());
    let mut response = reply::empty(StatusCode::SWITCHING_PROTOCOLS);
    let headers = response.headers_mut();
    reply::set(headers, header::CONNECTION.as_str(), "Upgrade");
    reply::set(headers, header::UPGRADE.as_str(), "websocket");
    reply::set(headers, header::SEC_WEBSOCKET_ACCEPT.as_str(), &accept);
    response
}

/// What a path that no route names is answered with.
enum Kind {
    Script,
    Style,
    Page,
    Gif,
    Svg,
    Json,
    Events,
    Other(String),
    Unknown,
}

/// By the path's extension; failing that, by what the browser says it is for.
fn kind(path: &str, headers: &HeaderMap) -> Kind {
    let extension = Path::new(path).extension().and_then(|it| it.to_str());
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    match extension.map(str::to_ascii_lowercase).as_deref() {
        Some("js" | "mjs") => return Kind::Script,
        Some("css") => return Kind::Style,
        Some("html" | "htm" | "php") => return Kind::Page,
        Some("gif") => return Kind::Gif,
        // A picture by any name: browsers look at the content type.
        Some("svg" | "png" | "jpg" | "jpeg" | "webp" | "avif" | "ico") => return Kind::Svg,
        Some("json") => return Kind::Json,
        Some(_) => {
            if let Some(mime) = mime_guess::from_path(path).first() {
                return Kind::Other(mime.to_string());
            }
        }
        None => {}
    }
    if text("accept").is_some_and(|accept| accept.starts_with("text/event-stream")) {
        return Kind::Events;
    }
    match text("sec-fetch-dest") {
        Some("script" | "worker" | "sharedworker" | "serviceworker") => Kind::Script,
        Some("style") => Kind::Style,
        Some("document" | "iframe" | "frame" | "object" | "embed") => Kind::Page,
        Some("image") => Kind::Gif,
        _ => Kind::Unknown,
    }
}

/// A file that says where it came from. The host was checked on arrival, and no host name has a
/// character that a string in a script must escape.
fn at_origin(text: &str, parts: &Parts) -> Body {
    let authority = match parts.uri.authority() {
        Some(authority) => authority.as_str(),
        None => parts
            .headers
            .get(header::HOST)
            .and_then(|host| host.to_str().ok())
            .unwrap_or_default(),
    };
    text.replace(ORIGIN, &format!("http://{authority}")).into()
}

fn has_id(headers: &HeaderMap) -> bool {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|cookies| cookies.split(';'))
        .any(|cookie| cookie.trim_start().starts_with("tid="))
}
