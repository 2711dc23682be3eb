/* The peer of the whole network's drawing: sigma with its own panning, every frame drawn anew. Same places, same lines. */
import Graph from 'graphology';
import Sigma from 'sigma';
import { EdgeLineProgram, NodePointProgram } from 'sigma/rendering';

const element = document.getElementById('window');
Object.assign(element.style, { width: '780px', height: '620px' });
const { nodes, edges } = await (await fetch('/overview.json')).json();
const graph = new Graph({ type: 'undirected', multi: true });
nodes.id.forEach((_, index) => {
  graph.addNode(String(index), { x: nodes.x[index], y: nodes.y[index], size: 2, label: nodes.label[index] });
});
edges.a.forEach((a, index) => {
  graph.addEdge(String(a), String(edges.b[index]), { color: 'rgba(20, 20, 20, 0.1)' });
});
new Sigma(graph, element, {
  defaultEdgeType: 'line',
  defaultNodeType: 'point',
  edgeProgramClasses: { line: EdgeLineProgram },
  nodeProgramClasses: { point: NodePointProgram },
  hideEdgesOnMove: new URLSearchParams(location.search).get('edges') === 'hidden',
});
element.dataset.ready = 'yes';
