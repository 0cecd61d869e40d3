//! Reading fields, and the complaints about them.

use std::str::FromStr;

use model::Fault;

use super::Fields;

fn fields(json: &str) -> Fields<'static> {
    Fields::from_json(json.as_bytes()).unwrap()
}

#[test]
fn a_complaint_names_the_way_to_the_field() {
    let request = fields(r#"{"Tags":[{"Key":1}],"Name":{"Given":[]}}"#);
    let tags = request.objects("Tags", 0..=5).unwrap().unwrap();
    let fault = tags[0].text("Key").unwrap_err();
    assert_eq!(fault, Fault::invalid("Tags[0].Key", "be a string"));
    let name = request.object("Name").unwrap().unwrap();
    assert_eq!(name.text("Given"), Err(Fault::invalid("Name.Given", "be a string")));
}

#[test]
fn lists_and_numbers_have_bounds() {
    let request = fields(r#"{"Ids":["a","b","c"],"Max":101}"#);
    let fault = request.objects("Ids", 1..=2).unwrap_err();
    assert_eq!(fault, Fault::invalid("Ids", "have between 1 and 2 members"));
    let fault = request.integer("Max", 1..=100).unwrap_err();
    assert_eq!(fault, Fault::invalid("Max", "be between 1 and 100"));
}

#[test]
fn no_text_holds_what_no_database_keeps() {
    let request = fields(r#"{"Name":"a\u0000b","Ids":["a","\u0000"]}"#);
    let fault = request.text("Name").unwrap_err();
    assert_eq!(fault, Fault::invalid("Name", "hold no NUL character"));
    let fault = request.strings::<AnyText>("Ids", 1..=2).unwrap_err();
    assert_eq!(fault, Fault::invalid("Ids[1]", "hold no NUL character"));
}

#[derive(Debug)]
struct AnyText;

impl FromStr for AnyText {
    type Err = &'static str;

    fn from_str(_: &str) -> Result<Self, Self::Err> {
        Ok(Self)
    }
}

#[test]
fn deep_nesting_is_refused_before_it_is_parsed() {
    let deep = format!("{}1{}", r#"{"a":"#.repeat(100), "}".repeat(100));
    assert!(Fields::from_json(deep.as_bytes()).is_err());
    let quoted = format!(r#"{{"a":"{}"}}"#, "[".repeat(100));
    assert!(Fields::from_json(quoted.as_bytes()).is_ok());
}
