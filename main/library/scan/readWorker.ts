/** The entry of the thread that reads files for a scan. */
import { giveWay } from '../../platform/giveWay.js'
import { supportedExtensions } from '../../platform/images/supportedExtensions.js'
import { serveCalls } from '../../platform/workerCalls.js'
import { describePicture } from './describePicture.js'
import type { ReadCalls } from './pictureReader.js'
import { readPicture } from './readPicture.js'

// Nobody waits for a scan as they do for a search.
giveWay()

serveCalls<ReadCalls>((_data, isStopping) => {
  // What is read for a scan that has ended is given up between two pieces.
  const signal = {
    throwIfAborted() {
      if (isStopping()) throw new Error('the scan has ended')
    },
  }
  return {
    calls: {
      extensions: supportedExtensions,
      read: (file) => readPicture(file, signal),
      describe: describePicture,
    },
  }
})
