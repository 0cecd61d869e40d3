//! Console, the start of every page: the role that is open, its account, and the instance.

use std::sync::Arc;

use console::describe_instance_session;
use console::describe_role_session::{self, RoleSessionReply};
use kernel::page::{BROWSER_TOKEN, Page as PageOfList, Paged};
use kernel::parts::{Permitted, permitted};
use kernel::{Caller, Ctx};
use model::Fault;
use model::instance::Instance;

use super::frame::Console;
use super::list::Listed;
use crate::cookies::Cookie;
use crate::page_error::{Answer, PageError};
use crate::parts::frame::Bar;
use crate::request_context::RequestContext;

/// Console of the role that is open.
pub(crate) struct Open<'v> {
    pub(crate) context: &'v RequestContext<'v>,
    /// Context of operations that the role asks for.
    pub(crate) ctx: Ctx<'v>,
    pub(crate) session: RoleSessionReply,
    place: String,
    who: String,
    sign_out_token: String,
}

/// Console of the role that is open, with the instance that the page is about.
pub(crate) struct Center<'v> {
    pub(crate) open: Open<'v>,
    /// `None` while no instance is enabled.
    pub(crate) instance: Permitted<Option<Instance>>,
}

/// Opens the console of the role and shows a page in it.
pub(crate) fn in_console(context: &RequestContext<'_>, page: fn(&Open<'_>) -> Answer) -> Answer {
    let role = context.role()?;
    let ctx = context.ctx(&role);
    let session = describe_role_session::OPERATION.call(&ctx, &())?;
    page(&Open::new(context, &role, session))
}

/// Opens the console of the role, finds the instance, and shows a page about it.
pub(crate) fn in_center(context: &RequestContext<'_>, page: fn(&Center<'_>) -> Answer) -> Answer {
    let role = context.role()?;
    let ctx = context.ctx(&role);
    let reply = describe_instance_session::OPERATION.call(&ctx, &())?;
    let open = Open::new(context, &role, reply.session);
    page(&Center { open, instance: reply.instance })
}

impl<'v> Open<'v> {
    fn new(
        context: &'v RequestContext<'_>,
        role: &'v Arc<Caller>,
        session: RoleSessionReply,
    ) -> Self {
        let (account, role_session) = (&session.account, &session.role);
        Self {
            context,
            ctx: context.ctx(role),
            place: format!("{} · {}", account.name, account.id),
            who: format!("{}/{}", short_name(&role_session.role_name), role_session.session_name),
            sign_out_token: context.token(Cookie::Console, "/console/sign-out"),
            session,
        }
    }

    /// Returns the frame of a page.
    pub(crate) fn console(&self) -> Console<'_> {
        // The operator came without the portal, and has no way back to it.
        let has_portal = self.context.cookie(Cookie::Session).is_some();
        Console {
            bar: Bar {
                home: "/console",
                place: &self.place,
                who: &self.who,
                way: has_portal.then_some(("Access portal", "/start")),
                leave: "Close console",
                sign_out: "/console/sign-out",
                sign_out_token: &self.sign_out_token,
            },
            is_management: self.session.is_management,
        }
    }

    /// Shows the page of a list that the address names, or why the role may not see it.
    pub(crate) fn list<T>(
        &self,
        size: u16,
        list: impl FnOnce(&Ctx<'_>, PageOfList) -> Result<Paged<T>, Fault>,
    ) -> Answer<Permitted<Listed<T>>> {
        let next = self.context.parameter(BROWSER_TOKEN)?;
        let paged = permitted(list(&self.ctx, PageOfList::new(size, next)))?;
        Ok(paged.map(|paged| Listed::new(paged, next)))
    }
}

impl Center<'_> {
    /// Returns the instance that a form is about, or `None` if the role may not see it. Without one the visitor is led
    /// to where it is enabled.
    pub(crate) fn find_instance(&self) -> Answer<Option<&Instance>> {
        match &self.instance {
            Err(_) => Ok(None),
            Ok(None) => Err(PageError::EnableInstance),
            Ok(Some(instance)) => Ok(Some(instance)),
        }
    }

    /// Shows the page of a list in the instance, as [`Open::list`] does. Without an instance the
    /// visitor is led to where it is enabled.
    pub(crate) fn list<T>(
        &self,
        size: u16,
        list: impl FnOnce(&Ctx<'_>, &Instance, PageOfList) -> Result<Paged<T>, Fault>,
    ) -> Answer<Permitted<Listed<T>>> {
        match &self.instance {
            Err(why) => Ok(Err(why.clone())),
            Ok(None) => Err(PageError::EnableInstance),
            Ok(Some(instance)) => self.open.list(size, |ctx, page| list(ctx, instance, page)),
        }
    }
}

/// Returns the name that people know the role by: `AWSReservedSSO_<permission set>_<16 digits>` is
/// named after the permission set.
pub(crate) fn short_name(role_name: &str) -> &str {
    let inner = role_name.strip_prefix("AWSReservedSSO_").and_then(|rest| rest.rsplit_once('_'));
    inner.map_or(role_name, |(name, _)| name)
}
