//! Console, the frame of every page: the bar and the navigation.

use maud::Markup;

use crate::parts::frame::{Bar, NavLink, NavSection, console};
use crate::sample::TOKEN;

/// Frame of a page of the console.
pub struct Console<'a> {
    pub bar: Bar<'a>,
    /// True if the account manages the organisation and so has the instance.
    pub is_management: bool,
}

const ACCOUNT: NavSection =
    NavSection { heading: None, links: &[NavLink { title: "Account home", href: "/console" }] };

const IDENTITY_CENTER: NavSection = NavSection {
    heading: Some("Identity center"),
    links: &[
        NavLink { title: "Instance", href: "/console/instance" },
        NavLink { title: "Users", href: "/console/users" },
        NavLink { title: "Groups", href: "/console/groups" },
        NavLink { title: "Authentication", href: "/console/authentication" },
        NavLink { title: "Outbox", href: "/console/outbox" },
    ],
};

const ACCESS: NavSection = NavSection {
    heading: Some("Access"),
    links: &[
        NavLink { title: "AWS accounts", href: "/console/accounts" },
        NavLink { title: "Permission sets", href: "/console/permission-sets" },
    ],
};

impl Console<'_> {
    /// Renders a page under the navigation link `here`.
    pub(crate) fn page(&self, title: &str, here: &str, work: &Markup) -> Markup {
        let sections: &[&NavSection] =
            if self.is_management { &[&ACCOUNT, &IDENTITY_CENTER, &ACCESS] } else { &[&ACCOUNT] };
        console(title, &self.bar, sections, here, work)
    }

    pub(crate) fn sample() -> Self {
        Self::sample_of(true)
    }

    pub(crate) fn sample_of(is_management: bool) -> Self {
        let bar = Bar {
            home: "/console",
            place: "Rail production · 299712345678",
            who: "AdministratorAccess/amelia.brandt",
            way: Some(("Access portal", "/start")),
            leave: "Close console",
            sign_out: "/console/sign-out",
            sign_out_token: TOKEN,
        };
        Self { bar, is_management }
    }
}
