//! Reading a request of AWS Query.

use std::borrow::Cow;

use model::Fault;
use serde_json::{Map, Value};

use crate::fields::Fields;
use crate::form;

/// Maximum number of segments of a dotted name; `Tags.member.1.Key` has four.
const SEGMENTS_MAX: usize = 16;

/// A request of AWS Query: its action, version and fields.
#[derive(Clone, Debug)]
pub struct Call {
    pub action: String,
    pub version: String,
    pub fields: Fields<'static>,
}

impl Call {
    /// Reads the query string and the body. Either may be empty.
    pub fn parse(query: &str, body: &[u8]) -> Result<Self, Fault> {
        let mut values = Map::new();
        for pair in form::parse_pairs(query).chain(form::parse_pairs(form::body_text(body)?)) {
            let (name, value) = pair?;
            // A presigned request carries its signature in parameters of this prefix.
            if !name.starts_with("X-Amz-") {
                insert(&mut values, &name, value)?;
            }
        }
        let [action, version] = ["Action", "Version"].map(|name| match values.shift_remove(name) {
            Some(Value::String(text)) if !text.is_empty() => Ok(text),
            Some(_) | None => Err(Fault::invalid(name, "be present")),
        });
        let values = values.into_iter().map(|(name, value)| (name, fold(value))).collect();
        Ok(Self { action: action?, version: version?, fields: Fields::from_text_map(values) })
    }
}

/// Inserts a value at the place of its dotted name. Every level is an object.
fn insert(values: &mut Map<String, Value>, name: &str, value: Cow<'_, str>) -> Result<(), Fault> {
    let clash = |name: &str| Fault::invalid(name.to_owned(), "be given once");
    if name.split('.').count() > SEGMENTS_MAX {
        return Err(Fault::Unreadable { must: "nest no deeper than 16 levels".into() });
    }
    let mut place = values;
    let (path, last) =
        name.rsplit_once('.').map_or((None, name), |(path, last)| (Some(path), last));
    for segment in path.into_iter().flat_map(|path| path.split('.')) {
        let inner = place.entry(segment).or_insert_with(|| Value::Object(Map::new()));
        place = inner.as_object_mut().ok_or_else(|| clash(name))?;
    }
    match place.insert(last.to_owned(), Value::String(value.into_owned())) {
        None => Ok(()),
        Some(_) => Err(clash(name)),
    }
}

/// Turns numbered members, `{"member": {"1": …, "2": …}}`, into lists.
fn fold(value: Value) -> Value {
    let Value::Object(mut object) = value else { return value };
    if object.len() == 1
        && let Some(Value::Object(members)) = object.get_mut("member")
        && members.keys().all(|number| index(number).is_some())
    {
        let mut members: Vec<(String, Value)> = std::mem::take(members).into_iter().collect();
        // Numbers may have gaps and arrive in any order. Only their order counts.
        members.sort_by_key(|(number, _)| index(number));
        return Value::Array(members.into_iter().map(|(_, value)| fold(value)).collect());
    }
    Value::Object(object.into_iter().map(|(name, value)| (name, fold(value))).collect())
}

/// Reads a whole number from 1, without sign or leading zeros.
fn index(text: &str) -> Option<u32> {
    let number = text.parse().ok().filter(|&number| number > 0)?;
    (text.bytes().all(|byte| byte.is_ascii_digit()) && !text.starts_with('0')).then_some(number)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[derive(Debug, PartialEq)]
    struct Text(String);

    impl std::str::FromStr for Text {
        type Err = &'static str;

        fn from_str(text: &str) -> Result<Self, Self::Err> {
            Ok(Self(text.to_owned()))
        }
    }

    fn call(query: &str, body: &str) -> Result<Call, Fault> {
        Call::parse(query, body.as_bytes())
    }

    #[test]
    fn members_become_lists_and_structures() {
        let call = call(
            "",
            "Action=AssumeRole&Version=2011-06-15&RoleSessionName=a+b%2B&DurationSeconds=900\
             &Tags.member.10.Key=second&Tags.member.2.Key=first&Tags.member.2.Value=%C3%A4\
             &TransitiveTagKeys.member.1=first&PolicyArns=&Nested.Inner.Name=x",
        )
        .unwrap();
        assert_eq!((&*call.action, &*call.version), ("AssumeRole", "2011-06-15"));
        assert_eq!(call.fields.text("RoleSessionName"), Ok(Some("a b+")));
        assert_eq!(call.fields.integer("DurationSeconds", 900..=43_200), Ok(Some(900)));
        let tags = call.fields.objects("Tags", 0..=50).unwrap().unwrap();
        assert_eq!(tags[0].text("Value"), Ok(Some("ä")));
        assert_eq!(tags[1].text("Key"), Ok(Some("second")));
        assert_eq!(
            call.fields.strings("TransitiveTagKeys", 0..=50).unwrap(),
            Some(vec![Text("first".to_owned())])
        );
        let nested = call.fields.object("Nested").unwrap().unwrap();
        assert_eq!(nested.object("Inner").unwrap().unwrap().text("Name"), Ok(Some("x")));
        // AWS: the SDKs write an empty list as an empty text.
        assert!(call.fields.objects("PolicyArns", 0..=10).unwrap().unwrap().is_empty());
    }

    #[test]
    fn a_presigned_call_has_its_fields_in_the_query() {
        let query =
            "Action=GetCallerIdentity&Version=2011-06-15&X-Amz-Signature=00&X-Amz-Expires=60";
        let call = call(query, "").unwrap();
        assert_eq!((&*call.action, call.fields.names().count()), ("GetCallerIdentity", 0));
        assert_eq!(call.version, "2011-06-15");
    }

    #[test]
    fn what_has_two_meanings_is_refused() {
        for body in
            ["A=1&A=2", "A=1&A.B=2", "A.B=1&A=2", "A.B.C=1&A.B=2", "Action=Other", "Action.X=1"]
        {
            let fault = call("Action=Do&Version=1", body).unwrap_err();
            assert!(matches!(fault, Fault::Invalid { .. }), "{body}: {fault:?}");
        }
        assert_eq!(call("", "Version=1").unwrap_err(), Fault::invalid("Action", "be present"));
        assert_eq!(call("Action=Do", "").unwrap_err(), Fault::invalid("Version", "be present"));
        let deep = format!("Action=Do&Version=1&{}=1", ["a"; 17].join("."));
        assert!(matches!(call("", &deep), Err(Fault::Unreadable { .. })));
    }

    #[test]
    fn odd_numbers_make_no_list() {
        for name in
            ["A.member.0", "A.member.01", "A.member.-1", "A.member.x", "A.member.99999999999"]
        {
            let call = call("Action=Do&Version=1", &format!("{name}=1")).unwrap();
            assert!(call.fields.strings::<Text>("A", 0..=9).is_err(), "{name}");
        }
    }

    proptest! {
        #[test]
        fn a_list_reads_back_as_it_was_written(texts in proptest::collection::vec(any::<String>(), 1..20)) {
            let names: Vec<String> = (1..=texts.len()).map(|n| format!("List.member.{n}")).collect();
            let pairs = names.iter().map(String::as_str).zip(texts.iter().map(String::as_str));
            let body = form::write_pairs([("Action", "Do"), ("Version", "1")].into_iter().chain(pairs));
            let call = call("", &body).unwrap();
            let texts = texts.into_iter().map(Text).collect();
            prop_assert_eq!(call.fields.strings("List", 1..=20), Ok(Some(texts)));
        }

        #[test]
        fn any_bytes_are_read_or_refused(query in "[A-Za-z.&=%+0-9]{0,60}", body: Vec<u8>) {
            let _ = Call::parse(&query, &body);
        }
    }
}
