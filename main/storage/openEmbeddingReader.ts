/** Reads a library's embeddings over a connection of its own, beside the process's own one. */

import { createEmbeddingRepository } from './repositories/embeddings.js'
import { connectSqlite } from './sqlite.js'

export interface EmbeddingReader
  extends Pick<
    ReturnType<typeof createEmbeddingRepository>,
    'version' | 'photoIds' | 'streamPages' | 'getMany'
  > {
  dispose(): Promise<void>
}

/**
 * For a thread of the process that has the library open: it sees what has been committed, and
 * neither waits for the other connection nor holds it up.
 *
 * @param path the database's file
 */
export function openEmbeddingReader(path: string): EmbeddingReader {
  const connection = connectSqlite(path, { readOnly: true })
  return { ...createEmbeddingRepository(connection), dispose: () => connection.destroy() }
}
