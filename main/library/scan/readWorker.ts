/** The entry of the thread that reads files for a scan. */
import { serveCalls } from '../../platform/workerCalls.js'
import type { ReadCalls } from './pictureReader.js'
import { readPicture } from './readPicture.js'

serveCalls<ReadCalls>((_data, isStopping) => {
  // What is read for a scan that has ended is given up between two pieces.
  const signal = {
    throwIfAborted() {
      if (isStopping()) throw new Error('the scan has ended')
    },
  }
  return { calls: { read: (file) => readPicture(file, signal) } }
})
