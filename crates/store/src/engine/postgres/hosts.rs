//! The hosts of a connection string.

use std::net::IpAddr;

use tokio_postgres::Config;
use tokio_postgres::config::Host;

/// Tells whether a host is reached over TCP.
pub(super) fn has_tcp(config: &Config) -> bool {
    !config.get_hostaddrs().is_empty()
        || config.get_hosts().iter().any(|host| matches!(host, Host::Tcp(_)))
}

/// Makes addresses that are given without names (`hostaddr`) the names that certificates are compared with, as in
/// libpq.
pub(super) fn name_addresses(config: &mut Config) {
    if config.get_hosts().is_empty() {
        for address in config.get_hostaddrs().to_vec() {
            config.host(address.to_string());
        }
    }
}

/// Tells whether every host is a socket, a loopback address or `localhost`.
pub(super) fn is_on_this_machine(config: &Config) -> bool {
    let is_loopback = |host: &Host| match host {
        Host::Tcp(name) => {
            name == "localhost"
                || name.parse().is_ok_and(|address: IpAddr| address.to_canonical().is_loopback())
        }
        Host::Unix(_) => true,
    };
    config.get_hosts().iter().all(is_loopback)
        && config.get_hostaddrs().iter().all(|address| address.to_canonical().is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(text: &str) -> Config {
        let mut config = text.parse().unwrap();
        name_addresses(&mut config);
        config
    }

    #[test]
    fn the_hosts_of_this_machine_are_known() {
        for text in
            ["postgres://localhost", "host=127.0.0.9", "host=/run/postgresql", "hostaddr=::1"]
        {
            assert!(is_on_this_machine(&config(text)), "{text}");
        }
        for text in [
            "postgres://db.example",
            "host=10.0.0.1",
            "host=localhost hostaddr=10.0.0.1",
            "host=localhost,db",
        ] {
            assert!(!is_on_this_machine(&config(text)), "{text}");
        }
    }

    #[test]
    fn an_address_alone_is_the_name() {
        let names = |text| config(text).get_hosts().to_vec();
        assert_eq!(names("hostaddr=10.0.0.1"), [Host::Tcp("10.0.0.1".into())]);
        assert_eq!(names("host=db hostaddr=10.0.0.1"), [Host::Tcp("db".into())]);
        assert!(has_tcp(&config("hostaddr=::1")) && !has_tcp(&config("host=/run/postgresql")));
    }
}
