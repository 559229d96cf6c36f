//! What goes out in GPP and US Privacy strings: the rows of `tests/data/strings.md`, each decided by
//! `decide` and said by `Strings::of`, and what must hold for any visitor.

use std::collections::{HashMap, HashSet};

use nosale::config::{GppSettings, Mspa};
use nosale::gpp::{Field, Gpp, Section, UsPrivacy, UsSection};
use nosale::policy::{
    Age, Choice, Decision, Gpc, GpcScope, JURISDICTIONS, Jurisdiction, Purpose, Purposes, Record,
    SensitiveKind, SensitiveKinds, Settings, SignalSeen, Signals, Stored, decide,
};
use nosale::strings::{Facts, Strings};
use proptest::prelude::*;

use crate::arbitrary;

const TABLES: &str = include_str!("../data/strings.md");

const ADVERTISING: Purposes = Purposes::OF_GPC;
const SALE: Purposes = Purposes::of(&[Purpose::Sale]);
const SHARING: Purposes = Purposes::of(&[Purpose::Sharing]);
const TARGETED: Purposes = Purposes::of(&[Purpose::TargetedAdvertising]);
const SENSITIVE: Purposes = Purposes::of(&[Purpose::SensitiveData]);

/// States whose own sections are not stable.
const UNSTABLE_STATES: [&str; 4] = ["US-MD", "US-IN", "US-KY", "US-RI"];

/// A visitor on a site.
#[derive(Clone, Debug)]
struct Case {
    signals: Signals,
    stored: Stored,
    deciding: Settings,
    used: Purposes,
    gpp: GppSettings,
}

impl Case {
    fn new() -> Case {
        Case {
            signals: Signals::default(),
            stored: Stored::default(),
            deciding: Settings::default(),
            used: ADVERTISING,
            gpp: GppSettings::default(),
        }
    }

    /// The rows of "Situations" in the data file.
    fn of_situation(name: &str) -> Case {
        let case = Case::new();
        let sensitive = || Case::new().uses(ADVERTISING.union(SENSITIVE));
        match name {
            "nothing" => case,
            "gpc" => case.gpc(),
            "gpc, where required" => case
                .gpc()
                .deciding(|set| set.gpc_scope = GpcScope::WhereRequired),
            "gpc, exception" => case
                .gpc()
                .signal_since(100)
                .says(Purposes::ALL, Choice::Confirmed)
                .deciding(|set| set.consent_despite_signal = true),
            "gpc, earlier" => case.signal_since(100),
            "opted out" => case.says(Purposes::ALL, Choice::Out),
            "ads opted out" => case.says(TARGETED, Choice::Out),
            "sale opted out" => case.says(SALE, Choice::Out),
            "13 to 15" => case.age(Age::From13To15),
            "13 to 15, opted in" => case
                .age(Age::From13To15)
                .says(Purposes::ALL, Choice::Confirmed),
            "13 to 15, ads opted out" => case
                .age(Age::From13To15)
                .says(Purposes::ALL, Choice::Confirmed)
                .says(TARGETED, Choice::Out),
            "13 to 15, sale only" => case.age(Age::From13To15).uses(SALE),
            "under 13" => case.age(Age::Under13),
            "under 13, parent consents" => {
                let mut case = case.age(Age::Under13);
                case.signals.parental_consent = true;
                case
            }
            "sensitive" => sensitive(),
            "sensitive, opted out" => sensitive().says(SENSITIVE, Choice::Out),
            "sensitive, opted in" => sensitive().says(SENSITIVE, Choice::Confirmed),
            "sensitive only" => case.uses(SENSITIVE).says(SENSITIVE, Choice::Confirmed),
            "opt-out option" => case.gpp(|gpp| gpp.mspa = Mspa::OptOutOption),
            "service provider" => case.gpc().gpp(|gpp| gpp.mspa = Mspa::ServiceProvider),
            "no notice" => case.gpp(|gpp| gpp.notices_given = false),
            "no notice, gpc" => case.gpc().gpp(|gpp| gpp.notices_given = false),
            "no notice, sensitive" => sensitive()
                .says(SENSITIVE, Choice::Confirmed)
                .gpp(|gpp| gpp.notices_given = false),
            "sale only" => case.uses(SALE).says(TARGETED, Choice::Out),
            "ads only" => case.uses(TARGETED),
            "sharing only" => case.uses(SHARING).says(TARGETED, Choice::Out),
            "no sale" => case.gpc().uses(Purposes::of(&[Purpose::Profiling])),
            other => panic!("no such situation: {other}"),
        }
    }

    fn gpc(mut self) -> Case {
        self.signals.gpc = Gpc::On;
        self
    }

    fn age(mut self, age: Age) -> Case {
        self.signals.age = Some(age);
        self
    }

    fn uses(mut self, purposes: Purposes) -> Case {
        self.used = purposes;
        self
    }

    fn deciding(mut self, change: impl FnOnce(&mut Settings)) -> Case {
        change(&mut self.deciding);
        self
    }

    fn gpp(mut self, change: impl FnOnce(&mut GppSettings)) -> Case {
        change(&mut self.gpp);
        self
    }

    fn signal_since(mut self, since: u64) -> Case {
        let record = self.stored.record.get_or_insert_with(Record::empty);
        record.signal = Some(SignalSeen {
            since,
            ended: self.signals.gpc != Gpc::On,
        });
        self
    }

    /// After every signal.
    fn says(mut self, purposes: Purposes, choice: Choice) -> Case {
        let record = self.stored.record.get_or_insert_with(Record::empty);
        for purpose in purposes.iter() {
            *record.choices.of_mut(purpose) = Some(choice);
        }
        record.time = 200;
        self
    }

    fn decision(&self, jurisdiction: &'static Jurisdiction) -> Decision {
        decide(&self.signals, &self.stored, jurisdiction, &self.deciding)
    }

    fn denied(&self, jurisdiction: &'static Jurisdiction) -> Purposes {
        Purposes::ALL.without(self.decision(jurisdiction).permitted())
    }

    fn strings(&self, jurisdiction: &'static Jurisdiction) -> Strings {
        Strings::of(&Facts {
            decision: &self.decision(jurisdiction),
            signals: &self.signals,
            jurisdiction,
            used: self.used,
            settings: &self.gpp,
        })
    }
}

/// A table of the data file.
struct Table {
    jurisdiction: &'static Jurisdiction,
    /// Prefix and number of the section that it is about.
    section: Option<(&'static str, i32)>,
    notices: Option<&'static str>,
    rows: Vec<HashMap<&'static str, &'static str>>,
}

impl Table {
    /// The values of `unstableSections` for which it holds.
    fn unstable_sections(&self) -> &'static [bool] {
        if UNSTABLE_STATES.contains(&self.jurisdiction.code) {
            let own = self.section.is_some_and(|(_, id)| id >= 24);
            if own { &[true] } else { &[false] }
        } else {
            &[false, true]
        }
    }
}

/// The rows of a Markdown table by their columns' names.
fn rows(text: &'static str) -> Vec<HashMap<&'static str, &'static str>> {
    let mut lines = text.lines().filter(|line| line.starts_with('|'));
    let cells = |line: &'static str| {
        let inner = line.strip_prefix('|').unwrap().strip_suffix('|').unwrap();
        inner.split('|').map(str::trim)
    };
    let heads: Vec<_> = cells(lines.next().unwrap()).collect();
    let ruler = lines.next().unwrap();
    assert!(ruler.starts_with("|--"), "{ruler}");
    let mut rows = Vec::new();
    for line in lines {
        let row: Vec<_> = cells(line).collect();
        assert_eq!(row.len(), heads.len(), "{line}");
        rows.push(heads.iter().copied().zip(row).collect());
    }
    rows
}

/// The parts of the data file by their headings.
fn parts() -> impl Iterator<Item = (&'static str, &'static str)> {
    let parts = TABLES.split("\n## ").skip(1);
    parts.map(|part| part.split_once('\n').unwrap())
}

fn part(heading: &str) -> &'static str {
    let (_, text) = parts().find(|(found, _)| *found == heading).unwrap();
    text
}

fn tables() -> Vec<Table> {
    let mut tables = Vec::new();
    for (heading, text) in parts() {
        let Some((code, section)) = heading.split_once(": ") else {
            continue;
        };
        let section = match section.split_once(", section ") {
            Some((prefix, id)) => Some((prefix, id.parse().unwrap())),
            None => {
                assert_eq!(section, "no section", "{heading}");
                None
            }
        };
        let notices = text.lines().find_map(|line| line.strip_prefix("Notices: "));
        tables.push(Table {
            jurisdiction: Jurisdiction::from_code(code).unwrap(),
            section,
            notices: notices.map(|line| line.strip_suffix('.').unwrap()),
            rows: rows(text),
        });
    }
    tables
}

/// The column of the data file that shows a field.
fn column(field: Field) -> &'static str {
    match field {
        Field::SaleOptOut => "Sale",
        Field::SharingOptOut => "Sharing",
        Field::TargetedAdvertisingOptOut => "Ads",
        Field::SensitiveDataProcessing => "Sensitive",
        Field::KnownChildSensitiveDataConsents => "Child",
        Field::PersonalDataConsents | Field::AdditionalDataProcessingConsent => "Other",
        Field::MspaCoveredTransaction
        | Field::MspaOptOutOptionMode
        | Field::MspaServiceProviderMode
        | Field::MspaMode => "MSPA",
        Field::Version | Field::MspaVersion => "Version",
        _ => {
            assert!(field.name().ends_with("Notice"), "{field:?}");
            "Notices"
        }
    }
}

/// What a section says, by the columns of the data file.
fn cells(section: &UsSection) -> HashMap<&'static str, String> {
    let mut cells: HashMap<_, String> = HashMap::new();
    for (place, values) in section.fields() {
        let cell = cells.entry(column(place.field)).or_default();
        cell.extend(values.iter().map(ToString::to_string));
    }
    if let Some(gpc) = section.gpc() {
        cells.insert("GPC", gpc.to_string());
    }
    cells
}

fn purposes_cell(purposes: Purposes) -> String {
    if purposes == Purposes::ALL {
        return "all".to_owned();
    }
    let short = |purpose: Purpose| match purpose {
        Purpose::TargetedAdvertising => "ads",
        Purpose::SensitiveData => "sensitive",
        other => other.name(),
    };
    let names: Vec<_> = purposes.iter().map(short).collect();
    if names.is_empty() {
        "-".to_owned()
    } else {
        names.join(" ")
    }
}

/// The one US section of a string.
fn us_section(gpp: &Gpp) -> Option<&UsSection> {
    match gpp.sections() {
        [] => None,
        [Section::Us(section)] => Some(section),
        other => panic!("{other:?}"),
    }
}

/// What differs from a row.
fn differences(table: &Table, row: &HashMap<&str, &str>, unstable_sections: bool) -> Vec<String> {
    let situation = row["Situation"];
    let case = Case::of_situation(situation).gpp(|gpp| gpp.unstable_sections = unstable_sections);
    let strings = case.strings(table.jurisdiction);
    let section = us_section(strings.sections());

    let mut said = section.map(cells).unwrap_or_default();
    said.insert("Situation", situation.to_owned());
    said.insert("Denied", purposes_cell(case.denied(table.jurisdiction)));
    said.insert("GPP string", strings.gpp().to_owned());
    said.insert("US Privacy", strings.usp().to_text());

    let at = format!("{}, {situation}", table.jurisdiction.code);
    let mut differences = Vec::new();
    for (name, expected) in row {
        let said = said.get(name).map_or("-", String::as_str);
        if said != *expected {
            differences.push(format!("{at}: {name} is {said}, not {expected}"));
        }
    }
    let applicable = table.section.map_or(-1, |(_, id)| id);
    if strings.applicable() != [applicable] {
        let said = strings.applicable();
        differences.push(format!("{at}: applicable are {said:?}, not [{applicable}]"));
    }
    let prefix = section.map(|section| section.layout().prefix);
    if prefix != table.section.map(|(prefix, _)| prefix) {
        differences.push(format!("{at}: the section is {prefix:?}"));
    }
    differences
}

#[test]
fn every_row_of_the_tables() {
    let mut found = Vec::new();
    for table in tables() {
        for row in &table.rows {
            for unstable_sections in table.unstable_sections() {
                found.extend(differences(&table, row, *unstable_sections));
            }
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn every_jurisdiction_has_a_table_with_every_situation() {
    let mut found = HashSet::new();
    let situations = rows(part("Situations"));
    assert!(situations.len() > 20);
    for table in tables() {
        for unstable_sections in table.unstable_sections() {
            let new = found.insert((table.jurisdiction.code, *unstable_sections));
            assert!(new, "{} stands twice", table.jurisdiction.code);
        }
        let names = |rows: &[HashMap<_, &'static str>]| -> Vec<&str> {
            rows.iter().map(|row| row["Situation"]).collect()
        };
        assert_eq!(names(&table.rows), names(&situations));
    }
    for jurisdiction in &JURISDICTIONS {
        for unstable_sections in [false, true] {
            let at = (jurisdiction.code, unstable_sections);
            assert!(found.contains(&at), "{at:?}");
        }
    }
}

#[test]
fn notices_stand_in_the_order_that_the_tables_name() {
    for table in tables() {
        let section = table
            .section
            .and_then(|(name, _)| UsSection::of_prefix(name));
        let notices = section.map(|section| {
            let fields = section.fields().map(|(place, _)| place.field);
            let notices: Vec<_> = fields.filter(|field| column(*field) == "Notices").collect();
            let names: Vec<_> = notices.into_iter().map(Field::name).collect();
            names.join(", ")
        });
        assert_eq!(notices.as_deref(), table.notices, "{:?}", table.section);
    }
}

/// The places of `SensitiveDataProcessing` that are 1, as the data file writes them.
fn places_denied(section: &UsSection) -> String {
    let places = section
        .get(Field::SensitiveDataProcessing)
        .unwrap_or_default();
    let denied = (1..).zip(places).filter(|(_, value)| **value == 1);
    let numbers: Vec<_> = denied
        .map(|(number, _): (u32, _)| number.to_string())
        .collect();
    if numbers.is_empty() {
        "-".to_owned()
    } else {
        numbers.join(" ")
    }
}

#[test]
fn kinds_of_sensitive_data_have_their_places() {
    let kinds = rows(part("Kinds of sensitive data"));
    assert_eq!(kinds.len(), SensitiveKind::ALL.len());
    for table in tables() {
        let Some((prefix, id)) = table.section else {
            continue;
        };
        for row in &kinds {
            let name = row["Kind"];
            let place = SensitiveKind::NAMES.iter().position(|known| *known == name);
            let kind = SensitiveKind::ALL[place.unwrap()];
            let case = Case::of_situation("sensitive, opted out").gpp(|gpp| {
                gpp.sensitive_data = SensitiveKinds::of(&[kind]);
                gpp.unstable_sections = id >= 24;
            });
            let strings = case.strings(table.jurisdiction);
            let said = places_denied(us_section(strings.sections()).unwrap());
            let expected = match prefix {
                "usmd" => "-",
                prefix => row.get(prefix).unwrap_or(&row["others"]),
            };
            assert_eq!(said, expected, "{prefix}, {name}");
        }
    }
}

#[test]
fn the_worked_example() {
    let california = Jurisdiction::from_code("US-CA").unwrap();
    let strings = |case: Case| case.strings(california);
    let gpc = strings(Case::new().gpc());
    assert_eq!(gpc.gpp(), "DBABBg~BVUAAACA.YA");
    assert_eq!(gpc.usp().to_text(), "1YYN");
    let nothing = strings(Case::new());
    assert_eq!(nothing.gpp(), "DBABBg~BVoAAACA.QA");
    assert_eq!(nothing.usp().to_text(), "1YNN");
}

/// What `SharingOptOut` and `TargetedAdvertisingOptOut` stand for in a section, and `SaleOptOut`.
fn opt_outs(prefix: &str) -> Vec<(Field, Purposes)> {
    let sale = (Field::SaleOptOut, SALE);
    match prefix {
        "usnat" => vec![
            sale,
            (Field::SharingOptOut, SHARING),
            (Field::TargetedAdvertisingOptOut, TARGETED),
        ],
        "usca" => vec![sale, (Field::SharingOptOut, SHARING.union(TARGETED))],
        _ => vec![
            sale,
            (Field::TargetedAdvertisingOptOut, SHARING.union(TARGETED)),
        ],
    }
}

fn has_any(set: Purposes, purposes: Purposes) -> bool {
    !set.intersection(purposes).is_empty()
}

/// The values of a list; none if the section has no such list.
fn list(section: &UsSection, field: Field) -> Vec<u8> {
    section.get(field).unwrap_or_default().to_vec()
}

fn kinds() -> impl Strategy<Value = SensitiveKinds> {
    let kinds = SensitiveKind::ALL;
    let some = proptest::collection::vec(0..kinds.len(), 0..6).prop_map(move |places| {
        let mut some = SensitiveKinds::NONE;
        for place in places {
            some.insert(kinds[place]);
        }
        some
    });
    prop_oneof![Just(SensitiveKinds::ALL), some]
}

fn gpp_settings() -> impl Strategy<Value = GppSettings> {
    (0..Mspa::ALL.len(), any::<bool>(), kinds(), any::<bool>()).prop_map(
        |(mspa, notices_given, sensitive_data, unstable_sections)| GppSettings {
            mspa: Mspa::ALL[mspa],
            notices_given,
            sensitive_data,
            unstable_sections,
            ..GppSettings::default()
        },
    )
}

fn cases() -> impl Strategy<Value = Case> {
    (
        arbitrary::signals(),
        arbitrary::stored(),
        arbitrary::settings(),
        arbitrary::purposes(),
        gpp_settings(),
    )
        .prop_map(|(signals, stored, deciding, used, gpp)| Case {
            signals,
            stored,
            deciding,
            used,
            gpp,
        })
}

proptest! {
    #[test]
    fn strings_read_back(case in cases(), jurisdiction in arbitrary::jurisdiction()) {
        let strings = case.strings(jurisdiction);
        let read = Gpp::decode(strings.gpp()).unwrap();
        prop_assert_eq!(&read, strings.sections());
        prop_assert_eq!(read.encode_unstable().unwrap(), strings.gpp());
        let ids: Vec<_> = read.ids().map(|id| id as i32).collect();
        let applicable = if ids.is_empty() { vec![-1] } else { ids };
        prop_assert_eq!(strings.applicable(), applicable);
        let usp = strings.usp();
        prop_assert_eq!(UsPrivacy::parse(&usp.to_text()), Some(usp));
    }

    #[test]
    fn only_settled_sections_unless_asked_for(
        case in cases(),
        jurisdiction in arbitrary::jurisdiction(),
    ) {
        let strings = case.strings(jurisdiction);
        let unstable = strings.sections().encode().is_err();
        let own = UNSTABLE_STATES.contains(&jurisdiction.code);
        prop_assert_eq!(unstable, own && case.gpp.unstable_sections);
    }

    #[test]
    fn what_is_used_and_denied_is_carried(
        case in cases(),
        jurisdiction in arbitrary::jurisdiction(),
    ) {
        let denied = case.denied(jurisdiction).intersection(case.used);
        let strings = case.strings(jurisdiction);
        if let Some(section) = us_section(strings.sections()) {
            let fields = opt_outs(section.layout().prefix);
            for purpose in denied.intersection(ADVERTISING).iter() {
                let (field, _) = fields.iter().find(|(_, carried)| carried.has(purpose)).unwrap();
                prop_assert_eq!(section.get(*field), Some(&[1][..]), "{:?}", purpose);
            }
            if denied.has(Purpose::SensitiveData) {
                let places = list(section, Field::SensitiveDataProcessing);
                prop_assert!(!places.contains(&2));
                let all = case.gpp.sensitive_data == SensitiveKinds::ALL;
                prop_assert!(!all || places.iter().all(|value| *value == 1), "{places:?}");
            }
        }
    }

    #[test]
    fn what_is_permitted_is_not_called_denied(
        case in cases(),
        jurisdiction in arbitrary::jurisdiction(),
    ) {
        let denied = case.denied(jurisdiction);
        let strings = case.strings(jurisdiction);
        if let Some(section) = us_section(strings.sections()) {
            for (field, purposes) in opt_outs(section.layout().prefix) {
                // Where a field stands for two purposes, the denial of one of them suffices.
                let opted_out = section.get(field) == Some(&[1]);
                let expected = has_any(case.used, purposes) && has_any(denied, purposes);
                prop_assert_eq!(opted_out, expected, "{:?}", field);
            }
            let used_and_denied = denied.intersection(case.used);
            if !used_and_denied.has(Purpose::SensitiveData) {
                prop_assert!(!list(section, Field::SensitiveDataProcessing).contains(&1));
            }
            let child = list(section, Field::KnownChildSensitiveDataConsents);
            // A use that is denied elsewhere is denied for the field that it shares.
            if !has_any(denied, case.used.union(ADVERTISING)) {
                prop_assert!(!child.contains(&1));
            }
            if !matches!(case.signals.age, Some(Age::From13To15 | Age::Under13)) {
                prop_assert!(child.iter().all(|value| *value == 0));
            }
        }
    }

    #[test]
    fn what_the_site_does_not_do_does_not_apply(
        case in cases(),
        jurisdiction in arbitrary::jurisdiction(),
    ) {
        let strings = case.strings(jurisdiction);
        if let Some(section) = us_section(strings.sections()) {
            for (field, purposes) in opt_outs(section.layout().prefix) {
                if !has_any(case.used, purposes) {
                    prop_assert_eq!(section.get(field), Some(&[0][..]), "{:?}", field);
                }
            }
            if !case.used.has(Purpose::SensitiveData) {
                let places = list(section, Field::SensitiveDataProcessing);
                prop_assert!(places.iter().all(|value| *value == 0));
            }
            let notice = if case.gpp.notices_given { 1 } else { 2 };
            for (place, values) in section.fields() {
                if place.field.name().ends_with("Notice") {
                    prop_assert!(values == [0] || values == [notice], "{place:?}: {values:?}");
                }
            }
        }
    }

    #[test]
    fn nobody_is_said_to_have_stayed_in_without_a_notice(
        case in cases(),
        jurisdiction in arbitrary::jurisdiction(),
    ) {
        let case = case.gpp(|gpp| gpp.notices_given = false);
        let strings = case.strings(jurisdiction);
        if let Some(section) = us_section(strings.sections()) {
            for (field, _) in opt_outs(section.layout().prefix) {
                prop_assert_ne!(section.get(field), Some(&[2][..]), "{:?}", field);
            }
        }
        prop_assert_ne!(strings.usp().notice, Some(true));
    }

    #[test]
    fn the_contract_is_as_the_publisher_says(
        case in cases(),
        jurisdiction in arbitrary::jurisdiction(),
    ) {
        let strings = case.strings(jurisdiction);
        if let Some(section) = us_section(strings.sections()) {
            let covered = section.get(Field::MspaCoveredTransaction).unwrap();
            prop_assert_eq!(covered, if case.gpp.mspa == Mspa::None { [2] } else { [1] });
        }
    }

    #[test]
    fn the_sub_section_says_what_the_browser_says(
        case in cases(),
        jurisdiction in arbitrary::jurisdiction(),
    ) {
        let strings = case.strings(jurisdiction);
        if let Some(section) = us_section(strings.sections()) {
            let gpc = section.layout().has_gpc().then_some(case.signals.gpc == Gpc::On);
            prop_assert_eq!(section.gpc(), gpc);
        }
    }

    #[test]
    fn us_privacy_speaks_of_california_only(
        case in cases(),
        jurisdiction in arbitrary::jurisdiction(),
    ) {
        let usp = case.strings(jurisdiction).usp();
        let applies = matches!(jurisdiction.code, "US" | "US-CA");
        prop_assert_eq!(usp == UsPrivacy::NOT_APPLICABLE, !applies);
        if applies {
            let denied = has_any(case.denied(jurisdiction), ADVERTISING);
            let signed = case.gpp.mspa != Mspa::None;
            let expected = UsPrivacy::new(Some(case.gpp.notices_given), denied, Some(signed));
            prop_assert_eq!(usp, expected);
        }
    }

    #[test]
    fn more_signals_never_turn_an_opt_out_around(
        case in cases(),
        gpc in any::<bool>(),
        account in arbitrary::purposes(),
        child in any::<bool>(),
        jurisdiction in arbitrary::jurisdiction(),
    ) {
        let few = case.strings(jurisdiction);
        let mut signals = case.signals;
        if gpc {
            signals.gpc = Gpc::On;
        }
        signals.account = signals.account.union(account);
        if child {
            signals.age = Some(Age::Under13);
            signals.parental_consent = false;
        }
        let many = Case { signals, ..case }.strings(jurisdiction);
        let sections = us_section(few.sections()).zip(us_section(many.sections()));
        if let Some((few, many)) = sections {
            for ((place, few), (_, many)) in few.fields().zip(many.fields()) {
                for (few, many) in few.iter().zip(many) {
                    let turned = *few == 1 && *many == 2;
                    prop_assert!(!turned, "{place:?}");
                }
            }
        }
        prop_assert!(!few.usp().opted_out() || many.usp().opted_out());
    }
}
