//! The tests of every SDK: the journey of an operator and a person, and the credential provider that
//! reads the cached token of `aws sso login`.

use serde_json::{Value, json};

use super::home;
use crate::support::{CommandLine, Home, Keys, Organization, Portico, Request, Said, text};

/// An SDK: the command that runs its scripts, and the scripts.
pub struct Sdk {
    pub run: fn(&Home, &str) -> Said,
    pub operator: &'static str,
    pub person: &'static str,
    pub by_profile: &'static str,
    pub profile: &'static str,
    /// The message of the SDK when a login has expired.
    pub over: &'static str,
}

/// The file of the cached token. Its name is the SHA-1 of the session's name, `test`.
const CACHED_TOKEN: &str = ".aws/sso/cache/a94a8fe5ccb19ba61c4c0873d391e987982fbbd3.json";

pub const FAR_AHEAD: &str = "2099-01-01T00:00:00Z";
pub const LONG_AGO: &str = "2020-01-01T00:00:00Z";

/// Enables a new server, gets the keys of a person's role, and ends them.
pub fn come_to_s3(sdk: &Sdk) {
    let portico = Portico::serve();
    let operator = Home::of_operator(&portico);
    let made = (sdk.run)(&operator, sdk.operator).json();

    let task = json!({ "startUrl": portico.start_url() });
    let person = home(&portico).set("TASK", &task.to_string());
    let asked = (sdk.run)(&person, sdk.person).json();

    let organization = Organization::of_server(&portico);
    let mut browser = organization.sign_in_first("alice", &text(&made["user"]));
    browser.let_in(&text(&asked["link"]), &text(&asked["userCode"]));

    let task = json!({
        "question": asked["question"],
        "store": made["store"],
        "management": made["management"],
        "storage": made["storage"],
    });
    let person = person.set("TASK", &task.to_string());
    (sdk.run)(&person, sdk.person).ok();
}

/// Alice, who has one role and a home with a cached login.
pub struct Login {
    line: CommandLine,
    pub home: Home,
    account: String,
}

impl Login {
    pub fn new(organization: &Organization<'_>) -> Self {
        let account = organization.account.clone();
        let set = organization.create_permission_set("Builder", &["s3:*"]);
        let user = organization.create_user("alice");
        organization.assign("USER", &user, &account, &set);
        let line = organization.command_line(&mut organization.sign_in_first("alice", &user));
        let home = home(organization.portico);
        let start_url = format!("https://{}.awsapps.com/start", organization.store);
        home.write(
            ".aws/config",
            &format!(
                "[profile dev]\n\
                 sso_session = test\n\
                 sso_account_id = {account}\n\
                 sso_role_name = Builder\n\
                 [sso-session test]\n\
                 sso_start_url = {start_url}\n\
                 sso_region = us-east-1\n\
                 sso_registration_scopes = sso:account:access\n"
            ),
        );
        Self { line, home, account }
    }

    /// Writes the token to the file that `aws sso login` writes.
    pub fn cache(&self, expires_at: &str) -> Value {
        let token = json!({
            "startUrl": "https://example.awsapps.com/start",
            "region": "us-east-1",
            "accessToken": self.line.access_token,
            "expiresAt": expires_at,
            "clientId": self.line.client_id,
            "clientSecret": self.line.client_secret,
            "registrationExpiresAt": FAR_AHEAD,
            "refreshToken": self.line.refresh_token,
        });
        std::fs::create_dir_all(self.home.path().join(".aws/sso/cache")).unwrap();
        self.home.write(CACHED_TOKEN, &token.to_string());
        token
    }

    pub fn cached(&self) -> Value {
        let text = std::fs::read_to_string(self.home.path().join(CACHED_TOKEN)).unwrap();
        serde_json::from_str(&text).unwrap()
    }

    /// Writes the token that a client has cached with another end.
    pub fn let_expire(&self) {
        let mut token = self.cached();
        token["expiresAt"] = LONG_AGO.into();
        self.home.write(CACHED_TOKEN, &token.to_string());
    }

    /// The portal's answer to a request for keys with this access token.
    fn vend(&self, portico: &Portico, access_token: &str) -> u16 {
        let target =
            format!("/federation/credentials?account_id={}&role_name=Builder", self.account);
        let request = Request::get(&target).header("x-amz-sso_bearer_token", access_token);
        portico.send(&request).status
    }
}

/// The script gets only the profile's name.
pub fn work_by_profile(sdk: &Sdk) {
    let portico = Portico::sandbox();
    let login = Login::new(&Organization::of_sandbox(&portico));
    let token = login.cache(FAR_AHEAD);
    let arn = (sdk.run)(&login.home, sdk.by_profile).ok();
    assert!(arn.contains(":assumed-role/AWSReservedSSO_Builder_"), "{arn}");
    assert!(arn.ends_with("/alice\n"), "{arn}");
    assert_eq!(login.cached(), token);
}

/// The SDK refreshes its token. A second use of the old refresh token gives the same pair, and later revokes both.
pub fn refresh(sdk: &Sdk) {
    let portico = Portico::sandbox();
    let login = Login::new(&Organization::of_sandbox(&portico));
    let old = login.cache(LONG_AGO);
    portico.advance(login.line.expires_in);
    assert_eq!(login.vend(&portico, &login.line.access_token), 401);

    let keys = Keys::read(&(sdk.run)(&login.home, sdk.profile).json());
    let who = [("Action", "GetCallerIdentity"), ("Version", "2011-06-15")];
    let call = || portico.send(&keys.sign_query("sts", &who, &portico));
    assert_eq!(call().status, 200);

    let new = login.cached();
    for kept in ["region", "clientId", "clientSecret", "registrationExpiresAt"] {
        assert_eq!(new[kept], old[kept], "{kept}");
    }
    for changed in ["accessToken", "refreshToken", "expiresAt"] {
        assert_ne!(text(&new[changed]), text(&old[changed]), "{changed}");
    }
    let token = text(&new["accessToken"]);
    assert_eq!(login.vend(&portico, &token), 200);

    let again = json!({
        "clientId": login.line.client_id,
        "clientSecret": login.line.client_secret,
        "grantType": "refresh_token",
        "refreshToken": login.line.refresh_token,
    });
    let exchange = || portico.send(&Request::post("/token").json(&again));
    let given: Value = serde_json::from_slice(&exchange().body).unwrap();
    assert_eq!(
        (text(&given["accessToken"]), &given["refreshToken"]),
        (token.clone(), &new["refreshToken"])
    );
    portico.advance(60);
    let refused = exchange();
    assert_eq!((refused.status, refused.error()), (400, "InvalidGrantException".to_owned()));
    assert_eq!(login.vend(&portico, &token), 401);
    assert_eq!(call().status, 403);
    let complaint = (sdk.run)(&login.home, sdk.profile).complaint();
    assert!(complaint.contains(sdk.over), "{complaint}");
}
