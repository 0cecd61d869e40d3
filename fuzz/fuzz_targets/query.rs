//! A request in AWS Query, with parameters in the body and in the query string.

#![no_main]

use libfuzzer_sys::fuzz_target;
use protocol::query::{Call, xml_reply};
use protocol::{query, rest_xml};

const NAMESPACE: &str = "https://sts.amazonaws.com/doc/2011-06-15/";

fuzz_target!(|input: (&str, &[u8])| {
    let (link, body) = input;
    match Call::parse(link, body) {
        Ok(call) => {
            let reply = xml_reply(NAMESPACE, &call.action, &link.into(), "r");
            assert!(reply.ends_with("Response>"));
        }
        Err(fault) => {
            let (_, _, reply) = query::error_reply(NAMESPACE, &fault, "r");
            assert!(reply.ends_with("</ErrorResponse>"));
            let (status, code) = rest_xml::spelling(&fault);
            assert!((400..600).contains(&status) && !code.is_empty());
        }
    }
});
