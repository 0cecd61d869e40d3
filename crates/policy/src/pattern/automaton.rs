//! Matching a text with many patterns at once.
//!
//! Each pattern is a row of states: state `i` means that its first `i` characters stand before the place
//! that was reached in the text. A state is a bit, so a word of the machine does a step of 64 states at
//! once (Baeza-Yates and Gonnet, "A new approach to text searching"; a `*` is a state that stays).

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::piece::Piece;
use crate::evaluation::Evaluation;

/// 256 states.
type Block = [u64; 4];
const BLOCK_BITS: usize = 256;

/// Number of blocks for which the reached states are not allocated.
const BLOCKS_ON_STACK: usize = 8;

/// A character of a pattern as the automaton knows it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Token {
    Letter(char),
    /// `?`
    Character,
    /// `?` in one of the first five components of an ARN: any character but a colon.
    CharacterInComponent,
    /// `*`
    Run,
    /// `*` in one of the first five components of an ARN.
    RunInComponent,
}

/// Patterns, ready to match. Their states follow each other, and none goes on to the next pattern.
#[derive(Clone, Debug, Default)]
pub(super) struct Automaton {
    /// Text that all patterns begin with.
    prefix: Box<str>,
    /// Class of each ASCII character. Class 0 are characters that no pattern has.
    ascii: Box<[u16]>,
    /// The other characters of patterns, sorted, with their classes.
    others: Vec<(char, u16)>,
    /// For each class, and in it for each block: the states that go on by a character of the class.
    rows: Vec<Block>,
    blocks: Vec<States>,
}

/// Sets of states of one block.
#[derive(Clone, Debug, Default)]
struct States {
    /// Before the first character.
    first: Block,
    /// Behind the last character.
    last: Block,
    /// Before a `*` that a colon continues.
    stay_at_colon: Block,
    /// Before a `*` that any other character continues.
    stay: Block,
}

impl Token {
    fn is_run(self) -> bool {
        matches!(self, Self::Run | Self::RunInComponent)
    }
}

impl Automaton {
    pub(super) fn build(patterns: &[Vec<Token>]) -> Self {
        let mut classes = Classes::default();
        for token in patterns.iter().flatten() {
            match token {
                Token::Letter(letter) => classes.add(*letter),
                Token::CharacterInComponent | Token::RunInComponent => classes.add(':'),
                Token::Character | Token::Run => {}
            }
        }
        let states = patterns.iter().map(|pattern| states(pattern)).sum::<usize>();
        let blocks = states.div_ceil(BLOCK_BITS);
        let mut built = Self {
            prefix: common_prefix(patterns),
            ascii: vec![0; 128].into(),
            others: Vec::new(),
            rows: vec![Block::default(); blocks * classes.count()],
            blocks: vec![States::default(); blocks],
        };
        classes.number(&mut built);
        let mut first = 0;
        for pattern in patterns {
            built.add(pattern, first, classes.count());
            first += self::states(pattern);
        }
        built
    }

    /// Adds a pattern whose first state is `state`.
    fn add(&mut self, pattern: &[Token], mut state: usize, classes: usize) {
        let colon = self.class(':');
        self.mark(state, |states| &mut states.first);
        for token in pattern {
            match *token {
                Token::Run => {
                    self.mark(state, |states| &mut states.stay);
                    self.mark(state, |states| &mut states.stay_at_colon);
                }
                Token::RunInComponent => self.mark(state, |states| &mut states.stay),
                Token::Letter(letter) => self.go_on(state, self.class(letter)),
                Token::Character => (0..classes).for_each(|class| self.go_on(state, class)),
                Token::CharacterInComponent => {
                    let others = (0..classes).filter(|class| *class != colon);
                    others.for_each(|class| self.go_on(state, class));
                }
            }
            state += usize::from(!token.is_run());
        }
        self.mark(state, |states| &mut states.last);
    }

    /// Lets the state go on by a character of the class.
    fn go_on(&mut self, state: usize, class: usize) {
        let row = class * self.blocks.len() + state / BLOCK_BITS;
        if let Some(row) = self.rows.get_mut(row) {
            set(row, state % BLOCK_BITS);
        }
    }

    fn mark(&mut self, state: usize, which: impl Fn(&mut States) -> &mut Block) {
        if let Some(states) = self.blocks.get_mut(state / BLOCK_BITS) {
            set(which(states), state % BLOCK_BITS);
        }
    }

    fn class(&self, letter: char) -> usize {
        let ascii = u8::try_from(letter).ok().and_then(|byte| self.ascii.get(usize::from(byte)));
        let class = ascii.copied().or_else(|| {
            let found = self.others.binary_search_by_key(&letter, |(other, _)| *other).ok()?;
            self.others.get(found).map(|(_, class)| *class)
        });
        usize::from(class.unwrap_or(0))
    }

    /// Tells whether the text matches one of the patterns.
    pub(super) fn accepts(&self, text: &str, evaluation: &Evaluation<'_>) -> bool {
        if !text.starts_with(&*self.prefix) {
            return false;
        }
        let count = self.blocks.len();
        let is_within = evaluation.spend(text.len() * count * Block::default().len());
        let (mut few, mut many) = ([Block::default(); BLOCKS_ON_STACK], Vec::new());
        let reached = if let Some(few) = few.get_mut(..count) {
            few
        } else {
            many.resize(count, Block::default());
            &mut *many
        };
        for (reached, states) in reached.iter_mut().zip(&self.blocks) {
            *reached = states.first;
        }
        is_within
            && text.chars().all(|letter| self.step(reached, letter))
            && reached
                .iter()
                .zip(&self.blocks)
                .any(|(reached, states)| meets(reached, &states.last))
    }

    /// Goes on by a character. False if no state is reached.
    fn step(&self, reached: &mut [Block], letter: char) -> bool {
        let rows = self.rows.get(self.class(letter) * self.blocks.len()..).unwrap_or_default();
        let (mut carry, mut any) = (0, 0);
        for ((reached, states), row) in reached.iter_mut().zip(&self.blocks).zip(rows) {
            if carry == 0 && *reached == Block::default() {
                continue;
            }
            let stay = if letter == ':' { &states.stay_at_colon } else { &states.stay };
            let [first, second, third, fourth] = and(reached, row);
            let gone_on = [
                (first << 1) | carry,
                (second << 1) | (first >> 63),
                (third << 1) | (second >> 63),
                (fourth << 1) | (third >> 63),
            ];
            carry = fourth >> 63;
            let stayed = and(reached, stay);
            for ((reached, gone_on), stayed) in reached.iter_mut().zip(gone_on).zip(stayed) {
                *reached = gone_on | stayed;
                any |= *reached;
            }
        }
        any != 0
    }
}

/// Number of states of a pattern.
pub(super) fn states(pattern: &[Token]) -> usize {
    pattern.iter().filter(|token| !token.is_run()).count() + 1
}

/// The letters that all patterns begin with.
fn common_prefix(patterns: &[Vec<Token>]) -> Box<str> {
    let letter = |token: &Token| match token {
        Token::Letter(letter) => Some(*letter),
        Token::Character | Token::CharacterInComponent | Token::Run | Token::RunInComponent => None,
    };
    let (first, others) = patterns.split_first().unwrap_or((const { &Vec::new() }, &[]));
    let letters = first.iter().map_while(letter).enumerate();
    let is_common = |(place, token): &(usize, char)| {
        others.iter().all(|other| other.get(*place).and_then(letter) == Some(*token))
    };
    letters.take_while(is_common).map(|(_, letter)| letter).collect::<String>().into()
}

fn and([one, two, three, four]: &Block, [a_one, a_two, a_three, a_four]: &Block) -> Block {
    [one & a_one, two & a_two, three & a_three, four & a_four]
}

fn meets(one: &Block, other: &Block) -> bool {
    and(one, other) != Block::default()
}

/// Sets a bit of a block.
fn set(block: &mut Block, bit: usize) {
    if let Some(word) = block.get_mut(bit / 64) {
        *word |= 1 << (bit % 64);
    }
}

/// The characters of patterns.
#[derive(Default)]
struct Classes(BTreeSet<char>);

impl Classes {
    fn add(&mut self, letter: char) {
        self.0.insert(letter);
    }

    fn count(&self) -> usize {
        self.0.len() + 1
    }

    fn number(&self, automaton: &mut Automaton) {
        for (letter, class) in self.0.iter().zip(1_u16..) {
            let ascii = u8::try_from(*letter).ok();
            match ascii.and_then(|byte| automaton.ascii.get_mut(usize::from(byte))) {
                Some(place) => *place = class,
                None => automaton.others.push((*letter, class)),
            }
        }
    }
}

/// The tokens of a pattern whose variables have the values that `value` returns.
pub(super) fn tokens<'v>(
    pieces: &'v [Piece],
    is_arn: bool,
    value: impl Fn(&'v Piece) -> Option<Cow<'v, str>>,
) -> Option<Vec<Token>> {
    let mut tokens = Vec::new();
    let mut colons = 0;
    for piece in pieces {
        // AWS: a wildcard in the first five components of an ARN stays in its component.
        let in_component = is_arn && colons < 5;
        let text = match piece {
            Piece::Text(text) => Cow::Borrowed(&**text),
            Piece::Variable { .. } => value(piece)?,
            Piece::Character | Piece::Run => Cow::Borrowed(""),
        };
        colons += text.matches(':').count();
        tokens.extend(text.chars().map(Token::Letter));
        tokens.extend(match piece {
            Piece::Character if in_component => Some(Token::CharacterInComponent),
            Piece::Character => Some(Token::Character),
            Piece::Run if in_component => Some(Token::RunInComponent),
            Piece::Run => Some(Token::Run),
            Piece::Text(_) | Piece::Variable { .. } => None,
        });
    }
    Some(tokens)
}
