//! Keys that are withdrawn while a request with them is being processed.

use std::io::{Read, Write};
use std::net::TcpStream;

use serde_json::json;

use crate::support::{Organization, Portico, Request};

#[test]
fn an_upload_of_keys_that_are_withdrawn_meanwhile_is_not_kept() {
    let portico = Portico::sandbox();
    let organization = Organization::of_sandbox(&portico);
    let account = &organization.account;
    let set = organization.create_permission_set("Writer", &["s3:*"]);
    let user = organization.create_user("alice");
    organization.assign("USER", &user, account, &set);
    let mut alice = organization.sign_in_first("alice", &user);
    let line = organization.command_line(&mut alice);
    let keys = organization.role_keys(&line, account, "Writer");
    let send = |request: Request| portico.send(&keys.sign("s3", request, &portico));
    assert_eq!(send(Request::new("PUT", "/letters")).status, 200);
    assert_eq!(send(Request::new("PUT", "/letters/before").body("here")).status, 200);

    let request = Request::new("PUT", "/letters/late").body("late");
    let request = keys.sign("s3", request, &portico);
    let own = [
        ("host", format!("localhost:{}", portico.address.port())),
        ("content-length", "4".to_owned()),
        ("connection", "close".to_owned()),
        // RFC 9110 §10.1.1: the server asks for the body after it has authenticated the caller.
        ("expect", "100-continue".to_owned()),
    ];
    let has = |name: &str| request.headers.iter().any(|(there, _)| there == name);
    let own = own.iter().filter(|(name, _)| !has(name)).map(|(name, value)| (*name, value));
    let signed = request.headers.iter().map(|(name, value)| (name.as_str(), value));
    let lines: Vec<String> =
        signed.chain(own).map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    let head = format!("PUT /letters/late HTTP/1.1\r\n{}\r\n", lines.concat());
    let mut upload = TcpStream::connect(portico.address).unwrap();
    upload.write_all(head.as_bytes()).unwrap();
    let mut wanted = [0; 25];
    upload.read_exact(&mut wanted).unwrap();
    assert_eq!(&wanted, b"HTTP/1.1 100 Continue\r\n\r\n");
    let input = organization.of_instance(json!({ "PrincipalId": user }));
    organization.call("PorticoAdmin.RevokeRoleCredentials", &input).ok();
    upload.write_all(b"late").unwrap();
    let mut said = String::new();
    upload.read_to_string(&mut said).unwrap();
    assert!(said.starts_with("HTTP/1.1 400") && said.contains("InvalidToken"), "{said}");

    let line = organization.command_line(&mut alice);
    let keys = organization.role_keys(&line, account, "Writer");
    let read = |key: &str| portico.send(&keys.sign("s3", Request::get(key), &portico)).status;
    assert_eq!([read("/letters/before"), read("/letters/late")], [200, 404]);
}
