/** Recognises the activation GELU in whichever way an export spells it out, by what it computes. */
import type { Graph, GraphNode } from '../graph.js'
import { editGraph, type GraphEditor, standardNode } from './graphEditor.js'

type Scalar = (...x: number[]) => number

/** Element-wise operators of which activations are made. */
const operators: Readonly<Record<string, Scalar>> = {
  Add: (a, b) => a! + b!,
  Sub: (a, b) => a! - b!,
  Mul: (a, b) => a! * b!,
  Div: (a, b) => a! / b!,
  Pow: (a, b) => a! ** b!,
  Neg: (a) => -a!,
  Sqrt: (a) => Math.sqrt(a!),
  Tanh: (a) => Math.tanh(a!),
  Erf: (a) => erf(a!),
}

/** GELU by its error function (Hendrycks & Gimpel 2016), and its approximation by tanh. */
const forms: Readonly<Record<'none' | 'tanh', Scalar>> = {
  none: (x) => (x! * (1 + erf(x! * Math.SQRT1_2))) / 2,
  tanh: (x) => (x! * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x! + 0.044715 * x! ** 3)))) / 2,
}

/** Where a function is compared with the form that has its Erf or Tanh. */
const probes = [-3, -2, -1.1, -0.4, 0, 0.3, 0.9, 1.7, 2.2, 4]
/** As much as constants in half precision are off. */
const tolerance = 2e-3

/** How far an activation's input and output may be from its Erf or Tanh, in nodes. */
const reachBack = 6
const reachForward = 4

/** The graph with one Gelu node in place of each. */
export function fuseGelus(graph: Graph): Graph {
  const editor = editGraph(graph)
  const replaced = new Map<GraphNode, GraphNode>()
  for (const node of graph.nodes) {
    if (node.opType !== 'Erf' && node.opType !== 'Tanh') continue
    const found = matchGelu(editor, node)
    if (found) replaced.set(found.last, found.gelu)
  }
  return editor.finish(graph.nodes.map((node) => replaced.get(node) ?? node))
}

function matchGelu(editor: GraphEditor, core: GraphNode) {
  const approximate = core.opType === 'Tanh' ? 'tanh' : 'none'
  const inputs = valuesBefore(editor, core.inputs[0]!)
  for (const last of nodesAfter(editor, core)) {
    for (const x of inputs) {
      if (!computes(editor, last.outputs[0]!, x, forms[approximate])) continue
      return { last, gelu: standardNode('Gelu', [x], last.outputs[0]!, { approximate }) }
    }
  }
  return undefined
}

/** Computed values from which `value` is made by a few element-wise nodes, itself among them. */
function valuesBefore({ makerOf, constant }: GraphEditor, value: string): string[] {
  const found = new Set([value])
  let edge = [value]
  for (let step = 0; step < reachBack; step++) {
    const makers = edge.flatMap((name) => makerOf(name) ?? [])
    edge = makers.flatMap(({ opType, inputs }) => (Object.hasOwn(operators, opType) ? inputs : []))
    edge = edge.filter((name) => constant(name) === undefined && !found.has(name))
    for (const name of edge) found.add(name)
  }
  return [...found]
}

/** Products that end in a few nodes what begins at `core`. */
function nodesAfter({ readersOf }: GraphEditor, core: GraphNode): GraphNode[] {
  const found: GraphNode[] = []
  let edge = [core]
  for (let step = 0; step < reachForward; step++) {
    edge = edge.flatMap(({ outputs }) => readersOf(outputs[0]!))
    edge = edge.filter(({ opType }) => ['Add', 'Mul', 'Div'].includes(opType))
    found.push(...edge)
  }
  return found
}

/** Whether `value` is `form` of `x`, and of nothing else that is computed. */
function computes(editor: GraphEditor, value: string, x: string, form: Scalar): boolean {
  return probes.every((probe) => {
    const result = evaluate(editor, value, x, probe, reachBack + reachForward)
    return result !== undefined && Math.abs(result - form(probe)) < tolerance
  })
}

function evaluate(
  editor: GraphEditor,
  value: string,
  x: string,
  probe: number,
  depth: number,
): number | undefined {
  if (value === x) return probe
  const known = editor.scalar(value)
  if (known !== undefined) return known
  const node = editor.makerOf(value)
  const operator = node && Object.hasOwn(operators, node.opType) && operators[node.opType]
  if (!operator || depth === 0) return undefined
  const operands = node.inputs.map((name) => evaluate(editor, name, x, probe, depth - 1))
  return operands.includes(undefined) ? undefined : operator(...(operands as number[]))
}

/** The error function by its series, exact to double precision where it is used (|x| < 3). */
function erf(x: number): number {
  let [term, sum] = [x, x]
  for (let n = 1; n < 120; n++) {
    term *= (-x * x) / n
    sum += term / (2 * n + 1)
  }
  return (2 / Math.sqrt(Math.PI)) * sum
}
