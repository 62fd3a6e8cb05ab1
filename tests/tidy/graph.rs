//! Circles in a graph.

use petgraph::algo::tarjan_scc;
use petgraph::graph::DiGraph;

/// The strongly connected components of more than one node, each in rising order: the circles.
pub fn strongly_connected_components(
    nodes: usize,
    arrows: impl IntoIterator<Item = (usize, usize)>,
) -> Vec<Vec<usize>> {
    let mut graph = DiGraph::<(), ()>::new();
    let indices: Vec<_> = (0..nodes).map(|_| graph.add_node(())).collect();
    for (from, to) in arrows {
        graph.update_edge(indices[from], indices[to], ());
    }
    let mut circles: Vec<Vec<usize>> = tarjan_scc(&graph)
        .into_iter()
        .filter(|component| component.len() > 1)
        .map(|component| component.into_iter().map(|node| node.index()).collect())
        .collect();
    for circle in &mut circles {
        circle.sort_unstable();
    }
    circles.sort();
    circles
}
