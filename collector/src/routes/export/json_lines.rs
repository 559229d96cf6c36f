//! A line of JSON for each event: the CloudEvent as it came, with what the collector knows of it
//! as extension attributes.

use serde_json::value::RawValue;

use crate::store::StoredEvent;

/// `sequence` is the extension of that name, a text of equal length so that it sorts as such;
/// `receivedat` and `secgpc` are the collector's own.
pub fn line(stored: &StoredEvent) -> Result<String, serde_json::Error> {
    let event: std::collections::BTreeMap<&str, &RawValue> =
        serde_json::from_str(stored.event.get())?;
    let own = [
        ("sequence", format!("\"{:019}\"", stored.sequence)),
        ("receivedat", format!("\"{}\"", stored.received)),
        ("secgpc", stored.sec_gpc.to_string()),
    ];
    let mut line = String::from("{");
    for (name, value) in event
        .iter()
        .map(|(name, value)| (*name, value.get()))
        .chain(own.iter().map(|(name, value)| (*name, value.as_str())))
    {
        if line.len() > 1 {
            line.push(',');
        }
        line.push_str(&serde_json::to_string(name)?);
        line.push(':');
        line.push_str(value);
    }
    line.push_str("}\n");
    Ok(line)
}
