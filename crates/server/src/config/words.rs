//! Errors of the configuration file in words of people.

/// An error of the file, with the types of its values in words of people.
pub(super) fn in_words(error: &str) -> String {
    const WORDS: [(&str, &str); 7] = [
        ("expected path string", "expected text in quotes"),
        ("expected a string", "expected text in quotes"),
        ("expected a boolean", "expected true or false without quotes"),
        ("expected a sequence", "expected a list, such as [\"127.0.0.1\"]"),
        ("expected a nonzero u16", "expected a number from 1 to 65535 without quotes"),
        (
            "expected socket address",
            "expected an IP address and a port, such as \"127.0.0.1:8080\"",
        ),
        (
            "invalid socket address syntax",
            "it must be an IP address and a port, such as \"127.0.0.1:8080\"",
        ),
    ];
    let say = |error: String, (rust, words): &(&str, &str)| error.replace(rust, words);
    WORDS.iter().fold(error.to_owned(), say)
}
