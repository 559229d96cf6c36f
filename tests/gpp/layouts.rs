//! The table against the published one.

use nosale::gpp::{LAYOUTS, Layout, Place, SubSection, UsPrivacy};
use serde_json::{Value, json};

use crate::data::{items, layouts};

fn row(layout: &Layout) -> Value {
    let field = |place: &Place| {
        let count = (place.count > 1).then_some(place.count);
        let bits = if place.field.is_version() { 6 } else { 2 };
        json!({ "name": place.field.name(), "bits": bits, "count": count })
    };
    let mut row = json!({
        "id": layout.id,
        "prefix": layout.prefix,
        "version": layout.version,
        "coreBits": layout.core_bits(),
        "gpcSegment": layout.has_gpc(),
        "core": layout.core.iter().map(field).collect::<Vec<_>>(),
    });
    if let SubSection::Sensitive(place) = &layout.sub_section {
        row["sensitiveSegment"] = field(place);
    }
    if layout.is_unstable() {
        row["unstableLayout"] = json!(true);
    }
    row
}

#[test]
fn each_row_is_the_published_one() {
    let published = layouts();
    let (privacy, published) = items(&published, "sections").split_first().unwrap();
    assert_eq!(privacy["id"], UsPrivacy::SECTION);
    assert_eq!(privacy["prefix"], UsPrivacy::PREFIX);
    assert_eq!(privacy["version"], UsPrivacy::VERSION);
    let own: Vec<Value> = LAYOUTS.iter().map(row).collect();
    assert_eq!(own.len(), published.len());
    for (own, published) in own.iter().zip(published) {
        assert_eq!(own, published);
    }
}

#[test]
fn a_layout_is_found_by_number_prefix_and_version() {
    for layout in LAYOUTS {
        assert_eq!(Layout::of_version(layout.id, layout.version), Some(layout));
        let newest = Layout::of(layout.id).unwrap();
        assert!(newest.version >= layout.version);
        assert_eq!(Layout::of_prefix(layout.prefix), Some(newest));
    }
    for id in [0, 1, 2, 3, 4, 5, 6, 28, u32::MAX] {
        assert_eq!(Layout::of(id), None);
    }
    assert_eq!(Layout::of_version(8, 2), None);
    assert_eq!(Layout::of_prefix("USCA"), None);
}
