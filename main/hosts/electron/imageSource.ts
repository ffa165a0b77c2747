/** The engine's pictures, as the custom protocol needs them. */
import { ORPCError } from '@orpc/client'
import { fromWireError } from '../../../shared/errors.js'
import type { ImageSource } from '../images/imageSource.js'
import type { EngineControls } from './engineHost.js'

export function createImageSource(controls: EngineControls): ImageSource {
  return {
    find: (library, photo, variant) =>
      controls.findImage({ library, photo, variant }).catch(throwAppError),
    tilesAtHand: (library, photos) =>
      controls.tilesAtHand({ library, photos: [...photos] }).catch(throwAppError),
    findPicture: (picture) => controls.findPicture(picture).catch(throwAppError),
    addPicture: (bytes) =>
      controls.addPicture(new Blob([new Uint8Array(bytes)])).catch(throwAppError),
  }
}

/** Throws the error that the engine threw: its code decides on the answer's status. */
function throwAppError(error: unknown): never {
  if (!(error instanceof ORPCError)) throw error
  throw fromWireError({ code: error.code, data: error.data, message: error.message })
}
