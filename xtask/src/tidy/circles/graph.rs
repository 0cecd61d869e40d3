//! Arrows between the files and folders of one folder, and the circles among them.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// Imports between nodes, each with the place of the first one.
pub struct Graph<Node, Place> {
    arrows: BTreeMap<Node, BTreeMap<Node, Place>>,
}

/// A shortest circle, and how many nodes are in circles with it.
#[derive(Debug, Eq, PartialEq)]
pub struct Circle<Node, Place> {
    /// Each node, with the place where it imports the next one; the last imports the first.
    pub steps: Vec<(Node, Place)>,
    pub tangled: usize,
}

impl<Node, Place> Default for Graph<Node, Place> {
    fn default() -> Self {
        Self { arrows: BTreeMap::new() }
    }
}

impl<Node: Copy + Ord, Place: Clone> Graph<Node, Place> {
    pub fn add(&mut self, from: Node, to: Node, place: Place) {
        self.arrows.entry(from).or_default().entry(to).or_insert(place);
    }

    /// One circle for each set of nodes that all reach each other.
    pub fn circles(&self) -> Vec<Circle<Node, Place>> {
        let mut circles = Vec::new();
        let mut seen = BTreeSet::new();
        for node in self.arrows.keys() {
            if seen.contains(node) {
                continue;
            }
            let reached = self.reached_from(*node);
            let tangled: Vec<Node> = reached
                .into_iter()
                .filter(|other| self.reached_from(*other).contains(node))
                .collect();
            let shortest = tangled.iter().filter_map(|node| self.shortest_circle(*node));
            if let Some(steps) = shortest.min_by_key(Vec::len) {
                circles.push(Circle { steps, tangled: tangled.len() });
            }
            seen.extend(tangled);
        }
        circles
    }

    fn reached_from(&self, start: Node) -> BTreeSet<Node> {
        let mut reached = BTreeSet::new();
        let mut waiting = vec![start];
        while let Some(node) = waiting.pop() {
            for next in self.arrows.get(&node).into_iter().flat_map(BTreeMap::keys) {
                if reached.insert(*next) {
                    waiting.push(*next);
                }
            }
        }
        reached
    }

    /// The shortest way from a node back to itself.
    fn shortest_circle(&self, start: Node) -> Option<Vec<(Node, Place)>> {
        let mut ways = VecDeque::from([(start, Vec::new())]);
        let mut seen = BTreeSet::new();
        while let Some((node, way)) = ways.pop_front() {
            for (next, place) in self.arrows.get(&node).into_iter().flatten() {
                let mut way = way.clone();
                way.push((node, place.clone()));
                if *next == start {
                    return Some(way);
                }
                if seen.insert(*next) {
                    ways.push_back((*next, way));
                }
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn circles(arrows: &[(char, char)]) -> Vec<(String, usize)> {
        let mut graph = Graph::default();
        for (from, to) in arrows {
            graph.add(*from, *to, ());
        }
        let spelled = |circle: Circle<char, ()>| {
            (circle.steps.into_iter().map(|(node, ())| node).collect(), circle.tangled)
        };
        graph.circles().into_iter().map(spelled).collect()
    }

    #[test]
    fn the_shortest_circle_of_each_tangle_is_told() {
        assert_eq!(circles(&[('a', 'b'), ('b', 'c'), ('a', 'c')]), []);
        assert_eq!(circles(&[('a', 'b'), ('b', 'a')]), [("ab".to_owned(), 2)]);
        let two = [
            ('a', 'b'),
            ('b', 'c'),
            ('c', 'a'),
            ('c', 'd'),
            ('d', 'c'),
            ('x', 'y'),
            ('y', 'x'),
            ('a', 'x'),
        ];
        assert_eq!(circles(&two), [("cd".to_owned(), 4), ("xy".to_owned(), 2)]);
    }
}
