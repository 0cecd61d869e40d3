//! The examples at the end of `--help`.

pub(super) const EXAMPLES: &str = "\
Examples:
  portico                                    serve from ./portico-data on 127.0.0.1:8080
  portico sandbox                            a throw-away organisation with the keys test:test
  portico admin credentials --data DIR       administrator keys, for credential_process
  portico admin setup-link --data DIR        a link that opens the console as the operator
  portico audit verify --data DIR            prove the audit log
  portico check --data DIR                   look for damage
  portico backup /backup --data DIR          copy a server's data while it runs
  portico restore /backup --data DIR         make a data folder of a backup

`portico COMMAND --help` says more of each. README.md begins at the beginning.";

pub(super) const SERVE_EXAMPLES: &str = "\
Examples:
  portico serve --data /var/lib/portico --public-url https://sso.example.com --trusted-proxy 127.0.0.1
  portico serve --public-url https://sso.example.com --listen 0.0.0.0:443 --tls-cert tls.crt --tls-key tls.key
  portico serve --listen 127.0.0.1:9000
  portico serve --config /etc/portico.toml
  portico serve --smtp-url smtp://localhost:25 --mail-from no-reply@example.com
  portico serve --database postgres://portico:PASSWORD@127.0.0.1:5432/portico

Standard output has what you need next, and the line `ready URL` when connections are accepted. The
log is on standard error, one JSON object a line; PORTICO_LOG (off, error, warn, info, debug) says how much.";

pub(super) const SANDBOX_EXAMPLES: &str = "\
Examples:
  portico sandbox --listen 127.0.0.1:0       on any free port; the line `ready URL` names it
  portico sandbox --access-key ci:secret --account 210987654321
  portico sandbox --allow-host aws.test      clients may use this name, besides loopback names

It answers on three more routes:
  POST /_sandbox/reset                            back to the first state
  POST /_sandbox/clock {\"advanceSeconds\": 3600}   the clock goes forward
  GET /_sandbox/mail                              the messages that were sent";

pub(super) const CREDENTIALS_EXAMPLES: &str = "\
Example, in ~/.aws/config of the user who may read the data folder:
  [profile admin]
  credential_process = /usr/local/bin/portico admin credentials --data /var/lib/portico

Then `aws sso-admin list-instances --profile admin`. They work only at the server of this data
folder, while it runs.";

pub(super) const SETUP_LINK_EXAMPLES: &str = "\
Example:
  portico admin setup-link --data /var/lib/portico

Open the link in a browser: it enables the organisation's instance, or opens the console if that is
done. It is good once, for 24 hours. Until it is used it is also in the file setup-link of the data folder.";

pub(super) const VERIFY_EXAMPLES: &str = "\
Examples:
  portico audit verify --data /var/lib/portico
  portico audit verify --data /var/lib/portico --head 812:5f0c…
  portico audit verify --data /var/lib/portico --accept-head       after a restored backup

It ends with 0 if everything is as it was written, else with 1 and what is wrong. Keep the head that it
prints on another machine and give it the next time: then nothing before it can be cut off unseen.";

pub(super) const BACKUP_EXAMPLES: &str = "\
Examples:
  portico backup /backup/portico --data /var/lib/portico
  portico backup /backup/portico --config /etc/portico.toml       with PostgreSQL: beside pg_dump
  portico backup s3://backups/portico --data /var/lib/portico     keys and server from AWS_… variables

It is a backup once it ends with 0. The same folder again copies only what is new. The key is kept apart.";

pub(super) const CHECK_EXAMPLES: &str = "\
Examples:
  portico check --data /var/lib/portico
  portico check --config /etc/portico.toml --full

One finding a line: what is wrong, and what to do. It ends with 0 if nothing is wrong, with 1 if something is, with 2
if it could not look.";

pub(super) const RESTORE_EXAMPLES: &str = "\
Examples:
  portico restore /backup/portico --data /var/lib/portico --key /safe/portico.key
  portico restore /backup/portico --config /etc/portico.toml      with PostgreSQL: beside pg_restore

The data folder must be empty, or have a restore of the same backup that was cut off: it goes on then.";

pub(super) const EXPORT_EXAMPLES: &str = "\
Examples:
  portico audit export --data /var/lib/portico --from 2027-01-01T00:00:00Z --to 2027-02-01T00:00:00Z
  portico audit export --data /var/lib/portico --follow --after 1441:01a22a0af6a5-8731f93d2679296f2813

Events are written to disk within a second, so the newest ones may be missing. --follow prints events when they are
sealed, which is within a minute. It goes on behind the last line that it printed, if that is given with --after:
  tail -n 1 FILE | jq -r '\"\\(.digest):\\(.eventID)\"'";
