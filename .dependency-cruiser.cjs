/** The import rule of docs/decisions/0001: layers point one way, and every file belongs to a layer. */

/** Layers of main/, lowest first; a folder may import itself and what stands before it. */
const layers = [
  'platform',
  'ml',
  'storage',
  'jobs',
  'library',
  'search',
  'tuning',
  'engine',
  'hosts',
]
/** Parts of ml/, each with the parts it may import. */
const ml = {
  onnx: [],
  autodiff: ['onnx'],
  runtime: ['onnx'],
  quantization: ['onnx'],
  clip: ['onnx', 'runtime'],
  hub: ['onnx', 'runtime', 'clip'],
  training: ['onnx', 'autodiff', 'quantization', 'runtime', 'clip'],
}
/** Native packages and the one folder that may import each. */
const owners = {
  'onnxruntime-node|onnxruntime-common': '^main/ml/runtime/',
  sharp: '^main/platform/images/',
  'hnswlib-node': '^main/platform/vectors/',
  sqlite3: '^main/storage/',
  undici: '^main/platform/net/',
  yauzl: '^main/platform/archives/',
  electron: '^main/hosts/electron/',
  '@parcel/watcher|exiftool-vendored|exifr': '^main/library/',
}

const layerRules = layers.map((layer, index) => ({
  name: `main-${layer}-points-down`,
  severity: 'error',
  comment: `main/${layer} may import only shared, itself and the layers below it`,
  from: { path: `^main/${layer}/` },
  to: { path: `^main/(${layers.slice(index + 1).join('|') || '(?!)'})/` },
}))

const mlBelow = {
  name: 'ml-knows-no-storage',
  severity: 'error',
  from: { path: '^main/ml/' },
  to: { path: '^main/', pathNot: '^main/(ml|platform)/' },
}

const mlRules = Object.entries(ml).map(([part, allowed]) => ({
  name: `ml-${part}-points-down`,
  severity: 'error',
  from: { path: `^main/ml/${part}/` },
  to: { path: '^main/ml/', pathNot: `^main/ml/(${[part, ...allowed].join('|')})/` },
}))

const ownerRules = Object.entries(owners).map(([packages, owner]) => ({
  name: `one-owner-${packages.split('|')[0]}`,
  severity: 'error',
  from: { path: '^(main|shared)/', pathNot: owner },
  to: { path: `node_modules/(${packages})/` },
}))

/** A file of `folder` in none of its parts: one that imports, one that is imported, and one that is neither. */
function unclassified(folder, parts) {
  const file = { path: `^${folder}/`, pathNot: `^${folder}/(${parts.join('|')})/` }
  const rule = {
    name: `no-unclassified-file-in-${folder.replace('/', '-')}`,
    severity: 'error',
    comment: `every file under ${folder}/ belongs to one of its parts`,
  }
  return [
    { ...rule, from: file, to: {} },
    { ...rule, from: {}, to: file },
    { ...rule, from: { ...file, orphan: true }, to: {} },
  ]
}

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'shared-is-pure',
      severity: 'error',
      from: { path: '^shared/' },
      to: { pathNot: '^(shared/|node_modules/(zod|@orpc/contract)/)' },
    },
    ...unclassified('main', layers),
    ...unclassified('main/ml', Object.keys(ml)),
    {
      name: 'main-imports-no-outsiders',
      severity: 'error',
      from: { path: '^main/' },
      to: { path: '^(renderer|test|bench|models)/' },
    },
    {
      name: 'renderer-imports-only-shared',
      severity: 'error',
      from: { path: '^renderer/' },
      to: { path: '^(main|test|bench|models)/' },
    },
    mlBelow,
    ...layerRules,
    ...mlRules,
    ...ownerRules,
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'types'],
    },
  },
}
