//! A value of a document, with its place.

/// A value, and the byte of the document at which it begins.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Node {
    pub(crate) at: usize,
    pub(crate) value: Value,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value {
    Null,
    Flag(bool),
    /// A number as it is written.
    Number(String),
    Text(String),
    List(Vec<Node>),
    Map(Members),
}

/// The members of an object, in the order of the document. Each name occurs once.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Members(pub(crate) Vec<Member>);

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Member {
    /// Place of the name.
    pub(crate) at: usize,
    pub(crate) name: String,
    pub(crate) node: Node,
}

impl Node {
    /// The members of an object.
    pub(crate) fn members(&self) -> Option<&Members> {
        match &self.value {
            Value::Map(members) => Some(members),
            Value::Null | Value::Flag(_) | Value::Number(_) | Value::Text(_) | Value::List(_) => {
                None
            }
        }
    }

    /// The text of a string.
    pub(crate) fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) => Some(text),
            Value::Null | Value::Flag(_) | Value::Number(_) | Value::List(_) | Value::Map(_) => {
                None
            }
        }
    }

    /// The items of a list, or the value itself, which stands for a list of one.
    // AWS: an element with one value may be written without brackets.
    pub(crate) fn items(&self) -> &[Self] {
        match &self.value {
            Value::List(items) => items,
            Value::Null | Value::Flag(_) | Value::Number(_) | Value::Text(_) | Value::Map(_) => {
                std::slice::from_ref(self)
            }
        }
    }
}

impl Members {
    pub(crate) fn find(&self, name: &str) -> Option<&Node> {
        self.0.iter().find(|member| member.name == name).map(|member| &member.node)
    }
}
