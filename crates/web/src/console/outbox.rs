//! Console, page "Outbox": messages to people, what came of them, and those that an administrator hands over.
//!
//! `GetMessage` shows a message once and takes it out of the queue, so it is behind a form and not behind a link.

use kernel::page::Paged;
use kernel::parts::Permitted;
use maud::{Markup, html};
use model::ids::MessageId;
use model::message::MessageStatus;
use portico_admin::message::{MessageReply, OneMessage};
use portico_admin::{delete_message, get_message, list_messages};

use super::frame::Console;
use super::list::{ListPanel, Listed, PAGE_SIZE};
use super::open::{Center, in_center};
use crate::address;
use crate::cookies::Cookie;
use crate::page::Page;
use crate::page_error::Answer;
use crate::parts::frame::head;
use crate::parts::surface::{Shape, Weight, body, empty, fact_rows, note, panel, state};
use crate::parts::when::moment;
use crate::parts::{hidden, perhaps, written};
use crate::request_context::RequestContext;
use crate::sample::{HOUR, NOW, Samples, TOKEN};

const PATH: &str = "/console/outbox";
pub(crate) const SHOW_PATH: &str = "/console/outbox/show";
pub(crate) const DELETE_PATH: &str = "/console/outbox/delete";

/// View of the list.
pub struct Outbox<'a> {
    pub console: Console<'a>,
    pub messages: Permitted<Listed<Message>>,
    /// True after a message was deleted.
    pub is_done: bool,
    pub show_token: &'a str,
    pub delete_token: &'a str,
}

/// A message without what it says.
pub struct Message {
    pub id: String,
    pub kind: &'static str,
    pub recipient: String,
    pub status: MessageStatus,
    pub reason: Option<String>,
    pub created_at_ms: i64,
}

/// View of a message that is handed over.
pub struct HandedOver<'a> {
    pub console: Console<'a>,
    pub recipient: &'a str,
    pub subject: &'a str,
    pub text: &'a str,
}

/// `GET /console/outbox`.
pub(crate) fn show(center: &Center<'_>) -> Answer {
    let found = center.list(PAGE_SIZE, |ctx, instance, page| {
        let request = list_messages::ListMessagesRequest {
            identity_store_id: instance.identity_store_id.clone(),
            status: None,
            page,
        };
        let reply = list_messages::OPERATION.call(ctx, &request)?;
        Ok(Paged { rows: reply.messages, next_token: reply.next_token })
    })?;
    let context = center.open.context;
    let view = Outbox {
        console: center.open.console(),
        messages: found.map(|list| list.map(Message::from)),
        is_done: context.parameter("done")? == "deleted",
        show_token: &context.token(Cookie::Console, SHOW_PATH),
        delete_token: &context.token(Cookie::Console, DELETE_PATH),
    };
    Ok(Page::html(200, render(&view)))
}

/// `POST /console/outbox/show`: shows a message once, to be handed over.
pub(crate) fn submit_show(context: &RequestContext<'_>) -> Answer {
    context.require_token(Cookie::Console)?;
    in_center(context, |center| {
        let Some(named) = named(center)? else { return Ok(Page::redirect(PATH)) };
        let request = get_message::GetMessageRequest(named);
        let reply = get_message::OPERATION.call(&center.open.ctx, &request)?;
        let view = HandedOver {
            console: center.open.console(),
            recipient: &reply.message.recipient,
            subject: &reply.subject,
            text: &reply.text,
        };
        Ok(Page::html(200, render_message(&view)))
    })
}

/// `POST /console/outbox/delete`.
pub(crate) fn submit_delete(context: &RequestContext<'_>) -> Answer {
    context.require_token(Cookie::Console)?;
    in_center(context, |center| {
        let Some(named) = named(center)? else { return Ok(Page::redirect(PATH)) };
        let request = delete_message::DeleteMessageRequest(named);
        delete_message::OPERATION.call(&center.open.ctx, &request)?;
        Ok(Page::redirect("/console/outbox?done=deleted"))
    })
}

/// Reads which message a form is about. `None` if the role may not see the instance, which the list then says.
fn named(center: &Center<'_>) -> Answer<Option<OneMessage>> {
    let message_id: MessageId =
        address::required(&center.open.context.form, "message_id", "MessageId")?;
    let Some(instance) = center.find_instance()? else { return Ok(None) };
    let identity_store_id = instance.identity_store_id.clone();
    Ok(Some(OneMessage { identity_store_id, message_id }))
}

impl From<MessageReply> for Message {
    fn from(reply: MessageReply) -> Self {
        Self {
            id: reply.message_id,
            kind: reply.kind,
            recipient: reply.recipient,
            status: reply.status.parse().unwrap_or(MessageStatus::Ended),
            reason: reply.reason,
            created_at_ms: reply.created_at.0,
        }
    }
}

pub(crate) fn samples() -> Samples {
    let message = |number: u32, kind, status, reason: Option<&str>| Message {
        id: format!("00000000-0000-4000-8000-{number:012}"),
        kind,
        recipient: "amelia.brandt@example.com".to_owned(),
        status,
        reason: reason.map(str::to_owned),
        created_at_ms: NOW - i64::from(number) * HOUR,
    };
    let view = |rows, is_done| {
        render(&Outbox {
            console: Console::sample(),
            messages: Ok(Listed::whole(rows)),
            is_done,
            show_token: TOKEN,
            delete_token: TOKEN,
        })
    };
    let rows = vec![
        message(1, "INVITATION", MessageStatus::Waiting, Some("connection error: refused")),
        message(2, "PASSWORD_RESET", MessageStatus::Failed, Some("550 5.1.1 no such person")),
        message(3, "TEST", MessageStatus::Sent, None),
        message(4, "INVITATION", MessageStatus::HandedOver, None),
        message(5, "SIGN_IN_CODE", MessageStatus::Ended, Some("What it is about has ended.")),
    ];
    let handed_over = HandedOver {
        console: Console::sample(),
        recipient: "amelia.brandt@example.com",
        subject: "You are invited",
        text: "Hello Amelia,\n\nset a password:\n\n  https://sso.example.com/set-password?token=…\n",
    };
    vec![
        ("console-outbox", view(rows, true)),
        ("console-outbox-empty", view(Vec::new(), false)),
        ("console-outbox-message", render_message(&handed_over)),
    ]
}

/// Renders the list.
#[must_use]
pub fn render(view: &Outbox<'_>) -> Markup {
    let nothing = empty(
        "No messages",
        &html! { p { "Invitations, links and notices to people are here, for 30 days." } },
    );
    let list = ListPanel {
        title: "Messages",
        heads: &["Created", "About", "To", "Status", "Change"],
        path: PATH,
        pairs: &[],
        empty: &nothing,
    };
    let line = html! {
        "Messages to people. Without a mail server they wait here until an administrator hands them over."
    };
    let work = html! {
        (head("Outbox", &line, &html! {}))
        @if view.is_done {
            div role="status" { (note(Weight::Good, &html! { p { "The message is deleted." } })) }
        }
        (list.render(&view.messages, |message| row(view, message)))
    };
    view.console.page("Outbox", PATH, &work)
}

fn row(view: &Outbox<'_>, message: &Message) -> Vec<Markup> {
    let is_open = matches!(message.status, MessageStatus::Waiting | MessageStatus::Failed);
    let which = [("message_id", message.id.as_str())];
    let told = |what: &str| format!("{what} the message to {}", message.recipient);
    vec![
        moment(message.created_at_ms),
        html! { (about(message.kind)) },
        written(&message.recipient),
        html! {
            (status(message.status))
            small { (perhaps(message.reason.as_deref())) }
        },
        html! {
            div class="actions" {
                @if is_open {
                    form method="post" action=(SHOW_PATH) {
                        (hidden(view.show_token, which))
                        button aria-label=(told("Hand over")) { "Hand over" }
                    }
                }
                form method="post" action=(DELETE_PATH) {
                    (hidden(view.delete_token, which))
                    button aria-label=(told("Delete")) { "Delete" }
                }
            }
        },
    ]
}

/// Says what a message is about, from the word of the API.
fn about(kind: &str) -> String {
    let words = kind.to_ascii_lowercase().replace('_', " ");
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn status(status: MessageStatus) -> Markup {
    match status {
        MessageStatus::Waiting => state(Shape::Waiting, "Waiting"),
        MessageStatus::Sent => state(Shape::Good, "Sent"),
        MessageStatus::Failed => state(Shape::Bad, "Refused"),
        MessageStatus::HandedOver => state(Shape::Good, "Handed over"),
        MessageStatus::Ended => state(Shape::Waiting, "Ended"),
    }
}

/// Renders a message that is handed over.
#[must_use]
pub fn render_message(view: &HandedOver<'_>) -> Markup {
    let line =
        html! { "Shown once. It is not sent any more: give it to the person in another way." };
    let warning = html! {
        p {
            "A link or a code in it lets its reader act as the person. You answer for it from now on. Check that you speak \
             with the person before you hand it over."
        }
    };
    let content = html! {
        (fact_rows(&[("To", written(view.recipient)), ("Subject", html! { (view.subject) })]))
        pre tabindex="0" role="group" aria-label="Message" { (view.text) }
        div class="actions" { a class="button" href=(PATH) { "Back to the outbox" } }
    };
    let work = html! {
        (head("Message", &line, &html! {}))
        (note(Weight::Warning, &warning))
        (panel("message", "Message", &html! {}, &body(&content)))
    };
    view.console.page("Message", PATH, &work)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kind_of_a_message_is_told_in_words() {
        assert_eq!(about("PASSWORD_RESET"), "Password reset");
        assert_eq!(about(""), "");
    }
}
