//! The columns of the table: how nosale stands on the page, and when the decision comes.

use e2e::Gpc;

use super::ways::{Kind, Way};

/// How HTML is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Markup {
    /// As publishers have it without nosale.
    Plain,
    /// Inert, and what has no inert form is not there.
    Inert,
    /// Inert, and what has no inert form as it is.
    InertOrPlain,
}

/// When the denial comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Denial {
    /// Never: everything must arrive.
    Never,
    /// The browser has the signal on.
    AtLoad,
    /// The page opts out, then uses the way.
    MidPage,
    /// The page saves references, opts out, then uses the way by those references.
    Saved,
}

/// One column.
#[derive(Clone, Copy, Debug)]
pub struct Mode {
    /// Its name in addresses and in the expected table.
    pub slug: &'static str,
    /// Its name for readers.
    pub title: &'static str,
    /// `gate.mode`; without one, nosale is not on the page.
    pub gate: Option<&'static str>,
    pub markup: Markup,
    pub denial: Denial,
    /// Whether the page has the inline snippet, and nosale.js comes after the ways were used.
    pub inline: bool,
    /// The kind of ways that it is about; without one, both.
    pub only: Option<Kind>,
}

const fn column(
    slug: &'static str,
    title: &'static str,
    gate: &'static str,
    denial: Denial,
) -> Mode {
    Mode {
        slug,
        title,
        gate: Some(gate),
        markup: Markup::Plain,
        denial,
        inline: false,
        only: None,
    }
}

/// Without nosale: what this browser does at all.
const OPEN: Mode = Mode {
    gate: None,
    ..column("open", "without nosale", "", Denial::Never)
};

/// All columns, in the order of the table.
pub const MODES: [Mode; 12] = [
    OPEN,
    column("nothing", "nothing denied", "listed", Denial::Never),
    Mode {
        markup: Markup::Inert,
        only: Some(Kind::Markup),
        ..column("released", "inert, nothing denied", "inert", Denial::Never)
    },
    Mode {
        markup: Markup::Inert,
        only: Some(Kind::Markup),
        ..column("inert", "inert", "inert", Denial::AtLoad)
    },
    Mode {
        markup: Markup::InertOrPlain,
        only: Some(Kind::Markup),
        ..column("inert-strict", "inert + strict", "strict", Denial::AtLoad)
    },
    column("listed-load", "listed", "listed", Denial::AtLoad),
    Mode {
        inline: true,
        only: Some(Kind::Script),
        ..column(
            "inline",
            "inline snippet, then listed",
            "listed",
            Denial::AtLoad,
        )
    },
    column("listed-mid", "listed, mid-page", "listed", Denial::MidPage),
    Mode {
        only: Some(Kind::Script),
        ..column(
            "listed-saved",
            "listed, saved references",
            "listed",
            Denial::Saved,
        )
    },
    column("strict-load", "strict", "strict", Denial::AtLoad),
    column("strict-mid", "strict, mid-page", "strict", Denial::MidPage),
    Mode {
        only: Some(Kind::Script),
        ..column(
            "strict-saved",
            "strict, saved references",
            "strict",
            Denial::Saved,
        )
    },
];

impl Mode {
    pub fn gpc(&self) -> Gpc {
        if self.denial == Denial::AtLoad {
            Gpc::On
        } else {
            Gpc::Absent
        }
    }

    /// The text of a way on this column's pages, if it has one there.
    pub fn text(&self, way: &Way) -> Option<&'static str> {
        if self.only.is_some_and(|only| only != way.kind) {
            return None;
        }
        match (way.kind, self.markup) {
            (Kind::Script, _) | (Kind::Markup, Markup::Plain) => Some(way.text),
            (Kind::Markup, Markup::Inert) => way.inert,
            (Kind::Markup, Markup::InertOrPlain) => Some(way.inert.unwrap_or(way.text)),
        }
    }

    /// Whether the page itself opts out.
    pub fn opts_out(&self) -> bool {
        matches!(self.denial, Denial::MidPage | Denial::Saved)
    }

    /// Whether the denied third party must be reached as the permitted one is.
    pub fn denies_nothing(&self) -> bool {
        self.denial == Denial::Never
    }
}
