//! Texts that people copy from the Access keys page into their terminals and files.
//!
//! AWS IAM Identity Center User Guide, "Getting IAM Identity Center user credentials for the AWS
//! CLI or AWS SDKs", in three shells; AWS SDKs and Tools Reference Guide, "Service-specific
//! endpoints": the settings that direct a stock client to this server.

use std::fmt::Write;

/// Kind of terminal that commands are written for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Shell {
    Posix,
    Windows,
    PowerShell,
}

/// All kinds of terminal, in the order of the page.
pub const SHELLS: [Shell; 3] = [Shell::Posix, Shell::Windows, Shell::PowerShell];

impl Shell {
    /// Returns the name for people.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Posix => "macOS and Linux",
            Self::Windows => "Windows",
            Self::PowerShell => "PowerShell",
        }
    }

    /// Returns the word of the address.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Posix => "posix",
            Self::Windows => "windows",
            Self::PowerShell => "powershell",
        }
    }

    /// Returns the shell that an address names, or else the shell of the browser's system.
    #[must_use]
    pub fn chosen(word: Option<&str>, user_agent: &str) -> Self {
        let named = SHELLS.into_iter().find(|shell| Some(shell.as_str()) == word);
        let is_windows = user_agent.contains("Windows");
        named.unwrap_or(if is_windows { Self::PowerShell } else { Self::Posix })
    }

    /// Returns the folder of AWS's files in a person's home.
    fn home(self) -> &'static str {
        match self {
            Self::Posix => "~/.aws/",
            Self::Windows => "%USERPROFILE%\\.aws\\",
            Self::PowerShell => "$Env:USERPROFILE\\.aws\\",
        }
    }

    /// Returns the path of the configuration file.
    #[must_use]
    pub fn config_path(self) -> String {
        format!("{}config", self.home())
    }

    /// Returns the path of the credentials file.
    #[must_use]
    pub fn credentials_path(self) -> String {
        format!("{}credentials", self.home())
    }

    /// Writes a line that sets an environment variable.
    // INVARIANT: the values hold no quotes, dollars or spaces: keys are base64, URLs are checked.
    fn set(self, name: &str, value: &str) -> String {
        match self {
            Self::Posix => format!("export {name}=\"{value}\""),
            Self::Windows => format!("SET {name}={value}"),
            Self::PowerShell => format!("$Env:{name}=\"{value}\""),
        }
    }
}

/// Addresses that direct a client to this server.
pub struct Endpoint<'a> {
    pub url: &'a str,
    /// Address of buckets, if they have a host name of their own.
    pub s3_url: Option<&'a str>,
    pub region: &'a str,
    pub start_url: &'a str,
}

/// Returns the address for command lines of the server whose address for browsers is `public_url`.
// On the loopback it is the address in numbers: a client that has a name puts the bucket before it, and
// few machines resolve `bucket.localhost`.
#[must_use]
pub fn client_url(public_url: &str) -> String {
    match public_url.strip_prefix("http://localhost") {
        Some(rest) if rest.is_empty() || rest.starts_with(':') => format!("http://127.0.0.1{rest}"),
        _ => public_url.to_owned(),
    }
}

/// Returns the address of buckets, if they have a host name of their own.
#[must_use]
pub fn client_s3_url(public_url: &str, s3_domain: Option<&str>) -> Option<String> {
    let (scheme, authority) = public_url.split_once("://")?;
    let port = authority.rsplit_once(':').map(|(_, port)| format!(":{port}")).unwrap_or_default();
    s3_domain.map(|domain| format!("{scheme}://{domain}{port}"))
}

/// Role of the keys.
pub struct Role<'a> {
    pub account_id: &'a str,
    pub name: &'a str,
}

/// Short-lived keys.
pub struct Keys<'a> {
    pub access_key_id: &'a str,
    pub secret_access_key: &'a str,
    pub session_token: &'a str,
}

/// Name of the sso-session that all profiles share.
const SESSION: &str = "portico";

impl Role<'_> {
    // AWS: the name that `aws configure sso` offers.
    fn profile(&self) -> String {
        format!("{}-{}", profile_name(self.name), self.account_id)
    }
}

/// Writes a role name as a part of the name of a profile.
// AWS: the SDKs for Java and Rust skip a profile whose name has other characters than letters, digits and
// `_ - / . % @ : +`. The name of a permission set may have `=` and `,` beside these. It has neither `:` nor `/`, so
// different roles keep different profiles.
fn profile_name(role_name: &str) -> String {
    role_name.replace('=', ":").replace(',', "/")
}

/// Writes an option with the name of a profile, which may begin with `-` or `@`.
// The name stands in the same word, or a leading `-` would be an option. It stands in quotes, or PowerShell would read
// `@` and `,` as its own. It has no character that a shell reads inside of double quotes: `$ " \ ! %` and backticks.
fn with_profile(profile: &str) -> String {
    format!("--profile=\"{profile}\"")
}

/// Writes the commands of the first recommended way. `aws configure sso` asks for the rest.
// AWS: `aws configure sso` reads no profile, so only the environment can direct it to this server.
#[must_use]
pub fn configure(shell: Shell, endpoint: &Endpoint<'_>) -> String {
    let mut lines = vec![shell.set("AWS_ENDPOINT_URL", endpoint.url)];
    lines.push("aws configure sso".to_owned());
    lines.join("\n")
}

/// Writes the line that directs a terminal to this server.
#[must_use]
pub fn set_endpoint(shell: Shell, url: &str) -> String {
    shell.set("AWS_ENDPOINT_URL", url)
}

/// Writes the configuration file of the second recommended way.
#[must_use]
pub fn config_file(endpoint: &Endpoint<'_>, role: &Role<'_>) -> String {
    let Endpoint { url, s3_url, region, start_url } = endpoint;
    let (profile, name, account_id) = (role.profile(), role.name, role.account_id);
    let mut text = format!(
        "[sso-session {SESSION}]\n\
         sso_start_url = {start_url}\n\
         sso_region = {region}\n\
         sso_registration_scopes = sso:account:access\n\
         \n\
         [profile {profile}]\n\
         sso_session = {SESSION}\n\
         sso_account_id = {account_id}\n\
         sso_role_name = {name}\n\
         region = {region}\n\
         endpoint_url = {url}\n\
         services = {SESSION}\n"
    );
    if s3_url.is_none() {
        // A bucket under a host name of its own would need a DNS entry.
        text.push_str("s3 =\n  addressing_style = path\n");
    }
    // Writing to a string cannot fail.
    let _ = write!(text, "\n[services {SESSION}]");
    for service in ["sso", "sso_oidc", "sts", "s3"] {
        let url = if service == "s3" { s3_url.unwrap_or(url) } else { url };
        let _ = write!(text, "\n{service} =\n  endpoint_url = {url}");
    }
    text
}

/// Writes the commands that follow the configuration file.
#[must_use]
pub fn log_in(role: &Role<'_>) -> String {
    let profile = with_profile(&role.profile());
    format!("aws sso login {profile}\naws sts get-caller-identity {profile}")
}

/// Writes the environment variables of option 1.
#[must_use]
pub fn environment(shell: Shell, endpoint: &Endpoint<'_>, keys: &Keys<'_>) -> String {
    let mut lines = vec![
        shell.set("AWS_ACCESS_KEY_ID", keys.access_key_id),
        shell.set("AWS_SECRET_ACCESS_KEY", keys.secret_access_key),
        shell.set("AWS_SESSION_TOKEN", keys.session_token),
        shell.set("AWS_REGION", endpoint.region),
        shell.set("AWS_ENDPOINT_URL", endpoint.url),
    ];
    if let Some(s3_url) = endpoint.s3_url {
        lines.push(shell.set("AWS_ENDPOINT_URL_S3", s3_url));
    }
    lines.join("\n")
}

/// Writes the credentials file of option 2.
#[must_use]
pub fn credentials_file(endpoint: &Endpoint<'_>, role: &Role<'_>, keys: &Keys<'_>) -> String {
    let (account_id, name) = (role.account_id, profile_name(role.name));
    let Keys { access_key_id, secret_access_key, session_token } = keys;
    let Endpoint { url, region, .. } = endpoint;
    format!(
        "[{account_id}_{name}]\n\
         aws_access_key_id = {access_key_id}\n\
         aws_secret_access_key = {secret_access_key}\n\
         aws_session_token = {session_token}\n\
         region = {region}\n\
         endpoint_url = {url}"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const ENDPOINT: Endpoint<'static> = Endpoint {
        url: "http://127.0.0.1:8080",
        s3_url: None,
        region: "eu-north-1",
        start_url: "https://d-0123456789.awsapps.com/start",
    };
    const ROLE: Role<'static> = Role { account_id: "299712345678", name: "ReadOnlyAccess" };
    const KEYS: Keys<'static> =
        Keys { access_key_id: "ASIAX", secret_access_key: "s/+=", session_token: "t" };

    #[test]
    fn each_shell_has_its_own_way_to_set_a_variable() {
        let first = |shell| environment(shell, &ENDPOINT, &KEYS).lines().next().map(str::to_owned);
        assert_eq!(first(Shell::Posix).as_deref(), Some("export AWS_ACCESS_KEY_ID=\"ASIAX\""));
        assert_eq!(first(Shell::Windows).as_deref(), Some("SET AWS_ACCESS_KEY_ID=ASIAX"));
        assert_eq!(first(Shell::PowerShell).as_deref(), Some("$Env:AWS_ACCESS_KEY_ID=\"ASIAX\""));
    }

    #[test]
    fn the_configuration_leads_every_service_of_the_journey_here() {
        let expected = "\
[sso-session portico]
sso_start_url = https://d-0123456789.awsapps.com/start
sso_region = eu-north-1
sso_registration_scopes = sso:account:access

[profile ReadOnlyAccess-299712345678]
sso_session = portico
sso_account_id = 299712345678
sso_role_name = ReadOnlyAccess
region = eu-north-1
endpoint_url = http://127.0.0.1:8080
services = portico
s3 =
  addressing_style = path

[services portico]
sso =
  endpoint_url = http://127.0.0.1:8080
sso_oidc =
  endpoint_url = http://127.0.0.1:8080
sts =
  endpoint_url = http://127.0.0.1:8080
s3 =
  endpoint_url = http://127.0.0.1:8080";
        assert_eq!(config_file(&ENDPOINT, &ROLE), expected);
    }

    #[test]
    fn the_profile_of_the_credentials_file_is_account_and_role() {
        let text = credentials_file(&ENDPOINT, &ROLE, &KEYS);
        assert!(text.starts_with("[299712345678_ReadOnlyAccess]\naws_access_key_id = ASIAX\n"));
    }

    /// Names of permission sets that shells, or readers of profiles, take for something else.
    const HARD_NAMES: [&str; 8] =
        ["-x", "--debug", "@x", "=x", "a,b", "a=b,c@d.e+f", "+x", "_.-=,+@"];

    #[test]
    fn a_shell_passes_the_name_of_the_profile_on_as_it_is() {
        for name in HARD_NAMES {
            let role = Role { account_id: "299712345678", name };
            let commands = log_in(&role).replace("aws ", "printf '%s\\n' ");
            for shell in ["sh", "bash", "zsh"] {
                let Ok(output) = std::process::Command::new(shell).args(["-c", &commands]).output()
                else {
                    // Only `sh` is on every machine.
                    assert_ne!(shell, "sh");
                    continue;
                };
                let said = String::from_utf8(output.stdout).unwrap();
                let profile = format!("--profile={}", role.profile());
                let expected =
                    format!("sso\nlogin\n{profile}\nsts\nget-caller-identity\n{profile}\n");
                assert_eq!(said, expected, "{shell}, {name}");
            }
        }
    }

    #[test]
    fn different_roles_have_different_profiles_that_every_sdk_reads() {
        let names = HARD_NAMES.map(profile_name);
        for (place, name) in names.iter().enumerate() {
            let allowed = |c: char| c.is_ascii_alphanumeric() || "_-/.%@:+".contains(c);
            assert!(name.chars().all(allowed), "{name}");
            assert!(!names.iter().skip(place + 1).any(|other| other == name), "{name}");
        }
        let role = Role { account_id: "299712345678", name: "=x" };
        let text = config_file(&ENDPOINT, &role);
        assert!(text.contains("[profile :x-299712345678]\n"), "{text}");
        assert!(text.contains("\nsso_role_name = =x\n"), "{text}");
    }

    #[test]
    fn clients_on_the_loopback_are_given_its_number() {
        assert_eq!(client_url("http://localhost:8080"), "http://127.0.0.1:8080");
        assert_eq!(client_url("https://localhost.example"), "https://localhost.example");
        assert_eq!(client_url("http://localhost.example"), "http://localhost.example");
        let s3 = client_s3_url("https://sso.example.com:8443", Some("s3.example.com"));
        assert_eq!(s3.as_deref(), Some("https://s3.example.com:8443"));
        assert_eq!(client_s3_url("https://sso.example.com", None), None);
    }

    #[test]
    fn a_browser_on_windows_is_offered_powershell_first() {
        assert_eq!(Shell::chosen(None, "Mozilla/5.0 (Windows NT 10.0)"), Shell::PowerShell);
        assert_eq!(Shell::chosen(Some("windows"), ""), Shell::Windows);
        assert_eq!(Shell::chosen(Some("fish"), "Mozilla/5.0 (X11; Linux)"), Shell::Posix);
    }
}
