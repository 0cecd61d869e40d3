//! A program in a terminal: wait for its output, type an answer.

use std::io::{Read, Write};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

/// Maximum time between two outputs of a program.
const WORDS_TIMEOUT: Duration = Duration::from_mins(1);

pub struct Terminal {
    child: Child,
    keyboard: Option<ChildStdin>,
    screen: Receiver<Vec<u8>>,
    shown: String,
    /// The length of the part of `shown` that was waited for already.
    seen: usize,
}

impl Terminal {
    /// Starts a shell line. The program `script` of util-linux provides the terminal.
    pub fn start(mut script: Command, line: &str) -> Self {
        script.args(["--quiet", "--flush", "--return", "--command", line, "/dev/null"]);
        script.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = script.spawn().unwrap();
        let mut output = child.stdout.take().unwrap();
        let keyboard = child.stdin.take();
        let (sender, screen) = channel();
        std::thread::spawn(move || {
            let mut piece = [0; 4096];
            while let Ok(length @ 1..) = output.read(&mut piece) {
                let _ = sender.send(piece[..length].to_vec());
            }
        });
        Self { child, keyboard, screen, shown: String::new(), seen: 0 }
    }

    /// Waits until the program prints `words` after the part that was waited for before. Answers with the
    /// output up to there, and with the rest of that line as far as it was read.
    #[track_caller]
    pub fn wait_for(&mut self, words: &str) -> String {
        loop {
            let news = &self.shown[self.seen..];
            if let Some(place) = news.find(words) {
                let end = place + words.len();
                let said = news[..end].to_owned();
                self.seen += end;
                return said;
            }
            let Ok(piece) = self.screen.recv_timeout(WORDS_TIMEOUT) else {
                panic!("{words:?} was not said:\n{}", self.shown);
            };
            self.shown.push_str(&plain(&String::from_utf8_lossy(&piece)));
        }
    }

    /// Types a line.
    pub fn type_line(&mut self, text: &str) {
        let keyboard = self.keyboard.as_mut().unwrap();
        keyboard.write_all(format!("{text}\r").as_bytes()).unwrap();
        keyboard.flush().unwrap();
    }

    /// Waits for the end; answers with the exit code and the whole output.
    pub fn end(mut self) -> (Option<i32>, String) {
        while let Ok(piece) = self.screen.recv_timeout(WORDS_TIMEOUT) {
            self.shown.push_str(&plain(&String::from_utf8_lossy(&piece)));
        }
        drop(self.keyboard.take());
        let status = self.child.wait().unwrap();
        (status.code(), std::mem::take(&mut self.shown))
    }
}

/// The text without control sequences (ECMA-48 §5.4).
fn plain(text: &str) -> String {
    let mut plain = String::new();
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        if letter == '\u{1b}' {
            if letters.next() == Some('[') {
                letters.by_ref().find(|letter| ('@'..='~').contains(letter));
            }
        } else if letter != '\r' {
            plain.push(letter);
        }
    }
    plain
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
