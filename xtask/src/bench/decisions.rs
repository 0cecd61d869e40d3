//! Decisions of policies, without a server: of a policy with fifty statements, and of the worst that can be attached.

use std::sync::Arc;

use policy::{Facts, NoFacts, Policies, Policy, PolicyType, Request, Values, evaluate};

use super::controls::median;
use super::process::Cpu;
use super::report::{Goal, Row, number};

const ROUNDS: u32 = 5;

/// Time that a round may take, if the goal is reached.
const ROUND_MICROS: f64 = 300_000.0;

/// AWS: maximum number of characters of an inline policy that are not white space.
const POLICY_CHARACTERS_MAX: usize = 10_240;

/// A prefix as long as the key of an object may be.
struct LongPrefix(String);

impl Facts for LongPrefix {
    fn values(&self, key: &str) -> Values<'_> {
        Some(self.0.as_str()).filter(|_| key == "s3:prefix").into()
    }
}

pub fn rows() -> Result<Vec<Row>, String> {
    let object = |key: &str| format!("arn:aws:s3:::bucket-49/{key}");
    let long = "a".repeat(1024);
    let prefix = LongPrefix(long.clone());
    let (short, long) = (object("reports/2026/november.txt"), object(&long));
    let runs = format!("*{}b", "?a".repeat(240));
    let resources = worst_resources(&runs);
    let conditions = [many("*ab*"), many("*?b*"), many(&format!("*{}b", "?a".repeat(1000)))];
    let mut rows = Vec::new();
    for (what, document, resource, goal) in [
        ("a decision over 50 statements", fifty(), &short, 5.0),
        ("… with the longest key of an object", fifty(), &long, 200.0),
        ("… of 18 patterns of 480 characters", eighteen(&runs), &long, 200.0),
        ("… of a policy full of such patterns", resources, &long, 200.0),
    ] {
        rows.push(row(what, &document, &Request::new("s3:GetObject", resource, &NoFacts), goal)?);
    }
    let titles = ["*ab*", "*?b*", "two thousand characters each"];
    for (title, values) in titles.iter().zip(conditions) {
        let what = format!("… of a policy full of values: {title}");
        let request = Request::new("s3:ListBucket", "arn:aws:s3:::b", &prefix);
        rows.push(row(&what, &condition(&values), &request, 200.0)?);
    }
    Ok(rows)
}

fn row(what: &str, document: &str, request: &Request<'_>, goal: f64) -> Result<Row, String> {
    let characters = document.chars().filter(|letter| !letter.is_whitespace()).count();
    if characters > POLICY_CHARACTERS_MAX {
        return Err(format!("{what}: the policy has {characters} characters"));
    }
    let policy = Policy::parse(PolicyType::IdentityBased, "bench", document)
        .map_err(|fault| format!("{what}: {fault:?}"))?;
    let policies = Policies::identity_based(vec![Arc::new(policy)]);
    let mut micros = Vec::new();
    for _ in 0..ROUNDS {
        let (before, mut done) = (Cpu::of("self")?, 0);
        while f64::from(done) * goal < ROUND_MICROS {
            std::hint::black_box(evaluate(&policies, std::hint::black_box(request)));
            done += 1;
        }
        micros.push(before.micros_until(&Cpu::of("self")?) / f64::from(done));
    }
    let micros = median(&mut micros);
    let row = Row::told(what, None, format!("{} µs", number(micros)));
    Ok(row.held(micros, "µs", Goal::AtMost(goal), "the work is not bounded as it should be"))
}

/// Fifty statements about a bucket each, as people write them. The last one allows.
fn fifty() -> String {
    let statement = |bucket: u32| {
        format!(
            r#"{{"Sid":"B{bucket}","Effect":"Allow","Action":["s3:GetObject*","s3:PutObject","s3:List*"],
            "Resource":["arn:aws:s3:::bucket-{bucket}","arn:aws:s3:::bucket-{bucket}/*.txt"]}}"#
        )
    };
    document(&(0..50).map(statement).collect::<Vec<_>>())
}

/// Eighteen patterns that a text of their letters goes on matching until its end.
fn eighteen(pattern: &str) -> String {
    let one = |bucket: u32| format!(r#""arn:aws:s3:::{pattern}b{bucket}""#);
    resources(&(0..18).map(one).collect::<Vec<_>>())
}

fn worst_resources(pattern: &str) -> String {
    resources(&fill(r#""arn:aws:s3:::*?a*?b*""#, pattern.len()))
}

fn resources(list: &[String]) -> String {
    let list = list.join(",");
    document(&[format!(r#"{{"Effect":"Deny","Action":"*","Resource":[{list}]}}"#)])
}

fn condition(list: &[String]) -> String {
    let list = list.join(",");
    document(&[format!(
        r#"{{"Effect":"Deny","Action":"*","Resource":"*","Condition":{{"StringLike":{{"s3:prefix":[{list}]}}}}}}"#
    )])
}

fn document(statements: &[String]) -> String {
    format!(r#"{{"Version":"2012-10-17","Statement":[{}]}}"#, statements.join(","))
}

fn many(value: &str) -> Vec<String> {
    fill(&format!("\"{value}\""), 0)
}

/// As many copies as a policy has room for, beside `taken` characters.
fn fill(value: &str, taken: usize) -> Vec<String> {
    let room = POLICY_CHARACTERS_MAX.saturating_sub(taken + 150);
    vec![value.to_owned(); room / (value.len() + 1)]
}
