/** The files beside a model in which it keeps weights. */
import { readSkeleton, toModelFileError } from './readSkeleton.js'

/**
 * Their locations as the model at `path` writes them, relative to its folder, each once.
 *
 * @throws AppError ONNX_INVALID, FILE_NOT_FOUND, FILE_UNREADABLE
 */
export function listExternalFiles(path: string): string[] {
  try {
    const { model } = readSkeleton(path)
    const tensors = [
      ...(model.graph?.initializer ?? []),
      ...(model.graph?.node ?? []).flatMap(({ attribute }) =>
        attribute.flatMap(({ t }) => t ?? []),
      ),
    ]
    const locations = tensors.flatMap(({ dataLocation, externalData }) =>
      dataLocation === 1 ? externalData.filter(({ key }) => key === 'location') : [],
    )
    return [...new Set(locations.map(({ value }) => value))]
  } catch (error) {
    throw toModelFileError(error, path)
  }
}
