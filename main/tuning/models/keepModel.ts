/** Makes the library know a model. */
import type { ModelDirectory } from '../../ml/clip/modelDirectory.js'
import type { Database } from '../../storage/openDatabase.js'
import type { Model } from '../../storage/repositories/models.js'

/** The model's row; one that was known keeps its id, and what is embedded by it. */
export async function keepModel(
  { models }: Pick<Database, 'models'>,
  { id, path, name, manifest, embeddingDim }: ModelDirectory,
  kind: Model['kind'],
): Promise<Model> {
  const parent = manifest?.parent ?? null
  return models.save({
    uid: id,
    path,
    name,
    kind,
    parentId: parent === null ? null : ((await models.byUid(parent))?.id ?? null),
    dim: embeddingDim,
    addedAt: Date.now(),
  })
}
