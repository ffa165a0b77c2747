/** The library's models, as the contract tells of them. */
import type { ModelStatus } from '../../shared/domain/library.js'
import { listFilesBelow } from '../platform/folderFiles.js'
import type { Database } from '../storage/openDatabase.js'

/** Every model that is known, with how much is indexed by each; its folder may be away. */
export async function describeModels(database: Database): Promise<ModelStatus[]> {
  const activeModelId = await database.settings.get('activeModelId')
  const rows = await database.models.list()
  const models: ModelStatus[] = []
  for (const { id, uid, parentId, addedAt, removedAt: _, ...row } of rows) {
    const parent = parentId === null ? null : await database.models.get(parentId)
    models.push({
      ...row,
      id: uid,
      active: id === activeModelId,
      indexed: await database.embeddings.count(id),
      parent: parent?.uid ?? null,
      addedAt: new Date(addedAt).toISOString(),
      ...(await measureFolder(row.path)),
    })
  }
  return models
}

/** A model has few files, so they are counted each time. */
async function measureFolder(path: string): Promise<{ present: boolean; sizeBytes: number }> {
  try {
    const files = await listFilesBelow(path)
    const sizeBytes = files.reduce((sum, file) => sum + file.sizeBytes, 0)
    return { present: files.some(({ name }) => name === 'config.json'), sizeBytes }
  } catch {
    return { present: false, sizeBytes: 0 }
  }
}
